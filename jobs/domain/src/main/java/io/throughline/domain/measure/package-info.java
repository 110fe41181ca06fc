/** Rolling experience metrics that carry their formula, n and interval. */
@NullMarked
package io.throughline.domain.measure;

import org.jspecify.annotations.NullMarked;
