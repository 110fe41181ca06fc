package io.throughline.domain.alert;

import io.throughline.domain.alert.NotifyState.Group;
import io.throughline.domain.alert.NotifyState.Member;
import io.throughline.domain.alert.NotifyState.Told;
import io.throughline.domain.touchpoint.Hash128;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people are told of alerts that belong together, as one thing that opens, grows and ends. A group is told {@code wait} after
 * its first alert, and not again before {@code interval} has passed: that more came, that one was escalated or came back, that all
 * that stand are taken care of, and that none stands any more. What became of single ones is told with the next of these. An
 * alert that is over before its group was told of it is not told at all.
 *
 * <p>So within an event time of T a group is told at most {@code T / interval + 2} times.
 */
final class GroupNotifier {

    /** Most groups of one grouping that are remembered; what further ones would say is told together, as in a storm. */
    static final int MOST_GROUPS = 1_000;

    /** Most alerts of one group that are followed. Of more the earliest that people heard of are left. */
    static final int MOST_MEMBERS = 200;

    /** Most alerts of all groups of one grouping that are followed; of further ones is told only how many they are. */
    static final int MOST_FOLLOWED = 20_000;

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

    /** Whether an alert begins a group, because there is none that stands. */
    static boolean begins(NotifyState state, Grouping grouping, Alert alert) {
        return !state.groups().containsKey(NotifyState.name(shared(grouping, alert)));
    }

    /** An alert that people should come to know of becomes part of its group. */
    static void join(NotifyState state, Grouping grouping, Alert alert, Told opened) {
        Group group = state.group(grouping.name(), shared(grouping, alert));
        if (!group.toldAs().isEmpty()
                && group.members().values().stream().noneMatch(Member::stands)
                && group.members().values().stream().noneMatch(member -> member.news() != null)) {
            beginAnew(state, group);
        }
        group.count(group.count() + 1);
        if (group.members().size() >= MOST_MEMBERS || state.followed() >= MOST_FOLLOWED) {
            leaveEarliest(state, group);
        }
        if (group.members().size() < MOST_MEMBERS && state.followed() < MOST_FOLLOWED) {
            state.follow(group, alert.alertId(), Member.of(alert, opened, false, true));
        }
        due(group, grouping, opened.at());
    }

    /** The interval since it was told stays, or a group that flickers would be told at every wait. */
    private static void beginAnew(NotifyState state, Group group) {
        List.copyOf(group.members().keySet()).forEach(alertId -> state.leave(group, alertId));
        group.count(0);
        group.told("", "", group.toldAt());
    }

    private static void leaveEarliest(NotifyState state, Group group) {
        group.members().entrySet().stream()
                .filter(entry -> entry.getValue().news() == null)
                .min(earliestFirst())
                .ifPresent(entry -> state.leave(group, entry.getKey()));
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

    /** An alert that nobody heard of is over, silenced, or said by another. */
    static void withdrawn(NotifyState state, Group group, Alert alert) {
        state.leave(group, alert.alertId());
        group.count(group.count() - 1);
        if (group.members().isEmpty() && group.toldAt() == Long.MIN_VALUE) {
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
        Alert gravest = news.get(0).getValue().news();
        if (gravest == null) {
            return;
        }
        out.add(new Notification(
                notificationId(groupId, event, news),
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
                        severity(group),
                        standing(group),
                        listed(news, others))));
        for (Map.Entry<String, Member> each : news) {
            state.follow(group, each.getKey(), each.getValue().heard());
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
        boolean takenCareOf = group.members().values().stream()
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

    private static String notificationId(String groupId, String event, List<Map.Entry<String, Member>> news) {
        List<String> told = new ArrayList<>(List.of(groupId, event));
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
        String fresh = group.toldAs().isEmpty() ? "" : ", news of " + news.size();
        return all + fresh + ", standing: " + String.join(", ", rules);
    }

    private static long standing(Group group) {
        return group.members().values().stream().filter(Member::stands).count();
    }

    private static String severity(Group group) {
        boolean some = standing(group) > 0;
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

    private static Map<String, String> shared(Grouping grouping, Alert alert) {
        Map<String, String> shared = grouping.shared(alert);
        if (shared == null) {
            throw new IllegalArgumentException("alert " + alert.alertId() + " is not of grouping " + grouping.name());
        }
        return shared;
    }

    private GroupNotifier() {}
}
