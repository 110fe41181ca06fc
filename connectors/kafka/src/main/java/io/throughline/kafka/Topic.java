package io.throughline.kafka;

import java.time.Duration;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A topic as {@code topics.yaml} declares it.
 *
 * @param key what the record key is, in words
 * @param schema name of the schema as the file under {@code avro/} is called, without extension; absent where the
 *     topic's owner defines its own bytes
 * @param partitions of a newly created topic; an existing topic keeps what it has
 * @param retention how long records stay, by the broker's clock; absent: for ever
 * @param compatibility present exactly where a schema is
 * @param maxMessageBytes most bytes of a record batch; absent: the broker's own limit
 * @param internal read and written by the pipeline alone
 */
public record Topic(
        String name,
        String key,
        @Nullable String schema,
        int partitions,
        Cleanup cleanup,
        @Nullable Duration retention,
        @Nullable Compatibility compatibility,
        @Nullable Integer maxMessageBytes,
        boolean internal) {

    /** What the broker does with old records, in the broker's words. */
    public enum Cleanup {
        /** Records go when they are older than the retention. */
        DELETE,
        /** The latest record of each key stays. */
        COMPACT,
        /** The latest record of each key stays until it is older than the retention: compact,delete. */
        COMPACT_AND_DELETE
    }

    /** What a new version of a schema must keep, in the Schema Registry's words. */
    public enum Compatibility {
        /** The new version reads everything every earlier version wrote. */
        BACKWARD_TRANSITIVE,
        /** Every version reads everything every other version wrote. */
        FULL_TRANSITIVE
    }

    public Topic {
        if (partitions < 1) {
            throw new IllegalArgumentException("topics.yaml: " + name + ": partitions must be at least 1");
        }
        if ((schema == null) != (compatibility == null)) {
            throw new IllegalArgumentException(
                    "topics.yaml: " + name + ": schema and compatibility are either both given or both null");
        }
    }

    /** The subject the schema is registered under: the topic's name with {@code -value}, as Confluent's clients expect. */
    public String subject() {
        return name + "-value";
    }

    /** The schema in its current version; empty where the topic's owner defines its own bytes. */
    public Optional<Schema> currentSchema() {
        return Optional.ofNullable(schema).map(SchemaFiles::read);
    }
}
