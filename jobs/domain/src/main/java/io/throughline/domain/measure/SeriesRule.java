package io.throughline.domain.measure;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Rolls one series: folds its facts in any order and, at ticks of event time, publishes every window that differs from
 * what was said of it. Key: {@link Fact#seriesKey()}.
 *
 * <p>A value that stood with n above 0 and has nothing behind it any more is published once more with n 0 and value 0,
 * so that nobody goes on reading it. Its revision is its {@code as_of}, which only grows, so a series that was forgotten
 * while it was empty and returns is not taken for stale.
 */
public final class SeriesRule implements KeyedRule<SeriesState, Fact, MetricValue>, Serializable {
    private final MeasureConfig config;

    public SeriesRule(MeasureConfig config) {
        this.config = config;
    }

    @Override
    public Step<SeriesState, MetricValue> on(@Nullable SeriesState before, Fact fact, long now) {
        SeriesState state = before != null ? before : new SeriesState(fact.family(), fact.dimensions());
        state.shape(config.windows());
        state.fold(fact, now);
        return remember(state, List.of(), Math.max(now, state.asOf()));
    }

    @Override
    public Step<SeriesState, MetricValue> wake(@Nullable SeriesState state, long now) {
        if (state == null) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        state.shape(config.windows());
        state.advance(Math.max(now, state.asOf()));
        List<MetricValue> out = new ArrayList<>();
        for (Window window : config.windows()) {
            SeriesState.Said said = state.saidOf(window.name());
            if (said.changed()) {
                publish(state, window, said, out);
            }
        }
        return remember(state, out, state.asOf());
    }

    private Step<SeriesState, MetricValue> remember(SeriesState state, List<MetricValue> out, long reached) {
        return state.isEmpty() ? Step.of(null, out, Step.NEVER) : Step.of(state, out, nextWake(state, reached));
    }

    private void publish(SeriesState state, Window window, SeriesState.Said said, List<MetricValue> out) {
        TreeSet<String> gone = new TreeSet<>(said.shown());
        TreeSet<String> shown = new TreeSet<>();
        for (Reading reading : Reading.of(state.family(), state.total(window), config)) {
            String scale = reading.scale() == null ? null : reading.scale().label();
            String name =
                    scale == null ? reading.metric().id() : reading.metric().id() + "/" + scale;
            shown.add(name);
            gone.remove(name);
            out.add(value(
                    state,
                    window,
                    said,
                    reading.metric(),
                    scale,
                    reading.estimate(),
                    reading.direction().code()));
        }
        for (String name : gone) {
            int slash = name.indexOf('/');
            Metric metric = Metric.ofId(slash < 0 ? name : name.substring(0, slash));
            String scale = slash < 0 ? null : name.substring(slash + 1);
            out.add(value(
                    state,
                    window,
                    said,
                    metric,
                    scale,
                    Estimate.count(0, 0),
                    metric.direction().code()));
        }
        state.published(window, shown);
    }

    private MetricValue value(
            SeriesState state,
            Window window,
            SeriesState.Said said,
            Metric metric,
            @Nullable String scale,
            Estimate estimate,
            String direction) {
        Map<String, String> dimensions = state.dimensions();
        if (scale != null) {
            dimensions = new TreeMap<>(dimensions);
            dimensions.put("scale", scale);
        }
        return new MetricValue(
                SeriesIds.document(metric, dimensions, window.name()),
                metric.id(),
                metric.formulaVersion(config),
                dimensions,
                window.name(),
                estimate.value(),
                metric.unit(),
                estimate.n(),
                estimate.low(),
                estimate.high(),
                state.covers(window),
                direction,
                state.asOf(),
                said.restated(),
                state.asOf());
    }

    /**
     * The next tick at which anything can differ. Before the first watermark there is no tick to wait for: the earliest
     * fact wakes the series as soon as event time is known, however far it has come by then.
     */
    private long nextWake(SeriesState state, long reached) {
        if (reached == Long.MIN_VALUE) {
            return state.ahead().isEmpty() ? Step.NEVER : state.ahead().firstKey();
        }
        boolean changed = state.said().values().stream().anyMatch(SeriesState.Said::changed);
        long due = changed ? reached : state.nextLeaving();
        if (!state.ahead().isEmpty()) {
            due = Math.min(due, state.ahead().firstKey());
        }
        if (due == Long.MAX_VALUE) {
            return Step.NEVER;
        }
        long every = config.publishEveryMs();
        return Math.max(Math.floorDiv(due + every - 1, every), Math.floorDiv(reached, every) + 1) * every;
    }
}
