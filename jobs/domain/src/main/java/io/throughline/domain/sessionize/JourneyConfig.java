package io.throughline.domain.sessionize;

import java.io.Serializable;
import java.time.Duration;
import java.util.Set;

/**
 * When a journey ends, and how. Keys are {@code sessionize.journey.*}.
 *
 * @param quietMs silence beyond which the next touchpoint begins another journey, milliseconds of event time; at most
 *     {@code sessionize.retention}
 * @param conversionKinds kinds by which a customer converts
 * @param conversionOutcomes outcomes that say the same
 * @param churnKinds kinds by which a customer leaves
 * @param churnOutcomes outcomes that say the same
 * @param pathLimit most stretches published on a stage path; also the most stages and channels told apart
 */
public record JourneyConfig(
        long quietMs,
        Set<String> conversionKinds,
        Set<String> conversionOutcomes,
        Set<String> churnKinds,
        Set<String> churnOutcomes,
        int pathLimit)
        implements Serializable {

    public static final JourneyConfig DEFAULTS = new JourneyConfig(
            Duration.ofDays(30).toMillis(),
            Set.of("account_opened", "order_placed", "purchase"),
            Set.of("converted"),
            Set.of("account_closed", "cancellation", "contract_cancelled"),
            Set.of("churned"),
            100);

    public JourneyConfig {
        conversionKinds = WordSet.of(conversionKinds);
        conversionOutcomes = WordSet.of(conversionOutcomes);
        churnKinds = WordSet.of(churnKinds);
        churnOutcomes = WordSet.of(churnOutcomes);
        if (quietMs <= 0) {
            throw new IllegalArgumentException("sessionize.journey.quiet: must be positive, was " + quietMs + " ms");
        }
        if (pathLimit < 1) {
            throw new IllegalArgumentException("sessionize.journey.path_limit: must be at least 1, was " + pathLimit);
        }
    }
}
