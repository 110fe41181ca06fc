package io.throughline.domain.alert;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;

/**
 * Judges by alert rules, which may change.
 *
 * @param <S> state of one key
 * @param <I> input
 */
public interface Ruled<S, I> extends KeyedRule<S, I, Alert> {

    /** Called for every key after the rules have changed. */
    Step<S, Alert> ruled(S state, long now);
}
