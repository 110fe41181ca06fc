package io.throughline.domain.measure;

import java.util.Map;

/** Takes facts as they are found; {@link Fact} says what the parts of one are. */
@FunctionalInterface
public interface FactSink {

    /** @param dimensions sorted by name; not changed any more */
    void add(Family family, Map<String, String> dimensions, long time, int weight, long bin);

    default void add(Fact fact) {
        add(fact.family(), fact.dimensions(), fact.time(), fact.weight(), fact.bin());
    }
}
