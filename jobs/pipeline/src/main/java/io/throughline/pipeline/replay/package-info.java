/** The same topology over a file, bounded, without servers. */
@NullMarked
package io.throughline.pipeline.replay;

import org.jspecify.annotations.NullMarked;
