package io.throughline.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record as the broker holds it, undecoded. The arrays belong to the record and are never changed after it is made:
 * Flink passes the same instance from operator to operator.
 *
 * @param timestamp milliseconds since 1970, UTC: by the broker's clock on every topic in {@code topics.yaml}; of a redriven
 *     record when it was received at first
 * @param key absent where the producer set none
 * @param value absent for a tombstone
 * @param schemaHeader the header {@value SCHEMA_HEADER} by which newer Confluent producers name the schema outside the
 *     value; absent where the value names it itself. Headers not named here are dropped.
 * @param redriven whether {@link Redrive} wrote it
 */
@TypeInfo(KafkaRecordTypeInfo.Factory.class)
public record KafkaRecord(
        String topic,
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        byte @Nullable [] schemaHeader,
        boolean redriven) {

    static final String SCHEMA_HEADER = "__value_schema_id";

    /** One that was not redriven. */
    public KafkaRecord(
            String topic,
            int partition,
            long offset,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            byte @Nullable [] schemaHeader) {
        this(topic, partition, offset, timestamp, key, value, schemaHeader, false);
    }

    /** What a consumer read, as it is. */
    static KafkaRecord of(ConsumerRecord<byte[], byte[]> consumed) {
        Header header = consumed.headers().lastHeader(SCHEMA_HEADER);
        boolean redriven = consumed.headers().lastHeader(Redrive.FROM_HEADER) != null;
        return new KafkaRecord(
                consumed.topic(),
                consumed.partition(),
                consumed.offset(),
                redriven ? receivedAtFirst(consumed) : consumed.timestamp(),
                consumed.key(),
                consumed.value(),
                header == null ? null : header.value(),
                redriven);
    }

    /** Never later than the broker took it: what a header says cannot bring the future about. */
    private static long receivedAtFirst(ConsumerRecord<byte[], byte[]> consumed) {
        Header header = consumed.headers().lastHeader(Redrive.RECEIVED_HEADER);
        try {
            return header == null || header.value() == null
                    ? consumed.timestamp()
                    : Math.min(
                            consumed.timestamp(),
                            Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII)));
        } catch (NumberFormatException noTime) {
            return consumed.timestamp();
        }
    }

    /** {@code topic-partition-offset}, unique within a broker: the {@code origin} of a rejected record. */
    public String origin() {
        return topic + "-" + partition + "-" + offset;
    }

    /** {@code topic-partition}: the {@code source} of an account. */
    public String source() {
        return topic + "-" + partition;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KafkaRecord that
                && topic.equals(that.topic)
                && partition == that.partition
                && offset == that.offset
                && timestamp == that.timestamp
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && Arrays.equals(schemaHeader, that.schemaHeader)
                && redriven == that.redriven;
    }

    @Override
    public int hashCode() {
        return Objects.hash(topic, partition, offset);
    }

    @Override
    public String toString() {
        return origin() + " (" + (value == null ? "no value" : value.length + " bytes") + ")";
    }
}
