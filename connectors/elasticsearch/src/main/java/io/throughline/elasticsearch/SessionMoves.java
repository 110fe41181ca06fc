package io.throughline.elasticsearch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a session's document says of the order of its path, in words an index can count: it knows the channels of a path, but
 * not which came first. Neighbours on the path with the same name are one visit; names are divided by tabs.
 *
 * <ul>
 *   <li>{@code turns}: {@code FROM TO}, each pair of channels once;
 *   <li>{@code turns_within}: {@code FROM TO MILLIS}, the time from the last touchpoint there to the first one here being at
 *       most so long, rounded up to one of {@link #within}, each once;
 *   <li>{@code steps.channel}, {@code .stage}, {@code .touchpoint}: {@code N FROM TO} for each of the first six visits,
 *       from 1; TO is empty where the session ended, and {@value #BEYOND} after the sixth where it went on;
 *   <li>{@code ways.channel}, {@code .stage}, {@code .touchpoint}: the names of the first six visits, then {@value #BEYOND}
 *       where there are more.
 * </ul>
 *
 * <p>Of a session with more touchpoints than its path has, {@value #BEYOND} follows the last visit of the path too.
 */
public final class SessionMoves {

    /** Stands for visits beyond the sixth, and for what follows the end of a path that was cut off. */
    public static final String BEYOND = "…";
    /** Visits that are told apart. */
    public static final int DEEPEST = 6;

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private static final long[] WITHIN = {
        SECOND,
        2 * SECOND,
        5 * SECOND,
        10 * SECOND,
        15 * SECOND,
        20 * SECOND,
        30 * SECOND,
        45 * SECOND,
        MINUTE,
        90 * SECOND,
        2 * MINUTE,
        3 * MINUTE,
        4 * MINUTE,
        5 * MINUTE,
        7 * MINUTE,
        10 * MINUTE,
        15 * MINUTE,
        20 * MINUTE,
        30 * MINUTE,
        45 * MINUTE,
        HOUR,
        90 * MINUTE,
        2 * HOUR,
        3 * HOUR,
        4 * HOUR,
        6 * HOUR,
        8 * HOUR,
        12 * HOUR,
        18 * HOUR,
        DAY,
        2 * DAY,
        3 * DAY,
        5 * DAY,
        7 * DAY,
        14 * DAY,
        30 * DAY
    };

    private static final Map<String, Function<Step, @Nullable String>> NAMES = names();

    private SessionMoves() {}

    /** One touchpoint of a path, as far as its place in it goes. {@code eventTime} in epoch milliseconds. */
    public record Step(long eventTime, String channel, @Nullable String touchpoint, @Nullable String stage) {}

    private record Visit(String name, long first, long last) {}

    /**
     * Field name to its values, or to the fields within it; what has none is left out.
     *
     * @param touchpoints of the session; where these are more than the path has, it is the beginning of one
     */
    public static Map<String, Object> of(List<Step> path, long touchpoints) {
        boolean cutOff = touchpoints > path.size();
        Map<String, Object> fields = new LinkedHashMap<>();
        Map<String, List<String>> steps = new LinkedHashMap<>();
        Map<String, String> ways = new LinkedHashMap<>();
        NAMES.forEach((dimension, name) -> {
            List<Visit> visits = visits(path, name);
            if (visits.isEmpty()) {
                return;
            }
            steps.put(dimension, steps(visits, cutOff));
            ways.put(dimension, way(visits, cutOff));
            if (dimension.equals("channel") && visits.size() > 1) {
                turns(visits, fields);
            }
        });
        if (!steps.isEmpty()) {
            fields.put("steps", steps);
            fields.put("ways", ways);
        }
        return fields;
    }

    /** The least of the agreed lengths of time that is at least so long; the longest for what is longer. */
    public static long within(long millis) {
        for (long each : WITHIN) {
            if (millis <= each) {
                return each;
            }
        }
        return WITHIN[WITHIN.length - 1];
    }

    private static List<Visit> visits(List<Step> path, Function<Step, @Nullable String> name) {
        List<Visit> visits = new ArrayList<>();
        for (Step step : path) {
            String named = name.apply(step);
            if (named == null || named.isEmpty()) {
                continue;
            }
            // Tabs divide names.
            String here = named.replace('\t', ' ');
            Visit last = visits.isEmpty() ? null : visits.get(visits.size() - 1);
            if (last != null && last.name().equals(here)) {
                visits.set(visits.size() - 1, new Visit(here, last.first(), step.eventTime()));
            } else {
                visits.add(new Visit(here, step.eventTime(), step.eventTime()));
            }
        }
        return visits;
    }

    private static List<String> steps(List<Visit> visits, boolean cutOff) {
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < Math.min(visits.size(), DEEPEST); i++) {
            steps.add((i + 1) + "\t" + visits.get(i).name() + "\t" + to(visits, i, cutOff));
        }
        return steps;
    }

    private static String to(List<Visit> visits, int from, boolean cutOff) {
        if (from == visits.size() - 1) {
            return cutOff ? BEYOND : "";
        }
        return from == DEEPEST - 1 ? BEYOND : visits.get(from + 1).name();
    }

    private static String way(List<Visit> visits, boolean cutOff) {
        List<String> names =
                new ArrayList<>(visits.stream().limit(DEEPEST).map(Visit::name).toList());
        if (visits.size() > DEEPEST || cutOff) {
            names.add(BEYOND);
        }
        return String.join("\t", names);
    }

    private static void turns(List<Visit> visits, Map<String, Object> fields) {
        Set<String> turns = new LinkedHashSet<>();
        Set<String> within = new LinkedHashSet<>();
        for (int i = 1; i < visits.size(); i++) {
            String turn = visits.get(i - 1).name() + "\t" + visits.get(i).name();
            turns.add(turn);
            within.add(turn + "\t"
                    + within(visits.get(i).first() - visits.get(i - 1).last()));
        }
        fields.put("turns", List.copyOf(turns));
        fields.put("turns_within", List.copyOf(within));
    }

    private static Map<String, Function<Step, @Nullable String>> names() {
        Map<String, Function<Step, @Nullable String>> names = new LinkedHashMap<>();
        names.put("channel", Step::channel);
        names.put("stage", Step::stage);
        names.put("touchpoint", Step::touchpoint);
        return names;
    }
}
