package io.throughline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.Touchpoint;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AvroWriterTest {

    private final RegistryDouble registry = new RegistryDouble();

    @Test
    void writesAZeroByteTheIdAndTheRecord() throws Exception {
        int id = registry.register("touchpoints-value", new AvroSchema(Touchpoint.SCHEMA$));

        ByteBuffer written = ByteBuffer.wrap(
                AvroWriter.of(Touchpoint.class, "touchpoints", registry).write(Touchpoints.full("t-1")));

        assertThat(written.get()).isZero();
        assertThat(written.getInt()).isEqualTo(id);
        assertThat(written.get()).as("zigzag length of the id").isEqualTo((byte) 6);
    }

    @Test
    void writesOneRecordAfterTheOther() throws Exception {
        registry.register("touchpoints-value", new AvroSchema(Touchpoint.SCHEMA$));
        AvroWriter<Touchpoint> writer = AvroWriter.of(Touchpoint.class, "touchpoints", registry);
        AvroDecoder<Touchpoint> decoder = new AvroDecoder<>(Touchpoint.class, registry, 1 << 20);

        for (String id : List.of("a", "a-much-longer-id", "b")) {
            assertThat(decoder.decode(writer.write(Touchpoints.full(id))))
                    .isEqualTo(new Decoded.Record<>(Touchpoints.full(id), 1));
        }
    }

    @Test
    void aRecordThatCannotBeWrittenLeavesNothingBehindInTheNext() throws Exception {
        registry.register("touchpoints-value", new AvroSchema(Touchpoint.SCHEMA$));
        AvroWriter<Touchpoint> writer = AvroWriter.of(Touchpoint.class, "touchpoints", registry);
        byte[] good = writer.write(Touchpoints.full("t-1"));
        Touchpoint unfinished = new Touchpoint();
        unfinished.put("touchpoint_id", "half");
        unfinished.put("event_time", Instant.EPOCH);

        assertThatThrownBy(() -> writer.write(unfinished)).isInstanceOf(RuntimeException.class);

        assertThat(writer.write(Touchpoints.full("t-1"))).isEqualTo(good);
    }

    @Test
    void refusesATopicNobodyProvisionedAndSaysWhatToDo() {
        registry.failWith(RegistryDouble.answer(404, 40401));

        assertThatThrownBy(() -> AvroWriter.of(Touchpoint.class, "touchpoints", registry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("subject touchpoints-value does not hold this build's schema of Touchpoint")
                .hasMessageContaining("apply topics.yaml");
    }

    @Test
    void tellsASickRegistryFromAMissingSchema() {
        registry.failWith(RegistryDouble.answer(503, 50301));

        assertThatThrownBy(() -> AvroWriter.of(Touchpoint.class, "touchpoints", registry))
                .isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void aTouchpointIsSentUnderItsFirstIdentifier() {
        assertThat(TouchpointProducer.keyOf(Touchpoints.full("t-1"))).isEqualTo("zoë@example.org");
        assertThat(TouchpointProducer.keyOf(Touchpoint.newBuilder(Touchpoints.full("t-2"))
                        .setIdentifiers(List.<Identifier>of())
                        .build()))
                .isNull();
    }
}
