package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;

/** What an identifier node says. */
public sealed interface StitchOutput {

    /** To the later stages: a touchpoint begins or ceases to belong to a customer. */
    record Attributed(Attribution attribution) implements StitchOutput {}

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
