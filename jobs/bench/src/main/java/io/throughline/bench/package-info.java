/** Programs that measure what stitching costs, side by side with what it is compared to. */
@NullMarked
package io.throughline.bench;

import org.jspecify.annotations.NullMarked;
