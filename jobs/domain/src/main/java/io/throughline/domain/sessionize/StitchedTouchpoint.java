package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Touchpoint;
import org.jspecify.annotations.Nullable;

/**
 * A touchpoint with the customer and session it currently belongs to.
 *
 * @param sessionId null for an outbound touchpoint outside every session
 * @param revision grows with every change of customer or session
 */
public record StitchedTouchpoint(Touchpoint touchpoint, String customerId, @Nullable String sessionId, long revision) {}
