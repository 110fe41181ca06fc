/** One customer's touchpoints as keyed state: sessions, customers, issues. */
@NullMarked
package io.throughline.pipeline.sessionize;

import org.jspecify.annotations.NullMarked;
