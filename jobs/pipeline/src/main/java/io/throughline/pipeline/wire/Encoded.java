package io.throughline.pipeline.wire;

import org.jspecify.annotations.Nullable;

/**
 * A document as its topic has it. It can be handed on without being read: to the next task it is an array of bytes.
 *
 * @param key absent where the topic has none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Encoded(byte @Nullable [] key, byte[] value) {}
