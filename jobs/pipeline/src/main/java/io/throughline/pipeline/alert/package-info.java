/** How alerts and what they rest on are written. */
@NullMarked
package io.throughline.pipeline.alert;

import org.jspecify.annotations.NullMarked;
