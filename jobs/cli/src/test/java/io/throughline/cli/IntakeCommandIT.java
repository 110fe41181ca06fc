package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TopicSnapshot;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.schemas.Touchpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a configuration touchpoints go to the topic, as the job reads them from it. */
@Servers({Server.KAFKA, Server.REGISTRY})
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IntakeCommandIT {

    private final LocalServers servers;
    private final String id = "intake-" + UUID.randomUUID();

    @TempDir
    Path folder;

    IntakeCommandIT(LocalServers servers) throws Exception {
        this.servers = servers;
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
    }

    @Test
    void touchpointsAreOnTheTopicUnderTheirFirstIdentifier() throws Exception {
        Path input = Files.writeString(
                folder.resolve("segment.ndjson"),
                "{\"type\": \"page\", \"messageId\": \"" + id
                        + "\", \"userId\": \"4711\", \"timestamp\": \"2026-01-31T10:00:00Z\"}\nno JSON\n");

        Invocation intake = Invocation.of(
                "intake", "--from", "segment", "--input", input.toString(), "--config", config().toString());

        assertThat(intake.exit()).as(intake.err().toString()).isZero();
        assertThat(intake.err()).last().isEqualTo("intake: 2 read = 1 written + 1 rejected (malformed 1) + 0 ignored");
        List<String> read = new ArrayList<>();
        try (AvroDecoder<Touchpoint> decoder = AvroDecoder.of(Touchpoint.class, servers.registryUrl())) {
            TopicSnapshot.read("touchpoints", servers.bootstrapServers(), Map.of(), Long.MAX_VALUE, record -> {
                try {
                    if (decoder.decode(record) instanceof Decoded.Record<Touchpoint> touchpoint
                            && touchpoint.value().getTouchpointId().equals(id)) {
                        read.add(new String(record.key(), StandardCharsets.UTF_8) + " "
                                + touchpoint.value().getKind());
                    }
                } catch (RegistryUnavailableException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThat(read).containsExactly("4711 page_view");
    }

    private Path config() throws Exception {
        return Files.writeString(
                folder.resolve("throughline.yaml"),
                "kafka: {bootstrap_servers: '" + servers.bootstrapServers() + "', registry_url: '"
                        + servers.registryUrl() + "'}\n");
    }
}
