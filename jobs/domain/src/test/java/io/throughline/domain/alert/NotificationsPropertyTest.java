package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stage.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Holds {@link AlertCases} and {@link Notifier}, one behind the other, to what docs/stages/alert.md says of who is told what and
 * when: hours in which alerts open, are inhibited, silenced, taken care of, run out of time, end, come back and are retracted,
 * told one by one, in digests and in groups, while the machine keeps up and while it works off what happened hours ago.
 */
class NotificationsPropertyTest {
    private static final long START = Instant.parse("2026-11-23T10:00:00Z").toEpochMilli();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long MAX_AGE = 60 * MINUTE;
    private static final long WINDOW = 10 * MINUTE;
    private static final long DIGEST = 5 * MINUTE;
    private static final long WAIT = MINUTE / 2;
    private static final long INTERVAL = 5 * MINUTE;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final List<String> RULES = List.of("complaint", "long-wait");

    @Test
    void peopleAreToldOneByOneAndInDigestsWhatThePageSays() {
        for (int seed = 0; seed < 1_000; seed++) {
            new Hours(seed, 1 + seed % 4, List.of(), false).pass();
        }
    }

    @Test
    void aCustomersStormLeavesOthersToldOneByOneWhoeverItsAlertsTurnOutToBeOf() {
        for (int seed = 0; seed < 1_000; seed++) {
            new Hours(seed, 1 + seed % 2, List.of(NotifyConfig.By.CUSTOMER), false).pass();
        }
    }

    @Test
    void peopleAreToldOfGroupsWhatThePageSays() {
        for (int seed = 0; seed < 1_000; seed++) {
            new Hours(seed, 1_000, List.of(), true).pass();
        }
    }

    /** Some hours, as the pipeline and as people see them. */
    private static final class Hours {
        private final long seed;
        private final Random random;
        private final Pipeline pipeline;
        private final People people;
        private final Map<String, Cause> causes = new TreeMap<>();
        private final boolean grouped;
        private int actions;

        private Hours(long seed, int burst, List<NotifyConfig.By> burstBy, boolean grouped) {
            this.seed = seed;
            this.grouped = grouped;
            random = new Random(seed);
            List<Grouping> groupings = grouped
                    ? List.of(
                            new Grouping("store", Set.of(), "info", List.of(NotifyConfig.By.LOCATION), WAIT, INTERVAL))
                    : List.of();
            pipeline = new Pipeline(new NotifyConfig(MAX_AGE, burst, WINDOW, DIGEST, burstBy, groupings));
            people = new People(burst, !burstBy.isEmpty(), grouped);
        }

        private void pass() {
            long time = START;
            int steps = 5 + random.nextInt(60);
            for (int i = 0; i < steps; i++) {
                time += 1 + random.nextInt((int) ((random.nextInt(4) == 0 ? 12 : 2) * MINUTE));
                if (random.nextInt(12) == 0) {
                    long behind = random.nextBoolean() ? 0 : 2 * MAX_AGE;
                    pipeline.behind = behind;
                    people.behind = behind;
                }
                if (!grouped && random.nextInt(50) == 0) {
                    // Of what happened before only the silences still matter.
                    time += 8 * DAY;
                    causes.clear();
                }
                pipeline.advanceTo(time);
                people.advanceTo(time);
                step(time);
                assertThat(pipeline.told).as("seed %s, step %s", seed, i).isEqualTo(people.told);
            }
            pipeline.advanceTo(time + 60 * MINUTE);
            people.advanceTo(time + 60 * MINUTE);
            assertThat(pipeline.told).as("seed %s, at the end", seed).isEqualTo(people.told);
        }

        private void step(long time) {
            int kind = random.nextInt(20);
            if (causes.isEmpty() || kind < 7) {
                open(time);
            } else if (kind < 9) {
                silence(time);
            } else {
                List<String> ids = List.copyOf(causes.keySet());
                become(causes.get(ids.get(random.nextInt(ids.size()))), time);
            }
        }

        private void open(long time) {
            boolean limits = random.nextBoolean();
            Cause cause = new Cause(
                    "a-" + people.alerts.size(),
                    RULES.get(random.nextInt(RULES.size())),
                    "c-" + random.nextInt(3),
                    grouped ? "store-" + random.nextInt(2) : null,
                    time,
                    limits ? (random.nextBoolean() ? 3 : 20) * MINUTE : null,
                    limits && random.nextBoolean() ? 40 * MINUTE : null);
            cause.inhibited = random.nextInt(6) == 0;
            cause.evidence.add(evidence("t-" + cause.id, time));
            causes.put(cause.id, cause);
            pipeline.judged(cause.alert());
            people.opens(cause, time);
        }

        private void become(Cause cause, long time) {
            People.Heard heard = people.alerts.get(cause.id);
            boolean over = heard.over();
            boolean gone = heard.status.equals("retracted");
            switch (random.nextInt(gone ? 1 : 10)) {
                case 0 -> {
                    if (gone && cause.acknowledgeWithin == null && cause.resolveWithin == null && cause.plain) {
                        cause.retracted = false;
                        pipeline.judged(cause.alert());
                        people.comesBack(heard, time);
                    } else if (!gone) {
                        cause.retracted = true;
                        pipeline.judged(cause.alert());
                        people.retracted(heard, time);
                    }
                }
                case 1 -> {
                    cause.inhibited = !cause.inhibited;
                    pipeline.judged(cause.alert());
                    people.inhibited(heard, cause.inhibited, time);
                }
                case 2 -> {
                    cause.plain = false;
                    boolean byPerson = heard.byPerson;
                    if (heard.status.equals("resolved") && !byPerson) {
                        cause.turns.add(new Alert.Transition(
                                Objects.requireNonNull(cause.resolvedAt), "resolved", "system", null, null));
                        cause.turns.add(new Alert.Transition(time, "reopened", "system", "more came", null));
                        cause.resolvedAt = null;
                    }
                    cause.evidence.add(evidence("t-" + cause.id + "-" + time, time));
                    pipeline.judged(cause.alert());
                    if (heard.status.equals("resolved")) {
                        people.reopened(heard, time);
                    }
                }
                case 3 -> {
                    if (!over) {
                        cause.plain = false;
                        cause.resolvedAt = time;
                        pipeline.judged(cause.alert());
                        people.resolved(heard, false, time);
                    }
                }
                case 4 -> {
                    if (!over && (!heard.acknowledged || heard.status.equals("escalated"))) {
                        act(cause, Action.Verb.ACKNOWLEDGE, null, time);
                        people.takenCareOf(heard, "acknowledged", time);
                    }
                }
                case 5 -> {
                    if (!over) {
                        String assignee = random.nextBoolean() ? "grace" : "alan";
                        act(cause, Action.Verb.ASSIGN, assignee, null, time);
                        people.assigned(heard, assignee, time);
                    }
                }
                case 6 -> {
                    if (!over) {
                        act(cause, Action.Verb.RESOLVE, null, time);
                        people.resolved(heard, true, time);
                    } else if (heard.byPerson) {
                        act(cause, Action.Verb.REOPEN, null, time);
                        people.reopened(heard, time);
                    }
                }
                case 7 -> {
                    long until = time + 1 + random.nextInt((int) (30 * MINUTE));
                    act(cause, Action.Verb.SILENCE, until, time);
                    people.staysQuiet(heard, until);
                }
                case 8 -> {
                    if (heard.silencedUntil != null) {
                        act(cause, Action.Verb.UNSILENCE, null, time);
                        people.staysQuiet(heard, null);
                    }
                }
                default -> {
                    cause.customer = "c-" + random.nextInt(3);
                    pipeline.judged(cause.alert());
                }
            }
        }

        private void act(Cause cause, Action.Verb verb, @Nullable Long until, long time) {
            act(cause, verb, null, until, time);
        }

        private void act(Cause cause, Action.Verb verb, @Nullable String assignee, @Nullable Long until, long time) {
            cause.plain = false;
            pipeline.acted(
                    new Action("x-" + actions++, verb, cause.id, null, null, time, "ada", null, assignee, null, until));
        }

        private void silence(long time) {
            String rule = RULES.get(random.nextInt(RULES.size()));
            String customer = random.nextBoolean() ? null : "c-" + random.nextInt(3);
            boolean ends = random.nextInt(3) == 0;
            long longest = random.nextInt(4) == 0 ? 20 * DAY : 30 * MINUTE;
            Long until = ends ? null : (Long) (time + 1 + (long) (random.nextDouble() * longest));
            pipeline.silenced(new Action(
                    "x-" + actions++,
                    ends ? Action.Verb.UNSILENCE : Action.Verb.SILENCE,
                    null,
                    rule,
                    customer,
                    time,
                    "ada",
                    null,
                    null,
                    null,
                    until));
            people.silences
                    .computeIfAbsent(rule + " " + (customer == null ? "" : customer), whose -> new TreeMap<>())
                    .put(time, until == null ? time : until);
        }
    }

    private static Alert.Evidence evidence(String touchpoint, long time) {
        return new Alert.Evidence(touchpoint, time, "call", "complaint", null);
    }

    /** What a rule says of an alert. */
    private static final class Cause {
        private final String id;
        private final String rule;
        private String customer;
        private final @Nullable String location;
        private final long openedAt;
        private final @Nullable Long acknowledgeWithin;
        private final @Nullable Long resolveWithin;
        private final List<Alert.Evidence> evidence = new ArrayList<>();
        private final List<Alert.Transition> turns = new ArrayList<>();
        private boolean inhibited;
        private boolean retracted;
        private @Nullable Long resolvedAt;
        /** Whether nothing became of it but that it was inhibited or retracted. */
        private boolean plain = true;

        private long revision;

        private Cause(
                String id,
                String rule,
                String customer,
                @Nullable String location,
                long openedAt,
                @Nullable Long acknowledgeWithin,
                @Nullable Long resolveWithin) {
            this.id = id;
            this.rule = rule;
            this.customer = customer;
            this.location = location;
            this.openedAt = openedAt;
            this.acknowledgeWithin = acknowledgeWithin;
            this.resolveWithin = resolveWithin;
        }

        private Alert alert() {
            return new Alert(
                    id,
                    rule,
                    1,
                    customer,
                    retracted ? Alert.Status.RETRACTED : resolvedAt != null ? Alert.Status.RESOLVED : Alert.Status.OPEN,
                    "error",
                    openedAt,
                    retracted ? null : resolvedAt,
                    rule,
                    retracted ? "it was no cause" : null,
                    List.copyOf(evidence),
                    "closure",
                    ++revision,
                    new Alert.Context(
                            null,
                            2,
                            null,
                            null,
                            null,
                            null,
                            inhibited ? "a-other" : null,
                            acknowledgeWithin,
                            resolveWithin,
                            null,
                            location,
                            null),
                    new Alert.Life(0, null, 0, 0, null, null, List.copyOf(turns)));
        }
    }

    /** The operators from what rules say to what people are told. */
    private static final class Pipeline {
        private final NotifyConfig config;
        private final AlertCases cases;
        private final Notifier notifier;
        private final Map<String, CaseState> alerts = new HashMap<>();
        private final Map<String, NotifyState> rules = new HashMap<>();
        private final TreeMap<String, Long> alertsDue = new TreeMap<>();
        private final TreeMap<String, Long> rulesDue = new TreeMap<>();
        private final List<String> told = new ArrayList<>();
        private long now = START;
        private long behind;

        private Pipeline(NotifyConfig config) {
            this.config = config;
            cases = new AlertCases(CaseConfig.DEFAULTS, config);
            notifier = new Notifier(config);
        }

        private void advanceTo(long time) {
            for (; ; ) {
                long next = Stream.concat(alertsDue.values().stream(), rulesDue.values().stream())
                        .min(Comparator.naturalOrder())
                        .orElse(Step.NEVER);
                if (next > time) {
                    now = time;
                    return;
                }
                now = Math.max(now, next);
                for (String key : List.copyOf(alertsDue.keySet())) {
                    if (alertsDue.get(key) <= now) {
                        lived(key, cases.wake(alerts.get(key), now));
                    }
                }
                for (String key : List.copyOf(rulesDue.keySet())) {
                    if (rulesDue.get(key) <= now) {
                        hear(key, notifier.wake(rules.get(key), now));
                    }
                }
            }
        }

        private void judged(Alert alert) {
            lived(alert.alertId(), cases.on(alerts.get(alert.alertId()), new CaseInput.Judged(alert), now));
        }

        private void acted(Action action) {
            String alertId = Objects.requireNonNull(action.alertId());
            lived(alertId, cases.on(alerts.get(alertId), new CaseInput.Acted(alertId, action), now));
        }

        private void silenced(Action action) {
            for (String key : config.keys(Objects.requireNonNull(action.ruleId()))) {
                hear(key, notifier.on(rules.get(key), new NotifyInput.Silenced(key, action), now));
            }
        }

        private void lived(String alertId, Step<CaseState, CaseOutput> step) {
            alerts.put(alertId, step.state());
            alertsDue.put(alertId, step.wakeAt());
            for (CaseOutput output : step.out()) {
                if (output instanceof CaseOutput.Standing standing) {
                    String key = standing.toldUnder();
                    hear(
                            key,
                            notifier.on(
                                    rules.get(key),
                                    new NotifyInput.Changed(key, standing.alert(), standing.fresh(), now + behind),
                                    now));
                }
            }
        }

        private void hear(String key, Step<NotifyState, Notification> step) {
            rules.put(key, step.state());
            rulesDue.put(key, step.wakeAt());
            for (Notification told : step.out()) {
                this.told.add(
                        told.group() == null
                                ? line(now, told.event(), told.alert().alertId(), told.count())
                                : line(now, told.event(), told.group().shared().get("location"), told.count())
                                        + " standing "
                                        + told.group().standing());
            }
        }
    }

    private static String line(long at, String event, @Nullable String of, long count) {
        return Instant.ofEpochMilli(at) + " " + event + " " + of + " x" + count;
    }

    /** What people are to hear, as the page tells it. */
    private static final class People {
        private final int burst;
        private final boolean byCustomer;
        private final boolean grouped;
        private final TreeMap<String, Heard> alerts = new TreeMap<>();
        /** By rule and customer, none for all of them: by when it was said, until when nobody is told. */
        private final Map<String, TreeMap<Long, Long>> silences = new HashMap<>();

        /** By rule, then by what is counted together. */
        private final Map<String, Map<String, Storm>> storms = new TreeMap<>();

        private final Map<String, Store> stores = new TreeMap<>();
        private final List<String> told = new ArrayList<>();
        private long reached = START;
        private long behind;

        private static final class Heard {
            private final Cause cause;
            private String status = "open";
            private boolean acknowledged;
            private boolean assigned;
            private @Nullable String assignee;
            private boolean byPerson;
            private boolean inhibited;
            private @Nullable Long silencedUntil;
            private @Nullable Long acknowledgeDue;
            private @Nullable Long resolveDue;
            private long reopenedAt = Long.MIN_VALUE;
            private long escalatedAt = Long.MIN_VALUE;
            private boolean heard;
            /** What a group is still to tell of it; null: nothing. */
            private @Nullable String news;
            /** What happened to it last that people hear of where they hear of it at all. */
            private String last = "";
            /** How it is over to people who did not hear that it came back; empty: they know how it is. */
            private String overTo = "";

            private Heard(Cause cause) {
                this.cause = cause;
            }

            private boolean over() {
                return status.equals("resolved") || status.equals("retracted");
            }
        }

        /** What is told one by one of what is counted together, and what waits for its digest. */
        private static final class Storm {
            private final List<Long> oneByOne = new ArrayList<>();
            /** Whose alerts they are; null: not counted by that. */
            private final @Nullable String customer;

            private long earlier;
            private final List<Heard> waiting = new ArrayList<>();
            private long digestAt = Long.MAX_VALUE;

            private Storm(@Nullable String customer) {
                this.customer = customer;
            }
        }

        /** A group. */
        private static final class Store {
            private final TreeSet<String> members = new TreeSet<>();
            private long count;
            private String toldAs = "";
            private long toldAt = Long.MIN_VALUE;
            private long dueAt = Long.MAX_VALUE;
        }

        private People(int burst, boolean byCustomer, boolean grouped) {
            this.burst = burst;
            this.byCustomer = byCustomer;
            this.grouped = grouped;
        }

        private void advanceTo(long time) {
            for (; ; ) {
                long next = Long.MAX_VALUE;
                for (Heard alert : alerts.values()) {
                    next = Math.min(next, limit(alert));
                }
                for (Storm storm : storms()) {
                    next = Math.min(next, storm.digestAt);
                }
                for (Store store : stores.values()) {
                    next = Math.min(next, store.dueAt);
                }
                if (next > time) {
                    reached = time;
                    return;
                }
                // What happened long ago may be due before now.
                long now = Math.max(reached, next);
                reached = now;
                alerts.values().stream().filter(alert -> limit(alert) <= now).forEach(alert -> escalated(alert, now));
                storms().stream().filter(storm -> storm.digestAt <= now).forEach(storm -> digest(storm, now));
                stores.forEach((name, store) -> {
                    if (store.dueAt <= now) {
                        tell(name, store, now);
                    }
                });
            }
        }

        private List<Storm> storms() {
            return storms.values().stream()
                    .flatMap(ofRule -> ofRule.values().stream())
                    .toList();
        }

        private static long limit(Heard alert) {
            long first = alert.acknowledgeDue == null ? Long.MAX_VALUE : alert.acknowledgeDue;
            long second = alert.resolveDue == null ? Long.MAX_VALUE : alert.resolveDue;
            return Math.min(first, second);
        }

        private void opens(Cause cause, long time) {
            Heard alert = new Heard(cause);
            alert.inhibited = cause.inhibited;
            alerts.put(cause.id, alert);
            begins(alert, time);
            comesToBeKnown(alert, time);
        }

        private static void begins(Heard alert, long time) {
            alert.acknowledgeDue = alert.cause.acknowledgeWithin == null ? null : time + alert.cause.acknowledgeWithin;
            alert.resolveDue = alert.cause.resolveWithin == null ? null : time + alert.cause.resolveWithin;
        }

        private void escalated(Heard alert, long time) {
            if (Objects.equals(alert.acknowledgeDue, limit(alert))) {
                alert.acknowledgeDue = null;
            } else {
                alert.resolveDue = null;
            }
            alert.status = "escalated";
            alert.escalatedAt = time;
            loud(alert, "escalated", time);
        }

        private void reopened(Heard alert, long time) {
            alert.status = alert.assigned ? "assigned" : "open";
            alert.acknowledged = false;
            alert.byPerson = false;
            alert.reopenedAt = time;
            begins(alert, time);
            loud(alert, "reopened", time);
        }

        private void comesBack(Heard alert, long time) {
            alert.status = "open";
            if (follows(alert)) {
                boolean old = time + behind - alert.cause.openedAt > MAX_AGE;
                boolean quiet = silenced(alert, alert.cause.openedAt) || silenced(alert, time);
                news(alert, "reopened", !old && !quiet, time);
            } else {
                comesToBeKnown(alert, time);
            }
        }

        private void inhibited(Heard alert, boolean inhibited, long time) {
            boolean ends = alert.inhibited && !inhibited;
            alert.inhibited = inhibited;
            if (inhibited && grouped && !alert.heard) {
                leave(alert);
            }
            if (ends && !follows(alert)) {
                comesToBeKnown(alert, time);
            }
        }

        private void staysQuiet(Heard alert, @Nullable Long until) {
            alert.silencedUntil = until;
            if (until != null && grouped && !alert.heard) {
                leave(alert);
            }
        }

        private void assigned(Heard alert, String assignee, long time) {
            boolean known = alert.last.equals("assigned") && (grouped || assignee.equals(alert.assignee));
            alert.assignee = assignee;
            if (!known || !follows(alert)) {
                takenCareOf(alert, "assigned", time);
                return;
            }
            alert.status = "assigned";
            alert.acknowledged = true;
            alert.acknowledgeDue = null;
        }

        private void takenCareOf(Heard alert, String what, long time) {
            alert.status = what;
            alert.acknowledged = true;
            alert.assigned |= what.equals("assigned");
            alert.acknowledgeDue = null;
            quiet(alert, what, time);
        }

        private void resolved(Heard alert, boolean byPerson, long time) {
            alert.byPerson = byPerson;
            ends(alert, "resolved", time);
        }

        private void retracted(Heard alert, long time) {
            ends(alert, "retracted", time);
        }

        private void ends(Heard alert, String what, long time) {
            alert.status = what;
            alert.acknowledgeDue = null;
            alert.resolveDue = null;
            if (grouped && !alert.heard) {
                leave(alert);
            }
            quiet(alert, what, time);
        }

        /** What is told of alerts that people know, silence or not. */
        private void quiet(Heard alert, String what, long time) {
            if (follows(alert)) {
                news(alert, what, behind <= MAX_AGE || alert.over(), time);
            }
        }

        /** What is told of all alerts, but not in a silence. */
        private void loud(Heard alert, String what, long time) {
            if (follows(alert)) {
                news(alert, what, behind <= MAX_AGE && !silenced(alert, time), time);
            } else {
                comesToBeKnown(alert, time);
            }
        }

        /** Whether what becomes of it is told. */
        private boolean follows(Heard alert) {
            return alert.heard || (grouped && store(alert).members.contains(alert.cause.id));
        }

        private void news(Heard alert, String what, boolean tells, long time) {
            String before = alert.last;
            alert.last = what;
            if (what.equals(alert.overTo)) {
                alert.overTo = "";
                if (grouped && members(store(alert)).stream().anyMatch(each -> each.news != null)) {
                    due(store(alert), what.equals("retracted") ? alert.cause.openedAt : time);
                }
                return;
            }
            if (tells || alert.news != null) {
                alert.overTo = "";
            } else if (before.equals("resolved") || before.equals("retracted")) {
                alert.overTo = before;
            }
            if (!grouped) {
                if (tells) {
                    told.add(line(time, what, alert.cause.id, 1));
                }
                return;
            }
            Store store = store(alert);
            if (!store.members.contains(alert.cause.id)) {
                return;
            }
            if (tells || alert.news != null) {
                alert.news = what;
                // A retraction and its end bear the time at which the alert opened, so that they are told at once.
                boolean atOnce = what.equals("retracted") || (what.equals("reopened") && alert.cause.plain);
                due(store, atOnce ? alert.cause.openedAt : time);
            }
        }

        /** It opened, came back, ran out of time, or nothing else says it any more, and nobody has heard of it. */
        private void comesToBeKnown(Heard alert, long time) {
            boolean escalated = alert.status.equals("escalated");
            long happened = escalated ? alert.escalatedAt : Math.max(alert.cause.openedAt, alert.reopenedAt);
            String what = escalated ? "escalated" : alert.reopenedAt > Long.MIN_VALUE ? "reopened" : "opened";
            if (alert.over()
                    || alert.inhibited
                    || time + behind - happened > MAX_AGE
                    || silenced(alert, happened)
                    || silenced(alert, time)) {
                return;
            }
            alert.last = alert.acknowledged && !escalated ? alert.status : what;
            if (grouped) {
                join(alert, happened);
                return;
            }
            Map<String, Storm> ofRule = storms.computeIfAbsent(alert.cause.rule, rule -> new TreeMap<>());
            ofRule.values().forEach(storm -> storm.oneByOne.removeIf(each -> each <= happened - WINDOW));
            String customer = byCustomer ? alert.cause.customer : null;
            Storm storm = ofRule.computeIfAbsent(customer == null ? "" : customer, counted -> new Storm(customer));
            if (storm.oneByOne.size() < burst) {
                storm.oneByOne.add(happened);
                alert.heard = true;
                told.add(line(time, what, alert.cause.id, 1));
                return;
            }
            if (storm.digestAt == Long.MAX_VALUE) {
                storm.digestAt = happened + DIGEST;
            }
            storm.waiting.remove(alert);
            storm.waiting.add(alert);
            if (storm.waiting.size() > 3) {
                Heard first = storm.waiting.remove(0);
                storm.earlier += counts(first, storm.digestAt, storm.digestAt) ? 1 : 0;
            }
        }

        /** Of what waits for a digest the last three are followed: what there is nothing to tell of any more does not count. */
        private boolean counts(Heard alert, long at, long now) {
            return !alert.heard && !alert.over() && !quiet(alert, at, now);
        }

        private boolean quiet(Heard alert, long at, long now) {
            return alert.inhibited || silenced(alert, at) || silenced(alert, now);
        }

        private void digest(Storm storm, long now) {
            long at = storm.digestAt;
            List<Heard> waiting = List.copyOf(storm.waiting);
            String rule = waiting.get(0).cause.rule + " ";
            boolean known = waiting.stream().anyMatch(each -> each.cause.customer.equals(storm.customer));
            boolean quiet = silenced(rule, at)
                    || silenced(rule, now)
                    || (known && (silenced(rule + storm.customer, at) || silenced(rule + storm.customer, now)));
            List<Heard> counting =
                    waiting.stream().filter(each -> counts(each, at, now)).toList();
            long count = counting.size() + (quiet ? 0 : storm.earlier);
            if (count > 0) {
                List<Heard> loud =
                        waiting.stream().filter(each -> !quiet(each, at, now)).toList();
                List<Heard> best = !counting.isEmpty() ? counting : !loud.isEmpty() ? loud : waiting;
                Heard last = best.get(best.size() - 1);
                told.add(line(now, "opened", last.cause.id, count));
                last.heard = true;
                last.last = last.acknowledged && !last.status.equals("escalated") ? last.status : "opened";
                if (last.over()) {
                    told.add(line(now, last.status, last.cause.id, 1));
                }
            }
            storm.earlier = 0;
            storm.waiting.clear();
            storm.digestAt = Long.MAX_VALUE;
        }

        private Store store(Heard alert) {
            return stores.computeIfAbsent(Objects.requireNonNull(alert.cause.location), name -> new Store());
        }

        private void join(Heard alert, long happened) {
            Store store = store(alert);
            List<Heard> members = members(store);
            if (!store.toldAs.isEmpty() && members.stream().allMatch(each -> each.over() && each.news == null)) {
                members.forEach(each -> {
                    each.heard = false;
                    each.overTo = "";
                });
                store.members.clear();
                store.count = 0;
                store.toldAs = "";
            }
            store.count++;
            store.members.add(alert.cause.id);
            alert.news = alert.last;
            due(store, happened);
        }

        private void leave(Heard alert) {
            Store store = store(alert);
            if (store.members.remove(alert.cause.id)) {
                store.count--;
            }
            if (store.members.isEmpty() && store.toldAt == Long.MIN_VALUE) {
                store.dueAt = Long.MAX_VALUE;
            }
            alert.news = null;
        }

        private static void due(Store store, long happened) {
            long due = happened + WAIT;
            if (store.toldAt != Long.MIN_VALUE) {
                due = Math.max(due, store.toldAt + INTERVAL);
            }
            store.dueAt = Math.min(store.dueAt, due);
        }

        private List<Heard> members(Store store) {
            return store.members.stream().map(alerts::get).toList();
        }

        private void tell(String name, Store store, long now) {
            long due = store.dueAt;
            store.dueAt = Long.MAX_VALUE;
            members(store).stream()
                    .filter(each -> !each.heard && (silenced(each, due) || silenced(each, now)))
                    .forEach(this::leave);
            List<Heard> news =
                    members(store).stream().filter(each -> each.news != null).toList();
            List<Heard> standing =
                    members(store).stream().filter(each -> !each.over()).toList();
            String event = null;
            if (news.stream().anyMatch(each -> each.last.equals("escalated"))) {
                event = "escalated";
            } else if (news.stream().anyMatch(each -> !each.heard)) {
                event = "opened";
            } else if (news.stream().anyMatch(each -> each.last.equals("reopened"))) {
                event = "reopened";
            } else if (!news.isEmpty() && standing.isEmpty()) {
                event = news.stream().allMatch(each -> each.last.equals("retracted")) ? "retracted" : "resolved";
            } else if (!news.isEmpty()
                    && !store.toldAs.equals("acknowledged")
                    && standing.stream()
                            .allMatch(each -> each.last.equals("acknowledged") || each.last.equals("assigned"))) {
                event = "acknowledged";
            }
            if (event == null) {
                return;
            }
            told.add(line(now, event, name, store.count) + " standing " + standing.size());
            news.forEach(each -> {
                each.heard = true;
                each.news = null;
            });
            standing.forEach(each -> each.overTo = "");
            store.toldAs = event;
            store.toldAt = due;
        }

        private boolean silenced(Heard alert, long at) {
            return (alert.silencedUntil != null && at < alert.silencedUntil)
                    || silenced(alert.cause.rule + " ", at)
                    || silenced(alert.cause.rule + " " + alert.cause.customer, at);
        }

        private boolean silenced(String whose, long at) {
            Map.Entry<Long, Long> said =
                    silences.getOrDefault(whose, new TreeMap<>()).floorEntry(at);
            return said != null && at < said.getValue();
        }
    }
}
