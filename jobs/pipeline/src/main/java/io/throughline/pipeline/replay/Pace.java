package io.throughline.pipeline.replay;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MeasureConfig.LookedAt;
import io.throughline.domain.measure.Metric;
import io.throughline.domain.measure.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The times at which a replay stops on its way through event time, so that values of metrics are published and judged as in a
 * running job: at the first tick at which a touchpoint counts, at the first at which it has left a window that a rule looks
 * at, and now and then between them for what happens without a touchpoint, as a session that is over.
 *
 * @param everyMs between two ticks
 * @param atLeastEveryMs longest time without a stop soon after a touchpoint; where none comes, up to a sixtieth of
 *     the time since the last
 * @param windowsMs lengths of the windows rules look at
 */
record Pace(long everyMs, long atLeastEveryMs, List<Long> windowsMs) {

    /** As rarely as long windows are published. */
    private static final int TICKS_WITHOUT_A_STOP = 12;

    /** Where years are empty, days pass without a stop. */
    private static final int PARTS_OF_SILENCE = 60;

    /** Null where no rule looks at a metric: then it makes no difference when time passes. */
    static @Nullable Pace of(AlertConfig alert, MeasureConfig measure) {
        Set<String> names = lookedAt(alert).stream().map(LookedAt::window).collect(Collectors.toSet());
        if (names.isEmpty()) {
            return null;
        }
        List<Long> windows = measure.windows().stream()
                .filter(window -> names.contains(window.name()))
                .map(Window::lengthMs)
                .toList();
        return new Pace(measure.publishEveryMs(), TICKS_WITHOUT_A_STOP * measure.publishEveryMs(), windows);
    }

    /** The values that rules look at. */
    static List<LookedAt> lookedAt(AlertConfig alert) {
        List<LookedAt> values = new ArrayList<>();
        for (AlertRule rule : alert.rules()) {
            if (rule.pattern() instanceof Pattern.Metric metric) {
                values.add(lookedAt(metric.series(), metric.window()));
            } else if (rule.pattern() instanceof Pattern.Worse worse) {
                values.add(lookedAt(worse.series(), worse.window()));
                values.add(lookedAt(worse.series(), worse.baseline()));
            }
        }
        return values;
    }

    private static LookedAt lookedAt(Pattern.Series series, String window) {
        return new LookedAt(Metric.ofId(series.metricId()), series.dimensions().keySet(), window);
    }

    /**
     * The next stop.
     *
     * @param reached a tick, or a time before all touchpoints
     * @param eventTimes of the touchpoints that count
     */
    long after(long reached, NavigableMap<Long, ?> eventTimes) {
        Long before = eventTimes.floorKey(reached);
        long silence = before == null ? 0 : reached - before;
        long rarely = atLeastEveryMs;
        while (2 * rarely <= silence / PARTS_OF_SILENCE) {
            rarely *= 2;
        }
        long next = (Math.floorDiv(reached, rarely) + 1) * rarely;
        next = Math.min(next, firstAfter(reached, 0, eventTimes));
        for (long window : windowsMs) {
            next = Math.min(next, firstAfter(reached, window, eventTimes));
        }
        return next;
    }

    private long firstAfter(long reached, long later, NavigableMap<Long, ?> eventTimes) {
        Long eventTime = eventTimes.higherKey(reached - later);
        return eventTime == null ? Long.MAX_VALUE : -Math.floorDiv(-(eventTime + later), everyMs) * everyMs;
    }
}
