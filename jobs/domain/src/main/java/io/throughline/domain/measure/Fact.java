package io.throughline.domain.measure;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One countable thing in one series. Facts of one series and bin may be summed before they are folded.
 *
 * @param dimensions sorted by name
 * @param time event time it counts at, epoch milliseconds
 * @param sign +1: counts from now on; -1: undoes a +1 equal in everything else
 * @param bin what was seen, as {@link Facts} numbers it for the family
 */
public record Fact(Family family, Map<String, String> dimensions, long time, int sign, long bin) {

    public Fact {
        dimensions =
                dimensions.size() > 1 ? Collections.unmodifiableMap(new TreeMap<>(dimensions)) : Map.copyOf(dimensions);
    }

    /** The same with the other sign. */
    public Fact undone() {
        return new Fact(family, dimensions, time, -sign, bin);
    }

    /** The series it counts in: family and dimensions, as text that no other series shares. */
    public String seriesKey() {
        return SeriesIds.key(family.name(), dimensions);
    }
}
