package io.throughline.domain.alert;

import io.throughline.domain.alert.NotifyState.Told;
import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Hash128;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who is told what about the alerts of one rule, or of one grouping, and what not: nothing that happened long ago, nothing that
 * is silenced, that another alert of the same customer says already or that is on trial, and of a storm a few alerts one by one
 * and the rest together. Of alerts that belong together people are told together; see {@link GroupNotifier}. It looks at alerts
 * and changes none. Key: {@link NotifyConfig#key}.
 *
 * <p>Several that are told together are told as the last of them; what becomes of the others is not told, unless one is
 * escalated or reopened: so a storm ends as quietly as it went on. Of what waits, too, only the last of each rule are known: what
 * is silenced, inhibited or over by then is not told.
 *
 * <p>Of what is counted together, within an event time of T, people are told at most
 * {@code burst x (T / burst_window + 1)} times of an alert that opened, {@code T / digest + 1} times of several, and of what
 * became of those told one by one. Of a grouping, so many groups begin to be told of, and each is told at most
 * {@code T / interval + 2} times.
 */
public final class Notifier implements KeyedRule<NotifyState, NotifyInput, Notification>, Serializable {

    /** Of what waits for a digest so many of each rule are followed, of those before only that they came. */
    static final int MOST_WAITING = 3;

    /** How long after the last news of an alert people are told what becomes of it. */
    private static final long TOLD_FOR = Duration.ofDays(7).toMillis();

    private final NotifyConfig config;

    public Notifier(NotifyConfig config) {
        this.config = config;
    }

    @Override
    public Step<NotifyState, Notification> on(@Nullable NotifyState before, NotifyInput input, long now) {
        NotifyState state = before != null ? before : new NotifyState();
        List<Notification> out = new ArrayList<>();
        if (input instanceof NotifyInput.Silenced silenced) {
            silence(state, silenced.action());
        } else if (input instanceof NotifyInput.Changed changed) {
            change(state, changed, now, out);
        }
        return rest(state, out);
    }

    @Override
    public Step<NotifyState, Notification> wake(@Nullable NotifyState state, long now) {
        List<Notification> out = new ArrayList<>();
        if (state == null) {
            return Step.of(null, out, Step.NEVER);
        }
        state.bursts().forEach((name, burst) -> {
            if (burst.digestAt() <= now) {
                digest(state, name, burst, now, out);
            }
        });
        for (NotifyState.Group group : List.copyOf(state.groups().values())) {
            if (group.dueAt() <= now) {
                withdrawSilenced(state, group, now);
                GroupNotifier.tell(state, group, out);
            }
        }
        return rest(state, out);
    }

    private static void silence(NotifyState state, Action action) {
        state.silences().merge(action.actionId(), action, Action::orEarlier);
    }

    private void change(NotifyState state, NotifyInput.Changed changed, long now, List<Notification> out) {
        Alert alert = changed.alert();
        long seenAt = changed.seenAt();
        state.becomes(alert);
        NotifyState.Group group = state.following(alert.alertId());
        if (group != null) {
            changeInGroup(state, group, alert, seenAt, now);
            return;
        }
        NotifyState.Group left = state.leaving(alert.alertId());
        if (left != null && over(alert)) {
            String what = word(alert.status());
            long at = happened(alert, what);
            GroupNotifier.ended(
                    state,
                    config.grouping(left.grouping()),
                    left,
                    alert,
                    told(alert, what, at),
                    tells(state, alert, what, at, seenAt, now));
            return;
        }
        Told told = state.told().get(alert.alertId());
        if (told == null) {
            if (changed.fresh() && opens(state, alert, seenAt, now)) {
                tellOpened(state, changed.key(), alert, out);
            }
            return;
        }
        String what = news(told, alert);
        if (what == null) {
            state.told().put(alert.alertId(), counted(alert, told.what(), told, told.at()));
            return;
        }
        long at = happened(alert, what);
        Told next = counted(alert, what, told, Math.max(told.at(), at));
        if (what.equals(told.endedAs())) {
            state.told().put(alert.alertId(), next.known());
        } else if (tells(state, alert, what, at, seenAt, now)) {
            state.told().put(alert.alertId(), next.known());
            out.add(notification(alert, what, at));
        } else {
            state.told().put(alert.alertId(), next.keptQuietAfter(told));
        }
    }

    /** Whether an alert that waits for a digest counts as one of it: not where there is nothing to tell of it any more. */
    private static boolean counts(NotifyState state, Alert alert, long digestAt, long now) {
        return stands(alert)
                && !muted(state, alert, digestAt, now)
                && !state.told().containsKey(alert.alertId())
                && state.following(alert.alertId()) == null;
    }

    private static boolean muted(NotifyState state, Alert alert, long at, long now) {
        return alert.context().inhibitedBy() != null || silencedBetween(state, alert, at, now);
    }

    /** Whoever silences a rule before a group is told of its alerts does not hear of them. */
    private static void withdrawSilenced(NotifyState state, NotifyState.Group group, long now) {
        for (NotifyState.Member member : List.copyOf(group.members().values())) {
            Alert news = member.news();
            if (!member.told() && news != null && silencedBetween(state, news, group.dueAt(), now)) {
                GroupNotifier.withdrawn(state, group, news);
            }
        }
    }

    private void changeInGroup(NotifyState state, NotifyState.Group group, Alert alert, long seenAt, long now) {
        NotifyState.Member member = group.members().get(alert.alertId());
        if (member == null) {
            return;
        }
        if (!member.told()
                && (alert.context().inhibitedBy() != null
                        || silencedItself(alert, Math.max(member.last().at(), now)))) {
            GroupNotifier.withdrawn(state, group, alert);
            return;
        }
        Told last = member.last();
        String what = news(last, alert);
        if (what == null || (what.equals("assigned") && last.what().equals("assigned"))) {
            // That somebody takes care of it is known; a group is not told again who.
            Told same = counted(alert, last.what(), last, last.at());
            state.follow(
                    group, alert.alertId(), NotifyState.Member.of(alert, same, member.told(), member.news() != null));
            return;
        }
        Grouping grouping = config.grouping(group.grouping());
        long at = happened(alert, what);
        Told next = counted(alert, what, last, at);
        if (what.equals(last.endedAs())) {
            GroupNotifier.endedAsKnown(state, grouping, group, alert, next.known());
            return;
        }
        boolean tells = tells(state, alert, what, at, seenAt, now);
        // What waits to be told of it is told as it is by then.
        boolean heard = tells || member.news() != null;
        GroupNotifier.developed(state, grouping, group, alert, heard ? next.known() : next.keptQuietAfter(last), tells);
    }

    /** Of what people know to stand they hear however late that it is over, or to them it would stand for ever. */
    private boolean tells(NotifyState state, Alert alert, String what, long at, long seenAt, long now) {
        boolean loud = what.equals("escalated") || what.equals("reopened");
        return over(alert) || (seenAt - at <= config.maxAgeMs() && !(loud && silencedBetween(state, alert, at, now)));
    }

    private static String word(Alert.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static boolean over(Alert alert) {
        return alert.status() == Alert.Status.RESOLVED || alert.status() == Alert.Status.RETRACTED;
    }

    private static boolean stands(Alert alert) {
        return !over(alert) && alert.status() != Alert.Status.SHADOW;
    }

    /** What people know who hear of an alert only now: that somebody takes care of it is no news later. */
    private static String standing(Alert alert, String what) {
        return alert.status() == Alert.Status.ACKNOWLEDGED || assignedSince(alert) ? word(alert.status()) : what;
    }

    private static Told told(Alert alert, String what, long at) {
        return new Told(
                what,
                alert.life().escalations(),
                alert.life().reopened(),
                at,
                alert.life().assignee(),
                null);
    }

    /** Who had it before it was reopened still has it, but nobody has said anything since. */
    private static boolean assignedSince(Alert alert) {
        Alert.Transition last = last(alert, "reopened", "assigned");
        return alert.status() == Alert.Status.ASSIGNED
                && (last == null || !last.what().equals("reopened"));
    }

    /** The same of an alert that was told before: how often what does not count happened is as it was when it counted. */
    private static Told counted(Alert alert, String what, Told before, long at) {
        boolean counts = alert.status() != Alert.Status.RETRACTED && alert.status() != Alert.Status.SHADOW;
        return new Told(
                what,
                counts ? alert.life().escalations() : before.escalations(),
                counts ? alert.life().reopened() : before.reopened(),
                at,
                counts ? alert.life().assignee() : before.assignee(),
                before.endedAs());
    }

    /** Whether it is an alert that somebody should come to know of now. */
    private boolean opens(NotifyState state, Alert alert, long seenAt, long now) {
        long at = latest(alert);
        return stands(alert)
                && alert.context().inhibitedBy() == null
                && seenAt - at <= config.maxAgeMs()
                && !silencedBetween(state, alert, at, now);
    }

    private void tellOpened(NotifyState state, String key, Alert alert, List<Notification> out) {
        long at = latest(alert);
        String what = alert.status() == Alert.Status.ESCALATED
                ? "escalated"
                : alert.life().reopened() > 0 ? "reopened" : "opened";
        Told told = told(alert, standing(alert, what), at);
        Grouping grouping = config.groupingOf(key);
        // Null also where it no longer shares what it did when it was first published.
        Map<String, String> shared = grouping == null ? null : grouping.shared(alert);
        boolean begins = shared != null && !state.hasGroup(shared);
        if (grouping != null && shared != null && !begins && GroupNotifier.join(state, grouping, shared, alert, told)) {
            return;
        }
        long before = at - config.burstWindowMs();
        state.bursts().values().removeIf(burst -> {
            burst.times().removeIf(time -> time <= before);
            return burst.times().isEmpty() && burst.digestAt() == Long.MAX_VALUE;
        });
        NotifyState.Burst burst = state.burst(config.burst(alert));
        if (burst.times().size() < config.burst()) {
            // Not in a storm, which would look at all that is remembered for each alert.
            forgetOld(state, at - TOLD_FOR);
            if (grouping == null || shared == null) {
                burst.times().add(at);
                state.told().put(alert.alertId(), told);
                out.add(notification(alert, what, at));
                return;
            }
            if (begins && GroupNotifier.hasRoom(state)) {
                burst.times().add(at);
                GroupNotifier.join(state, grouping, shared, alert, told);
                return;
            }
        }
        if (burst.digestAt() == Long.MAX_VALUE) {
            burst.digestAt(at + config.digestMs());
        }
        waits(state, burst, alert);
    }

    private static void waits(NotifyState state, NotifyState.Burst burst, Alert alert) {
        state.waits(burst, alert);
        List<Alert> ofRule = burst.waiting().stream()
                .filter(each -> each.ruleId().equals(alert.ruleId()))
                .toList();
        if (ofRule.size() > MOST_WAITING) {
            Alert first = ofRule.get(0);
            state.waitsNoMore(burst, first.alertId());
            if (counts(state, first, burst.digestAt(), burst.digestAt())) {
                burst.earlier().merge(first.ruleId(), 1L, Long::sum);
            }
        }
    }

    private static void forgetOld(NotifyState state, long before) {
        state.told().values().removeIf(old -> old.at() < before);
        forgetSilences(state, before);
        for (NotifyState.Group group : List.copyOf(state.groups().values())) {
            if (group.dueAt() == Long.MAX_VALUE && group.toldAt() < before) {
                state.forget(group);
            }
        }
    }

    /** What somebody took back or made another of, and what ran out. What counted then is kept while it may count still. */
    private static void forgetSilences(NotifyState state, long before) {
        Map<List<@Nullable String>, Action> counted = new HashMap<>();
        for (Action action : state.silences().values()) {
            if (action.at() <= before) {
                counted.merge(whose(action), action, BinaryOperator.maxBy(Comparator.naturalOrder()));
            }
        }
        state.silences().values().removeIf(action -> {
            Action last = counted.get(whose(action));
            Long until = action.until();
            return action.at() <= before && (!action.equals(last) || until == null || until < before);
        });
    }

    private static List<@Nullable String> whose(Action silence) {
        return Arrays.asList(silence.ruleId(), silence.customerId());
    }

    /**
     * Several that opened, told as the last of those there is something to tell of, of which people hear on. Where no such is among
     * those that are followed, as the last that at least is not kept quiet.
     */
    private void digest(NotifyState state, String name, NotifyState.Burst burst, long now, List<Notification> out) {
        long at = burst.digestAt();
        long count = earlier(state, name, burst, now);
        Alert newest = null;
        Alert loud = null;
        Alert last = null;
        for (Alert alert : burst.waiting()) {
            last = alert;
            loud = muted(state, alert, at, now) ? loud : alert;
            if (counts(state, alert, at, now)) {
                newest = alert;
                count++;
            }
        }
        state.digested(burst);
        newest = newest != null ? newest : loud != null ? loud : last;
        if (newest == null || count == 0) {
            return;
        }
        state.told()
                .putIfAbsent(
                        newest.alertId(),
                        told(newest, over(newest) ? word(newest.status()) : standing(newest, "opened"), at));
        out.add(new Notification(
                "n-" + Hash128.of("digest", newest.alertId(), Long.toString(at)).hex(24),
                "opened",
                newest,
                count,
                at,
                count + " more alerts" + (name.isEmpty() ? "" : " of " + name) + ", the last: " + newest.reason(),
                null,
                null));
        if (over(newest)) {
            // Receivers know all of them by this one, and may have heard before that it was over.
            String what = word(newest.status());
            Notification ends = notification(newest, what, happened(newest, what));
            String id = Hash128.of("digest", ends.notificationId(), Long.toString(at))
                    .hex(24);
            out.add(new Notification("n-" + id, what, newest, 1, ends.at(), ends.reason(), ends.actor(), null));
        }
    }

    /** How many of those that came before the ones that are followed are told: of them only the rule may be known to be silenced. */
    private long earlier(NotifyState state, String name, NotifyState.Burst burst, long now) {
        long at = burst.digestAt();
        // They are of whom they are counted by, whoever the last have become.
        String customer = !config.burstBy().contains(NotifyConfig.By.CUSTOMER)
                ? null
                : burst.waiting().stream()
                        .filter(alert -> name.equals(config.burst(alert)))
                        .findFirst()
                        .map(Alert::customerId)
                        .orElse(null);
        long count = 0;
        for (Map.Entry<String, Long> ofRule : burst.earlier().entrySet()) {
            String rule = ofRule.getKey();
            boolean quiet = silencedByRule(state, rule, null, at)
                    || silencedByRule(state, rule, null, Math.max(at, now))
                    || (customer != null
                            && (silencedByRule(state, rule, customer, at)
                                    || silencedByRule(state, rule, customer, Math.max(at, now))));
            count += quiet ? 0 : ofRule.getValue();
        }
        return count;
    }

    /** What has happened to an alert since it was told of; null: nothing that anybody is told. */
    private static @Nullable String news(Told told, Alert alert) {
        String status = word(alert.status());
        if (over(alert)) {
            return status.equals(told.what()) ? null : status;
        }
        if (alert.life().escalations() > told.escalations()) {
            return "escalated";
        }
        if (alert.life().reopened() > told.reopened()) {
            return "reopened";
        }
        if ((told.what().equals("retracted") || told.what().equals("resolved")) && stands(alert)) {
            return "reopened";
        }
        boolean tells = alert.status() == Alert.Status.ACKNOWLEDGED || assignedSince(alert);
        boolean known = status.equals(told.what())
                && (alert.status() != Alert.Status.ASSIGNED
                        || isKnownToHave(told, alert.life().assignee()));
        return !tells || known ? null : status;
    }

    /** Not where somebody else had it; of what was told before that was remembered it is taken to be so. */
    private static boolean isKnownToHave(Told told, @Nullable String assignee) {
        return told.assignee() == null || told.assignee().equals(assignee);
    }

    /** Whether it was silenced when it happened, or is now that it comes to be known. */
    private static boolean silencedBetween(NotifyState state, Alert alert, long at, long now) {
        return silenced(state, alert, at) || silenced(state, alert, Math.max(at, now));
    }

    private static boolean silenced(NotifyState state, Alert alert, long at) {
        String customer = alert.customerId();
        return silencedItself(alert, at)
                || silencedByRule(state, alert.ruleId(), null, at)
                || (customer != null && silencedByRule(state, alert.ruleId(), customer, at));
    }

    private static boolean silencedItself(Alert alert, long at) {
        Long until = alert.life().silencedUntil();
        return until != null && at < until;
    }

    /** A rule and a rule for one customer are silenced, and no longer, each by itself: what was said of either last counts. */
    private static boolean silencedByRule(NotifyState state, String ruleId, @Nullable String customer, long at) {
        Action last = state.silences().values().stream()
                .filter(action -> ruleId.equals(action.ruleId())
                        && Objects.equals(customer, action.customerId())
                        && action.at() <= at)
                .max(Comparator.naturalOrder())
                .orElse(null);
        Long until = last == null ? null : last.until();
        return last != null && last.verb() == Action.Verb.SILENCE && until != null && at < until;
    }

    /** When the last thing happened that people may have to come to know of. */
    private static long latest(Alert alert) {
        return happened(alert, alert.status() == Alert.Status.ESCALATED ? "escalated" : "reopened");
    }

    private static long happened(Alert alert, String what) {
        Alert.Transition last = last(alert, what);
        return last == null ? alert.openedAt() : last.at();
    }

    /** The last transition that begins with any of some words; null where its history does not say. */
    private static Alert.@Nullable Transition last(Alert alert, String... whats) {
        List<Alert.Transition> history = alert.life().history();
        for (int i = history.size() - 1; i >= 0; i--) {
            if (Arrays.stream(whats).anyMatch(history.get(i).what()::startsWith)) {
                return history.get(i);
            }
        }
        return null;
    }

    private static Notification notification(Alert alert, String what, long at) {
        String because = what.equals("retracted") ? alert.retractedBecause() : null;
        return new Notification(
                "n-"
                        + Hash128.of(
                                        alert.alertId(),
                                        what,
                                        Integer.toString(alert.life().escalations()),
                                        Integer.toString(alert.life().reopened()),
                                        Integer.toString(alert.life().version()),
                                        // The same may happen again: what was retracted comes back, and is retracted.
                                        Long.toString(alert.revision()))
                                .hex(24),
                what,
                alert,
                1,
                at,
                because == null ? alert.reason() : because,
                actor(alert, what),
                null);
    }

    private static @Nullable String actor(Alert alert, String what) {
        Alert.Transition last = last(alert, what);
        return last == null || last.by().equals(AlertCases.SYSTEM) ? null : last.by();
    }

    private Step<NotifyState, Notification> rest(NotifyState state, List<Notification> out) {
        return state.isEmpty() ? Step.of(null, out, Step.NEVER) : Step.of(state, out, state.dueAt());
    }
}
