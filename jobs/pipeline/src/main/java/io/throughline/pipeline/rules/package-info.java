/** Conditions of alert rules that are written as expressions. */
@NullMarked
package io.throughline.pipeline.rules;

import org.jspecify.annotations.NullMarked;
