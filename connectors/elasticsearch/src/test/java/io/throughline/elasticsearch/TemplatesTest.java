package io.throughline.elasticsearch;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.throughline.schemas.Accounting;
import io.throughline.schemas.Alert;
import io.throughline.schemas.Customer;
import io.throughline.schemas.IdentityChange;
import io.throughline.schemas.Issue;
import io.throughline.schemas.Journey;
import io.throughline.schemas.Metric;
import io.throughline.schemas.Rejected;
import io.throughline.schemas.RuleError;
import io.throughline.schemas.Session;
import io.throughline.schemas.StitchedTouchpoint;
import io.throughline.schemas.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TemplatesTest {

    private static final Map<DocumentKind, Schema> SCHEMAS = new EnumMap<>(Map.ofEntries(
            entry(DocumentKind.TOUCHPOINTS, StitchedTouchpoint.getClassSchema()),
            entry(DocumentKind.CUSTOMERS, Customer.getClassSchema()),
            entry(DocumentKind.SESSIONS, Session.getClassSchema()),
            entry(DocumentKind.ISSUES, Issue.getClassSchema()),
            entry(DocumentKind.JOURNEYS, Journey.getClassSchema()),
            entry(DocumentKind.TRANSITIONS, Transition.getClassSchema()),
            entry(DocumentKind.METRICS, Metric.getClassSchema()),
            entry(DocumentKind.ALERTS, Alert.getClassSchema()),
            entry(DocumentKind.IDENTITY_CHANGES, IdentityChange.getClassSchema()),
            entry(DocumentKind.REJECTED, Rejected.getClassSchema()),
            entry(DocumentKind.RULE_ERRORS, RuleError.getClassSchema()),
            entry(DocumentKind.ACCOUNTING, Accounting.getClassSchema()),
            // And the hour, which is of the record and not of the document.
            entry(DocumentKind.QUALITY, Accounting.getClassSchema())));

    @ParameterizedTest
    @EnumSource
    void every_field_of_the_schema_is_mapped_and_nothing_else(DocumentKind kind) throws IOException {
        Map<String, String> expected = schemaFields(SCHEMAS.get(kind));
        if (kind == DocumentKind.QUALITY) {
            expected.put("hour", "date");
        }
        if (kind == DocumentKind.ISSUES) {
            // And what is within its contacts, where an index no longer knows which came first.
            expected.put("first_channel", "string");
        }
        if (kind == DocumentKind.SESSIONS) {
            // And what it says of the order of its path, which is not of the document either.
            SessionMoves.of(
                            List.of(
                                    new SessionMoves.Step(0, "web", "page", "support"),
                                    new SessionMoves.Step(1, "chat", "page", "support")),
                            2)
                    .forEach((field, values) -> {
                        if (values instanceof Map<?, ?> within) {
                            within.keySet().forEach(name -> expected.put(field + "." + name, "string"));
                        } else {
                            expected.put(field, "string");
                        }
                    });
        }
        assertThat(mappedFields(kind)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void an_unknown_field_is_an_error(DocumentKind kind) throws IOException {
        assertThat(template(kind).at("/template/mappings/dynamic").textValue()).isEqualTo("strict");
    }

    /** For programs that know nothing of ours: the time a document is about, and what it is. */
    @ParameterizedTest
    @EnumSource
    void the_common_schemas_fields_lead_to_something(DocumentKind kind) throws IOException {
        JsonNode properties = template(kind).at("/template/mappings/properties");
        JsonNode time = properties.path("@timestamp");
        assertThat(time.path("type").textValue()).isEqualTo("alias");
        assertThat(properties
                        .at("/" + time.path("path").textValue().replace(".", "/properties/") + "/type")
                        .textValue())
                .isEqualTo("date");
        assertThat(properties.at("/event/properties/kind/type").textValue()).isEqualTo("keyword");
        assertThat(properties.at("/event/properties/ingested/type").textValue()).isEqualTo("date");
    }

    /** A template that names one of these is refused by a server that lacks it. */
    @ParameterizedTest
    @EnumSource
    void nothing_is_used_that_a_bare_elasticsearch_lacks(DocumentKind kind) throws IOException {
        assertThat(template(kind).get("template").toString())
                .doesNotContain("lifecycle", "script", "runtime", "scaled_float", "wildcard", "analyzer", "pipeline");
    }

    @ParameterizedTest
    @EnumSource
    void the_pattern_covers_one_generation_of_one_kind(DocumentKind kind) throws IOException {
        assertThat(TemplateInstaller.templateOf(kind, 7).at("/index_patterns"))
                .singleElement()
                .satisfies(pattern -> assertThat(pattern.textValue()).isEqualTo(kind.pattern(7)));
    }

    @ParameterizedTest
    @EnumSource
    void every_field_is_documented_as_it_is_mapped_and_no_other(DocumentKind kind) throws IOException {
        Map<String, String> mapped = new TreeMap<>();
        collectTypes("", template(kind).at("/template/mappings/properties"), mapped);

        Map<String, String> types = new TreeMap<>();
        documented(kind).forEach((field, row) -> types.put(field, row.type()));
        assertThat(types).isEqualTo(mapped);
    }

    @ParameterizedTest
    @EnumSource
    void a_documented_field_means_what_its_schema_says(DocumentKind kind) throws IOException {
        Map<String, Row> documented = documented(kind);
        assertThat(documented.values())
                .allSatisfy(row -> assertThat(row.meaning()).isNotBlank());

        Map<String, String> meanings = new TreeMap<>();
        collectMeanings("", SCHEMAS.get(kind), meanings);
        assertThat(meanings)
                .allSatisfy((field, meaning) ->
                        assertThat(documented.get(field).meaning()).as(field).isEqualTo(meaning));
    }

    private record Row(String type, String meaning) {}

    /** The rows of a kind's table in docs/documents.md. */
    private static Map<String, Row> documented(DocumentKind kind) throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        boolean here = false;
        for (String line : Files.readAllLines(Path.of("../../docs/documents.md"))) {
            if (line.startsWith("## ")) {
                here = line.equals("## " + kind.word());
            } else if (here && line.startsWith("| `")) {
                String[] cells = line.split("(?<!\\\\)\\|");
                rows.put(
                        cells[1].strip().replace("`", ""),
                        new Row(cells[2].strip(), cells[3].strip().replace("\\|", "|")));
            }
        }
        return rows;
    }

    private static void collectTypes(String path, JsonNode properties, Map<String, String> types) {
        properties.properties().forEach(entry -> {
            JsonNode field = entry.getValue();
            if (field.has("properties")) {
                collectTypes(path + entry.getKey() + ".", field.get("properties"), types);
            } else {
                types.put(path + entry.getKey(), field.get("type").textValue());
            }
        });
    }

    private static void collectMeanings(String path, Schema schema, Map<String, String> meanings) {
        for (Schema.Field field : schema.getFields()) {
            Schema type = element(field.schema());
            if (type.getType() == Schema.Type.RECORD) {
                collectMeanings(path + field.name() + ".", type, meanings);
            } else {
                meanings.put(
                        path + field.name(), field.doc().replaceAll("\\s+", " ").strip());
            }
        }
    }

    @Test
    void what_customers_wrote_can_be_searched_and_grouped() throws IOException {
        JsonNode verbatim =
                template(DocumentKind.TOUCHPOINTS).at("/template/mappings/properties/survey/properties/verbatim");
        assertThat(verbatim.at("/type").textValue()).isEqualTo("text");
        assertThat(verbatim.at("/fields/keyword/type").textValue()).isEqualTo("keyword");
    }

    private static JsonNode template(DocumentKind kind) throws IOException {
        return TemplateInstaller.templateOf(kind, 1);
    }

    private static Map<String, String> mappedFields(DocumentKind kind) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        collectTypes("", template(kind).at("/template/mappings/properties"), fields);
        fields.replaceAll((field, type) -> Set.of("keyword", "text").contains(type) ? "string" : type);
        fields.keySet().removeIf(field -> field.equals("@timestamp") || field.startsWith("event."));
        return fields;
    }

    private static Map<String, String> schemaFields(Schema schema) {
        Map<String, String> fields = new TreeMap<>();
        collectSchema("", schema, fields);
        return fields;
    }

    private static void collectSchema(String path, Schema schema, Map<String, String> fields) {
        for (Schema.Field field : schema.getFields()) {
            String name = path + field.name();
            Schema type = element(field.schema());
            switch (type.getType()) {
                case RECORD -> collectSchema(name + ".", type, fields);
                case MAP -> fields.put(name, "flattened");
                case STRING -> fields.put(name, "string");
                case LONG ->
                    fields.put(name, type.getLogicalType() instanceof LogicalTypes.TimestampMillis ? "date" : "long");
                case INT -> fields.put(name, "integer");
                case DOUBLE -> fields.put(name, "double");
                case BOOLEAN -> fields.put(name, "boolean");
                default -> throw new AssertionError(name + ": no mapping is known for " + type);
            }
        }
    }

    /** An index has no arrays and no optional fields: any field may have none, one or many values. */
    private static Schema element(Schema schema) {
        return switch (schema.getType()) {
            case UNION ->
                element(schema.getTypes().stream()
                        .filter(type -> type.getType() != Schema.Type.NULL)
                        .findFirst()
                        .orElseThrow());
            case ARRAY -> element(schema.getElementType());
            default -> schema;
        };
    }
}
