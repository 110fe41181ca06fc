/** Real servers for JUnit 5 tests of any module; depend on {@code throughline-local} in test scope. */
@NullMarked
package io.throughline.local.testing;

import org.jspecify.annotations.NullMarked;
