package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.TouchpointChange;

/** What an identifier node says. */
public sealed interface StitchOutput {

    /** To the later stages: a touchpoint begins or ceases to belong to a customer. */
    record Attributed(Attribution attribution) implements StitchOutput {}

    /**
     * To accounting, and to whoever keeps the touchpoint's document.
     *
     * @param change sign +1: the touchpoint that counted until now is erased; -1: it was, and a better duplicate replaced
     *     it
     * @param sequence above that of every attribution of this generation of the touchpoint_id
     */
    record Erased(TouchpointChange change, long sequence) implements StitchOutput {}

    /**
     * To accounting: a record was counted as processed, but another one of its touchpoint_id, which de-duplication has
     * forgotten, counts already.
     *
     * @param source where the record was read
     * @param sign +1: it is a duplicate; -1: de-duplication has since counted it as one itself
     */
    record Duplicate(String source, int sign) implements StitchOutput {}

    /** To the later stages: what is known of a customer id. */
    record Stated(CustomerIdentity identity) implements StitchOutput {}

    /** To readers: customers merged, split, or an identifier changed quarantine. */
    record Changed(IdentityChange change) implements StitchOutput {}

    /** For whoever watches the job: evidence or touchpoints that a limit left out. */
    record Capped(Cap cap, int count) implements StitchOutput {}

    /** What leaves something out. */
    enum Cap {
        /** Links beyond {@code max_component_links}. */
        COMPONENT,
        /** Links of super-nodes. */
        DEGREE,
        /** Touchpoints that are too old to move. */
        HORIZON
    }

    /** To another node, over the feedback topic. */
    record Sent(StitchMessage message) implements StitchOutput {}
}
