package io.throughline.pipeline.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;

/** The two calls of a Schema Registry that readers and writers make, over a fixed list of schemas; ids count from 1. */
public final class RegistryServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final List<Schema> schemas;

    public RegistryServer(List<Schema> schemas) throws IOException {
        this.schemas = schemas;
        server.createContext("/schemas/ids/", this::schemaById);
        server.createContext("/subjects/", this::idOfSchema);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void schemaById(HttpExchange exchange) throws IOException {
        int id = Integer.parseInt(exchange.getRequestURI().getPath().replace("/schemas/ids/", ""));
        if (id > schemas.size()) {
            answer(
                    exchange,
                    404,
                    JSON.createObjectNode().put("error_code", 40403).put("message", "Schema not found"));
            return;
        }
        answer(
                exchange,
                200,
                JSON.createObjectNode().put("schema", schemas.get(id - 1).toString()));
    }

    private void idOfSchema(HttpExchange exchange) throws IOException {
        Schema asked = new Schema.Parser()
                .parse(JSON.readTree(exchange.getRequestBody()).get("schema").textValue());
        ObjectNode found = JSON.createObjectNode()
                .put("subject", exchange.getRequestURI().getPath().replace("/subjects/", ""))
                .put("version", 1)
                .put("id", schemas.indexOf(asked) + 1)
                .put("schema", asked.toString());
        answer(exchange, 200, found);
    }

    private static void answer(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        try (exchange) {
            byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
