/**
 * Kafka, Schema Registry, Elasticsearch and Flink as processes of their own on this machine, without Docker.
 *
 * <p>{@link io.throughline.local.LocalServers} is the way in for programs, {@link io.throughline.local.LocalMain} for
 * people and {@code io.throughline.local.testing} for tests.
 */
@NullMarked
package io.throughline.local;

import org.jspecify.annotations.NullMarked;
