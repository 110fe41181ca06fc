package io.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.throughline.domain.ingest.IdentifierNormaliser;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Answers as Elasticsearch does whose index holds one document, whatever is searched for. */
final class StubIndex implements AutoCloseable {

    private final HttpServer server;

    private StubIndex(HttpServer server) {
        this.server = server;
    }

    /** @param identifiers {@code type:value} each, as the touchpoint was sent */
    static StubIndex of(String... identifiers) throws IOException {
        List<String> indexed = new ArrayList<>();
        for (String identifier : identifiers) {
            Identifier normal = normal(identifier);
            indexed.add("{\"type\":\"%s\",\"value\":\"%s\"}".formatted(normal.type(), normal.value()));
        }
        return holding(
                """
                {"_index":"touchpoints","_id":"t-1","sort":["t-1"],"_source":{"touchpoint_id":"t-1","customer_id":"c-1",
                "event_time":"2026-01-31T00:00:00Z","channel":"web","kind":"login","identifiers":[%s],"revision":1}}"""
                        .formatted(String.join(",", indexed)));
    }

    /** @param identifiers {@code type:value note} each, as they were sent */
    static StubIndex ofCustomer(String... identifiers) throws IOException {
        List<String> known = new ArrayList<>();
        for (String identifier : identifiers) {
            int space = identifier.lastIndexOf(' ');
            Identifier normal = normal(identifier.substring(0, space));
            known.add("{\"type\":\"%s\",\"value\":\"%s\",\"note\":\"%s\"}"
                    .formatted(normal.type(), normal.value(), identifier.substring(space + 1)));
        }
        return holding(
                """
                {"_index":"customers","_id":"c-1","_source":{"customer_id":"c-1","status":"active","identifiers":[%s]}}"""
                        .formatted(String.join(",", known)));
    }

    private static Identifier normal(String identifier) {
        IdentifierNormaliser ingest = new IdentifierNormaliser(IngestConfig.DEFAULTS, new LibPhoneNumbers());
        int colon = identifier.indexOf(':');
        return ingest.normalise(identifier.substring(0, colon), identifier.substring(colon + 1));
    }

    private static StubIndex holding(String hit) throws IOException {
        String shards = "\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0}";
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String hello =
                """
                {"name":"stub","cluster_name":"stub","cluster_uuid":"stub","tagline":"You Know, for Search","version":{
                "number":"9.0.0","build_date":"2026-01-01T00:00:00Z","build_flavor":"default","build_hash":"0",
                "build_snapshot":false,"build_type":"tar","lucene_version":"10.0.0",
                "minimum_index_compatibility_version":"8.0.0","minimum_wire_compatibility_version":"8.0.0"}}""";
        server.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/")) {
                answer(exchange, hello);
                return;
            }
            String asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            answer(
                    exchange,
                    exchange.getRequestURI().getPath().endsWith("/_count")
                            ? "{\"count\":1," + shards + "}"
                            : "{\"took\":1,\"timed_out\":false," + shards + ",\"hits\":{\"hits\":["
                                    + (asked.contains("search_after") ? "" : hit) + "]}}");
        });
        server.start();
        return new StubIndex(server);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] bytes = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
