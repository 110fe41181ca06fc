/** Notifications about alerts, handed to the systems that act on them: at least once, each with an idempotency key. */
@NullMarked
package io.throughline.delivery;

import org.jspecify.annotations.NullMarked;
