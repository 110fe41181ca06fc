package io.throughline.scenarios.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.throughline.schemas.Touchpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
    private static final Emission GOOD = Played.A_WEEK.emissions().get(100);
    private static final Wire JSON = new JsonWire();
    private static final Wire AVRO = new AvroWire();

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.2, 0.7})
    void theAskedShareIsBad(double share) {
        BadInput badInput = new BadInput(1, share, Wire.Form.JSON);
        long bad = 0;
        long good = 100_000;
        for (int i = 0; i < good; i++) {
            bad += badInput.next();
        }

        assertThat(bad / (double) (bad + good)).isCloseTo(share, within(share / 20));
    }

    @Test
    void noneIsBadUnlessAskedFor() {
        BadInput badInput = new BadInput(1, 0, Wire.Form.JSON);

        for (int i = 0; i < 10_000; i++) {
            assertThat(badInput.next()).isZero();
        }
    }

    @Test
    void everyFaultOfTheFormIsPicked() {
        for (Wire.Form form : Wire.Form.values()) {
            BadInput badInput = new BadInput(1, 0.5, form);
            List<Fault> picked =
                    Stream.generate(badInput::pick).limit(20_000).distinct().toList();

            assertThat(picked)
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(Fault.values())
                            .filter(f -> f.possibleIn(form))
                            .toList());
        }
    }

    @Test
    void theExperimentsOnBadInputAreCovered() {
        assertThat(Fault.values())
                .extracting(fault -> fault.experiment)
                .contains(
                        "B-01", "B-02", "B-03", "B-04", "B-05", "B-06", "B-07", "B-08", "B-09", "B-10", "B-13", "B-14",
                        "B-15", "B-16", "B-17");
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFaultInJsonIsOneLineAndAsBadAsItSays(Fault fault) {
        if (!fault.possibleIn(Wire.Form.JSON)) {
            return;
        }
        byte[] line = fault.spoil(GOOD.touchpoint(), JSON, new Dice(3));

        assertThat(line).isNotEmpty().doesNotContain('\n').doesNotContain('\r');
        Throwable refusal = catchThrowable(() -> TouchpointReader.read(new String(line, UTF_8)));
        switch (fault.expected) {
            case "malformed", "unknown_field", "rejected" -> assertThat(refusal).isNotNull();
            case "processed", "duplicate", "late", "future_event_time", "oversize" ->
                assertThat(refusal).isNull();
            case "missing_field" -> {
                if (refusal == null) {
                    assertThat(TouchpointReader.read(new String(line, UTF_8)).getTouchpointId())
                            .isBlank();
                }
            }
            default -> assertThat(fault.expected).isIn("any", "invalid_value");
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFaultInAvroIsAsBadAsItSays(Fault fault) throws IOException {
        if (!fault.possibleIn(Wire.Form.AVRO)) {
            return;
        }
        byte[] record = fault.spoil(GOOD.touchpoint(), AVRO, new Dice(3));

        switch (fault.expected) {
            case "empty" -> assertThat(record == null || record.length == 0).isTrue();
            case "malformed" ->
                assertThat(catchThrowable(() -> decode(record)))
                        .as(fault.code())
                        .isNotNull();
            case "unknown_schema" -> assertThat(record[1]).isEqualTo((byte) 0x7F);
            case "any" -> assertThat(record).isNotEqualTo(AVRO.encode(GOOD.touchpoint()));
            default -> assertThat(decode(record)).isNotNull();
        }
    }

    @Test
    void goodRecordsAreUntouched() {
        byte[] before = JSON.encode(GOOD.touchpoint());
        for (Fault fault : Fault.values()) {
            fault.spoil(GOOD.touchpoint(), fault.possibleIn(Wire.Form.JSON) ? JSON : AVRO, new Dice(3));
        }

        assertThat(JSON.encode(GOOD.touchpoint())).isEqualTo(before);
    }

    /** As strict as the wire format: magic byte, the one schema id, and nothing behind the record. */
    private static Touchpoint decode(byte[] record) throws IOException {
        if (record.length < 5 || record[0] != 0 || record[4] != 9) {
            throw new IOException("not in the wire format");
        }
        var decoder = DecoderFactory.get().binaryDecoder(record, 5, record.length - 5, null);
        Touchpoint touchpoint = new SpecificDatumReader<>(Touchpoint.class).read(null, decoder);
        if (!decoder.isEnd()) {
            throw new IOException("bytes left over");
        }
        return touchpoint;
    }

    private record JsonWire() implements Wire {
        @Override
        public Form form() {
            return Form.JSON;
        }

        @Override
        public byte[] encode(Touchpoint touchpoint) {
            return TouchpointJson.write(touchpoint);
        }
    }

    private record AvroWire() implements Wire {
        @Override
        public Form form() {
            return Form.AVRO;
        }

        @Override
        public byte[] encode(Touchpoint touchpoint) {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                bytes.writeBytes(new byte[] {0, 0, 0, 0, 9});
                BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
                new SpecificDatumWriter<>(Touchpoint.class).write(touchpoint, encoder);
                encoder.flush();
                return bytes.toByteArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
