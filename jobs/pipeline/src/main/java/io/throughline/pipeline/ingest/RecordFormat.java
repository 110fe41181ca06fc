package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Decoded;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How the records of one kind of source are read.
 *
 * @param <T> the record
 */
public interface RecordFormat<T> extends Serializable {

    /** Called once per task before the first record. */
    void open();

    /** Never throws on bad data; waits while something it needs is away. */
    Reading read(T record) throws InterruptedException;

    /** FILE:LINE or topic-partition-offset. */
    String origin(T record);

    /** What accounting counts by: topic and partition, or a file. */
    String source(T record);

    /** The original bytes; empty where there were none. */
    byte[] raw(T record);

    @Nullable
    String key(T record);

    /** Kafka timestamp, epoch milliseconds; null where there is none. */
    @Nullable
    Long timestamp(T record);

    /** Whether somebody let it be read again, so that it counts however late it is. */
    default boolean redriven(T record) {
        return false;
    }

    /** What the bytes hold. */
    record Reading(Decoded decoded, @Nullable Integer schemaId) {}
}
