/** What all stages share: the one shape stateful rules take, (state, input, time) to (state, outputs, wake-up), and how configurations are checked. */
@NullMarked
package io.throughline.domain.stage;

import org.jspecify.annotations.NullMarked;
