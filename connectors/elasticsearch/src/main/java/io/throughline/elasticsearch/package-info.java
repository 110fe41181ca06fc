/** Documents as JSON, index templates, and a Flink sink that classifies every answer of Elasticsearch. */
@NullMarked
package io.throughline.elasticsearch;

import org.jspecify.annotations.NullMarked;
