package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Customers that turned out to be one, one that turned out to be several, or an identifier put into or out of
 * quarantine.
 *
 * @param kind merge, split, quarantine, release, or capped: more links than are looked at together
 * @param survivor the customer that remains responsible
 * @param absorbed ids now resolved to the survivor; for a split the ids that came out of it
 * @param touchpointId the touchpoint that brought the evidence
 * @param rule the rule that decided, for example {@code person-link}
 * @param evidence the deciding links, strongest first
 * @param eventTime of the triggering touchpoint; of a decision when it takes effect; otherwise of the latest evidence
 *     there is, epoch milliseconds
 */
public record IdentityChange(
        String changeId,
        String kind,
        String survivor,
        List<String> absorbed,
        @Nullable String touchpointId,
        String rule,
        List<Evidence> evidence,
        long eventTime) {

    /** Two identifiers borne by one touchpoint, the earliest that did. */
    public record Evidence(Identifier left, Identifier right, String touchpointId, long eventTime) {}
}
