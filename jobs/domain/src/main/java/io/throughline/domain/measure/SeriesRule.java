package io.throughline.domain.measure;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Rolls one series: folds its facts in any order and, at ticks of event time, publishes every window that differs from
 * what was said of it; one of more than a day at the first such tick of a minute. Key: {@link Subtotal#seriesKey()}.
 *
 * <p>A value that stood with n above 0 and has nothing behind it any more is published once more with n 0 and value 0,
 * so that nobody goes on reading it. Its revision is the event time it was computed at, which only grows, so a series that
 * was forgotten while it was empty and returns is not taken for stale.
 *
 * <p>At the end of every slot of history, each window that stands is published, changed or not, and where event time passes
 * several slots at once, as of the end of each. What a slot says in the end therefore follows from the facts alone: a
 * correction of the past makes every slot whose window covers it be computed again, at most once a minute.
 */
public final class SeriesRule implements KeyedRule<SeriesState, SeriesInput, SeriesOutput>, Serializable {
    /** Event time between two restatements of the history of one series. */
    private static final long RESTATE_EVERY_MS = 60_000;

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
        state.shape(windows(state.family()), config);
        if (config.history() && now != Long.MIN_VALUE) {
            state.skipTo(reached(now));
        }
        List<SeriesOutput> out = List.of();
        if (input instanceof Subtotal subtotal) {
            state.fold(subtotal.tallies(), now);
        } else if (input instanceof SeriesInput.Inheritance inheritance) {
            inheritance.counted().dealTo(windows(state.family()));
            state.inherit(inheritance.counted(), now);
        } else {
            out = List.of(new SeriesOutput.HandedOver(new SeriesInput.Inheritance(
                    state.family(), GuardRule.others(state.dimensions()), state.handOver(now))));
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
        state.shape(windows(state.family()), config);
        long reached = Math.max(reached(now), state.asOf());
        if (!isDue(state, reached)) {
            return remember(state, List.of(), Math.max(now, state.asOf()));
        }
        List<SeriesOutput> out = new ArrayList<>();
        long before = state.asOf();
        if (config.history()) {
            // Up to what is owed, slots are restated and not written for the first time.
            long end = state.nextSlotEnd(Math.max(state.asOf(), state.owedUntil()), reached);
            for (; end < reached; end = state.nextSlotEnd(end, reached)) {
                state.advance(end);
                publish(state, window -> false, out);
            }
        }
        state.advance(reached);
        publish(state, window -> nextPublication(state, window, before) <= reached, out);
        if (state.owesHistory() && reached >= nextRestatement(state, reached)) {
            restate(state, out);
        }
        Step<SeriesState, SeriesOutput> step = remember(state, out, Math.max(now, state.asOf()));
        if (out.isEmpty() || step.state() == null) {
            return step;
        }
        // What publishes at this tick mostly does at the next, too: to wait for that from now on saves moving the
        // wake-up.
        long every = config.publishEveryMs(state.family());
        return Step.of(state, out, Math.min(step.wakeAt(), tickAfter(now, every)));
    }

    /** Whether anything is to be said, or to be counted; otherwise the series is left as it is. */
    private boolean isDue(SeriesState state, long reached) {
        if ((!state.ahead().isEmpty() && state.ahead().firstKey() <= reached)
                || state.nextForgetting() <= reached
                || (state.owesHistory() && reached >= nextRestatement(state, reached))
                || (config.history() && state.nextSlotEnd(state.asOf(), reached + 1) <= reached)) {
            return true;
        }
        for (Window window : windows(state.family())) {
            if (state.nextDifference(window, reached) <= reached
                    && nextPublication(state, window, state.asOf()) <= reached) {
                return true;
            }
        }
        return false;
    }

    /**
     * Facts are known to this precision: a value published for a time in between would claim to count some that it does not.
     */
    private long reached(long now) {
        return now == Long.MIN_VALUE ? now : Math.floorDiv(now, precisionMs) * precisionMs;
    }

    private static long nextRestatement(SeriesState state, long reached) {
        return state.restatedAt() == Long.MIN_VALUE ? reached : state.restatedAt() + RESTATE_EVERY_MS;
    }

    /** @param due the windows that are published where they changed; one of which a slot ends always is */
    private void publish(SeriesState state, Predicate<Window> due, List<SeriesOutput> out) {
        boolean halves = windows(state.family()) == withHalves;
        for (Window window : config.windows()) {
            SeriesState.Said said = state.saidOf(window);
            SeriesState.Said ofHalf = halves ? state.saidOf(window.half()) : said;
            boolean ends = config.history() && state.endsSlot(window);
            boolean changed = said.changed() || ofHalf.changed();
            if ((changed && (ends || due.test(window))) || (ends && state.stands(window))) {
                Counts all = state.total(window);
                Reading.Counted counted = new Reading.Counted(all, halves ? state.total(window.half()) : all);
                publish(
                        state,
                        new Saying(
                                window,
                                state.asOf(),
                                counted,
                                said.shown(),
                                said.restated() || ofHalf.restated(),
                                state.covers(window)),
                        value -> out.add(new SeriesOutput.Published(value)));
                if (halves) {
                    state.published(window.half(), new TreeSet<>());
                }
            }
        }
    }

    private void restate(SeriesState state, List<SeriesOutput> out) {
        boolean halves = windows(state.family()) == withHalves;
        state.restate(
                config.windows(), halves ? Window::half : UnaryOperator.identity(), (w, end, before, now, complete) -> {
                    TreeSet<String> shown = new TreeSet<>();
                    for (Reading reading : Reading.of(state.family(), before, config)) {
                        shown.add(name(reading));
                    }
                    say(
                            state,
                            new Saying(w, end, now, shown, true, complete),
                            value -> out.add(new SeriesOutput.Published(value)));
                });
    }

    private Step<SeriesState, SeriesOutput> remember(SeriesState state, List<SeriesOutput> out, long reached) {
        return state.isEmpty() ? Step.of(null, out, Step.NEVER) : Step.of(state, out, nextWake(state, reached));
    }

    /**
     * A window as of one time.
     *
     * @param shown names of what stood of it until now
     */
    private record Saying(
            Window window,
            long asOf,
            Reading.Counted counted,
            TreeSet<String> shown,
            boolean restated,
            boolean complete) {}

    private void publish(SeriesState state, Saying saying, Consumer<MetricValue> out) {
        state.published(saying.window, say(state, saying, out));
    }

    /** Says what stands and withdraws what does not any more; returns the names of what stands. */
    private TreeSet<String> say(SeriesState state, Saying saying, Consumer<MetricValue> out) {
        List<Reading> readings = Reading.of(state.family(), saying.counted, config);
        TreeSet<String> shown = shown(readings, saying.shown);
        for (Reading reading : readings) {
            out.accept(value(
                    state,
                    saying,
                    reading.metric(),
                    reading.part(),
                    reading.estimate(),
                    reading.direction().code()));
        }
        if (shown != saying.shown) {
            for (String name : saying.shown) {
                if (!shown.contains(name)) {
                    int slash = name.indexOf('/');
                    Metric metric = Metric.ofId(slash < 0 ? name : name.substring(0, slash));
                    Reading.Part part = slash < 0 ? null : Reading.Part.ofText(name.substring(slash + 1));
                    out.accept(value(
                            state,
                            saying,
                            metric,
                            part,
                            Estimate.count(0, 0),
                            metric.direction().code()));
                }
            }
        }
        return shown;
    }

    /** The names of what stands; the same set where they are the same, as they nearly always are. */
    private static TreeSet<String> shown(List<Reading> readings, TreeSet<String> before) {
        int known = 0;
        for (Reading reading : readings) {
            known += before.contains(name(reading)) ? 1 : 0;
        }
        if (known == readings.size() && known == before.size()) {
            return before;
        }
        TreeSet<String> shown = new TreeSet<>();
        readings.forEach(reading -> shown.add(name(reading)));
        return shown;
    }

    private static String name(Reading reading) {
        Reading.Part part = reading.part();
        return part == null ? reading.metric().id() : reading.metric().id() + "/" + part.text();
    }

    private MetricValue value(
            SeriesState state,
            Saying saying,
            Metric metric,
            Reading.@Nullable Part part,
            Estimate estimate,
            String direction) {
        Map<String, String> dimensions = state.dimensions();
        if (part != null) {
            dimensions = new TreeMap<>(dimensions);
            dimensions.put(part.dimension(), part.value());
        }
        return new MetricValue(
                metric.id(),
                metric.formulaVersion(config),
                dimensions,
                saying.window.name(),
                estimate.value(),
                metric.unit(),
                estimate.n(),
                estimate.low(),
                estimate.high(),
                saying.complete,
                direction,
                saying.asOf,
                saying.restated,
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
        long every = config.publishEveryMs(state.family());
        long nextTick = tickAfter(reached, every);
        long due = state.nextForgetting();
        if (!state.ahead().isEmpty()) {
            due = Math.min(due, state.ahead().firstKey());
        }
        if (state.owesHistory()) {
            due = Math.min(due, Math.max(reached, nextRestatement(state, reached)));
        }
        long tick = due == Long.MAX_VALUE ? Step.NEVER : Math.max(tickAtOrAfter(due, every), nextTick);
        for (Window window : windows(state.family())) {
            if (tick <= nextTick) {
                break;
            }
            long differs = state.nextDifference(window, reached);
            if (differs != Long.MAX_VALUE) {
                long next = Math.max(nextTick, nextPublication(state, window, state.asOf()));
                tick = Math.min(tick, Math.max(tickAtOrAfter(differs, every), next));
            }
        }
        return config.history() ? Math.min(tick, state.nextSlotEnd(reached, tick)) : tick;
    }

    /**
     * The earliest event time at which a window is published that differs from what was said of it.
     *
     * @param before when the series was looked at last
     */
    private long nextPublication(SeriesState state, Window window, long before) {
        boolean isNew = state.saidOf(window).shown().isEmpty();
        return isNew ? before : tickAfter(before, config.publishEveryMs(state.family(), window));
    }

    private static long tickAfter(long time, long every) {
        return (Math.floorDiv(time, every) + 1) * every;
    }

    private static long tickAtOrAfter(long time, long every) {
        return -Math.floorDiv(-time, every) * every;
    }
}
