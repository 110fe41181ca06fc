package io.throughline.domain.measure;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One countable thing in one series. Facts of one series, time and bin may be summed before they are folded; {@link
 * Subtotals} does.
 *
 * @param dimensions sorted by name
 * @param time event time it counts at, epoch milliseconds
 * @param weight how many; below 0: undoes as many that are equal in everything else
 * @param bin what was seen, as {@link Facts} numbers it for the family
 */
public record Fact(Family family, Map<String, String> dimensions, long time, int weight, long bin) {

    public Fact {
        dimensions =
                dimensions.size() > 1 ? Collections.unmodifiableMap(new TreeMap<>(dimensions)) : Map.copyOf(dimensions);
    }

    /** The same with the other sign. */
    public Fact undone() {
        return times(-1);
    }

    /** The same, that many times. */
    Fact times(int times) {
        return new Fact(family, dimensions, time, weight * times, bin);
    }
}
