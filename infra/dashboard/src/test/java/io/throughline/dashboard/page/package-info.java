/** The page in a real browser. */
package io.throughline.dashboard.page;
