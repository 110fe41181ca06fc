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
    /** When alerts were told one by one lately, by event time. */
    private final List<Long> burst = new ArrayList<>();

    private long waitingCount;
    private long digestAt = Long.MAX_VALUE;
    private @Nullable Alert waitingFor;

    /** What was told of an alert last. */
    public record Told(String what, int escalations, int reopened, long at) {}

    public TreeMap<String, Told> told() {
        return told;
    }

    public TreeMap<String, Action> silences() {
        return silences;
    }

    public List<Long> burst() {
        return burst;
    }

    public long waitingCount() {
        return waitingCount;
    }

    public void waitingCount(long count) {
        waitingCount = count;
    }

    /** When the next digest is told; {@link Long#MAX_VALUE}: nothing waits. */
    public long digestAt() {
        return digestAt;
    }

    public void digestAt(long time) {
        digestAt = time;
    }

    /** The newest alert of the next digest. */
    public @Nullable Alert waitingFor() {
        return waitingFor;
    }

    public void waitingFor(@Nullable Alert alert) {
        waitingFor = alert;
    }

    boolean isEmpty() {
        return told.isEmpty() && silences.isEmpty() && burst.isEmpty() && waitingCount == 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NotifyState that
                && that.told.equals(told)
                && that.silences.equals(silences)
                && that.burst.equals(burst)
                && that.waitingCount == waitingCount
                && that.digestAt == digestAt
                && Objects.equals(that.waitingFor, waitingFor);
    }

    @Override
    public int hashCode() {
        return told.hashCode();
    }
}
