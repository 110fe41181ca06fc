package io.throughline.scenarios.simulator;

import io.throughline.schemas.Touchpoint;
import org.jspecify.annotations.Nullable;

/**
 * A touchpoint as it reaches the topic, with the truth about it.
 *
 * @param person who was really there; null in a story, which tells that in words
 * @param sitting the true session; null for a message from the company outside of one
 * @param happened true time, epoch milliseconds
 * @param written when it reaches the topic, epoch milliseconds, never decreasing from one emission to the next
 * @param again whether the same touchpoint_id has been emitted before
 */
public record Emission(
        Touchpoint touchpoint,
        @Nullable String person,
        @Nullable String sitting,
        String episode,
        long happened,
        long written,
        boolean again) {}
