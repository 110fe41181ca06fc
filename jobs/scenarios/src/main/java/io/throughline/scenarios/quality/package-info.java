/** How well a result agrees with what really happened. */
@NullMarked
package io.throughline.scenarios.quality;

import org.jspecify.annotations.NullMarked;
