/**
 * Kafka and the Schema Registry: which topics there are, how a record is written and read back, where it comes from and
 * goes to. Bad bytes are a value (a failure), a sick server is an exception.
 */
@NullMarked
package io.throughline.kafka;

import org.jspecify.annotations.NullMarked;
