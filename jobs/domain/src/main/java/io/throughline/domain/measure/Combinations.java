package io.throughline.domain.measure;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The series that something with these dimensions counts in: one for each configured combination all of whose dimensions
 * are known. The same values nearly always give the same object, so that looking a series up is comparing two references.
 */
final class Combinations implements Serializable {
    private static final String EXPERIMENT = "experiment";

    /** Most values of one combination that are remembered; then it begins anew. */
    private static final int MOST = 10_000;

    private final List<List<String>> combinations;

    /** Of each combination the {@link Known#number} of each of its dimensions. */
    private final int[][] numbers;

    /** For each combination, by its value or list of values; no result depends on what is in it. */
    private transient @Nullable List<Map<Object, Breakdown>> met;

    private transient @Nullable Breakdown everything;

    Combinations(List<List<String>> combinations) {
        this.combinations = combinations;
        this.numbers = combinations.stream()
                .map(names -> names.stream().mapToInt(Known::number).toArray())
                .toArray(int[][]::new);
    }

    /** Values of dimensions; null where one is not known. */
    record Known(
            @Nullable String channel,
            @Nullable String touchpoint,
            @Nullable String stage,
            @Nullable String topic,
            @Nullable String segment,
            @Nullable String location,
            @Nullable String brand,
            @Nullable String product) {
        private static final List<String> NAMES =
                List.of("channel", "touchpoint", "stage", "topic", "segment", "location", "brand", "product");

        /** Of a dimension; below 0 where it is none of these. */
        static int number(String dimension) {
            return NAMES.indexOf(dimension);
        }

        @Nullable
        String of(int number) {
            return switch (number) {
                case 0 -> channel;
                case 1 -> touchpoint;
                case 2 -> stage;
                case 3 -> topic;
                case 4 -> segment;
                case 5 -> location;
                case 6 -> brand;
                case 7 -> product;
                default -> null;
            };
        }
    }

    /** @param experiments variant by name; {@code experiment} is NAME=VARIANT */
    List<Breakdown> of(Known known, Map<String, String> experiments) {
        List<Breakdown> series = new ArrayList<>(combinations.size());
        for (int i = 0; i < numbers.length; i++) {
            if (!combinations.get(i).contains(EXPERIMENT)) {
                pick(i, known, null, series);
            } else if (!experiments.isEmpty()) {
                int number = i;
                // Names may hold what stands between name and variant, so that two say the same.
                experiments.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .distinct()
                        .forEach(experiment -> pick(number, known, experiment, series));
            }
        }
        return series;
    }

    private void pick(int number, Known known, @Nullable String experiment, List<Breakdown> series) {
        List<String> names = combinations.get(number);
        int[] dimensions = numbers[number];
        switch (dimensions.length) {
            case 0 -> series.add(everything());
            case 1 -> {
                String value = value(names.get(0), dimensions[0], known, experiment);
                if (value != null) {
                    Map<Object, Breakdown> met = met(number);
                    Breakdown picked = met.get(value);
                    if (picked == null) {
                        picked = new Breakdown(Map.of(names.get(0), value));
                        met.put(value, picked);
                    }
                    series.add(picked);
                }
            }
            default -> {
                List<String> values = new ArrayList<>(dimensions.length);
                for (int i = 0; i < dimensions.length; i++) {
                    String value = value(names.get(i), dimensions[i], known, experiment);
                    if (value == null) {
                        return;
                    }
                    values.add(value);
                }
                series.add(met(number).computeIfAbsent(values, v -> together(names, values)));
            }
        }
    }

    private static @Nullable String value(String name, int number, Known known, @Nullable String experiment) {
        String value = number < 0 && name.equals(EXPERIMENT) ? experiment : known.of(number);
        return value == null || value.isBlank() ? null : value;
    }

    private Breakdown everything() {
        if (everything == null) {
            everything = new Breakdown(Map.of());
        }
        return everything;
    }

    private static Breakdown together(List<String> names, List<String> values) {
        Map<String, String> picked = new TreeMap<>();
        for (int i = 0; i < values.size(); i++) {
            picked.put(names.get(i), values.get(i));
        }
        return new Breakdown(Collections.unmodifiableMap(picked));
    }

    private Map<Object, Breakdown> met(int number) {
        if (met == null) {
            met = new ArrayList<>(combinations.size());
            for (int i = 0; i < combinations.size(); i++) {
                met.add(new HashMap<>());
            }
        }
        Map<Object, Breakdown> of = met.get(number);
        if (of.size() >= MOST) {
            of.clear();
        }
        return of;
    }
}
