/** The shared vocabulary: what every stage says about a touchpoint. */
@NullMarked
package io.throughline.domain.touchpoint;

import org.jspecify.annotations.NullMarked;
