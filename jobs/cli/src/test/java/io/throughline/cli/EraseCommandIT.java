package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.IdentifierNormaliser;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TopicSnapshot;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.pipeline.ingest.ErasureTopology;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.schemas.StitchedTouchpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code erase} writes to a real broker is what the job reads from it, and no erasure becomes smaller. */
@Servers({Server.KAFKA, Server.REGISTRY})
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EraseCommandIT {

    private final LocalServers servers;
    private final String somebody = UUID.randomUUID() + "@example.com";

    @TempDir
    Path directory;

    EraseCommandIT(LocalServers servers) throws Exception {
        this.servers = servers;
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
    }

    @Test
    void theJobReadsWhatEraseWroteAndTheFurthestTimeStays() throws Exception {
        Invocation first = erase("--until", "2026-02-01T00:00:00Z");
        Invocation less = erase("--until", "2026-01-01T00:00:00Z");
        Invocation more = erase("--until", "2026-03-01T00:00:00Z");

        assertThat(first.exit()).isZero();
        assertThat(first.out())
                .singleElement()
                .asString()
                .matches(
                        "email:#[0-9a-f]{32} until 2026-02-01T00:00:00Z: written to topic erasures as erasures-\\d-\\d+");
        assertThat(less.exit()).isZero();
        assertThat(less.out())
                .singleElement()
                .asString()
                .endsWith("until 2026-01-01T00:00:00Z: is erased until 2026-02-01T00:00:00Z already");
        assertThat(more.exit()).isZero();
        assertThat(read())
                .containsExactly(
                        new Erasure(pseudonym(), 1769904000000L, "request 4711", "ada"),
                        new Erasure(pseudonym(), 1772323200000L, "request 4711", "ada"));
    }

    @Test
    void whatTheJobHasForgottenIsMarkedAsTheIndexHasIt() throws Exception {
        try (StubIndex index = StubIndex.of("email:" + somebody)) {
            Path config = config();
            Files.writeString(config, "elasticsearch: {urls: ['" + index.url() + "']}\n", StandardOpenOption.APPEND);

            Invocation erase = erase("--indexed");

            assertThat(erase.exit()).as(erase.err().toString()).isZero();
            assertThat(erase.out().get(1)).matches("email:#[0-9a-f]{32}: 1 touchpoints in the index");
            assertThat(erase.out().get(2)).isEqualTo("1 marks written to topic stitched-touchpoints");
            List<StitchedTouchpoint> marks = new ArrayList<>();
            try (AvroDecoder<StitchedTouchpoint> decoder =
                    AvroDecoder.of(StitchedTouchpoint.class, servers.registryUrl())) {
                TopicSnapshot.read(
                        "stitched-touchpoints", servers.bootstrapServers(), Map.of(), Long.MAX_VALUE, record -> {
                            if (decode(decoder, record) instanceof Decoded.Record<StitchedTouchpoint> read
                                    && read.value().getTouchpointId().equals("t-1")) {
                                marks.add(read.value());
                            }
                        });
            }
            assertThat(marks).last().satisfies(mark -> {
                assertThat(mark.getErased()).isTrue();
                assertThat(mark.getEventTime()).isEqualTo(Instant.parse("2026-01-31T00:00:00Z"));
                assertThat(mark.getIdentifiers()).isEmpty();
                assertThat(mark.getRevision()).isGreaterThan(1);
            });
        }
    }

    private static Decoded<StitchedTouchpoint> decode(AvroDecoder<StitchedTouchpoint> decoder, KafkaRecord record) {
        try {
            return decoder.decode(record);
        } catch (RegistryUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    private Identifier pseudonym() {
        return new IdentifierNormaliser(IngestConfig.DEFAULTS, new LibPhoneNumbers()).normalise("email", somebody);
    }

    /** Of this test's somebody; others use the servers, too. */
    private List<Erasure> read() throws Exception {
        List<Erasure> read = WrittenWords.of(ErasureTopology.TOPIC, servers, 1, records -> ErasureTopology.erase(
                        records, servers.registryUrl(), IngestConfig.DEFAULTS, StitchConfig.DEFAULTS)
                .erasures());
        read.removeIf(erasure -> !erasure.identifier().equals(pseudonym()));
        return read;
    }

    private Invocation erase(String... more) throws Exception {
        Path config = directory.resolve("throughline.yaml");
        List<String> arguments = new ArrayList<>(List.of(
                "erase",
                "email:" + somebody,
                "--reason",
                "request 4711",
                "--author",
                "ada",
                "--config",
                (Files.exists(config) ? config : config()).toString()));
        arguments.addAll(List.of(more));
        return Invocation.of(arguments.toArray(String[]::new));
    }

    private Path config() throws IOException {
        return WrittenWords.config(directory, servers.bootstrapServers(), servers.registryUrl());
    }
}
