package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaRecordTest {

    static List<KafkaRecord> records() {
        return List.of(
                new KafkaRecord(
                        "touchpoints", 3, 1L << 40, 1_772_445_600_000L, bytes("key"), bytes("value"), bytes("h")),
                new KafkaRecord("late", 0, 0, -1, null, null, null),
                new KafkaRecord("touchpoints", 1, 5, 9, null, bytes("value"), null, true),
                new KafkaRecord("rejected", 0, 7, 0, new byte[0], new byte[0], new byte[0]));
    }

    @ParameterizedTest
    @MethodSource("records")
    void comesOutOfItsSerializerAsItWentIn(KafkaRecord record) throws Exception {
        KafkaRecordSerializer serializer = KafkaRecordSerializer.INSTANCE;
        DataOutputSerializer out = new DataOutputSerializer(64);
        DataOutputSerializer copied = new DataOutputSerializer(64);

        serializer.serialize(record, out);
        serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copied);
        DataInputDeserializer in = new DataInputDeserializer(copied.getCopyOfBuffer());

        assertThat(serializer.deserialize(in)).isEqualTo(record);
        assertThat(in.available()).isZero();
    }

    @Test
    void isNoGenericTypeForFlink() {
        assertThat(TypeInformation.of(KafkaRecord.class)).isSameAs(KafkaRecordTypeInfo.INSTANCE);
        assertThat(KafkaRecordSerializer.INSTANCE.snapshotConfiguration().restoreSerializer())
                .isEqualTo(KafkaRecordSerializer.INSTANCE);
    }

    @Test
    void isTakenFromTheBrokerAsItIs() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", bytes("t"));
        headers.add(KafkaRecord.SCHEMA_HEADER, bytes("guid"));
        List<KafkaRecord> taken = new ArrayList<>();

        new KafkaSources.RecordAsIs()
                .deserialize(
                        new ConsumerRecord<>(
                                "touchpoints",
                                2,
                                41,
                                5,
                                TimestampType.LOG_APPEND_TIME,
                                1,
                                1,
                                bytes("k"),
                                bytes("v"),
                                headers,
                                Optional.empty()),
                        new ListCollector<>(taken));

        assertThat(taken)
                .containsExactly(new KafkaRecord("touchpoints", 2, 41, 5, bytes("k"), bytes("v"), bytes("guid")));
        assertThat(taken.get(0).origin()).isEqualTo("touchpoints-2-41");
        assertThat(taken.get(0).source()).isEqualTo("touchpoints-2");
    }

    @Test
    void oneThatWasRedrivenWasReceivedWhenItWasReceivedAtFirst() {
        assertThat(redriven("3").timestamp()).isEqualTo(3);
        assertThat(redriven("9").timestamp()).as("not after the broker took it").isEqualTo(5);
        assertThat(redriven("yesterday").timestamp()).isEqualTo(5);
        assertThat(redriven("3").redriven()).isTrue();
    }

    private static KafkaRecord redriven(String received) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Redrive.FROM_HEADER, bytes("touchpoints-0-1"));
        headers.add(Redrive.RECEIVED_HEADER, bytes(received));
        return KafkaRecord.of(new ConsumerRecord<>(
                "touchpoints",
                2,
                41,
                5,
                TimestampType.LOG_APPEND_TIME,
                0,
                1,
                null,
                bytes("v"),
                headers,
                Optional.empty()));
    }

    @Test
    void withoutKeyOrValueIsTakenToo() {
        List<KafkaRecord> taken = new ArrayList<>();

        new KafkaSources.RecordAsIs()
                .deserialize(new ConsumerRecord<>("touchpoints", 0, 0, null, null), new ListCollector<>(taken));

        assertThat(taken).containsExactly(new KafkaRecord("touchpoints", 0, 0, -1, null, null, null));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
