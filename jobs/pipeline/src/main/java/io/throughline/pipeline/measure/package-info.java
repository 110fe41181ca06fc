/** How facts, series and metric values are written. */
@NullMarked
package io.throughline.pipeline.measure;

import org.jspecify.annotations.NullMarked;
