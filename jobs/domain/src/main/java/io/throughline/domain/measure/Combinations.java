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
 * are known. The same values nearly always give the same map, so that looking a series up is comparing two references.
 */
final class Combinations implements Serializable {
    private static final String EXPERIMENT = "experiment";

    /** Most values of one combination that are remembered; then it begins anew. */
    private static final int MOST = 10_000;

    private final List<List<String>> combinations;

    /** For each combination, by its value or list of values; no result depends on what is in it. */
    private transient @Nullable List<Map<Object, Map<String, String>>> met;

    Combinations(List<List<String>> combinations) {
        this.combinations = combinations;
    }

    /** Value of a dimension; null where it is not known. */
    @FunctionalInterface
    interface Known {
        @Nullable
        String of(String dimension);
    }

    /** @param experiments variant by name; {@code experiment} is NAME=VARIANT */
    List<Map<String, String>> of(Known known, Map<String, String> experiments) {
        List<Map<String, String>> series = new ArrayList<>(combinations.size());
        for (int i = 0; i < combinations.size(); i++) {
            List<String> combination = combinations.get(i);
            if (!combination.contains(EXPERIMENT)) {
                pick(i, known, series);
            } else if (!experiments.isEmpty()) {
                int number = i;
                experiments.forEach((experiment, variant) -> {
                    String named = experiment + "=" + variant;
                    pick(number, dimension -> dimension.equals(EXPERIMENT) ? named : known.of(dimension), series);
                });
            }
        }
        return series;
    }

    private void pick(int number, Known known, List<Map<String, String>> series) {
        List<String> combination = combinations.get(number);
        switch (combination.size()) {
            case 0 -> series.add(Map.of());
            case 1 -> {
                String name = combination.get(0);
                String value = known.of(name);
                if (value != null && !value.isBlank()) {
                    series.add(met(number).computeIfAbsent(value, v -> Map.of(name, value)));
                }
            }
            default -> {
                List<String> values = new ArrayList<>(combination.size());
                for (String name : combination) {
                    String value = known.of(name);
                    if (value == null || value.isBlank()) {
                        return;
                    }
                    values.add(value);
                }
                series.add(met(number).computeIfAbsent(values, v -> together(combination, values)));
            }
        }
    }

    private static Map<String, String> together(List<String> names, List<String> values) {
        Map<String, String> picked = new TreeMap<>();
        for (int i = 0; i < values.size(); i++) {
            picked.put(names.get(i), values.get(i));
        }
        return Collections.unmodifiableMap(picked);
    }

    private Map<Object, Map<String, String>> met(int number) {
        if (met == null) {
            met = new ArrayList<>(combinations.size());
            for (int i = 0; i < combinations.size(); i++) {
                met.add(new HashMap<>());
            }
        }
        Map<Object, Map<String, String>> of = met.get(number);
        if (of.size() >= MOST) {
            of.clear();
        }
        return of;
    }
}
