package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.IdentifierNormaliser;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.kafka.DecisionTopic;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.pipeline.ingest.DecisionTopology;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code link} writes to a real broker is what the job reads from it. */
@Servers({Server.KAFKA, Server.REGISTRY})
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinkCommandIT {

    private final LocalServers servers;
    private final String somebody = UUID.randomUUID() + "@example.com";

    @TempDir
    Path directory;

    LinkCommandIT(LocalServers servers) throws Exception {
        this.servers = servers;
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
    }

    @Test
    void theJobReadsWhatLinkWroteAndTheLastWordOnAPairIsTheLatest() throws Exception {
        Path config = config(servers.bootstrapServers(), servers.registryUrl());

        Invocation first = link(config, "--always", "--effective-from", "2026-01-01T00:00:00Z");
        Invocation second = link(config, "--never", "--effective-from", "2026-03-01T00:00:00Z");
        Invocation between = link(config, "--always", "--effective-from", "2026-02-01T00:00:00Z");

        assertThat(first.exit()).isZero();
        assertThat(first.out().get(1)).isEqualTo("effective from 2026-01-01T00:00:00Z");
        assertThat(first.out().get(2)).matches("written to topic identity-decisions as identity-decisions-\\d-\\d+");
        assertThat(second.exit()).isZero();
        assertThat(between.exit()).isEqualTo(2);
        assertThat(between.err())
                .contains("link: --effective-from: \"never\" is decided for this pair with effect from"
                        + " 2026-03-01T00:00:00Z and would go on holding; leave the option out or name a later time");
        IdentifierNormaliser ingest = new IdentifierNormaliser(IngestConfig.DEFAULTS, new LibPhoneNumbers());
        Identifier email = ingest.normalise("email", somebody);
        Identifier number = ingest.normalise("customer_number", "1042");
        assertThat(read())
                .filteredOn(decision ->
                        decision.one().equals(email) || decision.other().equals(email))
                .containsExactlyInAnyOrder(
                        new Decision(Decision.Verdict.ALWAYS, email, number, 1767225600000L, "told us", "ada"),
                        new Decision(Decision.Verdict.NEVER, email, number, 1772323200000L, "told us", "ada"));

        assertThat(link(config, "--withdraw").exit()).isZero();
    }

    @Test
    void whyAndPreviewHoldToWhatLinkWrote() throws Exception {
        Path config = config(servers.bootstrapServers(), servers.registryUrl());
        assertThat(link(config, "--never").exit()).isZero();
        try (StubIndex index = StubIndex.of("email:" + somebody, "customer_number:1042")) {
            Files.writeString(config, "elasticsearch: {urls: ['" + index.url() + "']}\n", StandardOpenOption.APPEND);

            Commands commands = new Commands(directory);
            var why = commands.run("why", "email:" + somebody, "customer_number:1042", "--config", config, "--json");

            String source = "topic identity-decisions at " + servers.bootstrapServers();
            assertThat(why.err()).doesNotContain("could not be read");
            assertThat(why.json().path("answer").asText()).isEqualTo("evidence_refused");
            assertThat(why.json().at("/never/0/reason").asText()).isEqualTo("told us");
            assertThat(why.json().at("/searched/decisions/source").asText()).isEqualTo(source);
            assertThat(why.json().at("/searched/decisions/count").asInt()).isPositive();

            var preview = commands.run("preview", "--config", config, "--topic", "--limit", "10", "--json");

            assertThat(preview.json().at("/searched/decisions/source").asText()).isEqualTo(source);
            assertThat(preview.json().at("/searched/decisions/before").asInt()).isPositive();
            assertThat(preview.json().at("/searched/decisions/after").asInt()).isPositive();
        }
    }

    @Test
    void serversThatAreAwayAreOneLine() throws Exception {
        Invocation noRegistry = link(config(servers.bootstrapServers(), "http://127.0.0.1:1"), "--always");
        Path noKafkaAtAll = config("127.0.0.1:1", servers.registryUrl());
        Files.writeString(
                noKafkaAtAll,
                "  properties: {default.api.timeout.ms: \"600\", request.timeout.ms: \"500\"}\n",
                StandardOpenOption.APPEND);
        Invocation noKafka = link(noKafkaAtAll, "--always");

        assertThat(noRegistry.exit()).isEqualTo(1);
        assertThat(withoutWarnings(noRegistry))
                .singleElement()
                .asString()
                .startsWith("link: the Schema Registry is not reachable")
                .endsWith("at http://127.0.0.1:1: start it or set kafka.registry_url");
        assertThat(noKafka.exit()).isEqualTo(1);
        assertThat(withoutWarnings(noKafka))
                .containsExactly(
                        "link: Kafka is not reachable at 127.0.0.1:1: start it or set kafka.bootstrap_servers");
    }

    private List<Decision> read() throws Exception {
        return WrittenWords.of(DecisionTopic.NAME, servers, 2, records -> DecisionTopology.decide(
                        records, servers.registryUrl(), IngestConfig.DEFAULTS, StitchConfig.DEFAULTS)
                .decisions());
    }

    private Invocation link(Path config, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "link",
                "email:" + somebody,
                "customer_number:1042",
                "--reason",
                "told us",
                "--author",
                "ada",
                "--config",
                config.toString()));
        arguments.addAll(List.of(more));
        return Invocation.of(arguments.toArray(String[]::new));
    }

    private Path config(String kafka, String registry) throws IOException {
        return WrittenWords.config(directory, kafka, registry);
    }

    private static List<String> withoutWarnings(Invocation link) {
        return link.err().stream()
                .filter(line -> !line.startsWith("link: warning: "))
                .toList();
    }
}
