/** Starts one Elasticsearch node in this process, from jars alone. */
package io.throughline.local.elasticsearch;
