package io.throughline.domain.ingest;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A channel as ingest sees it. How long a silence on it lasts before a session ends is for the stages after ingest.
 *
 * @param name snake_case
 * @param defaultStage journey stage of touchpoints that name none
 */
public record Channel(String name, @Nullable String defaultStage) implements Serializable {}
