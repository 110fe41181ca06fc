package io.throughline.domain.measure;

/** Takes facts as they are found; {@link Fact} says what the parts of one are. */
@FunctionalInterface
public interface FactSink {

    void add(Family family, Breakdown by, long time, int weight, long bin);

    default void add(Fact fact) {
        add(fact.family(), new Breakdown(fact.dimensions()), fact.time(), fact.weight(), fact.bin());
    }
}
