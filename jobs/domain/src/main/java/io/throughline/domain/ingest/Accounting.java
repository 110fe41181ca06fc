package io.throughline.domain.ingest;

import java.util.Map;
import java.util.TreeMap;

/**
 * How records read from one source ended. {@code in = processed + rejected + late + duplicate + erased}, always.
 *
 * @param rejectedByReason sums to {@code rejected}
 */
public record Accounting(
        long in,
        long processed,
        long rejected,
        long late,
        long duplicate,
        long erased,
        Map<String, Long> rejectedByReason) {

    public static final Accounting NONE = new Accounting(0, 0, 0, 0, 0, 0, Map.of());

    public Accounting {
        rejectedByReason = Map.copyOf(rejectedByReason);
    }

    /** Sum, field by field. */
    public Accounting plus(Accounting other) {
        Map<String, Long> reasons = new TreeMap<>(rejectedByReason);
        other.rejectedByReason.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
        return new Accounting(
                in + other.in,
                processed + other.processed,
                rejected + other.rejected,
                late + other.late,
                duplicate + other.duplicate,
                erased + other.erased,
                reasons);
    }

    /** Whether every record read has exactly one fate. */
    public boolean balances() {
        return in == processed + rejected + late + duplicate + erased;
    }
}
