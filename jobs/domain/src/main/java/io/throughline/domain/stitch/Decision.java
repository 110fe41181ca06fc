package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;

/**
 * A person's word on two identifiers; it wins over evidence and survives replay.
 *
 * @param always true: they are one customer; false: they are never one
 * @param effectiveFrom event time from which it holds, epoch milliseconds
 * @param reason why, in the person's words
 */
public record Decision(boolean always, Identifier one, Identifier other, long effectiveFrom, String reason) {}
