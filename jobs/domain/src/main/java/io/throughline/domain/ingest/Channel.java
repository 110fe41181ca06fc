package io.throughline.domain.ingest;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A channel as configured.
 *
 * @param name snake_case
 * @param gapMs silence after which a session ends, milliseconds
 * @param assisted whether people of the company serve it
 * @param defaultStage journey stage of touchpoints that name none
 */
public record Channel(String name, long gapMs, boolean assisted, @Nullable String defaultStage)
        implements Serializable {}
