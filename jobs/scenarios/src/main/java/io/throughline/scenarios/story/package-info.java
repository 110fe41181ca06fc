/** Stories: a folder each, written by hand, that says in touchpoints what happened to whom. */
@NullMarked
package io.throughline.scenarios.story;

import org.jspecify.annotations.NullMarked;
