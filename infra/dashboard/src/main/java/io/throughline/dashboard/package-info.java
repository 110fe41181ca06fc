/** The command and the process: settings, start, stop. */
@NullMarked
package io.throughline.dashboard;

import org.jspecify.annotations.NullMarked;
