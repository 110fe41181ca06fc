/** The one shape stateful rules take: (state, input, time) to (state, outputs, wake-up). */
@NullMarked
package io.throughline.domain.stage;

import org.jspecify.annotations.NullMarked;
