/** When a customer is unhappy enough to tell someone. */
@NullMarked
package io.throughline.domain.alert;

import org.jspecify.annotations.NullMarked;
