/** From bytes to touchpoints that count: decoders and what they need from libraries. */
@NullMarked
package io.throughline.pipeline.ingest;

import org.jspecify.annotations.NullMarked;
