package io.throughline.kafka;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.throughline.kafka.BoundedDecoder.MalformedException;
import io.throughline.kafka.Decoded.Failure;
import io.throughline.kafka.Decoded.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads Confluent's wire format (a zero byte, the schema's id in 4 bytes, Avro) into one kind of record, whatever version
 * of the schema it was written with.
 *
 * <p>No bytes make it throw or allocate more than a small multiple of their own number; they give a {@link Failure}. What
 * throws is a registry that does not answer ({@link RegistryUnavailableException}), because then nothing is known about
 * the data. That a schema is unknown is believed for a minute, so that bad records do not become load on the registry.
 *
 * <p>Not thread-safe, not serialisable: make one per task, in {@code open}.
 */
public final class AvroDecoder<T extends SpecificRecord> implements Closeable {

    /** Values above this many bytes are {@link Kind#OVERSIZE}: 1 MiB, the broker's own default limit for a batch. */
    public static final int DEFAULT_MAX_BYTES = 1 << 20;

    static final byte WIRE_FORMAT = 0;
    static final byte GUID_WIRE_FORMAT = 1;
    static final int PREFIX_BYTES = 1 + Integer.BYTES;

    private static final Duration UNKNOWN_BELIEVED_FOR = Duration.ofSeconds(60);
    private static final int UNKNOWN_REMEMBERED = 10_000;
    private static final String USE_NUMBERS =
            "; only numeric ids are read: let the producer write the id in front of the "
                    + "value (PrefixSchemaIdSerializer)";

    private final Class<T> type;
    private final Schema readerSchema;
    private final SpecificData data;
    private final SchemaRegistryClient registry;
    private final int maxBytes;
    private final LongSupplier nanoClock;
    private final Patience patience = new Patience();
    private final BoundedDecoder decoder = new BoundedDecoder();

    private final Map<Integer, Writer<T>> writers = new HashMap<>();
    /** Schema id to the time, in nanoseconds, until which it is believed unknown; the oldest leave first. */
    private final Map<Integer, Long> unknownUntil = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
            return size() > UNKNOWN_REMEMBERED;
        }
    };

    /** What one schema id means for this decoder: a reader, or why there is none. */
    private record Writer<T>(@Nullable SpecificDatumReader<T> reader, @Nullable String unreadable) {}

    /** Reads with the registry at {@code registryUrl}; several, separated by commas, are tried in turn. */
    public static <T extends SpecificRecord> AvroDecoder<T> of(Class<T> type, String registryUrl) {
        return of(type, registryUrl, Map.of());
    }

    /**
     * As {@link #of(Class, String)}.
     *
     * @param clientProperties further properties of the registry client, for example {@code basic.auth.user.info}
     */
    public static <T extends SpecificRecord> AvroDecoder<T> of(
            Class<T> type, String registryUrl, Map<String, String> clientProperties) {
        return new AvroDecoder<>(type, Registry.open(registryUrl, clientProperties), DEFAULT_MAX_BYTES);
    }

    /** Reads with a registry client the caller made; {@link #close()} closes it. */
    public AvroDecoder(Class<T> type, SchemaRegistryClient registry, int maxBytes) {
        this(type, registry, maxBytes, System::nanoTime);
    }

    AvroDecoder(Class<T> type, SchemaRegistryClient registry, int maxBytes, LongSupplier nanoClock) {
        this.type = type;
        this.data = fastData(type);
        this.readerSchema = data.getSchema(type);
        this.registry = registry;
        this.maxBytes = maxBytes;
        this.nanoClock = nanoClock;
    }

    /** Avro's own for the type, with the reader that resolves the schemas once and not again with every record. */
    private static SpecificData fastData(Class<?> type) {
        SpecificData data = new SpecificData(type.getClassLoader());
        SpecificData.getForClass(type).getConversions().forEach(data::addLogicalTypeConversion);
        data.setFastReaderEnabled(true);
        return data;
    }

    /**
     * Decodes the record's value.
     *
     * @throws RegistryUnavailableException if the schema must be looked up and the registry does not answer; the same
     *     record can be decoded again later
     */
    public Decoded<T> decode(KafkaRecord record) throws RegistryUnavailableException {
        byte[] header = record.schemaHeader();
        if (header != null) {
            return failure(
                    Kind.UNKNOWN_SCHEMA,
                    "the schema is named by the header " + KafkaRecord.SCHEMA_HEADER + " (" + header.length + " bytes)"
                            + USE_NUMBERS,
                    null);
        }
        return decode(record.value());
    }

    /**
     * As {@link #decode(KafkaRecord)}, but waits for the registry as long as it takes: with growing pauses of up to 10 s,
     * logged once a minute. The task stands still meanwhile, and checkpoints wait for it.
     *
     * @throws InterruptedException if the task is cancelled meanwhile
     */
    public Decoded<T> decodeWaiting(KafkaRecord record) throws InterruptedException {
        return patience.until(() -> decode(record));
    }

    /** As {@link #decode(KafkaRecord)}, of bare bytes. */
    public Decoded<T> decode(byte @Nullable [] value) throws RegistryUnavailableException {
        if (value == null) {
            return failure(Kind.EMPTY, "no value", null);
        }
        if (value.length == 0) {
            return failure(Kind.EMPTY, "an empty value", null);
        }
        if (value.length > maxBytes) {
            return failure(Kind.OVERSIZE, value.length + " bytes, at most " + maxBytes + " are read", schemaId(value));
        }
        if (value[0] == GUID_WIRE_FORMAT) {
            return failure(
                    Kind.UNKNOWN_SCHEMA, "magic byte 1: the value names its schema by a GUID" + USE_NUMBERS, null);
        }
        if (value[0] != WIRE_FORMAT) {
            return failure(
                    Kind.MALFORMED, "magic byte " + value[0] + " instead of 0: not in Confluent's wire format", null);
        }
        Integer schemaId = schemaId(value);
        if (schemaId == null) {
            return failure(Kind.MALFORMED, value.length + " bytes are too few for a schema id", null);
        }
        Writer<T> writer = writer(schemaId);
        if (writer == null) {
            return failure(Kind.UNKNOWN_SCHEMA, "the Schema Registry has no schema " + schemaId, schemaId);
        }
        if (writer.reader() == null) {
            return failure(Kind.INCOMPATIBLE_SCHEMA, String.valueOf(writer.unreadable()), schemaId);
        }
        return read(value, schemaId, writer.reader());
    }

    private Decoded<T> read(byte[] value, int schemaId, SpecificDatumReader<T> reader) {
        decoder.reset(value, PREFIX_BYTES);
        try {
            T record = type.cast(reader.read(null, decoder));
            if (decoder.remaining() > 0) {
                return failure(Kind.MALFORMED, decoder.remaining() + " bytes after the end of the record", schemaId);
            }
            return new Decoded.Record<>(record, schemaId);
        } catch (MalformedException e) {
            return failure(Kind.MALFORMED, oneLine(e), schemaId);
        } catch (AvroTypeException e) {
            return failure(Kind.INCOMPATIBLE_SCHEMA, oneLine(e), schemaId);
        } catch (IOException | RuntimeException e) {
            return failure(Kind.MALFORMED, oneLine(e) + " at byte " + decoder.offset(), schemaId);
        } catch (StackOverflowError e) {
            // Only a recursive writer schema lets bytes nest; nothing but this read was under way.
            return failure(Kind.MALFORMED, "nested too deeply at byte " + decoder.offset(), schemaId);
        } finally {
            decoder.release();
        }
    }

    private @Nullable Writer<T> writer(int schemaId) throws RegistryUnavailableException {
        Writer<T> known = writers.get(schemaId);
        if (known != null) {
            return known;
        }
        // Registries count from 1. Asking for other numbers gets answers as different as there are registries.
        if (schemaId <= 0 || believedUnknown(schemaId)) {
            return null;
        }
        ParsedSchema schema;
        try {
            schema = registry.getSchemaById(schemaId);
        } catch (RestClientException answer) {
            if (Registry.saysThereIsNone(answer)) {
                unknownUntil.put(schemaId, nanoClock.getAsLong() + UNKNOWN_BELIEVED_FOR.toNanos());
                return null;
            }
            throw Registry.unavailable(answer);
        } catch (IOException e) {
            throw Registry.unavailable(e);
        }
        Writer<T> writer = writer(schema);
        writers.put(schemaId, writer);
        return writer;
    }

    private boolean believedUnknown(int schemaId) {
        Long until = unknownUntil.get(schemaId);
        if (until == null) {
            return false;
        }
        if (nanoClock.getAsLong() - until < 0) {
            return true;
        }
        unknownUntil.remove(schemaId);
        return false;
    }

    private Writer<T> writer(ParsedSchema parsed) {
        if (!(parsed instanceof AvroSchema avro)) {
            return new Writer<>(null, "the schema is " + parsed.schemaType() + ", not AVRO");
        }
        Schema writerSchema = avro.rawSchema();
        try {
            SchemaPairCompatibility pair =
                    SchemaCompatibility.checkReaderWriterCompatibility(readerSchema, writerSchema);
            if (pair.getType() != SchemaCompatibilityType.COMPATIBLE) {
                return new Writer<>(null, incompatible(pair));
            }
            return new Writer<>(new SpecificDatumReader<>(writerSchema, readerSchema, data), null);
        } catch (AvroRuntimeException e) {
            return new Writer<>(null, oneLine(e));
        }
    }

    private String incompatible(SchemaPairCompatibility pair) {
        StringBuilder detail = new StringBuilder("cannot be read as " + readerSchema.getFullName());
        pair.getResult().getIncompatibilities().stream().limit(3).forEach(difference -> detail.append("; ")
                .append(difference.getType())
                .append(" at ")
                .append(difference.getLocation())
                .append(": ")
                .append(difference.getMessage()));
        return detail.toString().replaceAll("\\s+", " ");
    }

    private static @Nullable Integer schemaId(byte[] value) {
        return value.length < PREFIX_BYTES || value[0] != WIRE_FORMAT
                ? null
                : ByteBuffer.wrap(value, 1, Integer.BYTES).getInt();
    }

    private static String oneLine(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.replaceAll("\\s+", " ");
    }

    private static <T extends SpecificRecord> Failure<T> failure(Kind kind, String detail, @Nullable Integer schemaId) {
        return new Failure<>(kind, detail, schemaId);
    }

    @Override
    public void close() throws IOException {
        registry.close();
    }
}
