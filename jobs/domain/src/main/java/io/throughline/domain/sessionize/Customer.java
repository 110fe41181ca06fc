package io.throughline.domain.sessionize;

import io.throughline.domain.experience.ExperienceScore;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One customer over all channels, as published.
 *
 * @param absorbedInto set where the id is absorbed: the customer it is now resolved to
 * @param identifiers strongest first
 * @param firstSeen event time of the first touchpoint, epoch milliseconds; null when absorbed
 * @param value one sum per currency, sorted
 * @param segment the one named by the latest touchpoint that names one
 * @param consents what they last agreed to, by purpose; sorted
 * @param experience as of {@code lastSeen}; null when absorbed, and in states that did not keep it
 */
public record Customer(
        String customerId,
        boolean absorbed,
        @Nullable String absorbedInto,
        List<Known> identifiers,
        @Nullable Long firstSeen,
        @Nullable Long lastSeen,
        List<String> channels,
        long touchpointCount,
        long sessionCount,
        List<Money> value,
        @Nullable String segment,
        List<Consent> consents,
        @Nullable ExperienceScore experience,
        long revision) {

    Customer as(long newRevision) {
        return with(experience, newRevision);
    }

    /** The same, saying how the customer's experience stands. */
    public Customer with(ExperienceScore newExperience) {
        return with(newExperience, revision);
    }

    private Customer with(@Nullable ExperienceScore newExperience, long newRevision) {
        return new Customer(
                customerId,
                absorbed,
                absorbedInto,
                identifiers,
                firstSeen,
                lastSeen,
                channels,
                touchpointCount,
                sessionCount,
                value,
                segment,
                consents,
                newExperience,
                newRevision);
    }
}
