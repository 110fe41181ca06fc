package io.throughline.domain.alert;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is remembered of what people were told about the alerts of one rule, or of one grouping. */
public final class NotifyState {
    /** Alerts that were told one by one, and what of them. */
    private final TreeMap<String, Told> told = new TreeMap<>();
    /** By action_id. */
    private final TreeMap<String, Action> silences = new TreeMap<>();
    /** By what its alerts share; see {@link NotifyConfig#burst}. */
    private final TreeMap<String, Burst> bursts = new TreeMap<>();
    /** By what its alerts share, as text. */
    private final TreeMap<String, Group> groups = new TreeMap<>();
    /** The group that follows an alert, by alert; made of the groups. */
    private final Map<String, Group> followedBy = new HashMap<>();
    /** The group that left an alert while it stood, by alert; made of the groups. */
    private final Map<String, Group> leftBy = new HashMap<>();
    /** Those for whose next digest an alert waits, by alert; made of the bursts. */
    private final Map<String, List<Burst>> waitsIn = new HashMap<>();

    /** Of what is counted together, what was told one by one lately and what waits. */
    public static final class Burst {
        /** When something was told one by one lately, by event time. */
        private final List<Long> times = new ArrayList<>();

        private final TreeMap<String, Long> earlier = new TreeMap<>();
        private final List<Alert> waiting = new ArrayList<>();
        private long digestAt = Long.MAX_VALUE;

        public List<Long> times() {
            return times;
        }

        /**
         * How many came for the next digest before those that are followed, by rule; under an empty name those of whatever rules
         * that an earlier release counted.
         */
        public TreeMap<String, Long> earlier() {
            return earlier;
        }

        /** Alerts that are followed until the next digest, as they came; changed by {@link NotifyState#waits}. */
        public List<Alert> waiting() {
            return Collections.unmodifiableList(waiting);
        }

        /** When the next digest is told; {@link Long#MAX_VALUE}: nothing waits. */
        public long digestAt() {
            return digestAt;
        }

        public void digestAt(long at) {
            digestAt = at;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Burst that
                    && that.times.equals(times)
                    && that.earlier.equals(earlier)
                    && that.digestAt == digestAt
                    && that.waiting.equals(waiting);
        }

        @Override
        public int hashCode() {
            return Objects.hash(times, earlier, digestAt);
        }
    }

    /** Alerts that are told of together. */
    public static final class Group {
        private final String grouping;
        private final Map<String, String> shared;
        private final TreeMap<String, Member> members = new TreeMap<>();
        private final TreeSet<String> left = new TreeSet<>();
        private final TreeSet<String> rules = new TreeSet<>();
        private String gravest = "";
        private String groupId = "";
        private String toldAs = "";
        private long toldAt = Long.MIN_VALUE;
        private long dueAt = Long.MAX_VALUE;
        private long count;

        Group(String grouping, Map<String, String> shared) {
            this.grouping = grouping;
            this.shared = shared;
        }

        /** The name of its grouping. */
        public String grouping() {
            return grouping;
        }

        /** What its alerts share. */
        public Map<String, String> shared() {
            return shared;
        }

        /** Those that are followed, by alert. */
        public TreeMap<String, Member> members() {
            return members;
        }

        /** Ids of alerts that stand and of which no more is known, because there are too many to follow. */
        public TreeSet<String> left() {
            return left;
        }

        /** Ids of the rules whose alerts were told since it began. */
        public TreeSet<String> rules() {
            return rules;
        }

        /** The gravest severity it was told under since it began; empty: it was not told. */
        public String gravest() {
            return gravest;
        }

        public void gravest(String severity) {
            gravest = severity;
        }

        /** Empty until it is told for the first time. */
        public String groupId() {
            return groupId;
        }

        /** What was told of it last; empty: nothing. */
        public String toldAs() {
            return toldAs;
        }

        /** {@link Long#MIN_VALUE}: never. */
        public long toldAt() {
            return toldAt;
        }

        /** When it is looked at whether something is to be told; {@link Long#MAX_VALUE}: there is nothing. */
        public long dueAt() {
            return dueAt;
        }

        public void due(long at) {
            dueAt = at;
        }

        /** All alerts that were of it, those no longer followed included; one that was over and forgotten and comes back is one more. */
        public long count() {
            return count;
        }

        public void count(long alerts) {
            count = alerts;
        }

        /** Notes that it was told. */
        public void told(String id, String what, long at) {
            groupId = id;
            toldAs = what;
            toldAt = at;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Group that
                    && that.grouping.equals(grouping)
                    && that.shared.equals(shared)
                    && that.members.equals(members)
                    && that.left.equals(left)
                    && that.rules.equals(rules)
                    && that.gravest.equals(gravest)
                    && that.groupId.equals(groupId)
                    && that.toldAs.equals(toldAs)
                    && that.toldAt == toldAt
                    && that.dueAt == dueAt
                    && that.count == count;
        }

        @Override
        public int hashCode() {
            return Objects.hash(shared, members, toldAt, dueAt);
        }
    }

    /**
     * An alert of a group.
     *
     * @param last what happened to it last
     * @param told whether people heard of it
     * @param news the alert, while there is something the group has not told of it; null: nothing
     */
    public record Member(
            String ruleId,
            String severity,
            long openedAt,
            @Nullable String customerId,
            String reason,
            Told last,
            boolean told,
            @Nullable Alert news) {

        static Member of(Alert alert, Told last, boolean told, boolean news) {
            return new Member(
                    alert.ruleId(),
                    alert.severity(),
                    alert.openedAt(),
                    alert.customerId(),
                    alert.reason(),
                    last,
                    told,
                    news ? alert : null);
        }

        Member heard() {
            return new Member(ruleId, severity, openedAt, customerId, reason, last, true, null);
        }

        Member with(Told other) {
            return new Member(ruleId, severity, openedAt, customerId, reason, other, told, news);
        }

        /** The same, after people heard of the group how it is. */
        Member known() {
            return last.endedAs() == null ? this : with(last.known());
        }

        /** Whether somebody still has to act on it. */
        boolean stands() {
            return !last.what().equals("resolved") && !last.what().equals("retracted");
        }
    }

    /**
     * What was told of an alert last.
     *
     * @param assignee who had it then; null: nobody, or it was told before this was remembered
     * @param endedAs how people know it to be over although it came back since, of which nobody heard; null: they know how it is
     */
    public record Told(
            String what, int escalations, int reopened, long at, @Nullable String assignee, @Nullable String endedAs) {

        /** The same, after people heard how it is. */
        Told known() {
            return new Told(what, escalations, reopened, at, assignee, null);
        }

        /** The same, after this was kept from people. */
        Told keptQuietAfter(Told before) {
            boolean over = before.what.equals("resolved") || before.what.equals("retracted");
            String known = before.endedAs != null ? before.endedAs : over ? before.what : null;
            return new Told(what, escalations, reopened, at, assignee, known);
        }
    }

    public TreeMap<String, Told> told() {
        return told;
    }

    public TreeMap<String, Action> silences() {
        return silences;
    }

    public TreeMap<String, Burst> bursts() {
        return bursts;
    }

    public Burst burst(String name) {
        return bursts.computeIfAbsent(name, burst -> new Burst());
    }

    /** Notes that an alert waits for the next digest, as the last of those that do. */
    public void waits(Burst burst, Alert alert) {
        waitsNoMore(burst, alert.alertId());
        burst.waiting.add(alert);
        waitsIn.computeIfAbsent(alert.alertId(), alertId -> new ArrayList<>(1)).add(burst);
    }

    /** Follows an alert no longer that waits. */
    void waitsNoMore(Burst burst, String alertId) {
        if (burst.waiting.removeIf(each -> each.alertId().equals(alertId))) {
            waitsIn.computeIfPresent(alertId, (id, bursts) -> {
                bursts.removeIf(each -> each == burst);
                return bursts.isEmpty() ? null : bursts;
            });
        }
    }

    /** Notes what has become of an alert wherever it waits. */
    void becomes(Alert alert) {
        for (Burst burst : waitsIn.getOrDefault(alert.alertId(), List.of())) {
            burst.waiting.replaceAll(each -> each.alertId().equals(alert.alertId()) ? alert : each);
        }
    }

    /** Notes that nothing waits any more for a digest. */
    void digested(Burst burst) {
        List.copyOf(burst.waiting).forEach(alert -> waitsNoMore(burst, alert.alertId()));
        burst.earlier.clear();
        burst.digestAt = Long.MAX_VALUE;
    }

    public TreeMap<String, Group> groups() {
        return groups;
    }

    /** The group of what alerts share, made where there is none. */
    public Group group(String grouping, Map<String, String> shared) {
        return groups.computeIfAbsent(key(shared), key -> new Group(grouping, shared));
    }

    /** What alerts share, as text: {@code location store-7, topic billing}. */
    static String name(Map<String, String> shared) {
        StringBuilder name = new StringBuilder();
        shared.forEach((what, value) ->
                name.append(name.isEmpty() ? "" : ", ").append(what).append(' ').append(value));
        return name.toString();
    }

    /** The same, but of no two that differ: values may hold anything. */
    private static String key(Map<String, String> shared) {
        StringBuilder key = new StringBuilder();
        shared.forEach((what, value) -> key.append(what)
                .append(' ')
                .append(value.length())
                .append(' ')
                .append(value)
                .append(' '));
        return key.toString();
    }

    /** Whether there is a group of what alerts share. */
    boolean hasGroup(Map<String, String> shared) {
        return groups.containsKey(key(shared));
    }

    /** The group that left an alert while it stood; null: none did. */
    @Nullable
    Group leaving(String alertId) {
        return leftBy.get(alertId);
    }

    /** How many alerts that stand were left by groups. */
    int left() {
        return leftBy.size();
    }

    /** Follows an alert no longer that stands. */
    public void leaveStanding(Group group, String alertId) {
        leave(group, alertId);
        group.left().add(alertId);
        leftBy.put(alertId, group);
    }

    /** Notes that an alert that was left stands no longer, or is followed again. */
    void rejoin(Group group, String alertId) {
        group.left().remove(alertId);
        leftBy.remove(alertId);
    }

    /** The group that follows an alert; null: none does. */
    public @Nullable Group following(String alertId) {
        return followedBy.get(alertId);
    }

    /** How many alerts are followed by groups. */
    int followed() {
        return followedBy.size();
    }

    /** Follows an alert, or notes what became of it. */
    public void follow(Group group, String alertId, Member member) {
        group.members().put(alertId, member);
        followedBy.put(alertId, group);
    }

    void leave(Group group, String alertId) {
        group.members().remove(alertId);
        followedBy.remove(alertId);
    }

    /** Forgets a group and all of it. */
    void forget(Group group) {
        group.members().keySet().forEach(followedBy::remove);
        group.left().forEach(leftBy::remove);
        groups.remove(key(group.shared()));
    }

    /** When the next digest or group is due; {@link Long#MAX_VALUE}: nothing waits. */
    long dueAt() {
        long due = Long.MAX_VALUE;
        for (Burst burst : bursts.values()) {
            due = Math.min(due, burst.digestAt());
        }
        for (Group group : groups.values()) {
            due = Math.min(due, group.dueAt());
        }
        return due;
    }

    boolean isEmpty() {
        return told.isEmpty() && silences.isEmpty() && bursts.isEmpty() && groups.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NotifyState that
                && that.told.equals(told)
                && that.silences.equals(silences)
                && that.bursts.equals(bursts)
                && that.groups.equals(groups);
    }

    @Override
    public int hashCode() {
        return told.hashCode();
    }
}
