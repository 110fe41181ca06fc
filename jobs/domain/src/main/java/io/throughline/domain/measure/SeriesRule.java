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
 * what was said of it. Key: {@link Subtotal#seriesKey()}.
 *
 * <p>A value that stood with n above 0 and has nothing behind it any more is published once more with n 0 and value 0,
 * so that nobody goes on reading it. Its revision is its {@code as_of}, which only grows, so a series that was forgotten
 * while it was empty and returns is not taken for stale.
 */
public final class SeriesRule implements KeyedRule<SeriesState, SeriesInput, SeriesOutput>, Serializable {
    private final MeasureConfig config;
    private final long precisionMs;
    /** The published windows, and the halves of them that formulas of customers look at. */
    private final List<Window> withHalves;

    public SeriesRule(MeasureConfig config) {
        this.config = config;
        this.precisionMs = config.precisionMs();
        this.withHalves = new ArrayList<>(config.windows());
        config.windows().forEach(window -> withHalves.add(window.half()));
    }

    @Override
    public Step<SeriesState, SeriesOutput> on(@Nullable SeriesState before, SeriesInput input, long now) {
        if (before == null && input instanceof SeriesInput.Eviction) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        SeriesState state = before != null ? before : new SeriesState(input.family(), input.dimensions());
        state.shape(windows(state.family()));
        List<SeriesOutput> out = List.of();
        if (input instanceof Subtotal subtotal) {
            subtotal.tallies().forEach((time, tally) -> state.fold(time, tally, now));
        } else if (input instanceof SeriesInput.Inheritance inheritance) {
            inheritance.counted().shape(windows(state.family()));
            state.inherit(inheritance.counted(), now);
        } else {
            out = List.of(new SeriesOutput.HandedOver(new SeriesInput.Inheritance(
                    state.family(), GuardRule.others(state.dimensions()), state.handOver())));
        }
        return remember(state, out, Math.max(now, state.asOf()));
    }

    private List<Window> windows(Family family) {
        return family == Family.CUSTOMERS ? withHalves : config.windows();
    }

    @Override
    public Step<SeriesState, SeriesOutput> wake(@Nullable SeriesState state, long now) {
        if (state == null) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        state.shape(windows(state.family()));
        // Facts are known to this precision: a value published for a time in between would claim to count some that it
        // does not.
        long reached = now == Long.MIN_VALUE ? now : Math.floorDiv(now, precisionMs) * precisionMs;
        state.advance(Math.max(reached, state.asOf()));
        List<SeriesOutput> out = new ArrayList<>();
        boolean halves = windows(state.family()) == withHalves;
        for (Window window : config.windows()) {
            SeriesState.Said said = state.saidOf(window.name());
            SeriesState.Said ofHalf = halves ? state.saidOf(window.half().name()) : said;
            if (said.changed() || ofHalf.changed()) {
                publish(state, window, said, out);
                if (halves) {
                    state.published(window.half(), new TreeSet<>());
                }
            }
        }
        return remember(state, out, Math.max(now, state.asOf()));
    }

    private Step<SeriesState, SeriesOutput> remember(SeriesState state, List<SeriesOutput> out, long reached) {
        return state.isEmpty() ? Step.of(null, out, Step.NEVER) : Step.of(state, out, nextWake(state, reached));
    }

    private void publish(SeriesState state, Window window, SeriesState.Said said, List<SeriesOutput> out) {
        TreeSet<String> gone = new TreeSet<>(said.shown());
        TreeSet<String> shown = new TreeSet<>();
        Tally all = state.total(window);
        Tally newerHalf = state.family() == Family.CUSTOMERS ? state.total(window.half()) : all;
        for (Reading reading : Reading.of(state.family(), new Reading.Counted(all, newerHalf), config)) {
            Reading.Part part = reading.part();
            String name =
                    part == null ? reading.metric().id() : reading.metric().id() + "/" + part.text();
            shown.add(name);
            gone.remove(name);
            out.add(published(
                    state,
                    window,
                    said,
                    reading.metric(),
                    part,
                    reading.estimate(),
                    reading.direction().code()));
        }
        for (String name : gone) {
            int slash = name.indexOf('/');
            Metric metric = Metric.ofId(slash < 0 ? name : name.substring(0, slash));
            Reading.Part part = slash < 0 ? null : Reading.Part.ofText(name.substring(slash + 1));
            out.add(published(
                    state,
                    window,
                    said,
                    metric,
                    part,
                    Estimate.count(0, 0),
                    metric.direction().code()));
        }
        state.published(window, shown);
    }

    private SeriesOutput published(
            SeriesState state,
            Window window,
            SeriesState.Said said,
            Metric metric,
            Reading.@Nullable Part part,
            Estimate estimate,
            String direction) {
        Map<String, String> dimensions = state.dimensions();
        if (part != null) {
            dimensions = new TreeMap<>(dimensions);
            dimensions.put(part.dimension(), part.value());
        }
        return new SeriesOutput.Published(new MetricValue(
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
                state.asOf()));
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
        long every = config.publishEveryMs(state.family());
        return Math.max(Math.floorDiv(due + every - 1, every), Math.floorDiv(reached, every) + 1) * every;
    }
}
