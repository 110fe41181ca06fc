package io.throughline.domain.alert;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a touchpoint that was written as an expression. Pure: the same touchpoint and tier, the same answer, with
 * nothing thrown: what cannot be evaluated does not hold. Equal where the expressions are.
 */
public interface Condition extends Serializable {

    /** @param tier the customer's value tier, null below all tiers */
    boolean holds(Signal signal, @Nullable String tier);

    /** Whether the answer depends on the customer's value tier. */
    boolean looksAtTier();

    /**
     * What it needs at least: of a touchpoint that does not stand for one of these it does not hold at any tier, and evaluating it
     * fails at nothing.
     */
    default List<Need> needs() {
        return List.of();
    }

    /** What of a touchpoint it looks at, in whatever part of it; so evidence can say what may have made it hold. */
    default List<Look> looks() {
        return List.of();
    }

    /**
     * Something it looks at.
     *
     * @param by the comparison with constants it is looked at by; null: in another way, or what is said of it is denied
     */
    record Look(Reading of, @Nullable Need by) {}

    /** The names among a touchpoint's properties that it looks at. */
    Set<String> properties();
}
