package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.Refresh;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.ElasticsearchConnection;
import io.throughline.elasticsearch.TemplateInstaller;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept and what goes, on a real Elasticsearch. */
@Servers(Server.ELASTICSEARCH)
class RetentionCommandIT {

    private static final int GENERATION = 81;

    @TempDir
    Path directory;

    @Test
    void whatIsOlderThanItIsKeptGoesAndNothingBeforeItIsAskedFor(LocalServers servers) throws IOException {
        String config = config(servers, "{touchpoints: 90 d, sessions: 90 d, alerts: 90 d}");
        try (ElasticsearchClient client =
                ElasticsearchConnection.to(servers.elasticsearchUrl()).open()) {
            TemplateInstaller.apply(client, GENERATION, Map.of());
            touchpoint(client, "t-old", "2026-01-31T23:59:59Z");
            touchpoint(client, "t-edge", "2026-02-28T10:00:00Z");
            touchpoint(client, "t-new", "2026-05-01T10:00:00Z");
            session(client, "s-old", "2026-02-27T23:00:00Z");
            session(client, "s-new", "2026-03-02T00:00:00Z");
            alert(client, "a-done", "resolved");
            alert(client, "a-waiting", "open");
            alert(client, "a-on-trial", "shadow");

            // 90 days before the 31st of May is the 2nd of March: February is over, and so is January.
            Invocation asked = Invocation.of("retention", "--config", config, "--as-of", "2026-05-31T00:00:00Z");
            assertThat(asked.err()).isEmpty();
            assertThat(asked.exit()).isZero();
            assertThat(String.join("\n", asked.out()))
                    .containsPattern("touchpoints +2 documents in 2 indices before 2026-03-02T00:00:00Z")
                    .contains("throughline-touchpoints-g81-2026.01", "throughline-touchpoints-g81-2026.02")
                    .containsPattern("sessions +1 documents before")
                    .containsPattern("alerts +2 documents before")
                    .contains("months of touchpoints: this server has no ILM, so this command deletes them")
                    .endsWith("nothing was deleted; --apply deletes what is not left to a policy");
            assertThat(count(client, DocumentKind.TOUCHPOINTS)).isEqualTo(3);

            Invocation applied =
                    Invocation.of("retention", "--apply", "--config", config, "--as-of", "2026-05-31T00:00:00Z");
            assertThat(applied.exit()).isZero();
            assertThat(count(client, DocumentKind.TOUCHPOINTS)).isEqualTo(1);
            assertThat(count(client, DocumentKind.SESSIONS)).isEqualTo(1);
            assertThat(count(client, DocumentKind.ALERTS))
                    .as("one that waits is kept")
                    .isEqualTo(1);

            Invocation again =
                    Invocation.of("retention", "--apply", "--config", config, "--as-of", "2026-05-31T00:00:00Z");
            assertThat(String.join("\n", again.out())).containsPattern("touchpoints +0 documents in 0 indices");
        }
    }

    @Test
    void whatCouldStillBeCorrectedIsNotDeleted(LocalServers servers) throws IOException {
        Invocation refused = Invocation.of("retention", "--apply", "--config", config(servers, "{sessions: 30 d}"));

        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
                .last()
                .asString()
                .contains("elasticsearch.retention.sessions: is 30 d, but documents are corrected for 37 d");
    }

    private String config(LocalServers servers, String retention) throws IOException {
        return Files.writeString(
                        directory.resolve("throughline.yaml"),
                        "elasticsearch: {urls: ['" + servers.elasticsearchUrl() + "'], retention: " + retention + "}")
                .toString();
    }

    private static void touchpoint(ElasticsearchClient client, String id, String eventTime) throws IOException {
        write(
                client,
                DocumentKind.TOUCHPOINTS.index(GENERATION, Instant.parse(eventTime)),
                id,
                Map.of("touchpoint_id", id, "event_time", eventTime));
    }

    private static void session(ElasticsearchClient client, String id, String end) throws IOException {
        write(client, DocumentKind.SESSIONS.index(GENERATION), id, Map.of("session_id", id, "end", end));
    }

    private static void alert(ElasticsearchClient client, String id, String status) throws IOException {
        write(
                client,
                DocumentKind.ALERTS.index(GENERATION),
                id,
                Map.of("alert_id", id, "status", status, "opened_at", "2026-01-01T00:00:00Z"));
    }

    private static void write(ElasticsearchClient client, String index, String id, Map<String, Object> document)
            throws IOException {
        client.index(write -> write.index(index).id(id).document(document).refresh(Refresh.True));
    }

    private static long count(ElasticsearchClient client, DocumentKind kind) throws IOException {
        return client.count(ask -> ask.index(kind.pattern(GENERATION))).count();
    }
}
