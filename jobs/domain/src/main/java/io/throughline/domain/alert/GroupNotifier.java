package io.throughline.domain.alert;

import io.throughline.domain.alert.NotifyState.Group;
import io.throughline.domain.alert.NotifyState.Member;
import io.throughline.domain.alert.NotifyState.Told;
import io.throughline.domain.touchpoint.Hash128;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people are told of alerts that belong together, as one thing that opens, grows and ends. A group is told {@code wait} after
 * its first alert, and not again before {@code interval} has passed: that more came, that one was escalated or came back,
 * that all that stand are taken care of, and that none stands any more. What became of single ones is told with the next of
 * these. An alert that is over before its group was told of it is not told at all.
 *
 * <p>So within an event time of T a group is told at most {@code T / interval + 2} times.
 */
final class GroupNotifier {

    /** Most groups of one grouping that are remembered; what further ones would say is told together, as in a storm. */
    static final int MOST_GROUPS = 1_000;

    /** Most alerts of one group that are followed. Of more those that are over are left, then the mildest and latest. */
    static final int MOST_MEMBERS = 200;

    /** Most alerts of all groups of one grouping that are followed; of further ones is known only whether they stand. */
    static final int MOST_FOLLOWED = 20_000;

    /** Most alerts of all groups of one grouping that are left while they stand; what would be one more is told in a storm. */
    static final int MOST_LEFT = 20_000;

    /** Most alerts that a notification lists. */
    static final int MOST_LISTED = 50;

    private static final Comparator<Map.Entry<String, Member>> GRAVEST_FIRST =
            Comparator.<Map.Entry<String, Member>>comparingInt(
                            entry -> Grouping.rank(entry.getValue().severity()))
                    .thenComparing(earliestFirst());

    private static Comparator<Map.Entry<String, Member>> earliestFirst() {
        return Comparator.<Map.Entry<String, Member>>comparingLong(
                        entry -> entry.getValue().openedAt())
                .thenComparing(Map.Entry.comparingByKey());
    }

    /** Whether one more group can be remembered. */
    static boolean hasRoom(NotifyState state) {
        return state.groups().size() < MOST_GROUPS && state.followed() < MOST_FOLLOWED;
    }

    /**
     * An alert that people should come to know of becomes part of its group.
     *
     * @param shared what it shares with the others of its group
     * @return whether its group tells of it; where there is no room and nothing else to tell, it does not
     */
    static boolean join(NotifyState state, Grouping grouping, Map<String, String> shared, Alert alert, Told opened) {
        Group group = state.group(grouping.name(), shared);
        if (!group.toldAs().isEmpty()
                && standing(group) == 0
                && group.members().values().stream().noneMatch(member -> member.news() != null)) {
            beginAnew(state, group);
        }
        String alertId = alert.alertId();
        boolean back = group.left().contains(alertId);
        state.follow(group, alertId, Member.of(alert, opened, back, true));
        String tooMany = tooMany(state, group);
        if (tooMany != null) {
            boolean tells = group.members().entrySet().stream()
                    .anyMatch(each ->
                            !each.getKey().equals(tooMany) && each.getValue().news() != null);
            Member dropped = group.members().get(tooMany);
            boolean full = dropped != null && dropped.stands() && !back && state.left() >= MOST_LEFT;
            if (!tells || full) {
                state.leave(group, alertId);
                return false;
            }
            if (dropped != null && dropped.stands()) {
                group.rules().add(dropped.ruleId());
                state.leaveStanding(group, tooMany);
            } else {
                state.leave(group, tooMany);
            }
        }
        if (back && !alertId.equals(tooMany)) {
            state.rejoin(group, alertId);
        }
        group.count(group.count() + (back ? 0 : 1));
        due(group, grouping, opened.at());
        return true;
    }

    /** The interval since it was told stays, or a group that flickers would be told at every wait. */
    private static void beginAnew(NotifyState state, Group group) {
        List.copyOf(group.members().keySet()).forEach(alertId -> state.leave(group, alertId));
        group.count(0);
        group.rules().clear();
        group.gravest("");
        group.told("", "", group.toldAt());
    }

    /** The alert that is followed no longer: one that is over before one that stands, then the mildest, the latest; null: all are. */
    private static @Nullable String tooMany(NotifyState state, Group group) {
        if (group.members().size() <= MOST_MEMBERS && state.followed() <= MOST_FOLLOWED) {
            return null;
        }
        return group.members().entrySet().stream()
                .max(Comparator.<Map.Entry<String, Member>>comparingInt(entry ->
                                entry.getValue().stands() ? 0 : entry.getValue().news() != null ? 1 : 2)
                        .thenComparing(GRAVEST_FIRST))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    /** An alert that was left while it stood is over; of it people hear where there is room for it again. */
    static void ended(
            NotifyState state, @Nullable Grouping grouping, Group group, Alert alert, Told last, boolean tells) {
        state.rejoin(group, alert.alertId());
        if (group.toldAs().isEmpty()) {
            group.count(group.count() - 1);
            return;
        }
        state.follow(group, alert.alertId(), Member.of(alert, last, true, tells));
        String tooMany = tooMany(state, group);
        if (tooMany != null) {
            state.leave(group, tooMany);
        }
        due(group, grouping, last.at());
    }

    /**
     * Something has become of an alert that is followed.
     *
     * @param grouping of the group; null where it is no longer configured: then it is told at once
     * @param last what happened to it
     * @param tells whether people should come to know of it
     */
    static void developed(
            NotifyState state, @Nullable Grouping grouping, Group group, Alert alert, Told last, boolean tells) {
        Member before = group.members().get(alert.alertId());
        boolean told = before != null && before.told();
        Member after = Member.of(alert, last, told, tells || (before != null && before.news() != null));
        if (!told && !after.stands()) {
            withdrawn(state, group, alert);
            return;
        }
        state.follow(group, alert.alertId(), after);
        if (after.news() != null) {
            due(group, grouping, last.at());
        }
    }

    /** An alert that came back, of which nobody heard, is over again. It may be the last of its group that stood. */
    static void endedAsKnown(NotifyState state, @Nullable Grouping grouping, Group group, Alert alert, Told last) {
        state.follow(group, alert.alertId(), Member.of(alert, last, true, false));
        if (group.members().values().stream().anyMatch(member -> member.news() != null)) {
            due(group, grouping, last.at());
        }
    }

    /** An alert that nobody heard of is over, silenced, or said by another. */
    static void withdrawn(NotifyState state, Group group, Alert alert) {
        state.leave(group, alert.alertId());
        group.count(group.count() - 1);
        if (group.members().isEmpty() && group.left().isEmpty() && group.toldAt() == Long.MIN_VALUE) {
            state.forget(group);
        }
    }

    private static void due(Group group, @Nullable Grouping grouping, long at) {
        long due = grouping == null ? at : at + grouping.waitMs();
        if (grouping != null && group.toldAt() != Long.MIN_VALUE) {
            due = Math.max(due, group.toldAt() + grouping.intervalMs());
        }
        group.due(Math.min(group.dueAt(), due));
    }

    /** Tells of a group what there is to tell now. */
    static void tell(NotifyState state, Group group, List<Notification> out) {
        long at = group.dueAt();
        group.due(Long.MAX_VALUE);
        List<Map.Entry<String, Member>> news = new ArrayList<>();
        List<Map.Entry<String, Member>> others = new ArrayList<>();
        for (Map.Entry<String, Member> entry : group.members().entrySet()) {
            (entry.getValue().news() != null ? news : others).add(Map.entry(entry.getKey(), entry.getValue()));
        }
        String event = event(group, news);
        if (event == null) {
            return;
        }
        news.sort(GRAVEST_FIRST);
        others.removeIf(entry -> !entry.getValue().stands());
        others.sort(GRAVEST_FIRST);
        String groupId = groupId(group);
        Alert gravest = Objects.requireNonNull(news.get(0).getValue().news());
        news.forEach(each -> group.rules().add(each.getValue().ruleId()));
        String severity = severity(group);
        if (group.gravest().isEmpty() || Grouping.rank(severity) < Grouping.rank(group.gravest())) {
            group.gravest(severity);
        }
        out.add(new Notification(
                notificationId(groupId, event, at, news),
                event,
                gravest,
                group.count(),
                at,
                reason(group, event, news, gravest),
                null,
                new Notification.Group(
                        groupId,
                        group.grouping(),
                        group.shared(),
                        List.copyOf(group.rules()),
                        severity,
                        standing(group),
                        listed(news, others))));
        for (Map.Entry<String, Member> each : news) {
            state.follow(group, each.getKey(), each.getValue().heard());
        }
        for (Map.Entry<String, Member> each : others) {
            state.follow(group, each.getKey(), each.getValue().known());
        }
        group.told(groupId, event, at);
    }

    /** What the news come to for the group; null: nothing that people are told. */
    private static @Nullable String event(Group group, List<Map.Entry<String, Member>> news) {
        boolean opened = false;
        boolean reopened = false;
        for (Map.Entry<String, Member> each : news) {
            Member member = each.getValue();
            if (member.last().what().equals("escalated")) {
                return "escalated";
            }
            opened |= !member.told();
            reopened |= member.last().what().equals("reopened");
        }
        if (news.isEmpty() || opened || reopened) {
            return news.isEmpty() ? null : opened ? "opened" : "reopened";
        }
        if (standing(group) == 0) {
            return news.stream().allMatch(each -> each.getValue().last().what().equals("retracted"))
                    ? "retracted"
                    : "resolved";
        }
        boolean takenCareOf = group.left().isEmpty()
                && group.members().values().stream()
                        .filter(Member::stands)
                        .allMatch(member -> member.last().what().equals("acknowledged")
                                || member.last().what().equals("assigned"));
        return takenCareOf && !group.toldAs().equals("acknowledged") ? "acknowledged" : null;
    }

    /** Of the earliest alert, which is the same in whatever order they came. */
    private static String groupId(Group group) {
        if (!group.groupId().isEmpty()) {
            return group.groupId();
        }
        String first = group.members().entrySet().stream()
                .min(earliestFirst())
                .map(Map.Entry::getKey)
                .orElse("");
        return "g-"
                + Hash128.of("group", group.grouping(), NotifyState.name(group.shared()), first)
                        .hex(24);
    }

    private static String notificationId(String groupId, String event, long at, List<Map.Entry<String, Member>> news) {
        List<String> told = new ArrayList<>(List.of(groupId, event, Long.toString(at)));
        for (Map.Entry<String, Member> each : news) {
            Told last = each.getValue().last();
            told.add(each.getKey());
            told.add(last.what());
            told.add(last.escalations() + " " + last.reopened());
        }
        return "n-" + Hash128.of(told.toArray(String[]::new)).hex(24);
    }

    private static String reason(Group group, String event, List<Map.Entry<String, Member>> news, Alert gravest) {
        if (group.count() == 1) {
            String because = gravest.retractedBecause();
            return event.equals("retracted") && because != null ? because : gravest.reason();
        }
        String all = group.count() + " alerts of " + NotifyState.name(group.shared());
        if (event.equals("resolved") || event.equals("retracted")) {
            return "None of " + all + " stands any more";
        }
        if (event.equals("acknowledged")) {
            return all + ", of which " + standing(group) + " stand, are taken care of";
        }
        Map<String, Long> byRule = new TreeMap<>();
        group.members().values().stream()
                .filter(Member::stands)
                .forEach(member -> byRule.merge(member.ruleId(), 1L, Long::sum));
        List<String> rules = new ArrayList<>();
        byRule.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(rule -> rules.add(rule.getValue() + " " + rule.getKey()));
        if (!group.left().isEmpty()) {
            rules.add(group.left().size() + " more");
        }
        String fresh = group.toldAs().isEmpty() ? "" : ", news of " + news.size();
        return all + fresh + ", standing: " + String.join(", ", rules);
    }

    private static long standing(Group group) {
        return group.members().values().stream().filter(Member::stands).count()
                + group.left().size();
    }

    private static String severity(Group group) {
        boolean some = group.members().values().stream().anyMatch(Member::stands);
        if (!some && !group.gravest().isEmpty()) {
            return group.gravest();
        }
        return group.members().values().stream()
                .filter(member -> !some || member.stands())
                .map(Member::severity)
                .min(Comparator.comparingInt(Grouping::rank))
                .orElse("info");
    }

    private static List<Notification.Listed> listed(
            List<Map.Entry<String, Member>> news, List<Map.Entry<String, Member>> others) {
        List<Notification.Listed> listed = new ArrayList<>();
        for (List<Map.Entry<String, Member>> some : List.of(news, others)) {
            for (Map.Entry<String, Member> each : some) {
                if (listed.size() < MOST_LISTED) {
                    Member member = each.getValue();
                    listed.add(new Notification.Listed(
                            each.getKey(),
                            member.ruleId(),
                            member.last().what(),
                            member.news() != null,
                            member.severity(),
                            member.openedAt(),
                            member.customerId(),
                            member.reason()));
                }
            }
        }
        return List.copyOf(listed);
    }

    private GroupNotifier() {}
}
