package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.throughline.kafka.Decoded.Failure;
import io.throughline.kafka.Decoded.Kind;
import io.throughline.schemas.Touchpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvroDecoderTest {

    private static final String SUBJECT = "touchpoints-value";
    private static final int UNKNOWN = 4711;

    private final RegistryDouble registry = new RegistryDouble();
    private long nanos;
    private final AvroDecoder<Touchpoint> decoder =
            new AvroDecoder<>(Touchpoint.class, registry, AvroDecoder.DEFAULT_MAX_BYTES, () -> nanos);
    private int id;
    private byte[] good;

    @BeforeEach
    void registerTheCurrentSchema() throws Exception {
        id = registry.register(SUBJECT, new AvroSchema(Touchpoint.SCHEMA$));
        good = AvroWriter.of(Touchpoint.class, "touchpoints", registry).write(Touchpoints.full("t-1"));
    }

    @Test
    void whatWasWrittenIsReadBack() throws Exception {
        assertThat(decoder.decode(good)).isEqualTo(new Decoded.Record<>(Touchpoints.full("t-1"), id));
    }

    @Test
    void theSchemaIsLookedUpOnce() throws Exception {
        int before = registry.lookups();

        for (int i = 0; i < 100; i++) {
            decoder.decode(good);
        }

        assertThat(registry.lookups() - before).isEqualTo(1);
    }

    @Test
    void aRecordWrittenWithAnEarlierSchemaTakesTheDefaults() throws Exception {
        Schema earlier = without(Touchpoint.SCHEMA$, "experiments", "sentiment");
        int earlierId = registry.register(SUBJECT, new AvroSchema(earlier));

        Decoded<Touchpoint> decoded = decoder.decode(generic(earlier, earlierId));

        Decoded.Record<Touchpoint> record = (Decoded.Record<Touchpoint>) decoded;
        assertThat(record.schemaId()).isEqualTo(earlierId);
        assertThat(record.value().getTouchpointId()).isEqualTo("t-0");
        assertThat(record.value().getExperiments()).isEmpty();
        assertThat(record.value().getSentiment()).isNull();
    }

    @Test
    void aRecordWrittenWithALaterSchemaLosesOnlyWhatThisBuildDoesNotKnow() throws Exception {
        List<Schema.Field> fields = new ArrayList<>(fieldsOf(Touchpoint.SCHEMA$));
        fields.add(0, new Schema.Field("mood", Schema.create(Schema.Type.STRING), null, "grim"));
        Schema later = Schema.createRecord("Touchpoint", null, "io.throughline.schemas", false, fields);
        int laterId = registry.register(SUBJECT, new AvroSchema(later));

        assertThat(decoder.decode(generic(later, laterId))).isInstanceOfSatisfying(Decoded.Record.class, record -> {
            assertThat(((Touchpoint) record.value()).getTouchpointId()).isEqualTo("t-0");
        });
    }

    @Nested
    class BadBytes {

        @Test
        void noValueAndAnEmptyValueAreEmpty() throws Exception {
            assertThat(failure(null).kind()).isEqualTo(Kind.EMPTY);
            assertThat(failure(new byte[0]).kind()).isEqualTo(Kind.EMPTY);
        }

        @Test
        void jsonIsNotInTheWireFormat() throws Exception {
            assertThat(failure("{\"touchpoint_id\":1}".getBytes(UTF_8)))
                    .isEqualTo(new Failure<>(
                            Kind.MALFORMED, "magic byte 123 instead of 0: not in Confluent's wire format", null));
        }

        @Test
        void aValueShorterThanItsPrefixIsMalformed() throws Exception {
            assertThat(failure(new byte[] {0, 0, 0, 1}))
                    .isEqualTo(new Failure<>(Kind.MALFORMED, "4 bytes are too few for a schema id", null));
        }

        @Test
        void everyTruncationIsMalformed() throws Exception {
            for (int length = AvroDecoder.PREFIX_BYTES; length < good.length; length++) {
                Failure<Touchpoint> failure = failure(Arrays.copyOf(good, length));

                assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
                assertThat(failure.schemaId()).isEqualTo(id);
            }
        }

        @Test
        void bytesAfterTheRecordAreMalformed() throws Exception {
            assertThat(failure(Arrays.copyOf(good, good.length + 3)).detail())
                    .isEqualTo("3 bytes after the end of the record");
        }

        @Test
        void aLengthOfTwoGigabytesIsRefusedBeforeAnythingIsAllocated() throws Exception {
            byte[] twoGigabytesOfText = bytes(id, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F);

            assertThat(failure(twoGigabytesOfText).detail())
                    .isEqualTo("text of 2147483647 bytes where 0 are left at byte 5");
        }

        @Test
        void anArrayOfTwoBillionElementsIsRefusedBeforeAnythingIsAllocated() throws Exception {
            ByteBuffer start = ByteBuffer.allocate(64);
            // touchpoint_id "", event_time 0, no sent_time, no received_time, channel "", kind "", no direction, no
            // actor.
            start.put(bytes(id, 0, 0, 0, 0, 0, 0, 0, 0)).put(new byte[] {(byte) 0xFE, -1, -1, -1, 0x0F});
            byte[] hugeArray = Arrays.copyOf(start.array(), start.position());

            assertThat(failure(hugeArray).detail()).startsWith("a block of 2147483647 elements where 0 bytes are left");
        }

        @Test
        void textThatIsNotUtf8IsMalformedButAWrittenReplacementCharacterIsText() throws Exception {
            Touchpoint replacement = Touchpoints.full("\uFFFD");
            byte[] written =
                    AvroWriter.of(Touchpoint.class, "touchpoints", registry).write(replacement);
            byte[] broken = good.clone();
            broken[AvroDecoder.PREFIX_BYTES + 1] = (byte) 0xC0;

            assertThat(decoder.decode(written)).isEqualTo(new Decoded.Record<>(replacement, id));
            assertThat(failure(broken).detail()).startsWith("text that is not UTF-8");
        }

        @Test
        void anIndexOutsideTheUnionIsMalformed() throws Exception {
            // touchpoint_id "", event_time 0, branch 50 of sent_time.
            assertThat(failure(bytes(id, 0, 0, 100)).kind()).isEqualTo(Kind.MALFORMED);
        }

        @Test
        void moreBytesThanAllowedAreOversizeWhateverTheyAre() throws Exception {
            byte[] huge = Arrays.copyOf(good, AvroDecoder.DEFAULT_MAX_BYTES + 1);

            assertThat(failure(huge))
                    .isEqualTo(new Failure<>(Kind.OVERSIZE, "1048577 bytes, at most 1048576 are read", id));
        }

        @Test
        void nestingWithoutEndIsMalformed() throws Exception {
            Schema chain = new Schema.Parser()
                    .parse("{\"type\":\"record\",\"name\":\"Chain\",\"fields\":["
                            + "{\"name\":\"next\",\"type\":[\"null\",\"Chain\"]}]}");
            List<Schema.Field> fields = new ArrayList<>(fieldsOf(Touchpoint.SCHEMA$));
            fields.add(0, new Schema.Field("chain", chain));
            Schema nesting = Schema.createRecord("Touchpoint", null, "io.throughline.schemas", false, fields);
            int nestingId = registry.register(SUBJECT, new AvroSchema(nesting));
            byte[] deep = new byte[1 << 20];
            Arrays.fill(deep, (byte) 2);
            ByteBuffer.wrap(deep).put((byte) 0).putInt(nestingId);

            assertThat(failure(deep).kind()).isEqualTo(Kind.MALFORMED);
        }
    }

    @Nested
    class UnreadableSchemas {

        @Test
        void anotherRecordIsIncompatible() throws Exception {
            Schema other = SchemaBuilder.record("Touchpoint")
                    .namespace("io.throughline.schemas")
                    .fields()
                    .requiredString("touchpoint_id")
                    .endRecord();
            int otherId = registry.register("other-value", new AvroSchema(other));

            Failure<Touchpoint> failure = failure(bytes(otherId, 0));

            assertThat(failure.kind()).isEqualTo(Kind.INCOMPATIBLE_SCHEMA);
            assertThat(failure.schemaId()).isEqualTo(otherId);
            assertThat(failure.detail())
                    .startsWith(
                            "cannot be read as io.throughline.schemas.Touchpoint; READER_FIELD_MISSING_DEFAULT_VALUE")
                    .doesNotContain("\n");
        }

        @Test
        void anUnknownIdIsUnknownForAMinuteAndThenAskedForAgain() throws Exception {
            byte[] unknown = bytes(UNKNOWN, 1, 2, 3);
            int before = registry.lookups();

            for (int i = 0; i < 1_000; i++) {
                assertThat(failure(unknown))
                        .isEqualTo(new Failure<>(
                                Kind.UNKNOWN_SCHEMA, "the Schema Registry has no schema " + UNKNOWN, UNKNOWN));
            }
            assertThat(registry.lookups() - before).isEqualTo(1);

            nanos += Duration.ofSeconds(61).toNanos();
            failure(unknown);
            assertThat(registry.lookups() - before).isEqualTo(2);
        }

        @Test
        void aSchemaRegisteredLateIsFoundOnceItIsAskedForAgain() throws Exception {
            Schema schema = without(Touchpoint.SCHEMA$, "sentiment");
            int later = id + 1;
            byte[] early = generic(schema, later);
            assertThat(failure(early).kind()).isEqualTo(Kind.UNKNOWN_SCHEMA);

            assertThat(registry.register(SUBJECT, new AvroSchema(schema))).isEqualTo(later);
            nanos += Duration.ofSeconds(61).toNanos();

            assertThat(decoder.decode(early)).isInstanceOf(Decoded.Record.class);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
        void anIdNoRegistryGivesIsUnknownWithoutAsking(int impossible) throws Exception {
            int before = registry.lookups();

            assertThat(failure(bytes(impossible, 0)).kind()).isEqualTo(Kind.UNKNOWN_SCHEMA);
            assertThat(registry.lookups()).isEqualTo(before);
        }

        @Test
        void aGuidInTheValueOrInTheHeaderIsNamedAsSuch() throws Exception {
            byte[] guidInValue = good.clone();
            guidInValue[0] = 1;
            KafkaRecord guidInHeader = new KafkaRecord("touchpoints", 0, 0, 0, null, good, new byte[17]);

            assertThat(failure(guidInValue).kind()).isEqualTo(Kind.UNKNOWN_SCHEMA);
            assertThat(failure(guidInValue).detail()).contains("GUID", "PrefixSchemaIdSerializer");
            assertThat(decoder.decode(guidInHeader)).isInstanceOfSatisfying(Failure.class, failure -> {
                assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN_SCHEMA);
                assertThat(failure.detail()).contains("__value_schema_id", "17 bytes");
            });
        }
    }

    @Nested
    class ASickRegistry {

        private final AvroDecoder<Touchpoint> fresh =
                new AvroDecoder<>(Touchpoint.class, registry, AvroDecoder.DEFAULT_MAX_BYTES, () -> nanos);

        @ParameterizedTest
        @CsvSource({"500, 50001", "502, 50005", "503, 50003", "429, 42900", "401, 40101", "403, 40301", "404, 50005"})
        void saysNothingAboutTheData(int status, int errorCode) {
            registry.failWith(RegistryDouble.answer(status, errorCode));

            assertThatThrownBy(() -> fresh.decode(good))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("answered " + status);
        }

        @Test
        void isToldFromARegistryThatHasNoSuchSchema() throws Exception {
            registry.failWith(RegistryDouble.answer(404, 40403));

            assertThat(fresh.decode(good)).isInstanceOf(Failure.class);
        }

        @Test
        void isWaitedForUntilItAnswers() throws Exception {
            registry.failWith(new ConnectException("refused"));
            assertThatThrownBy(() -> fresh.decode(good)).isInstanceOf(RegistryUnavailableException.class);

            Thread healer = new Thread(() -> {
                while (registry.lookups() < 5) {
                    Thread.onSpinWait();
                }
                registry.failWith(null);
            });
            healer.start();

            assertThat(fresh.decodeWaiting(new KafkaRecord("touchpoints", 0, 0, 0, null, good, null)))
                    .isInstanceOf(Decoded.Record.class);
            healer.join();
        }

        @Test
        void doesNotKeepACancelledTask() throws Exception {
            registry.failWith(new ConnectException("refused"));

            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> fresh.decodeWaiting(new KafkaRecord("touchpoints", 0, 0, 0, null, good, null)))
                    .isInstanceOf(InterruptedException.class);
        }

        @Test
        void doesNotHinderWhatIsAlreadyKnown() throws Exception {
            decoder.decode(good);
            registry.failWith(new ConnectException("refused"));

            assertThat(decoder.decode(good)).isInstanceOf(Decoded.Record.class);
        }
    }

    private Failure<Touchpoint> failure(byte[] value) throws RegistryUnavailableException {
        return (Failure<Touchpoint>) decoder.decode(value);
    }

    private static byte[] bytes(int schemaId, int... payload) {
        ByteBuffer bytes = ByteBuffer.allocate(AvroDecoder.PREFIX_BYTES + payload.length)
                .put((byte) 0)
                .putInt(schemaId);
        for (int b : payload) {
            bytes.put((byte) b);
        }
        return bytes.array();
    }

    /** The smallest record of that schema with touchpoint id t-0. */
    private static byte[] generic(Schema schema, int schemaId) throws IOException {
        GenericRecord record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            if (field.hasDefaultValue()) {
                record.put(field.pos(), GenericData.get().getDefaultValue(field));
            }
        }
        record.put("touchpoint_id", "t-0");
        record.put("event_time", 0L);
        record.put("channel", "web");
        record.put("kind", "page_view");
        record.put("identifiers", List.of());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(bytes(schemaId));
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        return bytes.toByteArray();
    }

    private static Schema without(Schema schema, String... names) {
        return Schema.createRecord(
                schema.getName(),
                schema.getDoc(),
                schema.getNamespace(),
                false,
                fieldsOf(schema).stream()
                        .filter(field -> !List.of(names).contains(field.name()))
                        .toList());
    }

    private static List<Schema.Field> fieldsOf(Schema schema) {
        return schema.getFields().stream()
                .map(field -> new Schema.Field(field, field.schema()))
                .toList();
    }
}
