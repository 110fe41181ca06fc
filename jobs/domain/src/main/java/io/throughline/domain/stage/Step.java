package io.throughline.domain.stage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one input or wake-up.
 *
 * @param state what to remember; null forgets the key
 * @param out what to say, in order
 * @param wakeAt event time to be called at, epoch milliseconds; {@link #NEVER} for none. Replaces the previous wake-up.
 */
public record Step<S, O>(@Nullable S state, List<O> out, long wakeAt) {
    public static final long NEVER = Long.MAX_VALUE;

    public static <S, O> Step<S, O> of(@Nullable S state, List<O> out, long wakeAt) {
        return new Step<>(state, out, wakeAt);
    }
}
