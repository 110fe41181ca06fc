package io.throughline.domain.alert;

import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How much a customer is worth to the company, by all they ever bought and what segments they were seen in: totals that
 * outlive every horizon.
 *
 * @param purchaseKinds kinds of touchpoints that count as a purchase
 * @param tiers the highest first
 */
public record Worth(Set<String> purchaseKinds, List<Tier> tiers) implements Serializable {

    public static final Worth DEFAULTS = new Worth(
            Set.of("purchase", "renewal", "stay"),
            List.of(
                    new Tier("top", 20_000_000_000L, 200, Set.of("platinum", "vip"), 2),
                    new Tier("high", 5_000_000_000L, 50, Set.of("gold", "loyal", "premium"), 1)));

    public Worth {
        purchaseKinds = new TreeSet<>(purchaseKinds);
        tiers = List.copyOf(tiers);
        Set<String> names = new HashSet<>();
        for (Tier tier : tiers) {
            if (!names.add(tier.name())) {
                throw new IllegalArgumentException("alert.value_tiers names " + tier.name() + " twice");
            }
        }
    }

    /**
     * One tier; any of its conditions will do.
     *
     * @param spentMicros least spent in one currency, in millionths of its unit; 0: spending does not count
     * @param purchases fewest purchases; 0: their number does not count
     * @param segments any of these segments
     * @param raises by how many steps it raises the priority of alerts
     */
    public record Tier(String name, long spentMicros, int purchases, Set<String> segments, int raises)
            implements Serializable {
        public Tier {
            segments = new TreeSet<>(segments);
        }
    }

    /** Whether a touchpoint changes what its customer is worth. */
    boolean counts(Touchpoint touchpoint) {
        return buys(touchpoint) || segment(touchpoint) != null;
    }

    /** Adds what a touchpoint is worth, or with -1 takes it away. */
    void add(Touchpoint touchpoint, int sign, AlertState.Totals totals) {
        if (buys(touchpoint)) {
            Money value = touchpoint.value();
            totals.bought(sign, value == null ? null : value.currency(), value == null ? 0 : value.micros());
        }
        String segment = segment(touchpoint);
        if (segment != null) {
            totals.seenIn(segment, sign);
        }
    }

    private boolean buys(Touchpoint touchpoint) {
        return !touchpoint.outbound() && purchaseKinds.contains(touchpoint.kind());
    }

    private @Nullable String segment(Touchpoint touchpoint) {
        String segment = touchpoint.segment();
        if (segment == null) {
            return null;
        }
        for (Tier tier : tiers) {
            if (tier.segments().contains(segment)) {
                return segment;
            }
        }
        return null;
    }

    /** The highest tier reached; null below all. */
    @Nullable
    Tier tier(AlertState.Totals totals) {
        if (totals.isEmpty()) {
            return null;
        }
        for (Tier tier : tiers) {
            boolean spent = tier.spentMicros() > 0
                    && totals.spent().values().stream().anyMatch(micros -> micros >= tier.spentMicros());
            boolean bought = tier.purchases() > 0 && totals.purchases() >= tier.purchases();
            boolean seen = tier.segments().stream().anyMatch(totals.segments()::containsKey);
            if (spent || bought || seen) {
                return tier;
            }
        }
        return null;
    }
}
