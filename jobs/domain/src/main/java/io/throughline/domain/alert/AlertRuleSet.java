package io.throughline.domain.alert;

import io.throughline.domain.alert.Alert.Status;
import io.throughline.domain.alert.AlertState.Current;
import io.throughline.domain.alert.AlertState.Said;
import io.throughline.domain.alert.Occurrences.Cause;
import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All alerts of one customer: a pure function of the touchpoints that are the customer's. Every attribution judges the
 * rules anew and says what differs from what was said: alerts that are new, changed, resolved, or retracted because
 * their cause is gone. Key: the customer.
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
public final class AlertRuleSet implements KeyedRule<AlertState, Attribution, Alert>, Serializable {
    private static final long SETTLING_PAUSE = Duration.ofHours(1).toMillis();

    /** Sequences carry the generation of the touchpoint from bit 28 on: this leaves it 19 bits below the sign. */
    private static final int TIMES_BITS = 16;

    private final AlertConfig config;

    public AlertRuleSet(AlertConfig config) {
        this.config = config;
    }

    @Override
    public Step<AlertState, Alert> on(@Nullable AlertState before, Attribution attribution, long now) {
        Signal signal = Signal.of(attribution.touchpoint());
        if (!config.matters(signal)) {
            return remember(before, List.of(), now);
        }
        AlertState state = before != null ? before : new AlertState(attribution.customerId());
        List<Signal> touched = new ArrayList<>(state.heldUnder(signal.touchpointId()));
        touched.add(signal);
        state.fold(signal, attribution.sequence(), attribution.sign());
        if (now == Long.MIN_VALUE) {
            state.unjudged(true);
            return remember(state, List.of(), now);
        }
        boolean everything = touched.stream().anyMatch(config::resolves)
                || state.unjudged()
                || state.held().size() > config.maxSignals();
        return everything
                ? judgeAll(state, now)
                : remember(
                        state,
                        judge(state, rules(rule -> touched.stream().anyMatch(rule.match()::test)), state.current()),
                        now);
    }

    @Override
    public Step<AlertState, Alert> wake(@Nullable AlertState state, long now) {
        return state == null ? remember(null, List.of(), now) : judgeAll(state, now);
    }

    /** First judges, then settles: what was folded before time was known may be older than anything is kept. */
    private Step<AlertState, Alert> judgeAll(AlertState state, long now) {
        List<AlertRule> all = rules(rule -> true);
        List<Current> current = state.current();
        List<Alert> out = judge(state, all, current);
        state.unjudged(false);
        long settled = settledBefore(state, current, causes(all, current), now);
        if (settled > state.oldest()) {
            state.settleBefore(settled);
        }
        return remember(state, out, now);
    }

    /** Says what differs from what was said by these rules; by all of them also for rules that are gone. */
    private List<Alert> judge(AlertState state, List<AlertRule> rules, List<Current> current) {
        List<Cause> causes = causes(rules, current);
        List<Alert> out = new ArrayList<>();
        Map<String, Cause> standing = new TreeMap<>();
        for (Cause cause : causes) {
            Alert alert = alert(state.customerId(), cause, current);
            standing.put(alert.alertId(), cause);
            say(state, alert, cause.first().sequence(), out);
        }
        for (Said said : List.copyOf(state.said().values())) {
            if (said.alert().status() != Status.RETRACTED
                    && !standing.containsKey(said.alert().alertId())
                    && (rules.size() == config.rules().size()
                            || names(rules, said.alert().ruleId()))) {
                String firstEvidence = said.alert().evidence().get(0).touchpointId();
                Current first = find(current, firstEvidence);
                String because = why(said.alert(), firstEvidence, first != null, standing);
                long sequence = first == null ? said.sequence() : Math.max(said.sequence(), first.sequence());
                publish(state, said.alert().retracted(because, 0), sequence, out);
            }
        }
        return out;
    }

    private List<AlertRule> rules(Predicate<AlertRule> which) {
        return config.rules().stream().filter(which).toList();
    }

    private static boolean names(List<AlertRule> rules, String ruleId) {
        return rules.stream().anyMatch(rule -> rule.ruleId().equals(ruleId));
    }

    private static List<Cause> causes(List<AlertRule> rules, List<Current> current) {
        return rules.stream()
                .flatMap(rule -> Occurrences.of(rule, current).stream())
                .sorted(Comparator.comparingLong(Cause::openedAt))
                .toList();
    }

    /**
     * The time before which nothing is corrected any more: as long ago as is kept, earlier where an alert lies across
     * it, so that no alert is ever cut in two; later where more is held than may be.
     */
    private long settledBefore(AlertState state, List<Current> current, List<Cause> causes, long now) {
        long before = now - config.keepForMs();
        for (boolean moved = true; moved; ) {
            moved = false;
            for (Cause cause : causes) {
                long begins = cause.first().signal().eventTime();
                if (begins < before && cause.ends() >= before) {
                    before = begins;
                    moved = true;
                }
            }
        }
        int tooMany = state.held().size() - config.maxSignals();
        if (tooMany <= 0 || current.size() < tooMany) {
            return before;
        }
        before = Math.max(before, current.get(tooMany - 1).signal().eventTime() + 1);
        for (boolean moved = true; moved; ) {
            moved = false;
            for (Cause cause : causes) {
                if (cause.first().signal().eventTime() < before && cause.ends() >= before) {
                    before = cause.ends() + 1;
                    moved = true;
                }
            }
        }
        return before;
    }

    private Alert alert(String customerId, Cause cause, List<Current> current) {
        AlertRule rule = cause.rule();
        List<Signal> evidence = cause.evidence().stream().map(Current::signal).toList();
        Long resolvedAt = resolvedAt(cause, current);
        return new Alert(
                alertId(rule, cause.first().signal()),
                rule.ruleId(),
                rule.version(),
                customerId,
                resolvedAt == null ? Status.OPEN : Status.RESOLVED,
                rule.severity(),
                cause.openedAt(),
                resolvedAt,
                rule.reason(evidence.subList(0, cause.completedBy())),
                null,
                evidence.stream()
                        .limit(config.maxEvidence())
                        .map(signal -> new Alert.Evidence(
                                signal.touchpointId(),
                                signal.eventTime(),
                                signal.channel(),
                                signal.kind(),
                                rule.match().detail(signal)))
                        .toList(),
                rule.expectation(),
                0);
    }

    static String alertId(AlertRule rule, Signal firstEvidence) {
        return "a-" + Hash128.of(rule.ruleId(), firstEvidence.touchpointId()).hex(24);
    }

    /** The first resolving touchpoint after all evidence; further evidence opens the alert again. */
    private @Nullable Long resolvedAt(Cause cause, List<Current> current) {
        Signal last = cause.last().signal();
        return current.stream()
                .map(Current::signal)
                .filter(signal -> signal.compareTo(last) > 0 && config.resolves(signal))
                .map(Signal::eventTime)
                .filter(time -> time <= last.eventTime() + config.resolveWithinMs())
                .findFirst()
                .orElse(null);
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
        state.said().put(alert.alertId(), new Said(published, sequence, times));
        out.add(published);
    }

    private String why(Alert alert, String firstEvidence, boolean held, Map<String, Cause> standing) {
        if (!names(config.rules(), alert.ruleId())) {
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

    private Step<AlertState, Alert> remember(@Nullable AlertState state, List<Alert> out, long now) {
        if (state == null || (state.isEmpty() && !state.unjudged())) {
            return Step.of(null, out, Step.NEVER);
        }
        long oldest = state.oldest();
        if (state.unjudged() || oldest == Long.MAX_VALUE) {
            return Step.of(state.isEmpty() ? null : state, out, oldest);
        }
        long settles = oldest + config.keepForMs() + 1;
        return Step.of(state, out, now == Long.MIN_VALUE ? settles : Math.max(settles, now + SETTLING_PAUSE));
    }
}
