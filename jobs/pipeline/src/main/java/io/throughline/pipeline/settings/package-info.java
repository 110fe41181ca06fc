/** One configuration file for all stages: read, checked as a whole, explained. */
@NullMarked
package io.throughline.pipeline.settings;

import org.jspecify.annotations.NullMarked;
