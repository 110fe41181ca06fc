package io.throughline.domain.alert;

import io.throughline.domain.alert.Alert.Status;
import io.throughline.domain.alert.AlertState.Counted;
import io.throughline.domain.alert.AlertState.Current;
import io.throughline.domain.alert.AlertState.Said;
import io.throughline.domain.alert.Causes.Cause;
import io.throughline.domain.alert.Causes.Span;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All alerts of one customer: a pure function of the touchpoints that are the customer's, and of event time where something
 * is missing. Every attribution judges the rules it matters to anew and says what differs from what was said: alerts that
 * are new, changed, resolved, or retracted because their cause is gone. Key: the customer.
 *
 * <p><b>One document, two writers.</b> The alert_id is made of the rule and the first evidence, so when a touchpoint
 * moves from X to Y both say something about the same alert: X retracts it, Y opens it. Which of the two holds is
 * decided by the touchpoint's own attributions, which are numbered: a revision is (sequence of the first evidence, times
 * published under it). X speaks under the sequence it lost, Y under the later one, hence Y's word stands, whichever
 * arrives last; where Y has nothing to say, X's retraction stands.
 *
 * <p>Before the first watermark nothing is said: the rules are judged when event time is first known, so a replay
 * publishes final states once, and retracts nothing it never said.
 */
public final class AlertRuleSet implements Ruled<AlertState, Attribution>, Serializable {
    private static final long SETTLING_PAUSE = Duration.ofHours(1).toMillis();

    /** Sequences carry the generation of the touchpoint from bit 28 on: this leaves it 19 bits below the sign. */
    private static final int TIMES_BITS = 16;

    private final AlertConfig config;

    @SuppressWarnings("NullAway.Init")
    private transient RuleIndex index;

    @SuppressWarnings("NullAway.Init")
    private transient Set<String> properties;

    private transient boolean someInhibit;
    private transient boolean someLookAtTiers;

    public AlertRuleSet(AlertConfig config) {
        this.config = config;
        prepare();
    }

    private void prepare() {
        index = new RuleIndex(config.rules());
        properties = new TreeSet<>();
        for (int place : index.all()) {
            AlertRule rule = index.rule(place);
            someInhibit |= !rule.care().inhibits().isEmpty();
            String link = rule.pattern().linkedBy();
            if (link != null && link.startsWith(Pattern.PROPERTY)) {
                properties.add(link.substring(Pattern.PROPERTY.length()));
            }
            if (rule.pattern() instanceof Pattern.Absence absence && absence.due() != null) {
                properties.add(absence.due());
            }
            for (Match match : rule.pattern().roles()) {
                someLookAtTiers |= match.looksAtTier();
                if (match.when() != null) {
                    properties.addAll(match.when().properties());
                }
            }
        }
    }

    private Object readResolve() {
        return new AlertRuleSet(config);
    }

    @Override
    public Step<AlertState, Alert> on(@Nullable AlertState before, Attribution attribution, long now) {
        Turn<AlertState> turn = turn(attribution);
        return turn == null ? remember(before, List.of(), now) : turn.take(before, now);
    }

    @Override
    public @Nullable Turn<AlertState> turn(Attribution attribution) {
        Signal signal = Signal.of(attribution.touchpoint(), properties);
        Seen seen = new Seen(
                signal, index.see(signal), config.worth().counts(attribution.touchpoint()), config.resolves(signal));
        return seen.worth || seen.matters() ? (before, now) -> take(before, attribution, seen, now) : null;
    }

    /**
     * A touchpoint as the rules see it, whoever's it is.
     *
     * @param worth whether it changes what its customer is worth
     */
    private record Seen(Signal signal, RuleIndex.Sight sight, boolean worth, boolean resolves) {

        boolean matters() {
            return resolves || sight.matters();
        }
    }

    private Step<AlertState, Alert> take(@Nullable AlertState before, Attribution attribution, Seen seen, long now) {
        Signal signal = seen.signal;
        boolean worth = seen.worth;
        boolean matters = seen.matters();
        AlertState state = before != null ? before : new AlertState(attribution.customerId());
        String tierBefore = tier(state);
        if (worth) {
            config.worth().add(attribution.touchpoint(), attribution.sign(), state.totals());
        }
        List<Counted> earlier = List.of();
        if (matters) {
            earlier = state.fold(signal, attribution.sequence(), attribution.sign());
        }
        if (now == Long.MIN_VALUE) {
            state.unjudged(state.unjudged() || matters);
            return remember(state, List.of(), now);
        }
        String tier = worth ? tier(state) : tierBefore;
        boolean raised = !Objects.equals(tierBefore, tier);
        if (!matters && !raised) {
            return remember(state, List.of(), now);
        }
        boolean everything = raised
                || seen.resolves
                || someResolve(earlier)
                || state.unjudged()
                || state.held().size() > config.maxSignals()
                || namesGoneRules(state);
        if (everything) {
            return judgeAll(state, now);
        }
        int[] looking = index.roles(signal, seen.sight, tier);
        int[] which = index.rulesOf(looking);
        for (Counted was : earlier) {
            which = both(which, index.rulesOf(index.roles(was.signal(), index.see(was.signal()), tier)));
        }
        List<Current> current = state.current();
        int place = Collections.binarySearch(current, new Current(signal, attribution.sequence()));
        if (place >= 0 && current.get(place).signal() == signal) {
            current.get(place).seen(index, seen.sight, tier, looking);
        }
        return remember(state, judge(state, which, index.matching(which, current, tier), current, now), now);
    }

    /** Each once, ascending. */
    private static int[] both(int[] some, int[] others) {
        return Arrays.equals(some, others)
                ? some
                : IntStream.concat(Arrays.stream(some), Arrays.stream(others))
                        .sorted()
                        .distinct()
                        .toArray();
    }

    private boolean someResolve(List<Counted> attributions) {
        for (Counted counted : attributions) {
            if (config.resolves(counted.signal())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Step<AlertState, Alert> wake(@Nullable AlertState state, long now) {
        if (state == null) {
            return remember(null, List.of(), now);
        }
        int[] due = state.unjudged() || settlesAt(state) <= now || namesGoneRules(state)
                ? null
                : index.places(state.dueBy(now));
        if (due == null) {
            return judgeAll(state, now);
        }
        // Time alone changes nothing but what is missing.
        List<Current> current = state.current();
        return remember(state, judge(state, due, index.matching(due, current, tier(state)), current, now), now);
    }

    /**
     * Judges everything after the rules have changed: what no rule looks at any more is forgotten, alerts of rules that are
     * gone are retracted.
     */
    @Override
    public Step<AlertState, Alert> ruled(AlertState state, long now) {
        if (now == Long.MIN_VALUE) {
            return remember(state, List.of(), now);
        }
        Step<AlertState, Alert> judged = judgeAll(state, now);
        AlertState after = judged.state();
        if (after == null) {
            return judged;
        }
        after.keepOnly(signal -> config.resolves(signal) || index.see(signal).matters());
        return remember(after, judged.out(), now);
    }

    /** First judges, then settles: what was folded before time was known may be older than anything is kept. */
    private Step<AlertState, Alert> judgeAll(AlertState state, long now) {
        List<Current> current = state.current();
        int[] all = index.all();
        List<List<List<Current>>> matching = index.matching(all, current, tier(state));
        List<Cause> causes = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        List<Alert> out = judge(state, all, matching, current, now, causes, spans);
        state.unjudged(false);
        long settled = settledBefore(state, current, causes, spans, now);
        if (settled > state.oldest()) {
            state.settleBefore(settled);
        }
        return remember(state, out, now);
    }

    private List<Alert> judge(
            AlertState state, int[] which, List<List<List<Current>>> matching, List<Current> current, long now) {
        return judge(state, which, matching, current, now, new ArrayList<>(), new ArrayList<>());
    }

    /** Says what differs from what was said by these rules; by all of them also for rules that are gone. */
    private List<Alert> judge(
            AlertState state,
            int[] which,
            List<List<List<Current>>> matching,
            List<Current> current,
            long now,
            List<Cause> causes,
            List<Span> spans) {
        boolean everything = which.length == index.size();
        if (everything) {
            state.awaitNothing();
        }
        for (int i = 0; i < which.length; i++) {
            int place = which[i];
            AlertRule rule = index.rule(place);
            String key = index.key(place);
            List<List<Current>> byRole = matching.get(i);
            state.awaitNothing(key);
            if (!byRole.isEmpty()) {
                Causes.Found found = Causes.of(
                        rule,
                        byRole,
                        now,
                        config.longestWaitMs(rule),
                        Math.max(state.settledBefore(), index.heldFrom(place)),
                        settled(state, rule),
                        rule.pattern() instanceof Pattern.Experience
                                ? state.scores(key, index)
                                : Collections.emptyNavigableMap());
                causes.addAll(found.complete());
                spans.addAll(found.spans());
                if (found.due() != Long.MAX_VALUE) {
                    state.await(key, found.due());
                }
            }
        }
        if (causes.isEmpty() && state.said().isEmpty()) {
            return List.of();
        }
        causes.sort(Comparator.comparingLong(Cause::openedAt));
        Map<String, Cause> standing = new TreeMap<>();
        Map<String, Alert> next = new TreeMap<>();
        List<String> order = new ArrayList<>();
        for (Cause cause : causes) {
            Alert alert = alert(state, cause, current);
            if (standing.put(alert.alertId(), cause) == null) {
                order.add(alert.alertId());
            }
            next.put(alert.alertId(), alert);
        }
        List<Alert> retracted = new ArrayList<>();
        for (Said said : state.said().values()) {
            if (said.status() == Status.RETRACTED || standing.containsKey(said.alertId())) {
                continue;
            }
            Integer place = index.place(said.ruleId(), said.ruleVersion());
            boolean judged = place == null ? everything : Arrays.binarySearch(which, place) >= 0;
            if (judged && (place == null || !settled(state, index.rule(place), said))) {
                retracted.add(said.alert());
            } else if (someInhibit) {
                next.put(said.alertId(), said.alert());
                order.add(said.alertId());
            }
        }
        if (someInhibit) {
            inhibit(next);
        }
        List<Alert> out = new ArrayList<>();
        for (String id : order) {
            Alert alert = next.get(id);
            Cause cause = standing.get(id);
            Said said = state.said().get(id);
            if (alert != null && cause != null) {
                say(state, alert, cause.first().sequence(), out);
            } else if (alert != null && said != null && alert != said.alert()) {
                say(state, alert.revised(0), said.sequence(), out);
            }
        }
        for (Alert alert : retracted) {
            Said said = state.said().get(alert.alertId());
            String firstEvidence = alert.evidence().get(0).touchpointId();
            Current first = find(current, firstEvidence);
            String because = why(alert, firstEvidence, first != null, standing);
            long before = said == null ? 0 : said.sequence();
            long sequence = first == null ? before : Math.max(before, first.sequence());
            publish(state, alert.retracted(because, 0), sequence, out);
        }
        return out;
    }

    /** When the alerts of a rule opened that stay as they were said. */
    private static NavigableSet<Long> settled(AlertState state, AlertRule rule) {
        if (!(rule.pattern() instanceof Pattern.Experience)) {
            return Collections.emptyNavigableSet();
        }
        TreeSet<Long> openings = new TreeSet<>();
        for (Said said : state.said().values()) {
            if (said.status() != Status.RETRACTED
                    && said.ruleId().equals(rule.ruleId())
                    && said.ruleVersion() == rule.version()
                    && settled(state, rule, said)) {
                openings.add(said.openedAt());
            }
        }
        return openings;
    }

    /**
     * Whether an alert is too old to be judged again, because some of what made the score is forgotten. It stays as it was
     * said while what is left of its evidence is the customer's.
     */
    private static boolean settled(AlertState state, AlertRule rule, Said said) {
        return Causes.beyondJudging(rule, said.openedAt(), state.settledBefore())
                && said.alert().evidence().stream()
                        .allMatch(evidence -> evidence.eventTime() < state.settledBefore()
                                || state.holds(evidence.touchpointId(), evidence.eventTime()));
    }

    /** Notes, of alerts that stand, which other says it already: the one that opened first. */
    private void inhibit(Map<String, Alert> standing) {
        List<Alert> inhibiting = new ArrayList<>();
        for (Alert alert : standing.values()) {
            if (alert.status() != Status.SHADOW && !inhibits(alert).isEmpty()) {
                inhibiting.add(alert);
            }
        }
        for (Map.Entry<String, Alert> entry : standing.entrySet()) {
            Alert alert = entry.getValue();
            Alert by = inhibitor(alert, inhibiting);
            String byId = by == null ? null : by.alertId();
            if (!Objects.equals(byId, alert.context().inhibitedBy())) {
                entry.setValue(alert.inhibitedBy(byId));
            }
        }
    }

    /**
     * Which of those says it already. Of alerts that opened at the same time and inhibit each other, also by way of
     * others, the gravest is told, unless one that is none of them inhibits it; the others name it, if they can.
     */
    private @Nullable Alert inhibitor(Alert alert, List<Alert> inhibiting) {
        Alert first = firstToCover(alert, inhibiting);
        if (first == null || first.openedAt() < alert.openedAt() || !inhibiting.contains(alert)) {
            return first;
        }
        List<Alert> round = round(alert, inhibiting);
        Alert told =
                Collections.min(round, Comparator.comparingInt(this::urgency).thenComparing(Alert::alertId));
        if (told.equals(alert)) {
            List<Alert> others = new ArrayList<>(inhibiting);
            others.removeAll(round);
            return firstToCover(alert, others);
        }
        return covers(told, alert) ? told : firstToCover(alert, round);
    }

    private @Nullable Alert firstToCover(Alert alert, List<Alert> inhibiting) {
        Alert first = null;
        for (Alert other : inhibiting) {
            if (covers(other, alert)
                    && (first == null
                            || other.openedAt() < first.openedAt()
                            || (other.openedAt() == first.openedAt()
                                    && other.alertId().compareTo(first.alertId()) < 0))) {
                first = other;
            }
        }
        return first;
    }

    /** Whether one was open when the other opened, and inhibits its rule. */
    private boolean covers(Alert one, Alert other) {
        return inhibits(one).contains(other.ruleId())
                && one.openedAt() <= other.openedAt()
                && (one.resolvedAt() == null
                        ? other.openedAt() <= one.openedAt() + config.resolveWithinMs()
                        : other.openedAt() < one.resolvedAt())
                && !resolvedThen(one, other.openedAt());
    }

    /** An alert, and all of its time that it inhibits and that inhibit it, both also by way of others. */
    private List<Alert> round(Alert alert, List<Alert> inhibiting) {
        List<Alert> atOnce = new ArrayList<>(inhibiting);
        atOnce.removeIf(other -> other.openedAt() != alert.openedAt());
        List<Alert> inhibited = reached(alert, atOnce, this::covers);
        return reached(alert, inhibited, (one, other) -> covers(other, one));
    }

    /** An alert, and those among some that it leads to, one after another. */
    private static List<Alert> reached(Alert alert, List<Alert> among, BiPredicate<Alert, Alert> leads) {
        List<Alert> reached = new ArrayList<>(List.of(alert));
        List<Alert> left = new ArrayList<>(among);
        left.remove(alert);
        for (int i = 0; i < reached.size(); i++) {
            Alert from = reached.get(i);
            left.removeIf(other -> leads.test(from, other) && reached.add(other));
        }
        return reached;
    }

    private int urgency(Alert alert) {
        Integer place = index.place(alert.ruleId(), alert.ruleVersion());
        return place == null ? Integer.MAX_VALUE : index.rule(place).urgency();
    }

    /** Whether a touchpoint had resolved it by then, and further evidence opened it again only later. */
    private static boolean resolvedThen(Alert alert, long time) {
        boolean resolved = false;
        for (Alert.Transition turn : alert.life().history()) {
            if (turn.at() > time) {
                break;
            }
            resolved = turn.what().equals("resolved");
        }
        return resolved;
    }

    /** The rules of whose alerts nobody is told while this one is open. */
    private Set<String> inhibits(Alert alert) {
        Integer place = index.place(alert.ruleId(), alert.ruleVersion());
        return place == null ? Set.of() : index.rule(place).care().inhibits();
    }

    private @Nullable String tier(AlertState state) {
        Worth.Tier tier = config.worth().tier(state.totals());
        return tier == null ? null : tier.name();
    }

    /** Whether something stands that only judging everything retracts; it does so once. */
    private boolean namesGoneRules(AlertState state) {
        for (Said said : state.said().values()) {
            if (said.status() != Status.RETRACTED && index.place(said.ruleId(), said.ruleVersion()) == null) {
                return true;
            }
        }
        return false;
    }

    private boolean names(String ruleId) {
        return config.rules().stream().anyMatch(rule -> rule.ruleId().equals(ruleId));
    }

    /**
     * The time before which nothing is corrected any more: as long ago as is kept, earlier where an alert, or a promise and
     * what was said of it, lies across it, so that none is ever cut in two; later where more is held than may be.
     */
    private long settledBefore(
            AlertState state, List<Current> current, List<Cause> causes, List<Span> spans, long now) {
        long before = now - config.keepForMs();
        List<Span> lying = new ArrayList<>(spans);
        causes.forEach(cause -> lying.add(new Span(cause.begins(), cause.ends())));
        for (boolean moved = true; moved; ) {
            moved = false;
            for (Span span : lying) {
                if (span.begins() < before && span.ends() >= before) {
                    before = span.begins();
                    moved = true;
                }
            }
        }
        int tooMany = state.held().size() - config.maxSignals();
        if (tooMany <= 0 || current.size() < tooMany) {
            return before;
        }
        // An eighth more than must go, or every further touchpoint would settle one and judge everything.
        int settled = Math.min(tooMany + config.maxSignals() / 8, current.size());
        before = Math.max(before, current.get(settled - 1).signal().eventTime() + 1);
        for (boolean moved = true; moved; ) {
            moved = false;
            for (Cause cause : causes) {
                if (cause.begins() < before && cause.ends() >= before) {
                    // Not beyond what there is: a cool-down that is not over would empty everything.
                    long there =
                            Math.max(cause.openedAt(), cause.last().signal().eventTime());
                    long after = Math.min(cause.ends(), Math.max(there, now)) + 1;
                    moved |= after > before;
                    before = Math.max(before, after);
                }
            }
            for (Span span : spans) {
                if (span.begins() < before && span.ends() >= before) {
                    before = span.ends() + 1;
                    moved = true;
                }
            }
        }
        return before;
    }

    private Alert alert(AlertState state, Cause cause, List<Current> current) {
        AlertRule rule = cause.rule();
        List<Signal> evidence = cause.evidence().stream().map(Current::signal).toList();
        Long resolvedAt = resolvedAt(cause, current);
        boolean shadow = rule.mode() == AlertRule.Mode.SHADOW;
        return new Alert(
                alertId(rule, cause.first().signal()),
                rule.ruleId(),
                rule.version(),
                state.customerId(),
                shadow ? Status.SHADOW : resolvedAt == null ? Status.OPEN : Status.RESOLVED,
                rule.severity(),
                cause.openedAt(),
                resolvedAt,
                Reasons.of(cause),
                null,
                evidence.stream()
                        .limit(config.maxEvidence())
                        .map(signal -> new Alert.Evidence(
                                signal.touchpointId(),
                                signal.eventTime(),
                                signal.channel(),
                                signal.kind(),
                                Reasons.detail(rule, signal)))
                        .toList(),
                rule.expectation(),
                0,
                context(state, cause, evidence),
                turns(cause, current));
    }

    private Alert.Context context(AlertState state, Cause cause, List<Signal> evidence) {
        AlertRule rule = cause.rule();
        Worth.Tier tier = config.worth().tier(state.totals());
        return new Alert.Context(
                tier == null ? null : tier.name(),
                Math.max(1, rule.urgency() - (tier == null ? 0 : tier.raises())),
                cause.looksFrom(),
                cause.measured(),
                cause.bound(),
                rule.care().nextAction(),
                null,
                rule.care().acknowledgeWithinMs(),
                rule.care().resolveWithinMs(),
                first(evidence, Signal::topic),
                first(evidence, Signal::location),
                null);
    }

    private static @Nullable String first(List<Signal> evidence, Function<Signal, @Nullable String> of) {
        for (Signal signal : evidence) {
            String value = of.apply(signal);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    static String alertId(AlertRule rule, Signal firstEvidence) {
        return "a-" + Hash128.of(rule.ruleId(), firstEvidence.touchpointId()).hex(24);
    }

    /**
     * How touchpoints resolved it and further evidence opened it again, before {@link #resolvedAt} says how it ends. What was
     * missing is judged by when it was due, so of an absence only the end is known.
     */
    private Alert.Life turns(Cause cause, List<Current> current) {
        List<Current> evidence = cause.evidence();
        int listed = Math.min(evidence.size(), config.maxEvidence());
        if (listed <= cause.completedBy() || cause.rule().pattern() instanceof Pattern.Absence) {
            return Alert.Life.NONE;
        }
        List<Alert.Transition> turns = new ArrayList<>();
        for (int i = cause.completedBy(); i < listed; i++) {
            Current further = evidence.get(i);
            Long resolved = resolvedBetween(evidence.get(i - 1), further, cause.openedAt(), current);
            if (resolved != null) {
                Signal signal = further.signal();
                turns.add(new Alert.Transition(resolved, "resolved", AlertCases.SYSTEM, null, null));
                turns.add(new Alert.Transition(
                        signal.eventTime(),
                        "reopened",
                        AlertCases.SYSTEM,
                        AlertCases.cameAfter(signal.touchpointId()),
                        null));
            }
        }
        return turns.isEmpty() ? Alert.Life.NONE : new Alert.Life(0, null, 0, 0, null, null, List.copyOf(turns));
    }

    /**
     * The first resolving touchpoint after all evidence, or what was missing, come after all; further evidence opens it
     * again.
     */
    private @Nullable Long resolvedAt(Cause cause, List<Current> current) {
        Long resolved = resolvedBetween(cause.last(), null, cause.openedAt(), current);
        Long came = cause.endedAt();
        return resolved == null ? came : came == null ? resolved : (Long) Math.min(resolved, came);
    }

    private @Nullable Long resolvedBetween(
            Current evidence, @Nullable Current further, long openedAt, List<Current> current) {
        long from = Math.max(evidence.signal().eventTime(), openedAt);
        int found = Collections.binarySearch(current, evidence);
        for (int i = found < 0 ? -1 - found : found + 1; i < current.size(); i++) {
            Signal signal = current.get(i).signal();
            if (signal.eventTime() > from + config.resolveWithinMs()
                    || (further != null && current.get(i).compareTo(further) >= 0)) {
                return null;
            }
            if (signal.eventTime() >= from && config.resolves(signal)) {
                return signal.eventTime();
            }
        }
        return null;
    }

    private static void say(AlertState state, Alert alert, long sequence, List<Alert> out) {
        Said said = state.said().get(alert.alertId());
        if (said == null
                || sequence > said.sequence()
                || !said.alert().revised(0).equals(alert)) {
            publish(state, alert, said == null ? sequence : Math.max(sequence, said.sequence()), out);
        }
    }

    private static void publish(AlertState state, Alert alert, long sequence, List<Alert> out) {
        Said said = state.said().get(alert.alertId());
        int times = said == null || sequence > said.sequence() ? 1 : said.times() + 1;
        Alert published = alert.revised(sequence << TIMES_BITS | Math.min(times, (1 << TIMES_BITS) - 1));
        state.say(new Said(published, sequence, times));
        out.add(published);
    }

    private String why(Alert alert, String firstEvidence, boolean held, Map<String, Cause> standing) {
        if (!names(alert.ruleId())) {
            return "rule " + alert.ruleId() + " is no longer configured";
        }
        if (!held) {
            return "touchpoint " + firstEvidence + " is no longer this customer's";
        }
        for (Map.Entry<String, Cause> other : standing.entrySet()) {
            if (other.getValue().rule().ruleId().equals(alert.ruleId())
                    && find(other.getValue().evidence(), firstEvidence) != null) {
                return "touchpoint " + firstEvidence + " is evidence of alert " + other.getKey()
                        + ", which began earlier";
            }
        }
        return "what is left after a correction is no cause for rule " + alert.ruleId();
    }

    private static @Nullable Current find(Collection<Current> among, String touchpointId) {
        return among.stream()
                .filter(current -> current.signal().touchpointId().equals(touchpointId))
                .findFirst()
                .orElse(null);
    }

    /** When the oldest of what is held is settled. */
    private long settlesAt(AlertState state) {
        long oldest = state.oldest();
        return oldest == Long.MAX_VALUE ? oldest : oldest + config.keepForMs() + 1;
    }

    private Step<AlertState, Alert> remember(@Nullable AlertState state, List<Alert> out, long now) {
        if (state == null || (state.isEmpty() && !state.unjudged())) {
            return Step.of(null, out, Step.NEVER);
        }
        long oldest = state.oldest();
        if (state.unjudged() || oldest == Long.MAX_VALUE) {
            return Step.of(state.isEmpty() ? null : state, out, oldest);
        }
        long settles = settlesAt(state);
        long wakes = now == Long.MIN_VALUE ? settles : Math.max(settles, now + SETTLING_PAUSE);
        return Step.of(state, out, Math.min(wakes, state.due()));
    }
}
