package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.Transition.Way;

/**
 * How often more, or less, customers went one way than was said before.
 *
 * @param delta never 0
 */
public record TransitionChange(Way way, int delta) {}
