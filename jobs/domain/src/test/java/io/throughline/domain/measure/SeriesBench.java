package io.throughline.domain.measure;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Runs facts through sums, guard, series and expectations the way keyed operators do: one state and one wake-up per key, a
 * shared event time.
 */
final class SeriesBench {
    private final MeasureConfig config;
    private final Keyed<Places, Subtotal, SeriesInput> guard;
    private final Keyed<SeriesState, SeriesInput, SeriesOutput> series;
    private final Keyed<SeriesState, SeriesInput, SeriesOutput> others;
    private final Keyed<ExpectationState, MetricValue, MetricValue> expectations;
    private final ExpectationRule expectationRule;
    private final List<MetricValue> published = new ArrayList<>();
    private long now = Long.MIN_VALUE;

    SeriesBench(MeasureConfig config) {
        this.config = config;
        this.expectationRule = new ExpectationRule(config);
        expectations = new Keyed<>(expectationRule, (key, value) -> published.add(value));
        others = new Keyed<>(new SeriesRule(config), (key, output) -> say(output));
        series = new Keyed<>(new SeriesRule(config), (key, output) -> say(output));
        guard = new Keyed<>(new GuardRule(config), (key, input) -> (GuardRule.isOfOthers(input) ? others : series)
                .on(input.seriesKey(), input, now));
    }

    private void say(SeriesOutput output) {
        if (output instanceof SeriesOutput.HandedOver handedOver) {
            others.on(handedOver.inheritance().seriesKey(), handedOver.inheritance(), now);
        } else if (output instanceof SeriesOutput.Published said) {
            published.add(said.value());
            if (expectationRule.takes(said.value())) {
                expectations.on(ExpectationRule.key(said.value()), said.value(), now);
            }
        }
    }

    SeriesBench fold(List<Fact> facts) {
        Subtotals subtotals = new Subtotals(config);
        facts.forEach(subtotals::add);
        subtotals.drainTo(subtotal -> guard.on(GuardRule.key(subtotal), subtotal, now));
        return this;
    }

    /** A value some series published. */
    void component(MetricValue value) {
        expectations.on(ExpectationRule.key(value), value, now);
    }

    /** Moves event time, waking whatever is due; a wake-up that becomes due meanwhile fires too, as timers do. */
    SeriesBench advanceTo(long time) {
        now = time;
        guard.wake(now);
        series.wake(now);
        others.wake(now);
        expectations.wake(now);
        return this;
    }

    List<MetricValue> published() {
        return published;
    }

    void forgetPublished() {
        published.clear();
    }

    /** The newest value of every series that stands with n above 0. */
    Map<String, MetricValue> standing() {
        Map<String, MetricValue> newest = new TreeMap<>();
        published.forEach(value -> newest.put(value.seriesId(), value));
        newest.values().removeIf(value -> value.n() == 0);
        return newest;
    }

    int remembered() {
        return series.remembered() + others.remembered() + expectations.remembered();
    }

    /** One keyed operator. */
    private static final class Keyed<S, I, O> {
        private final KeyedRule<S, I, O> rule;
        private final BiConsumer<String, O> out;
        private final Map<String, S> states = new HashMap<>();
        private final Map<String, Long> wakeUps = new TreeMap<>();

        Keyed(KeyedRule<S, I, O> rule, BiConsumer<String, O> out) {
            this.rule = rule;
            this.out = out;
        }

        void on(String key, I input, long now) {
            apply(key, rule.on(states.get(key), input, now));
        }

        void wake(long now) {
            for (String key : List.copyOf(wakeUps.keySet())) {
                while (wakeUps.getOrDefault(key, Step.NEVER) <= now) {
                    apply(key, rule.wake(states.get(key), now));
                }
            }
        }

        private void apply(String key, Step<S, O> step) {
            states.put(key, step.state());
            wakeUps.put(key, step.state() == null ? Step.NEVER : step.wakeAt());
            step.out().forEach(output -> out.accept(key, output));
        }

        int remembered() {
            return (int) states.values().stream().filter(state -> state != null).count();
        }
    }
}
