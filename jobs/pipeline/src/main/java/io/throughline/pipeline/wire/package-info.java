/** How the values every stage shares are written between operators and into state. */
@NullMarked
package io.throughline.pipeline.wire;

import org.jspecify.annotations.NullMarked;
