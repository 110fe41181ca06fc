/** What every stage of the pipeline shares: keyed functions, serializers, the rules of the house. */
@NullMarked
package io.throughline.pipeline.kit;

import org.jspecify.annotations.NullMarked;
