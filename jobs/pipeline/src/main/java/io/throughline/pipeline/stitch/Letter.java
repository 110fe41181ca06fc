package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Fence.Stamp;
import io.throughline.domain.stitch.StitchMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message and where it comes from.
 *
 * @param stamp what its sender bore; null: it does not come from a node and is read again after a failure
 */
public record Letter(StitchMessage message, @Nullable Stamp stamp) {}
