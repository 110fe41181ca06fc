package io.throughline.domain.alert;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import org.jspecify.annotations.Nullable;

/**
 * Judges by alert rules, which may change.
 *
 * @param <S> state of one key
 * @param <I> input
 */
public interface Ruled<S, I> extends KeyedRule<S, I, Alert> {

    /**
     * One input, looked at before what its key remembers is.
     *
     * @param <S> state of one key
     */
    interface Turn<S> {

        /** What {@link KeyedRule#on} comes to; to be asked at most once. */
        Step<S, Alert> take(@Nullable S state, long now);
    }

    /**
     * Null where {@link KeyedRule#on} would leave what the key remembers as it is and say nothing, whatever that is: it need not
     * be opened then. When it wishes to be woken stays as it was, too; without this it might be put off. Conditions that fail are
     * counted by this, not again by the turn.
     */
    default @Nullable Turn<S> turn(I input) {
        return (state, now) -> on(state, input, now);
    }

    /** Called for every key after the rules have changed. */
    Step<S, Alert> ruled(S state, long now);
}
