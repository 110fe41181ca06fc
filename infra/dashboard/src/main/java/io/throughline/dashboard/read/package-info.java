/** What Elasticsearch is asked for and what the page is told: one class per panel, its query and its reading together. */
@NullMarked
package io.throughline.dashboard.read;

import org.jspecify.annotations.NullMarked;
