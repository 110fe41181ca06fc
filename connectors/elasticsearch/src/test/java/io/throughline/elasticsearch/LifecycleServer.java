package io.throughline.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Elasticsearch's documentation says of index lifecycle management, as far as months need it: it refuses what a real
 * server would not take, and knows which indices would go at a given time. Of other things it keeps templates and indices.
 */
final class LifecycleServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> PHASES = Set.of("hot", "warm", "cold", "frozen", "delete");
    private static final Pattern AGE = Pattern.compile("(\\d+)(d|h|m|s|ms)");
    private static final Map<String, Duration> UNITS = Map.of(
            "d", Duration.ofDays(1),
            "h", Duration.ofHours(1),
            "m", Duration.ofMinutes(1),
            "s", Duration.ofSeconds(1),
            "ms", Duration.ofMillis(1));

    private final HttpServer http;
    private final Map<String, JsonNode> policies = new TreeMap<>();
    private final Map<String, JsonNode> templates = new TreeMap<>();
    private final Map<String, Index> indices = new TreeMap<>();
    /** What was asked for, in order. */
    final List<String> requests = new ArrayList<>();

    /** What {@code GET _ilm/status} is answered with. */
    volatile String mode = "RUNNING";

    /** Status of every request for a policy; 200: taken and shown. */
    volatile int policyStatus = 200;

    /** Status of {@code GET _ilm/status}; 200: the mode. */
    volatile int ilmStatus = 200;

    private record Index(Instant made, ObjectNode settings) {}

    private record Answer(int status, String body) {}

    LifecycleServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            Answer answer;
            synchronized (this) {
                requests.add(exchange.getRequestMethod() + " "
                        + exchange.getRequestURI().getPath());
                answer = answer(exchange, body);
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
            byte[] bytes = answer.body.getBytes(UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status, head || bytes.length == 0 ? -1 : bytes.length);
            if (!head) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** An index that is there, made then, with the settings a template gave it. */
    synchronized void index(String name, Instant made, Map<String, String> settings) {
        ObjectNode given = JSON.createObjectNode();
        settings.forEach(given::put);
        indices.put(name, new Index(made, given));
    }

    synchronized JsonNode policy(String name) {
        return policies.getOrDefault(name, JSON.missingNode());
    }

    synchronized JsonNode settingsOfTemplate(String name) {
        return templates.getOrDefault(name, JSON.missingNode()).at("/template/settings");
    }

    /** Indices that the policies they are under would have deleted by then. */
    synchronized List<String> goneBy(Instant now) {
        List<String> gone = new ArrayList<>();
        indices.forEach((name, index) -> {
            JsonNode delete = policies.getOrDefault(
                            index.settings.path("index.lifecycle.name").asText(), JSON.missingNode())
                    .at("/policy/phases/delete");
            if (delete.isObject()) {
                JsonNode origination = index.settings.path("index.lifecycle.origination_date");
                Instant from = origination.isMissingNode() ? index.made : Instant.ofEpochMilli(origination.asLong());
                if (!from.plus(age(delete.path("min_age").asText())).isAfter(now)) {
                    gone.add(name);
                }
            }
        });
        return gone;
    }

    private Answer answer(HttpExchange exchange, String body) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/")) {
            return ok("{\"version\":{\"number\":\"9.0.0\"}}");
        }
        if (path.equals("/_ilm/status")) {
            return ilmStatus == 200 ? ok("{\"operation_mode\":\"" + mode + "\"}") : error(ilmStatus, "no handler");
        }
        if (path.startsWith("/_ilm/policy/")) {
            return policy(method, path.substring("/_ilm/policy/".length()), body);
        }
        if (path.startsWith("/_index_template/")) {
            if (method.equals("GET")) {
                return template(path.substring("/_index_template/".length()));
            }
            templates.put(path.substring("/_index_template/".length()), JSON.readTree(body));
            return ok("{\"acknowledged\":true}");
        }
        if (path.contains("_alias")) {
            return method.equals("HEAD") ? new Answer(404, "") : ok("{\"acknowledged\":true}");
        }
        if (path.endsWith("/_mapping")) {
            return ok("{\"acknowledged\":true}");
        }
        String index = path.substring(1);
        if (index.endsWith("/_settings")) {
            return settings(index.substring(0, index.length() - "/_settings".length()), JSON.readTree(body));
        }
        return index(method, index);
    }

    /** As a real one shows it: settings nested under index, and every value a text. */
    private Answer template(String name) {
        JsonNode known = templates.get(name);
        if (known == null) {
            return error(404, "index template matching [" + name + "] not found");
        }
        ObjectNode shown = known.deepCopy();
        ObjectNode settings = JSON.createObjectNode();
        known.at("/template/settings").properties().forEach(setting -> {
            String[] path = setting.getKey().split("\\.");
            ObjectNode into = settings;
            for (int i = 0; i < path.length - 1; i++) {
                into = into.withObject("/" + path[i]);
            }
            into.put(path[path.length - 1], setting.getValue().asText());
        });
        ((ObjectNode) shown.get("template")).set("settings", settings);
        return ok("{\"index_templates\":[{\"name\":\"" + name + "\",\"index_template\":" + shown + "}]}");
    }

    private Answer policy(String method, String name, String body) throws IOException {
        if (method.equals("GET") && policyStatus != 200) {
            return error(policyStatus, "action [cluster:admin/ilm/get] is unauthorized");
        }
        if (method.equals("GET")) {
            JsonNode known = policies.get(name);
            return known == null
                    ? error(404, "Lifecycle policy not found: " + name)
                    : ok("{\"" + name + "\":{\"version\":1,\"modified_date\":\"2026-01-01T00:00:00.000Z\",\"policy\":"
                            + known.path("policy") + "}}");
        }
        if (policyStatus != 200) {
            return error(policyStatus, "action [cluster:admin/ilm/put] is unauthorized");
        }
        JsonNode policy = JSON.readTree(body);
        JsonNode phases = policy.at("/policy/phases");
        if (!phases.isObject()) {
            return error(400, "[phases] is required");
        }
        for (Map.Entry<String, JsonNode> phase : phases.properties()) {
            String minAge = phase.getValue().path("min_age").asText("0ms");
            if (!PHASES.contains(phase.getKey()) || !AGE.matcher(minAge).matches()) {
                return error(400, "cannot be parsed: " + phase);
            }
        }
        JsonNode delete = phases.path("delete");
        if (delete.isObject() && !delete.at("/actions/delete").isObject()) {
            return error(400, "the delete phase must delete");
        }
        policies.put(name, policy);
        return ok("{\"acknowledged\":true}");
    }

    private Answer settings(String name, JsonNode given) {
        Index index = indices.get(name);
        if (index == null) {
            return error(404, "no such index [" + name + "]");
        }
        JsonNode lifecycle = given.at("/lifecycle").isObject() ? given.at("/lifecycle") : given.at("/index/lifecycle");
        for (Map.Entry<String, JsonNode> each : lifecycle.properties()) {
            if (!Set.of("name", "origination_date").contains(each.getKey())) {
                return error(400, "unknown setting [index.lifecycle." + each.getKey() + "]");
            }
            index.settings.put(
                    "index.lifecycle." + each.getKey(), each.getValue().asText());
        }
        return lifecycle.isObject() ? ok("{\"acknowledged\":true}") : error(400, "no settings to update");
    }

    private Answer index(String method, String name) {
        if (method.equals("PUT")) {
            index(name, Instant.now(), Map.of());
            return ok("{\"acknowledged\":true,\"shards_acknowledged\":true,\"index\":\"" + name + "\"}");
        }
        Pattern wanted = Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q"));
        ObjectNode found = JSON.createObjectNode();
        indices.forEach((each, index) -> {
            if (wanted.matcher(each).matches()) {
                // As a real one shows them: nested, and every value a text.
                ObjectNode settings =
                        found.putObject(each).putObject("settings").putObject("index");
                settings.put("number_of_shards", "1");
                index.settings.properties().forEach(setting -> {
                    Matcher key = Pattern.compile("index\\.lifecycle\\.(.*)").matcher(setting.getKey());
                    if (key.matches()) {
                        settings.withObject("/lifecycle")
                                .put(key.group(1), setting.getValue().asText());
                    }
                });
            }
        });
        return method.equals("HEAD") ? new Answer(found.isEmpty() ? 404 : 200, "") : ok(found.toString());
    }

    private static Duration age(String text) {
        Matcher age = AGE.matcher(text);
        if (!age.matches()) {
            throw new IllegalArgumentException(text);
        }
        return UNITS.get(age.group(2)).multipliedBy(Long.parseLong(age.group(1)));
    }

    private static Answer ok(String body) {
        return new Answer(200, body);
    }

    private static Answer error(int status, String reason) {
        return new Answer(
                status,
                "{\"error\":{\"type\":\"exception\",\"reason\":\"" + reason.replace('"', '\'')
                        + "\",\"root_cause\":[]},\"status\":" + status + "}");
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
