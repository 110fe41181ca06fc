package io.throughline.domain.stage;

import org.jspecify.annotations.Nullable;

/**
 * What one key remembers and says. Implementations are pure: no clock, no randomness, no I/O. They may change the
 * state object they are given and return it; the caller keeps no other reference to it.
 *
 * @param <S> state of one key; null means nothing is remembered
 * @param <I> input
 * @param <O> output
 */
public interface KeyedRule<S, I, O> {

    /**
     * Takes one input.
     *
     * @param now the event time reached so far (the watermark), epoch milliseconds; {@link Long#MIN_VALUE} before the
     *     first
     */
    Step<S, O> on(@Nullable S state, I input, long now);

    /**
     * Called when event time has reached the wake-up asked for.
     *
     * @param now the event time reached, epoch milliseconds, at least the wake-up
     */
    Step<S, O> wake(@Nullable S state, long now);
}
