package io.throughline.domain.measure;

import io.throughline.domain.stage.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs {@link SeriesRule} the way a keyed operator does: one state and one wake-up per series, a shared event time. */
final class SeriesBench {
    private final SeriesRule rule;
    private final Map<String, SeriesState> states = new HashMap<>();
    private final Map<String, Long> wakeUps = new TreeMap<>();
    private final List<MetricValue> published = new ArrayList<>();
    private long now = Long.MIN_VALUE;

    SeriesBench(MeasureConfig config) {
        rule = new SeriesRule(config);
    }

    SeriesBench fold(List<Fact> facts) {
        facts.forEach(fact -> apply(fact.seriesKey(), rule.on(states.get(fact.seriesKey()), fact, now)));
        return this;
    }

    /** Moves event time, waking whatever is due; a wake-up that becomes due meanwhile fires too, as timers do. */
    SeriesBench advanceTo(long time) {
        now = time;
        for (String key : List.copyOf(wakeUps.keySet())) {
            while (wakeUps.getOrDefault(key, Step.NEVER) <= now) {
                apply(key, rule.wake(states.get(key), now));
            }
        }
        return this;
    }

    private void apply(String key, Step<SeriesState, MetricValue> step) {
        states.put(key, step.state());
        wakeUps.put(key, step.wakeAt());
        published.addAll(step.out());
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
        return (int) states.values().stream().filter(state -> state != null).count();
    }
}
