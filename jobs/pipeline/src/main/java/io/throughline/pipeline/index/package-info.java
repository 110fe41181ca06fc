/** Documents from Kafka into Elasticsearch, in a job of its own, so that nothing else waits for Elasticsearch. */
@NullMarked
package io.throughline.pipeline.index;

import org.jspecify.annotations.NullMarked;
