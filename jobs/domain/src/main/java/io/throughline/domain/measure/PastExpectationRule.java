package io.throughline.domain.measure;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores the four expectations as of the end of one slot of history, and again when a component of then is restated. Key:
 * {@link #key}. At the end of a slot every component that stands is published, so none has to be looked for elsewhere.
 */
public final class PastExpectationRule implements KeyedRule<PastExpectation, MetricValue, MetricValue>, Serializable {
    /** Longer than a restatement takes from its series to here. */
    private static final long GRACE_MS = 3_600_000;

    private final MeasureConfig config;

    public PastExpectationRule(MeasureConfig config) {
        this.config = config;
    }

    /** What is broken down in the same way, over the same window, as of the same time. */
    public static String key(MetricValue value) {
        return ExpectationRule.key(value) + '@' + value.asOf();
    }

    @Override
    public Step<PastExpectation, MetricValue> on(@Nullable PastExpectation before, MetricValue value, long now) {
        PastExpectation state =
                before != null ? before : new PastExpectation(value.window(), value.dimensions(), value.asOf());
        // The catalogue's own text: this is what is kept most often.
        String metric = Metric.ofId(value.metricId()).id();
        if (value.n() > 0) {
            state.components().put(metric, Expectation.Seen.of(value));
        } else {
            state.components().remove(metric);
            // It may have stood earlier in this slot, and what was made of it.
            for (Expectation expectation : config.expectations()) {
                if (expectation.isMadeOf(metric)) {
                    state.standing().add(expectation.kind().metric().id());
                }
            }
        }
        state.note(Math.max(state.revision(), value.revision()), true, state.restated() || value.restated());
        // All components that were computed at a time are here when event time has reached it.
        return Step.of(state, List.of(), state.revision());
    }

    @Override
    public Step<PastExpectation, MetricValue> wake(@Nullable PastExpectation state, long now) {
        if (state == null) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        List<MetricValue> out = new ArrayList<>();
        if (state.changed()) {
            for (Expectation expectation : config.expectations()) {
                if (config.publishes(expectation.kind().metric())) {
                    publish(state, expectation, out);
                }
            }
            state.note(state.revision(), false, false);
        }
        long forgottenAt = state.slotEnd() + config.correctHistoryMs() + GRACE_MS;
        boolean over = state.components().isEmpty() || now >= forgottenAt;
        return Step.of(over ? null : state, out, forgottenAt);
    }

    private void publish(PastExpectation state, Expectation expectation, List<MetricValue> out) {
        Metric metric = expectation.kind().metric();
        Expectation.Scored scored = expectation.score(state.components());
        if (scored.n() == 0 && !state.standing().remove(metric.id())) {
            return;
        }
        if (scored.n() > 0) {
            state.standing().add(metric.id());
        }
        out.add(ExpectationRule.value(
                metric.formulaVersion(config),
                metric,
                scored,
                new ExpectationRule.Series(state.dimensions(), state.window(), state.slotEnd(), state.restated()),
                state.revision()));
    }
}
