package io.throughline.domain.measure;

import java.util.Map;

/**
 * Values of dimensions that something counts under. {@link Combinations} says the same ones by the same object, so that
 * whoever keeps something by them has to look it up once.
 */
public final class Breakdown {
    private final Map<String, String> dimensions;

    /** Where {@link Subtotals} has it, who checks that; anything where none has. */
    private int number;

    /** @param dimensions sorted by name; not changed any more */
    public Breakdown(Map<String, String> dimensions) {
        this.dimensions = dimensions;
    }

    public Map<String, String> dimensions() {
        return dimensions;
    }

    int number() {
        return number;
    }

    void number(int newNumber) {
        number = newNumber;
    }

    @Override
    public String toString() {
        return dimensions.toString();
    }
}
