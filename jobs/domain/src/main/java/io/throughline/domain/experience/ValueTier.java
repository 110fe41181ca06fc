package io.throughline.domain.experience;

import io.throughline.domain.touchpoint.Money;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a customer is worth in words: the highest tier that what it has ever spent in one currency reaches. */
public final class ValueTier {
    private static final long MICROS = 1_000_000;

    /**
     * Null below the smallest tier. Amounts are not converted: who spends in two currencies is judged by the better one.
     *
     * @param lifetime one sum per currency, also of what is no longer remembered by itself
     */
    public static @Nullable String of(List<Money> lifetime, ExperienceConfig config) {
        String reached = null;
        for (Map.Entry<String, Long> tier : config.tiers().entrySet()) {
            for (Money sum : lifetime) {
                if (sum.micros() / MICROS >= tier.getValue()) {
                    reached = tier.getKey();
                }
            }
        }
        return reached;
    }

    private ValueTier() {}
}
