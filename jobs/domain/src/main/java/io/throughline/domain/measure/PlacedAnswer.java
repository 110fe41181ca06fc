package io.throughline.domain.measure;

import io.throughline.domain.sessionize.AnswerPlace;
import io.throughline.domain.touchpoint.Attribution;
import org.jspecify.annotations.Nullable;

/**
 * An answer that begins or ceases to count somewhere.
 *
 * @param attribution of the answer, what it is about written in as far as it is known
 * @param about the touchpoint it is about; null: not known
 */
public record PlacedAnswer(Attribution attribution, AnswerPlace.@Nullable About about) {}
