/** What the pages know besides documents: handed in, since documents are all that this module reads itself. */
@NullMarked
package io.throughline.dashboard.know;

import org.jspecify.annotations.NullMarked;
