package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.Transition.Way;

/**
 * What is remembered of one way.
 *
 * @param count as known
 * @param said as published last
 * @param publishedAt event time reached then; {@link Long#MIN_VALUE} before
 */
public record TransitionState(Way way, long count, long said, long revision, long publishedAt) {}
