/** The jobs: stages composed into topologies, with sources, sinks and time handed in. */
@NullMarked
package io.throughline.pipeline;

import org.jspecify.annotations.NullMarked;
