package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.TouchpointChange;

/** What an identifier node takes in. */
public sealed interface StitchInput {

    /** A touchpoint whose strongest identifier this node is begins or ceases to count. */
    record Touched(TouchpointChange change) implements StitchInput {}

    /** Another node's message. */
    record Received(StitchMessage message) implements StitchInput {}
}
