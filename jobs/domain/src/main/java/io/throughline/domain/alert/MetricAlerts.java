package io.throughline.domain.alert;

import io.throughline.domain.alert.MetricState.Value;
import io.throughline.domain.alert.MetricState.Watch;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Hash128;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Alerts about metrics, of no one customer. Key: a metric and its dimensions, all windows together.
 *
 * <p>An alert says what was seen when a value was published, as a person watching the number would; unlike alerts of
 * customers it is not a function of touchpoints alone, since values are published at a pace. Later corrections of a value
 * count from when they are published.
 */
public final class MetricAlerts implements Ruled<MetricState, Value>, Serializable {

    /** An alert that was over and came back half as often is left: what comes back then is another. */
    private static final int MOST_TURNS = 100;

    private final List<AlertRule> rules;
    /** By name of a window that is measured, milliseconds. */
    private final Map<String, Long> lengths;
    /** By place of a rule: when its next version takes over. */
    private final long[] until;

    private final HashSet<String> keys = new HashSet<>();

    /** @param lengths of the windows that are measured by their names, milliseconds */
    public MetricAlerts(AlertConfig config, Map<String, Long> lengths) {
        this.lengths = Map.copyOf(lengths);
        rules = config.rules().stream()
                .filter(rule -> rule.pattern() instanceof Pattern.OfMetric)
                .toList();
        rules.forEach(rule -> keys.add(RuleIndex.key(rule.ruleId(), rule.version())));
        until = rules.stream().mapToLong(rule -> rule.until(config.rules())).toArray();
    }

    /** Whether any rule looks at it; of what none looks at, nothing is remembered. */
    public boolean matters(String metricId, Map<String, String> dimensions, String window) {
        for (AlertRule rule : rules) {
            if (looksAt(rule.pattern(), metricId, dimensions, window)) {
                return true;
            }
        }
        return false;
    }

    private static boolean looksAt(Pattern pattern, String metricId, Map<String, String> dimensions, String window) {
        if (pattern instanceof Pattern.Metric metric) {
            return metric.window().equals(window) && metric.series().has(metricId, dimensions);
        }
        return pattern instanceof Pattern.Worse worse
                && (worse.window().equals(window) || worse.baseline().equals(window))
                && worse.series().has(metricId, dimensions);
    }

    @Override
    public Step<MetricState, Alert> on(@Nullable MetricState before, Value value, long now) {
        if (before == null && !matters(value.metricId(), value.dimensions(), value.window())) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        MetricState state = before != null ? before : new MetricState();
        Value older = state.values().get(value.window());
        if (older == null || value.asOf() >= older.asOf()) {
            state.values().put(value.window(), value);
        }
        return look(state, value.asOf(), false);
    }

    @Override
    public Step<MetricState, Alert> wake(@Nullable MetricState state, long now) {
        return state == null ? Step.of(null, List.of(), Step.NEVER) : look(state, noEarlier(state, now), false);
    }

    @Override
    public Step<MetricState, Alert> ruled(MetricState state, long now) {
        return look(state, noEarlier(state, now), true);
    }

    /** Event time may lag behind what is known of a series, after a restart for one. */
    private static long noEarlier(MetricState state, long now) {
        return state.values().values().stream().mapToLong(Value::asOf).reduce(now, Math::max);
    }

    /** @param takenBack whether rules that are gone were taken back, so that of what they found nothing stands, over or not */
    private Step<MetricState, Alert> look(MetricState state, long now, boolean takenBack) {
        List<Alert> out = new ArrayList<>();
        long wakes = Step.NEVER;
        TreeMap<String, Watch> watches = new TreeMap<>();
        for (int i = 0; i < rules.size(); i++) {
            AlertRule rule = rules.get(i);
            String key = RuleIndex.key(rule.ruleId(), rule.version());
            Watch watch = state.watches().getOrDefault(key, new Watch(Long.MAX_VALUE, null));
            Seen seen = seen(rule.pattern(), state);
            if (seen == null) {
                if (watch.alert() != null) {
                    watches.put(key, watch);
                }
                continue;
            }
            boolean judges = now >= rule.effectiveFrom() && now < until[i] && rule.mode() != AlertRule.Mode.DISABLED;
            Alert alert = watch.alert();
            boolean open = alert != null && alert.resolvedAt() == null;
            long since = !seen.beyond || !judges ? Long.MAX_VALUE : Math.min(watch.beyondSince(), now);
            if (alert != null && open && (seen.clear || !judges)) {
                alert = stands(alert, now, alert.life());
                out.add(alert);
            } else if (!open && since != Long.MAX_VALUE) {
                long opens = since + rule.pattern().spanMs();
                boolean cool = alert == null
                        || opens > alert.openedAt() + rule.coolDownMs()
                        || alert.life().history().size() >= MOST_TURNS;
                if (opens <= now && cool) {
                    alert = opened(rule, seen, Math.max(opens, since));
                    out.add(alert);
                } else if (opens <= now && alert != null) {
                    // It came back before it had cooled down: the same alert, open again.
                    alert = reopened(alert, Math.max(opens, since), seen.reason);
                    out.add(alert);
                } else {
                    wakes = Math.min(wakes, opens);
                }
            }
            // A figure may stay as it is for hours after a version took over.
            if (judges && alert != null && alert.resolvedAt() == null) {
                wakes = Math.min(wakes, until[i]);
            }
            if (seen.beyond && now < rule.effectiveFrom() && rule.mode() != AlertRule.Mode.DISABLED) {
                wakes = Math.min(wakes, rule.effectiveFrom());
            }
            watches.put(key, new Watch(since, alert));
        }
        state.watches().forEach((key, watch) -> {
            Alert alert = watch.alert();
            if (alert != null
                    && !keys.contains(key)
                    && alert.status() != Alert.Status.RETRACTED
                    && (takenBack || alert.resolvedAt() == null)) {
                out.add(alert.retracted("rule " + alert.ruleId() + " is no longer configured", alert.revision() + 1));
            }
        });
        state.watches().clear();
        state.watches().putAll(watches);
        return Step.of(state, out, wakes);
    }

    private record Seen(Value value, double bound, boolean beyond, boolean clear, String reason) {}

    private static @Nullable Seen seen(Pattern pattern, MetricState state) {
        if (pattern instanceof Pattern.Metric metric) {
            Value value = state.values().get(metric.window());
            return value == null || !metric.series().has(value.metricId(), value.dimensions())
                    ? null
                    : beyond(metric, value);
        }
        if (pattern instanceof Pattern.Worse worse) {
            Value recent = state.values().get(worse.window());
            Value baseline = state.values().get(worse.baseline());
            return recent == null
                            || baseline == null
                            || recent.higherIsBetter() == null
                            || !worse.series().has(recent.metricId(), recent.dimensions())
                    ? null
                    : worse(worse, recent, baseline);
        }
        return null;
    }

    private static Seen beyond(Pattern.Metric rule, Value value) {
        boolean enough = value.n() >= rule.minimum();
        Double atMost = rule.atMost();
        Double atLeast = rule.atLeast();
        Double low = value.ciLow();
        Double high = value.ciHigh();
        double bound = atMost != null ? atMost : atLeast != null ? atLeast : 0;
        double judged = !rule.wholeInterval()
                ? value.value()
                : atMost != null ? high == null ? value.value() : high : low == null ? value.value() : low;
        boolean beyond = enough && (atMost != null ? judged <= bound : judged >= bound);
        Double back = rule.clear();
        boolean clear = value.n() == 0
                || (back == null
                        ? !(atMost != null ? value.value() <= bound : value.value() >= bound)
                        : atMost != null ? value.value() >= back : value.value() <= back);
        return new Seen(
                value,
                bound,
                beyond,
                clear,
                text(value) + (atMost != null ? ", at most " : ", at least ") + number(bound));
    }

    private static Seen worse(Pattern.Worse rule, Value recent, Value baseline) {
        boolean better = Boolean.TRUE.equals(recent.higherIsBetter());
        boolean enough = recent.n() >= rule.minimum() && baseline.n() >= rule.minimum();
        Double low = recent.ciLow();
        Double high = recent.ciHigh();
        Double baseLow = baseline.ciLow();
        Double baseHigh = baseline.ciHigh();
        boolean beyond = enough
                && (better
                        ? high != null && baseLow != null && high < baseLow
                        : low != null && baseHigh != null && low > baseHigh);
        boolean clear =
                recent.n() == 0 || (better ? recent.value() >= baseline.value() : recent.value() <= baseline.value());
        return new Seen(
                recent,
                baseline.value(),
                beyond,
                clear,
                text(recent) + ", " + number(baseline.value()) + " over " + baseline.window());
    }

    private static String text(Value value) {
        String of = new TreeMap<>(value.dimensions())
                .entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", "));
        return value.metricId().replace('_', ' ') + (of.isEmpty() ? "" : " of " + of + ":") + " "
                + number(value.value()) + " over " + value.window() + " with n " + value.n();
    }

    private static String number(double value) {
        return Match.number(Math.round(value * 100) / 100.0);
    }

    private Alert opened(AlertRule rule, Seen seen, long at) {
        Value value = seen.value;
        return new Alert(
                "a-"
                        + Hash128.of(
                                        rule.ruleId(),
                                        value.metricId(),
                                        new TreeMap<>(value.dimensions()).toString(),
                                        Long.toString(at))
                                .hex(24),
                rule.ruleId(),
                rule.version(),
                null,
                rule.mode() == AlertRule.Mode.SHADOW ? Alert.Status.SHADOW : Alert.Status.OPEN,
                rule.severity(),
                at,
                null,
                rule.title() + ": " + seen.reason,
                null,
                List.of(),
                rule.expectation(),
                1,
                new Alert.Context(
                        null,
                        rule.urgency(),
                        begins(value),
                        value.value(),
                        seen.bound,
                        rule.care().nextAction(),
                        null,
                        rule.care().acknowledgeWithinMs(),
                        rule.care().resolveWithinMs(),
                        value.dimensions().get("topic"),
                        value.dimensions().get("location"),
                        value.dimensions().get("channel")),
                Alert.Life.NONE);
    }

    /** Null where it is a window nobody measures any more. */
    private @Nullable Long begins(Value value) {
        Long length = lengths.get(value.window());
        return length == null ? null : (Long) (value.asOf() - length);
    }

    /** The same alert, open again; how it was over and came back is part of its life, as with alerts of customers. */
    private static Alert reopened(Alert alert, long at, String reason) {
        Long resolvedAt = alert.resolvedAt();
        List<Alert.Transition> turns = new ArrayList<>(alert.life().history());
        if (resolvedAt != null) {
            turns.add(new Alert.Transition(resolvedAt, "resolved", AlertCases.SYSTEM, null, null));
            turns.add(new Alert.Transition(
                    Math.max(at, resolvedAt), "reopened", AlertCases.SYSTEM, "it came back: " + reason, null));
        }
        return stands(alert, null, new Alert.Life(0, null, 0, 0, null, null, List.copyOf(turns)));
    }

    /** The same alert, resolved at a time, or open where there is none. */
    private static Alert stands(Alert alert, @Nullable Long resolvedAt, Alert.Life life) {
        Alert.Status status = alert.status() == Alert.Status.SHADOW
                ? Alert.Status.SHADOW
                : resolvedAt == null ? Alert.Status.OPEN : Alert.Status.RESOLVED;
        return alert.lived(status, resolvedAt, alert.revision() + 1, life);
    }
}
