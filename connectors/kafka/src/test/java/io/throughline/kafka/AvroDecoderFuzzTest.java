package io.throughline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.throughline.kafka.Decoded.Kind;
import io.throughline.schemas.Touchpoint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged records by the hundred thousand, the same ones in every run. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AvroDecoderFuzzTest {

    private static final int ROUNDS = 200_000;
    private static final int IMPOSSIBLE_ID = -7;

    private final RegistryDouble registry = new RegistryDouble();
    private final AvroDecoder<Touchpoint> decoder =
            new AvroDecoder<>(Touchpoint.class, registry, AvroDecoder.DEFAULT_MAX_BYTES);
    private byte[] good;

    @BeforeEach
    void writeAGoodRecord() throws Exception {
        registry.register("touchpoints-value", new AvroSchema(Touchpoint.SCHEMA$));
        good = AvroWriter.of(Touchpoint.class, "touchpoints", registry).write(Touchpoints.full("t-1"));
    }

    @Test
    void noDamageToARecordMakesTheDecoderThrowOrHang() throws Exception {
        SplittableRandom random = new SplittableRandom(20261123);
        Map<Kind, Integer> failures = new EnumMap<>(Kind.class);
        int records = 0;

        for (int round = 0; round < ROUNDS; round++) {
            Decoded<Touchpoint> decoded = decoder.decode(damage(good, random));
            if (decoded instanceof Decoded.Failure<Touchpoint> failure) {
                failures.merge(failure.kind(), 1, Integer::sum);
                assertThat(failure.detail()).isNotBlank().doesNotContain("\n");
            } else {
                records++;
            }
        }

        // The damage reaches every part of the decoder: the prefix, the payload, and payloads that are records still.
        assertThat(failures).containsOnlyKeys(Kind.EMPTY, Kind.MALFORMED, Kind.UNKNOWN_SCHEMA);
        assertThat(failures.get(Kind.MALFORMED)).isGreaterThan(ROUNDS / 4);
        assertThat(records).isGreaterThan(ROUNDS / 100);
    }

    @Test
    void noisePrefixedWithAKnownSchemaMakesItNeitherThrowNorHang() throws Exception {
        SplittableRandom random = new SplittableRandom(42);
        int malformed = 0;

        for (int round = 0; round < ROUNDS; round++) {
            byte[] noise = new byte[AvroDecoder.PREFIX_BYTES + random.nextInt(300)];
            random.nextBytes(noise);
            System.arraycopy(good, 0, noise, 0, AvroDecoder.PREFIX_BYTES);
            if (decoder.decode(noise) instanceof Decoded.Failure<Touchpoint> failure
                    && failure.kind() == Kind.MALFORMED) {
                malformed++;
            }
        }

        assertThat(malformed).isGreaterThan(ROUNDS * 99 / 100);
    }

    @Test
    void whatItReadsFromDamagedBytesIsWhatAvroReads() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        SpecificDatumReader<Touchpoint> avro = new SpecificDatumReader<>(Touchpoint.class);
        int records = 0;

        for (int round = 0; round < ROUNDS / 10; round++) {
            byte[] damaged = damage(good, random);
            if (decoder.decode(damaged) instanceof Decoded.Record<Touchpoint> decoded) {
                records++;
                BinaryDecoder binary = DecoderFactory.get()
                        .binaryDecoder(
                                damaged, AvroDecoder.PREFIX_BYTES, damaged.length - AvroDecoder.PREFIX_BYTES, null);
                assertThat(decoded.value()).isEqualTo(avro.read(null, binary));
                assertThat(binary.isEnd()).isTrue();
            }
        }

        assertThat(records).isGreaterThan(ROUNDS / 1_000);
    }

    private static byte[] damage(byte[] original, SplittableRandom random) {
        byte[] bytes = original.clone();
        switch (random.nextInt(7)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
            case 2 -> {
                for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 3 -> {
                int from = random.nextInt(bytes.length);
                byte[] noise = new byte[random.nextInt(bytes.length - from) + 1];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, from, noise.length);
            }
            case 4 -> {
                // A varint near the largest there is, where a length or a count may stand.
                int at = AvroDecoder.PREFIX_BYTES + random.nextInt(bytes.length - AvroDecoder.PREFIX_BYTES - 10);
                Arrays.fill(bytes, at, at + 4 + random.nextInt(6), (byte) 0xFF);
            }
            case 5 -> {
                int at = random.nextInt(bytes.length);
                byte[] without = new byte[bytes.length - 1];
                System.arraycopy(bytes, 0, without, 0, at);
                System.arraycopy(bytes, at + 1, without, at, bytes.length - at - 1);
                bytes = without;
            }
            default -> ByteBuffer.wrap(bytes).position(1).putInt(IMPOSSIBLE_ID);
        }
        return bytes;
    }
}
