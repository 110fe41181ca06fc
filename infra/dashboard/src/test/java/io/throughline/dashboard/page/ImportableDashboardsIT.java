package io.throughline.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.dashboard.IndexedExperience;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What people import into Kibana and Grafana: neither runs here, so every field is looked up in the index templates, and
 * every query with its aggregations is asked of a real Elasticsearch, where it must find something of an ordinary day.
 */
@Servers(Server.ELASTICSEARCH)
class ImportableDashboardsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path KIBANA = Path.of("../kibana/throughline.ndjson");
    private static final Path GRAFANA = Path.of("../grafana");
    private static final Pattern FIELD =
            Pattern.compile("(?<![\\w.])([a-z_][a-z_.]*):(?:([a-z][a-z_.]*)(?=\\s|$|\\)))?");

    private static IndexedExperience indexed;

    @BeforeAll
    static void indexADay(LocalServers servers) {
        indexed = new IndexedExperience(servers.elasticsearchUrl());
        indexed.empty();
        new ADay(indexed, Instant.now()).index();
    }

    @AfterAll
    static void stop() throws IOException {
        if (indexed != null) {
            indexed.empty();
            indexed.close();
        }
    }

    /** One thing that is drawn: what is asked of an index, and the fields it is about. */
    private record Drawn(String name, String alias, String query, List<JsonNode> aggregations, Set<String> fields) {}

    @Test
    void everythingInKibanasFileIsThereAndFindsSomething() throws IOException {
        Map<String, JsonNode> objects = new LinkedHashMap<>();
        for (String line : Files.readAllLines(KIBANA)) {
            JsonNode object = JSON.readTree(line);
            assertThat(objects.put(key(object), object))
                    .as("there once: %s", key(object))
                    .isNull();
        }
        assertThat(objects.values())
                .filteredOn(object -> text(object, "type").equals("dashboard"))
                .hasSize(5);
        List<Drawn> all = new ArrayList<>();
        for (JsonNode object : objects.values()) {
            object.path("references").forEach(reference -> assertThat(objects)
                    .as("%s refers to something in the file", key(object))
                    .containsKey(key(reference)));
            switch (text(object, "type")) {
                case "index-pattern" -> {
                    String alias = text(object.path("attributes"), "title");
                    String time = text(object.path("attributes"), "timeFieldName");
                    assertThat(kindOf(alias)).isNotNull();
                    if (!time.isEmpty()) {
                        assertThat(typeOf(alias, time)).isEqualTo("date");
                    }
                }
                case "visualization" -> all.add(visualisation(object, objects));
                case "search" -> all.add(search(object, objects));
                default -> everyPanelRefersToAnObject(object);
            }
        }
        assertThat(all).hasSizeGreaterThan(20);
        for (Drawn drawn : all) {
            check(drawn);
        }
    }

    @Test
    void everythingInGrafanasFilesIsThereAndFindsSomething() throws IOException {
        String sources = Files.readString(GRAFANA.resolve("provisioning/datasources/throughline.yaml"));
        JsonNode board =
                JSON.readTree(GRAFANA.resolve("dashboards/experience.json").toFile());
        assertThat(board.path("panels").size()).isEqualTo(14);
        for (JsonNode panel : board.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String alias = text(target.path("datasource"), "uid");
                assertThat(sources).contains("uid: " + alias + "\n", "index: " + alias + "\n");
                assertThat(typeOf(alias, text(target, "timeField"))).isEqualTo("date");
                List<JsonNode> aggregations = new ArrayList<>();
                Set<String> fields = new LinkedHashSet<>();
                for (String part : List.of("bucketAggs", "metrics")) {
                    for (JsonNode aggregation : target.path(part)) {
                        aggregations.add(aggregation(text(aggregation, "type"), text(aggregation, "field"), fields));
                    }
                }
                check(new Drawn(
                        "Grafana: " + text(panel, "title"),
                        alias,
                        text(target, "query").replace("$channel", "*"),
                        aggregations,
                        fields));
            }
        }
    }

    private static Drawn visualisation(JsonNode object, Map<String, JsonNode> objects) throws IOException {
        JsonNode state = JSON.readTree(text(object.path("attributes"), "visState"));
        List<JsonNode> aggregations = new ArrayList<>();
        Set<String> fields = new LinkedHashSet<>();
        for (JsonNode aggregation : state.path("aggs")) {
            aggregations.add(aggregation(text(aggregation, "type"), text(aggregation.path("params"), "field"), fields));
        }
        return new Drawn(
                "Kibana: " + text(state, "title"), aliasOf(object, objects), queryOf(object), aggregations, fields);
    }

    private static Drawn search(JsonNode object, Map<String, JsonNode> objects) throws IOException {
        Set<String> fields = new LinkedHashSet<>();
        object.path("attributes").path("columns").forEach(column -> fields.add(column.asText()));
        object.path("attributes")
                .path("sort")
                .forEach(sort -> fields.add(sort.get(0).asText()));
        return new Drawn(
                "Kibana: " + text(object.path("attributes"), "title"),
                aliasOf(object, objects),
                queryOf(object),
                List.of(),
                fields);
    }

    private static void everyPanelRefersToAnObject(JsonNode board) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        board.path("references").forEach(reference -> names.add(text(reference, "name")));
        for (JsonNode panel : JSON.readTree(text(board.path("attributes"), "panelsJSON"))) {
            assertThat(names).contains(text(panel, "panelIndex") + ":" + text(panel, "panelRefName"));
        }
    }

    /** The same question as Kibana or Grafana asks, apart from the interval. */
    private static JsonNode aggregation(String type, String field, Set<String> fields) {
        ObjectNode aggregation = JSON.createObjectNode();
        if (!field.isEmpty()) {
            fields.add(field);
        }
        switch (type) {
            case "count" -> aggregation.putObject("filter").putObject("match_all");
            case "date_histogram" ->
                aggregation
                        .putObject("date_histogram")
                        .put("field", field)
                        .put("fixed_interval", "1h")
                        .put("min_doc_count", 1);
            case "terms" -> aggregation.putObject("terms").put("field", field).put("size", 20);
            case "avg", "sum", "max", "cardinality" ->
                aggregation.putObject(type).put("field", field);
            default -> throw new AssertionError("an aggregation this test does not know: " + type);
        }
        return aggregation;
    }

    private static void check(Drawn drawn) throws IOException {
        Set<String> fields = new LinkedHashSet<>(drawn.fields());
        Matcher named = FIELD.matcher(drawn.query());
        while (named.find()) {
            fields.add(named.group(1).equals("_exists_") ? named.group(2) : named.group(1));
        }
        assertThat(fields).as(drawn.name()).allSatisfy(field -> assertThat(typeOf(drawn.alias(), field))
                .as(field)
                .isNotNull());
        ObjectNode body = JSON.createObjectNode().put("size", 1);
        ObjectNode query = body.putObject("query").putObject("query_string");
        query.put("query", drawn.query().isEmpty() ? "*" : drawn.query()).put("analyze_wildcard", true);
        ObjectNode aggregations = body.putObject("aggregations");
        int number = 0;
        for (JsonNode aggregation : drawn.aggregations()) {
            aggregations.set("a" + number++, aggregation);
        }
        SearchResponse<ObjectNode> answer = indexed.client()
                .search(
                        SearchRequest.of(
                                request -> request.index(drawn.alias()).withJson(new StringReader(body.toString()))),
                        ObjectNode.class);
        assertThat(answer.shards().failed().intValue()).as(drawn.name()).isZero();
        assertThat(answer.hits().total().value())
                .as("%s finds something", drawn.name())
                .isPositive();
    }

    private static String aliasOf(JsonNode object, Map<String, JsonNode> objects) {
        JsonNode reference = object.path("references").get(0);
        return text(objects.get(key(reference)).path("attributes"), "title");
    }

    private static String queryOf(JsonNode object) throws IOException {
        JsonNode source =
                JSON.readTree(text(object.path("attributes").path("kibanaSavedObjectMeta"), "searchSourceJSON"));
        assertThat(text(source.path("query"), "language")).isEqualTo("lucene");
        return text(source.path("query"), "query");
    }

    private static DocumentKind kindOf(String alias) {
        for (DocumentKind kind : DocumentKind.values()) {
            if (kind.alias().equals(alias)) {
                return kind;
            }
        }
        return null;
    }

    /** Type of a field in the template of the alias's indices; null where there is none. */
    private static String typeOf(String alias, String field) throws IOException {
        JsonNode at = template(alias);
        for (String name : field.split("\\.")) {
            if (at.path("type").asText().equals("flattened")) {
                return "keyword";
            }
            at = at.path("properties").has(name)
                    ? at.path("properties").path(name)
                    : at.path("fields").path(name);
            if (at.isMissingNode()) {
                return null;
            }
        }
        return at.path("type").asText("object");
    }

    private static JsonNode template(String alias) throws IOException {
        String file = "/templates/" + kindOf(alias).word() + ".json";
        try (InputStream in = DocumentKind.class.getResourceAsStream(file)) {
            return JSON.readTree(in).path("template").path("mappings");
        }
    }

    private static String key(JsonNode object) {
        return text(object, "type") + " " + text(object, "id");
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asText("");
    }
}
