package io.throughline.domain.measure;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Scores the four expectations from the metrics they are made of. Key: {@link #key}. A component without observations
 * does not count, and the weights of the others take its share.
 */
public final class ExpectationRule implements KeyedRule<ExpectationState, MetricValue, MetricValue>, Serializable {
    private final MeasureConfig config;
    private final Set<String> components = new HashSet<>();

    public ExpectationRule(MeasureConfig config) {
        this.config = config;
        for (Expectation expectation : config.expectations()) {
            if (config.publishes(expectation.kind().metric())) {
                expectation.components().forEach(component -> components.add(component.metric()));
            }
        }
    }

    /** Whether any expectation of now is made of this value. */
    public boolean takes(MetricValue value) {
        return value.isCurrent() && isComponent(value);
    }

    /** Parts of a series, such as the answers of one scale, are not. */
    private boolean isComponent(MetricValue value) {
        return components.contains(value.metricId())
                && MeasureConfig.DIMENSIONS.containsAll(value.dimensions().keySet());
    }

    /** Whether the history of an expectation has a value of its own as of then: see {@link PastExpectationRule}. */
    public boolean takesForHistory(MetricValue value) {
        return config.history() && isComponent(value) && History.slotEnd(value.window(), value.asOf()) == value.asOf();
    }

    /** Whether another writer has the place of this value in history. */
    public boolean isOfHistory(MetricValue value) {
        return config.history() && value.n() > 0 && History.slotEnd(value.window(), value.asOf()) == value.asOf();
    }

    /** What is broken down in the same way, over the same window. */
    public static String key(MetricValue value) {
        return SeriesIds.key(value.window(), value.dimensions());
    }

    @Override
    public Step<ExpectationState, MetricValue> on(@Nullable ExpectationState before, MetricValue value, long now) {
        ExpectationState state = before != null ? before : new ExpectationState(value.window(), value.dimensions());
        if (value.n() > 0) {
            state.components().put(value.metricId(), value);
        } else {
            state.components().remove(value.metricId());
        }
        state.note(Math.max(state.asOf(), value.asOf()), true, state.restated() || value.restated());
        // All components that were published for a time are here when event time has reached it.
        return Step.of(state, List.of(), state.asOf());
    }

    @Override
    public Step<ExpectationState, MetricValue> wake(@Nullable ExpectationState state, long now) {
        if (state == null || !state.changed()) {
            return Step.of(state, List.of(), Step.NEVER);
        }
        List<MetricValue> out = new ArrayList<>();
        for (Expectation expectation : config.expectations()) {
            Metric metric = expectation.kind().metric();
            if (config.publishes(metric)) {
                publish(state, expectation, metric, out);
            }
        }
        state.note(state.asOf(), false, false);
        return Step.of(state.isEmpty() ? null : state, out, Step.NEVER);
    }

    private void publish(ExpectationState state, Expectation expectation, Metric metric, List<MetricValue> out) {
        Map<String, Expectation.Seen> seen = new HashMap<>();
        state.components().forEach((id, value) -> seen.put(id, Expectation.Seen.of(value)));
        Expectation.Scored scored = expectation.score(seen);
        if (scored.n() == 0 && !state.standing().remove(metric.id())) {
            return;
        }
        if (scored.n() > 0) {
            state.standing().add(metric.id());
        }
        out.add(value(
                metric.formulaVersion(config),
                metric,
                scored,
                new Series(state.dimensions(), state.window(), state.asOf(), state.restated()),
                state.asOf()));
    }

    /** Which value of a series is said. */
    record Series(Map<String, String> dimensions, String window, long asOf, boolean restated) {}

    static MetricValue value(
            int formulaVersion, Metric metric, Expectation.Scored scored, Series series, long revision) {
        return new MetricValue(
                metric.id(),
                formulaVersion,
                series.dimensions,
                series.window,
                scored.score(),
                metric.unit(),
                scored.n(),
                scored.low(),
                scored.high(),
                scored.complete(),
                metric.direction().code(),
                series.asOf,
                series.restated,
                revision);
    }
}
