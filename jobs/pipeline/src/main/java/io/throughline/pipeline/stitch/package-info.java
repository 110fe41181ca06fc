/** Identifiers become customers: the nodes of the graph as keyed state, messages between them over a feedback channel. */
@NullMarked
package io.throughline.pipeline.stitch;

import org.jspecify.annotations.NullMarked;
