package io.throughline.elasticsearch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/**
 * A document as JSON: the field names of its Avro schema in the schema's order, absent optional fields left out,
 * {@code timestamp-millis} as ISO-8601 UTC with exactly three fraction digits, maps as objects, bytes as base64. Numbers
 * are the shortest that read back equal, whole ones without a fraction. Equal documents give equal bytes as long as
 * their maps iterate alike.
 */
public final class DocumentJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private static final DateTimeFormatter TIMESTAMP =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    /** Whole numbers up to here are written without a fraction; beyond, a double no longer counts in ones. */
    private static final double LARGEST_WHOLE = 1L << 53;

    private static final Map<Schema, ValueWriter> WRITERS = new ConcurrentHashMap<>();

    private DocumentJson() {}

    /**
     * The document on one line, without a line end, UTF-8.
     *
     * @throws IllegalArgumentException if a number is NaN or infinite, which JSON cannot say; names the field
     */
    public static byte[] toBytes(IndexedRecord document) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512)) {
            write(document, bytes);
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * Appends the document and a line feed; does not flush.
     *
     * @throws IllegalArgumentException as {@link #toBytes}; part of the line may have been written by then
     */
    public static void writeLine(IndexedRecord document, OutputStream out) throws IOException {
        write(document, out);
        out.write('\n');
    }

    private static void write(IndexedRecord document, OutputStream out) throws IOException {
        Schema schema = document.getSchema();
        ValueWriter writer = WRITERS.get(schema);
        if (writer == null) {
            writer = writerFor(schema, schema.getName());
            WRITERS.put(schema, writer);
        }
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            writer.write(document, json);
        }
    }

    @FunctionalInterface
    private interface ValueWriter {
        void write(Object value, JsonGenerator json) throws IOException;
    }

    private record FieldWriter(int position, String name, ValueWriter value) {}

    private static ValueWriter writerFor(Schema schema, String path) {
        return switch (schema.getType()) {
            case RECORD -> recordWriter(schema, path);
            case ARRAY -> arrayWriter(writerFor(schema.getElementType(), path + "[]"));
            case MAP -> mapWriter(writerFor(schema.getValueType(), path + ".*"));
            case UNION -> writerFor(onlyPresent(schema, path), path);
            case STRING, ENUM -> (value, json) -> json.writeString(value.toString());
            case BOOLEAN -> (value, json) -> json.writeBoolean((Boolean) value);
            case INT -> (value, json) -> json.writeNumber(((Number) value).intValue());
            case LONG ->
                schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
                        ? (value, json) -> json.writeString(TIMESTAMP.format(instantOf(value)))
                        : (value, json) -> json.writeNumber(((Number) value).longValue());
            case FLOAT, DOUBLE -> (value, json) -> writeDecimal(((Number) value).doubleValue(), json, path);
            case BYTES -> (value, json) -> json.writeBinary(bytesOf((ByteBuffer) value));
            case FIXED -> (value, json) -> json.writeBinary(((GenericFixed) value).bytes());
            case NULL -> (value, json) -> json.writeNull();
        };
    }

    private static ValueWriter recordWriter(Schema schema, String path) {
        List<FieldWriter> fields = schema.getFields().stream()
                .map(field -> new FieldWriter(
                        field.pos(), field.name(), writerFor(field.schema(), path + "." + field.name())))
                .toList();
        return (value, json) -> {
            IndexedRecord fieldsOf = (IndexedRecord) value;
            json.writeStartObject();
            for (FieldWriter field : fields) {
                Object fieldValue = fieldsOf.get(field.position());
                if (fieldValue != null) {
                    json.writeFieldName(field.name());
                    field.value().write(fieldValue, json);
                }
            }
            json.writeEndObject();
        };
    }

    private static ValueWriter arrayWriter(ValueWriter element) {
        return (value, json) -> {
            json.writeStartArray();
            for (Object each : (Collection<?>) value) {
                element.write(each, json);
            }
            json.writeEndArray();
        };
    }

    private static ValueWriter mapWriter(ValueWriter element) {
        return (value, json) -> {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                json.writeFieldName(entry.getKey().toString());
                element.write(entry.getValue(), json);
            }
            json.writeEndObject();
        };
    }

    private static Schema onlyPresent(Schema union, String path) {
        List<Schema> present = union.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .toList();
        if (present.size() != 1) {
            throw new IllegalArgumentException(
                    path + ": a document's union must be of null and one type, but is " + union);
        }
        return present.get(0);
    }

    private static void writeDecimal(double value, JsonGenerator json, String path) throws IOException {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(path + ": " + value + " cannot be written as JSON");
        }
        if (value == Math.rint(value) && Math.abs(value) <= LARGEST_WHOLE) {
            json.writeNumber((long) value);
        } else {
            json.writeNumber(value);
        }
    }

    private static Instant instantOf(Object value) {
        return value instanceof Instant instant ? instant : Instant.ofEpochMilli((Long) value);
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
