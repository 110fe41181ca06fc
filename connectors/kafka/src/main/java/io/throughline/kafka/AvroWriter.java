package io.throughline.kafka;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
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
    private final SpecificDatumWriter<T> writer;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1 << 10);
    private @Nullable BinaryEncoder encoder;

    AvroWriter(Class<T> type, int schemaId) {
        this.prefix = ByteBuffer.allocate(AvroDecoder.PREFIX_BYTES)
                .put(AvroDecoder.WIRE_FORMAT)
                .putInt(schemaId)
                .array();
        SpecificData data = SpecificData.getForClass(type);
        this.writer = new SpecificDatumWriter<>(data.getSchema(type), data);
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
     * @throws AvroRuntimeException if a field without default is not set
     */
    public byte[] write(T record) {
        // An encoder taken up again first writes out what a failed record left in it; only then is the buffer emptied.
        encoder = EncoderFactory.get().binaryEncoder(buffer, encoder);
        buffer.reset();
        buffer.writeBytes(prefix);
        try {
            writer.write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return buffer.toByteArray();
    }
}
