package io.throughline.domain.sessionize;

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
        long revision) {

    Customer as(long newRevision) {
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
                newRevision);
    }
}
