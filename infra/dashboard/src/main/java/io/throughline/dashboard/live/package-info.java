/** One poller for everybody, the newest state of every section, and its way to the browsers. */
@NullMarked
package io.throughline.dashboard.live;

import org.jspecify.annotations.NullMarked;
