package io.throughline.kafka;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes one kind of record in Confluent's wire format, under the id its schema has in the registry. It registers nothing:
 * a schema nobody provisioned is a deployment error, not something for many tasks to race about.
 *
 * <p>Not thread-safe.
 */
public final class AvroWriter<T extends SpecificRecord> {

    private final byte[] prefix;
    private final @Nullable RecordPlan plan;
    private final RecordBytes bytes = new RecordBytes();
    private final SpecificDatumWriter<T> avros;

    /** Writes under an id that is known already. */
    public AvroWriter(Class<T> type, int schemaId) {
        this.prefix = ByteBuffer.allocate(AvroDecoder.PREFIX_BYTES)
                .put(AvroDecoder.WIRE_FORMAT)
                .putInt(schemaId)
                .array();
        SpecificData data = SpecificData.getForClass(type);
        this.plan = RecordPlan.of(data.getSchema(type));
        this.avros = new SpecificDatumWriter<>(data.getSchema(type), data);
    }

    /**
     * Looks the schema's id up under the topic's subject.
     *
     * @throws RegistryUnavailableException if the registry does not answer
     * @throws IllegalStateException if the subject does not hold the schema
     */
    public static <T extends SpecificRecord> AvroWriter<T> of(
            Class<T> type, String topic, String registryUrl, Map<String, String> clientProperties)
            throws RegistryUnavailableException {
        try (SchemaRegistryClient registry = Registry.open(registryUrl, clientProperties)) {
            return of(type, topic, registry);
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (IOException e) {
            throw Registry.unavailable(e);
        }
    }

    static <T extends SpecificRecord> AvroWriter<T> of(Class<T> type, String topic, SchemaRegistryClient registry)
            throws RegistryUnavailableException {
        Schema schema = SpecificData.getForClass(type).getSchema(type);
        String subject = topic + "-value";
        try {
            return new AvroWriter<>(type, registry.getId(subject, new AvroSchema(schema)));
        } catch (RestClientException answer) {
            if (Registry.saysThereIsNone(answer)) {
                throw new IllegalStateException(
                        "subject " + subject + " does not hold this build's schema of " + type.getSimpleName()
                                + ": apply topics.yaml to the Schema Registry before the job starts",
                        answer);
            }
            throw Registry.unavailable(answer);
        } catch (IOException e) {
            throw Registry.unavailable(e);
        }
    }

    /**
     * The record's bytes.
     *
     * @throws NullPointerException naming the field, if one that may not be null is
     */
    public byte[] write(T record) {
        if (plan != null) {
            try {
                bytes.startWith(prefix);
                plan.write(record, bytes);
                return bytes.copy();
            } catch (NullPointerException | ClassCastException | ArithmeticException unlikeItsSchema) {
                // Avro's own writer says which field it is, or knows how to write it after all.
                return writtenByAvro(record);
            }
        }
        return writtenByAvro(record);
    }

    private byte[] writtenByAvro(T record) {
        ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        buffer.writeBytes(prefix);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(buffer, null);
        try {
            avros.write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return buffer.toByteArray();
    }
}
