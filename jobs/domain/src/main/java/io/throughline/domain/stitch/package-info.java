/** Which identifiers are one customer, and which touchpoints are whose. */
@NullMarked
package io.throughline.domain.stitch;

import org.jspecify.annotations.NullMarked;
