/** One customer's touchpoints over all channels, grouped into sessions. */
@NullMarked
package io.throughline.domain.sessionize;

import org.jspecify.annotations.NullMarked;
