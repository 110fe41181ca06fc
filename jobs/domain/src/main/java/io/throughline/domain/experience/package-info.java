/** How one customer's experience stands, and what the customer is worth. */
@NullMarked
package io.throughline.domain.experience;

import org.jspecify.annotations.NullMarked;
