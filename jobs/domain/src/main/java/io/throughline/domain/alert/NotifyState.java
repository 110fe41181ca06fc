package io.throughline.domain.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is remembered of what people were told about one rule's alerts. */
public final class NotifyState {
    /** Alerts that were told one by one, and what of them. */
    private final TreeMap<String, Told> told = new TreeMap<>();
    /** By action_id. */
    private final TreeMap<String, Action> silences = new TreeMap<>();
    /** By what its alerts share; see {@link NotifyConfig#group}. */
    private final TreeMap<String, Group> groups = new TreeMap<>();

    /** Alerts that may be told together. */
    public static final class Group {
        /** When alerts were told one by one lately, by event time. */
        private final List<Long> burst = new ArrayList<>();

        private long waitingCount;
        private long digestAt = Long.MAX_VALUE;
        private @Nullable Alert waitingFor;

        public List<Long> burst() {
            return burst;
        }

        public long waitingCount() {
            return waitingCount;
        }

        /** When the next digest is told; {@link Long#MAX_VALUE}: nothing waits. */
        public long digestAt() {
            return digestAt;
        }

        /** The newest alert of the next digest. */
        public @Nullable Alert waitingFor() {
            return waitingFor;
        }

        /** Notes what waits for the next digest. */
        public void waiting(long count, long at, @Nullable Alert newest) {
            waitingCount = count;
            digestAt = at;
            waitingFor = newest;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Group that
                    && that.burst.equals(burst)
                    && that.waitingCount == waitingCount
                    && that.digestAt == digestAt
                    && Objects.equals(that.waitingFor, waitingFor);
        }

        @Override
        public int hashCode() {
            return Objects.hash(burst, waitingCount, digestAt);
        }
    }

    /** What was told of an alert last. */
    public record Told(String what, int escalations, int reopened, long at) {}

    public TreeMap<String, Told> told() {
        return told;
    }

    public TreeMap<String, Action> silences() {
        return silences;
    }

    public TreeMap<String, Group> groups() {
        return groups;
    }

    public Group group(String name) {
        return groups.computeIfAbsent(name, group -> new Group());
    }

    /** When the next digest of any group is told; {@link Long#MAX_VALUE}: nothing waits. */
    long digestAt() {
        return groups.values().stream().mapToLong(Group::digestAt).min().orElse(Long.MAX_VALUE);
    }

    boolean isEmpty() {
        return told.isEmpty() && silences.isEmpty() && groups.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NotifyState that
                && that.told.equals(told)
                && that.silences.equals(silences)
                && that.groups.equals(groups);
    }

    @Override
    public int hashCode() {
        return told.hashCode();
    }
}
