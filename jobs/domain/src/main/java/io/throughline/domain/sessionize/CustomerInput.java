package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import org.jspecify.annotations.Nullable;

/** What sessionizing hears about one customer: a touchpoint that comes or goes, what stitching knows, or both. */
public record CustomerInput(@Nullable Attribution attribution, @Nullable CustomerIdentity identity) {

    public CustomerInput {
        if (attribution == null && identity == null) {
            throw new IllegalArgumentException(
                    "a customer input carries an attribution or an identity, this has neither");
        }
        if (attribution != null && identity != null && !attribution.customerId().equals(identity.customerId())) {
            throw new IllegalArgumentException("attribution is about " + attribution.customerId() + ", identity about "
                    + identity.customerId() + ": one input speaks of one customer");
        }
    }

    public static CustomerInput of(Attribution attribution) {
        return new CustomerInput(attribution, null);
    }

    public static CustomerInput of(CustomerIdentity identity) {
        return new CustomerInput(null, identity);
    }

    /** The customer spoken of; the key. */
    public String customerId() {
        if (attribution != null) {
            return attribution.customerId();
        }
        if (identity != null) {
            return identity.customerId();
        }
        throw new IllegalStateException("neither attribution nor identity");
    }
}
