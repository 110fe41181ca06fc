package io.throughline.domain.measure;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Runs facts through sums, guard, series and expectations the way keyed operators do: one state and one wake-up per key, a
 * shared event time.
 */
final class SeriesBench {
    private final Subtotals subtotals;
    private final Keyed<Places, Subtotal, SeriesInput> guard;
    private final Keyed<SeriesState, SeriesInput, SeriesOutput> series;
    private final Keyed<SeriesState, SeriesInput, SeriesOutput> others;
    private final Keyed<ExpectationState, MetricValue, MetricValue> expectations;
    private final ExpectationRule expectationRule;
    private final Keyed<PastExpectation, MetricValue, MetricValue> pastExpectations;
    private final List<MetricValue> published = new ArrayList<>();
    private final List<MetricValue> restated = new ArrayList<>();
    private final Map<String, MetricValue> documents = new HashMap<>();
    private long now = Long.MIN_VALUE;

    SeriesBench(MeasureConfig config) {
        this.subtotals = new Subtotals(config);
        this.expectationRule = new ExpectationRule(config);
        pastExpectations = new Keyed<>(new PastExpectationRule(config), (key, value) -> document(value));
        expectations = new Keyed<>(expectationRule, (key, value) -> {
            published.add(value);
            if (!expectationRule.isOfHistory(value)) {
                document(value);
            }
        });
        others = new Keyed<>(new SeriesRule(config), (key, output) -> say(output));
        series = new Keyed<>(new SeriesRule(config), (key, output) -> say(output));
        guard = new Keyed<>(new GuardRule(config), (key, input) -> (GuardRule.isOfOthers(input) ? others : series)
                .on(input.seriesKey(), input, now));
    }

    private void say(SeriesOutput output) {
        if (output instanceof SeriesOutput.HandedOver handedOver) {
            others.on(handedOver.inheritance().seriesKey(), handedOver.inheritance(), now);
        } else if (output instanceof SeriesOutput.Published said) {
            (said.value().isCurrent() ? published : restated).add(said.value());
            document(said.value());
            past(said.value());
            if (expectationRule.takes(said.value())) {
                expectations.on(ExpectationRule.key(said.value()), said.value(), now);
            }
        }
    }

    private void past(MetricValue value) {
        if (expectationRule.takesForHistory(value)) {
            pastExpectations.on(PastExpectationRule.key(value), value, now);
        }
    }

    private void document(MetricValue value) {
        String id = value.seriesId() + "@" + History.slotEnd(value.window(), value.asOf());
        documents.merge(id, value, (old, newer) -> newer.revision() >= old.revision() ? newer : old);
    }

    SeriesBench fold(List<Fact> facts) {
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
        pastExpectations.wake(now);
        return this;
    }

    List<MetricValue> published() {
        return published;
    }

    /** Corrections of history, in the order they were said. */
    List<MetricValue> restated() {
        return restated;
    }

    /** The newest revision of every slot of history that has observations, by series and end of the slot. */
    Map<String, MetricValue> history() {
        Map<String, MetricValue> standing = new HashMap<>(documents);
        standing.values().removeIf(value -> value.n() == 0);
        return standing;
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
        return series.remembered() + others.remembered() + expectations.remembered() + pastExpectations.remembered();
    }

    /** One keyed operator. */
    private static final class Keyed<S, I, O> {
        private final KeyedRule<S, I, O> rule;
        private final BiConsumer<String, O> out;
        private final Map<String, S> states = new HashMap<>();
        private final Map<String, Long> wakeUps = new HashMap<>();
        private final TreeMap<Long, TreeSet<String>> due = new TreeMap<>();

        Keyed(KeyedRule<S, I, O> rule, BiConsumer<String, O> out) {
            this.rule = rule;
            this.out = out;
        }

        void on(String key, I input, long now) {
            apply(key, rule.on(states.get(key), input, now));
        }

        void wake(long now) {
            while (!due.isEmpty() && due.firstKey() <= now) {
                String key = due.firstEntry().getValue().first();
                apply(key, rule.wake(states.get(key), now));
            }
        }

        private void apply(String key, Step<S, O> step) {
            Long before = wakeUps.remove(key);
            if (before != null) {
                due.get(before).remove(key);
                due.computeIfPresent(before, (time, keys) -> keys.isEmpty() ? null : keys);
            }
            if (step.state() == null) {
                states.remove(key);
            } else {
                states.put(key, step.state());
                if (step.wakeAt() != Step.NEVER) {
                    wakeUps.put(key, step.wakeAt());
                    due.computeIfAbsent(step.wakeAt(), time -> new TreeSet<>()).add(key);
                }
            }
            step.out().forEach(output -> out.accept(key, output));
        }

        int remembered() {
            return states.size();
        }
    }
}
