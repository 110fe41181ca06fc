/** HTTP: routes, the page and its libraries, and the headers that keep both strict. */
@NullMarked
package io.throughline.dashboard.web;

import org.jspecify.annotations.NullMarked;
