package io.throughline.domain.measure;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the series of one combination of dimensions. Key: {@link #key}. Of all values ever seen, those with the
 * smallest hashes have series of their own, as many as there are places; all further ones share the series {@value
 * MeasureConfig#OTHER}. A value that loses its place never gets it back.
 *
 * <p>Not the most frequent ones: who is frequent changes with every fact, and to move a value from the shared series to
 * one of its own would take its facts apart from those of all others, which only keeping every value's facts allows. The
 * smallest hashes of a set depend on the set alone, whatever the order, and a value only ever moves into the shared
 * series. Values that must be seen are named in {@code measure.kept_values}.
 */
public final class GuardRule implements KeyedRule<Places, Subtotal, SeriesInput>, Serializable {
    private final MeasureConfig config;

    public GuardRule(MeasureConfig config) {
        this.config = config;
    }

    /**
     * The names of the dimensions of a series, as text, with the values of those that only formulas know, since these
     * take no places; the series itself where there is nothing to bound.
     */
    public static String key(Subtotal subtotal) {
        Map<String, String> dimensions = subtotal.dimensions();
        boolean open = false;
        for (String dimension : dimensions.keySet()) {
            open |= MeasureConfig.DIMENSIONS.contains(dimension);
            if (open && dimensions.size() == 1) {
                return dimension;
            }
        }
        if (!open) {
            return subtotal.seriesKey();
        }
        StringJoiner key = new StringJoiner("+");
        new TreeMap<>(dimensions)
                .forEach((dimension, value) ->
                        key.add(MeasureConfig.DIMENSIONS.contains(dimension) ? dimension : dimension + "=" + value));
        return key.toString();
    }

    /** Whether a series is the shared one of a combination. */
    public static boolean isOfOthers(SeriesInput input) {
        return input.dimensions().containsValue(MeasureConfig.OTHER);
    }

    @Override
    public Step<Places, SeriesInput> on(@Nullable Places before, Subtotal subtotal, long now) {
        Places places = before != null ? before : new Places();
        Map<String, String> dimensions = subtotal.dimensions();
        if (isKept(dimensions)) {
            return Step.of(before, List.of(subtotal), Step.NEVER);
        }
        if (places.has(dimensions)) {
            return Step.of(places, List.of(subtotal), Step.NEVER);
        }
        TreeMap<Long, Map<String, String>> taken = places.taken();
        long hash = Places.hash(bounded(dimensions));
        if (taken.containsKey(hash)) {
            return Step.of(places, List.of(subtotal), Step.NEVER);
        }
        List<SeriesInput> out = new ArrayList<>();
        boolean fits = taken.size() < config.maxValues();
        if (fits || Long.compareUnsigned(hash, taken.lastKey()) < 0) {
            places.take(hash, dimensions);
            out.add(subtotal);
        } else {
            out.add(new Subtotal(subtotal.family(), others(dimensions), subtotal.tallies()));
        }
        while (taken.size() > config.maxValues()) {
            Map<String, String> evicted = places.free();
            for (Family family : Family.values()) {
                out.add(new SeriesInput.Eviction(family, evicted));
            }
        }
        return Step.of(places, out, Step.NEVER);
    }

    @Override
    public Step<Places, SeriesInput> wake(@Nullable Places places, long now) {
        return Step.of(places, List.of(), Step.NEVER);
    }

    private boolean isKept(Map<String, String> dimensions) {
        for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
            if (MeasureConfig.DIMENSIONS.contains(dimension.getKey())
                    && !config.keptValues()
                            .getOrDefault(dimension.getKey(), List.of())
                            .contains(dimension.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Without what only formulas know, so that a value has a place in every currency or in none. */
    private static Map<String, String> bounded(Map<String, String> dimensions) {
        if (MeasureConfig.DIMENSIONS.containsAll(dimensions.keySet())) {
            return dimensions;
        }
        Map<String, String> bounded = new TreeMap<>(dimensions);
        bounded.keySet().retainAll(MeasureConfig.DIMENSIONS);
        return bounded;
    }

    /** The dimensions of the series that all without a place share; what only formulas know stays apart. */
    static Map<String, String> others(Map<String, String> dimensions) {
        Map<String, String> others = new TreeMap<>(dimensions);
        others.replaceAll(
                (dimension, value) -> MeasureConfig.DIMENSIONS.contains(dimension) ? MeasureConfig.OTHER : value);
        return Collections.unmodifiableMap(others);
    }
}
