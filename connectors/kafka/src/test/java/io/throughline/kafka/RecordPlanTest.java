package io.throughline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.throughline.schemas.Touchpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is planned ahead is held to Avro's own writer, byte for byte, for every schema there is. */
class RecordPlanTest {

    private static final int RECORDS_OF_EACH = 300;
    private static final int SCHEMA_ID = 7;

    static Stream<Schema> schemas() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../../schemas/src/main/avro"))) {
            return files
                    .map(file -> file.getFileName().toString().replace(".avsc", ""))
                    .sorted()
                    .map(SchemaFiles::read)
                    .map(RecordPlanTest::asGenerated)
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void every_schema_of_ours_is_understood(Schema schema) {
        assertThat(RecordPlan.of(schema))
                .as("a plan for %s: without one its records are written by Avro's own writer, slowly", schema.getName())
                .isNotNull();
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void any_record_is_written_as_avro_writes_it(Schema schema) {
        AvroWriter<SpecificRecord> writer = new AvroWriter<>(typeOf(schema), SCHEMA_ID);
        AnyRecord any = new AnyRecord(20261126);

        for (int i = 0; i < RECORDS_OF_EACH; i++) {
            SpecificRecord record = any.of(schema);

            assertThat(planned(record)).as("%s", record).isEqualTo(avros(record));
            assertThat(writer.write(record)).as("%s", record).isEqualTo(inWireFormat(avros(record)));
        }
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void what_may_not_be_null_fails_as_avro_fails(Schema schema) {
        AvroWriter<SpecificRecord> writer = new AvroWriter<>(typeOf(schema), SCHEMA_ID);
        List<String> refused = new ArrayList<>();

        for (SpecificRecord broken : withANullWhereNoneMayBe(schema)) {
            Throwable avros = catchThrowable(() -> avros(broken));
            if (avros != null) {
                refused.add(avros.getMessage());
                assertThat(catchThrowable(() -> writer.write(broken)))
                        .hasSameClassAs(avros)
                        .hasMessage(avros.getMessage());
                assertThat(catchThrowable(() -> planned(broken)))
                        .as("%s", avros.getMessage())
                        .isNotNull();
            } else {
                assertThat(writer.write(broken)).isEqualTo(inWireFormat(avros(broken)));
            }
        }

        assertThat(refused).isNotEmpty();
    }

    @Test
    void a_field_that_is_missing_is_named() {
        Touchpoint unfinished = Touchpoints.full("t-1");
        unfinished.put("channel", null);

        assertThat(catchThrowable(() -> new AvroWriter<>(Touchpoint.class, SCHEMA_ID).write(unfinished)))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("channel");
    }

    @Test
    void types_that_are_not_known_are_left_to_avro() {
        Schema text = Schema.create(Schema.Type.STRING);
        Schema day = LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
        Schema micros = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));

        assertThat(RecordPlan.of(holding(text))).isNotNull();
        for (Schema unknown : List.of(
                day,
                micros,
                Schema.create(Schema.Type.BYTES),
                Schema.create(Schema.Type.FLOAT),
                Schema.createFixed("Four", null, "x", 4),
                Schema.createEnum("Side", null, "x", List.of("LEFT", "RIGHT")),
                Schema.createUnion(text, Schema.create(Schema.Type.LONG)),
                Schema.createUnion(Schema.create(Schema.Type.NULL), text, Schema.create(Schema.Type.LONG)),
                Schema.createArray(Schema.createMap(day)))) {
            assertThat(RecordPlan.of(holding(unknown))).as("%s", unknown).isNull();
        }
        assertThat(RecordPlan.of(new Schema.Parser()
                        .parse("{\"type\": \"record\", \"name\": \"Tree\", \"fields\":"
                                + " [{\"name\": \"under\", \"type\": {\"type\": \"array\", \"items\": \"Tree\"}}]}")))
                .as("one that holds itself")
                .isNull();
    }

    private static Schema holding(Schema held) {
        return SchemaBuilder.record("Holds")
                .fields()
                .name("held")
                .type(held)
                .noDefault()
                .endRecord();
    }

    /** One record for each field, at any depth, in which that field is null; and for each collection one with a null in it. */
    private static List<SpecificRecord> withANullWhereNoneMayBe(Schema schema) {
        List<SpecificRecord> broken = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            breaksOf(field.schema()).stream()
                    .filter(value -> value != null || canBeNull(field.schema()))
                    .forEach(value -> {
                        SpecificRecord record = new AnyRecord(1).of(schema);
                        record.put(field.pos(), value);
                        broken.add(record);
                    });
        }
        return broken;
    }

    /** A field that is a Java primitive cannot. */
    private static boolean canBeNull(Schema schema) {
        return switch (schema.getType()) {
            case INT, DOUBLE, BOOLEAN -> false;
            case LONG -> schema.getLogicalType() != null;
            default -> true;
        };
    }

    private static List<Object> breaksOf(Schema schema) {
        List<Object> breaks = new ArrayList<>();
        switch (schema.getType()) {
            case UNION ->
                schema.getTypes().stream()
                        .flatMap(type -> breaksOf(type).stream())
                        .forEach(breaks::add);
            case ARRAY -> {
                breaks.add(Collections.singletonList(null));
                breaksOf(schema.getElementType()).stream()
                        .filter(each -> each != null)
                        .forEach(each -> breaks.add(List.of(each)));
            }
            case MAP -> {
                breaks.add(Collections.singletonMap("key", null));
                Map<String, Object> underNothing = new HashMap<>();
                underNothing.put(null, new AnyRecord(1).value(schema.getValueType()));
                breaks.add(underNothing);
            }
            case RECORD -> breaks.addAll(withANullWhereNoneMayBe(schema));
            default -> {
                // Nothing of it can be missing.
            }
        }
        breaks.add(null);
        return breaks;
    }

    private static byte[] planned(SpecificRecord record) {
        RecordBytes bytes = new RecordBytes();
        bytes.startWith(new byte[0]);
        RecordPlan.of(record.getSchema()).write(record, bytes);
        return bytes.copy();
    }

    private static byte[] inWireFormat(byte[] record) {
        return ByteBuffer.allocate(AvroDecoder.PREFIX_BYTES + record.length)
                .put(AvroDecoder.WIRE_FORMAT)
                .putInt(SCHEMA_ID)
                .put(record)
                .array();
    }

    private static byte[] avros(SpecificRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new SpecificDatumWriter<>(record.getSchema(), SpecificData.getForClass(record.getClass()))
                    .write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The one the generated class holds, in which strings are Java's. */
    private static Schema asGenerated(Schema schema) {
        return SpecificData.get().getSchema(typeOf(schema));
    }

    @SuppressWarnings("unchecked")
    private static Class<SpecificRecord> typeOf(Schema schema) {
        return (Class<SpecificRecord>) SpecificData.get().getClass(schema);
    }
}
