package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.Refresh;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.ElasticsearchConnection;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rebuild from its beginning to its end, on a real Elasticsearch. */
@Servers(Server.ELASTICSEARCH)
class ReindexCommandIT {

    private static final int LIVE = 71;
    private static final int NEXT = 72;

    @TempDir
    Path directory;

    @Test
    void aGenerationIsPreparedFilledComparedSwitchedAndRolledBack(LocalServers servers) throws IOException {
        String config = Files.writeString(
                        directory.resolve("throughline.yaml"),
                        "elasticsearch: {urls: ['" + servers.elasticsearchUrl() + "']}")
                .toString();
        try (ElasticsearchClient client =
                ElasticsearchConnection.to(servers.elasticsearchUrl()).open()) {
            assertThat(run(config, "prepare", "--generation", "" + LIVE).exit()).isZero();
            assertThat(run(config, "switch", "--to", "" + LIVE).exit()).isZero();
            assertThat(run(config, "prepare", "--generation", "" + NEXT).exit()).isZero();
            for (int generation : List.of(LIVE, NEXT)) {
                String sessions = DocumentKind.SESSIONS.index(generation);
                BulkRequest.Builder all = new BulkRequest.Builder();
                for (int i = 0; i < 2_500; i++) {
                    // Revisions depend on when things arrived, and "revised" on whether they were corrected.
                    String id = "s-" + i;
                    Map<String, Object> session = Map.of(
                            "session_id",
                            id,
                            "customer_id",
                            "c",
                            "status",
                            generation == NEXT || i % 2 == 0 ? "closed" : "revised",
                            "touchpoint_count",
                            i,
                            "revision",
                            generation * 10 + i);
                    all.operations(one ->
                            one.index(index -> index.index(sessions).id(id).document(session)));
                }
                assertThat(client.bulk(all.build()).errors()).isFalse();
                write(
                        client,
                        DocumentKind.METRICS,
                        generation,
                        "nps@1",
                        Map.of("series_id", "nps", "as_of", "2026-03-01T10:00:00.000Z", "value", 41.5));
            }
            write(client, DocumentKind.SESSIONS, LIVE, "s-gone", Map.of("session_id", "s-gone", "status", "absorbed"));
            client.indices().refresh(refresh -> refresh.index("throughline-*"));

            Invocation same = run(config, "compare", "--from", "" + LIVE, "--to", "" + NEXT);
            assertThat(same.out()).last().isEqualTo("They are the same.");
            assertThat(same.exit()).isZero();

            write(
                    client,
                    DocumentKind.SESSIONS,
                    NEXT,
                    "s-7",
                    Map.of("session_id", "s-7", "customer_id", "another", "status", "closed", "touchpoint_count", 7));
            write(
                    client,
                    DocumentKind.SESSIONS,
                    NEXT,
                    "s-\u00e9",
                    Map.of("session_id", "s-\u00e9", "status", "closed"));
            client.delete(
                    delete -> delete.index(DocumentKind.SESSIONS.index(NEXT)).id("s-2499"));
            client.indices().refresh(refresh -> refresh.index("throughline-*"));

            Invocation differ = run(config, "compare", "--from", "" + LIVE, "--to", "" + NEXT, "--kinds", "sessions");
            assertThat(differ.exit()).isEqualTo(1);
            assertThat(String.join("\n", differ.out()))
                    .containsPattern("sessions\\s+2,500\\s+2,500\\s+1\\s+1\\s+1")
                    .contains("s-7 differs in customer_id")
                    .contains("s-2499 is in the first one only")
                    .contains("s-\u00e9 is in the second one only");

            Invocation switched = run(config, "switch", "--to", "" + NEXT);
            assertThat(switched.out()).contains("roll back with: throughline reindex switch --to " + LIVE);
            assertThat(liveSessions(client)).isEqualTo(DocumentKind.SESSIONS.index(NEXT));
            assertThat(run(config, "delete", "--generation", "" + NEXT).err())
                    .singleElement()
                    .asString()
                    .contains("is live");
            assertThat(run(config, "switch", "--to", "" + LIVE).exit()).isZero();
            assertThat(liveSessions(client)).isEqualTo(DocumentKind.SESSIONS.index(LIVE));

            assertThat(run(config, "delete", "--generation", "" + NEXT).exit()).isZero();
            List<String> status = run(config, "status").out();
            assertThat(status).contains("generation " + LIVE + " (live)").noneMatch(line -> line.contains("" + NEXT));
            assertThat(run(config, "switch", "--to", "" + NEXT).err())
                    .last()
                    .asString()
                    .contains("is missing");
        }
    }

    private static String liveSessions(ElasticsearchClient client) throws IOException {
        return String.join(
                ",",
                client.indices()
                        .getAlias(get -> get.name(DocumentKind.SESSIONS.alias()))
                        .result()
                        .keySet());
    }

    private static void write(
            ElasticsearchClient client, DocumentKind kind, int generation, String id, Map<String, Object> document)
            throws IOException {
        client.index(index -> index.index(kind.index(generation))
                .id(id)
                .refresh(Refresh.False)
                .document(new LinkedHashMap<>(document)));
    }

    private static Invocation run(String config, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "reindex";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--config";
        all[all.length - 1] = config;
        return Invocation.of(all);
    }
}
