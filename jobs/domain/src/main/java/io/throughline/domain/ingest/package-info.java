/** Which records count: validation, normalisation, pseudonyms, clock correction, lateness, duplicates. */
@NullMarked
package io.throughline.domain.ingest;

import org.jspecify.annotations.NullMarked;
