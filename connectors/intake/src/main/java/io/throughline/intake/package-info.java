/**
 * What others collect, as touchpoints: Segment, Snowplow, CloudEvents and tables. Whatever a record holds, it comes to an
 * {@link io.throughline.intake.Outcome} with a reason, never to an exception; {@code docs/intake.md} says which field
 * becomes which.
 */
@NullMarked
package io.throughline.intake;

import org.jspecify.annotations.NullMarked;
