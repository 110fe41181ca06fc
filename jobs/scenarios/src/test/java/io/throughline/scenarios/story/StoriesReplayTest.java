package io.throughline.scenarios.story;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.replay.Replay;
import io.throughline.pipeline.replay.ReplayResult;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All stories through the real topology in one go, the order of their lines reversed. They share no person, so each comes
 * out as if told alone.
 */
class StoriesReplayTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static ReplayResult result;

    @BeforeAll
    static void replay() throws Exception {
        List<String> lines = new ArrayList<>();
        for (String name : Story.names()) {
            lines.addAll(0, Files.readAllLines(Path.of("stories", name, "touchpoints.ndjson")));
        }
        Collections.reverse(lines);
        Path input = Files.write(folder.resolve("stories.ndjson"), lines);
        result = Replay.run(input, Rules.of(Settings.defaults()), null, 2);
    }

    @Test
    void everyTouchpointBelongsToWhomTheStorySays() throws IOException {
        Map<String, TreeSet<String>> found = documents("touchpoints").stream()
                .collect(groupingBy(
                        document -> document.get("customer_id").asText(),
                        mapping(document -> document.get("touchpoint_id").asText(), toCollection(TreeSet::new))));

        List<TreeSet<String>> told = new ArrayList<>();
        for (String name : Story.names()) {
            StoryPeopleTest.people(name).values().forEach(life -> told.add(new TreeSet<>(life.touchpoints())));
        }
        assertThat(found.values()).containsExactlyInAnyOrderElementsOf(told);
    }

    @Test
    void everyPersonHasTheSessionsTheStoryCounts() throws IOException {
        Map<String, String> customerOf = new HashMap<>();
        documents("touchpoints")
                .forEach(document -> customerOf.put(
                        document.get("touchpoint_id").asText(),
                        document.get("customer_id").asText()));
        Map<String, Integer> sessions = new HashMap<>();
        documents("sessions").stream()
                .filter(document -> !document.get("status").asText().equals("absorbed"))
                .forEach(document -> sessions.merge(document.get("customer_id").asText(), 1, Integer::sum));

        Map<String, Integer> found = new TreeMap<>();
        Map<String, Integer> told = new TreeMap<>();
        for (String name : Story.names()) {
            StoryPeopleTest.people(name).forEach((who, life) -> {
                told.put(name + ": " + who, life.sessions());
                found.put(
                        name + ": " + who,
                        sessions.get(customerOf.get(life.touchpoints().get(0))));
            });
        }
        assertThat(found).isEqualTo(told);
    }

    /** {@code expected.json} lists by hand what documents there are of each person, and the fields that matter. */
    @Test
    void theDocumentsAreThoseTheStoryExpects() throws IOException {
        Map<String, String> customerOf = new HashMap<>();
        documents("touchpoints")
                .forEach(document -> customerOf.put(
                        document.get("touchpoint_id").asText(),
                        document.get("customer_id").asText()));
        int compared = 0;
        for (String name : Story.names()) {
            Path file = Path.of("stories", name, "expected.json");
            if (!Files.exists(file)) {
                continue;
            }
            Map<String, StoryPeopleTest.Life> people = StoryPeopleTest.people(name);
            for (Map.Entry<String, JsonNode> kind : JSON.readTree(file.toFile()).properties()) {
                Map<String, List<JsonNode>> told = new TreeMap<>();
                people.keySet().forEach(who -> told.put(who, new ArrayList<>()));
                kind.getValue()
                        .forEach(document ->
                                told.get(document.get("person").asText()).add(document));
                for (Map.Entry<String, List<JsonNode>> person : told.entrySet()) {
                    String customer = customerOf.get(
                            people.get(person.getKey()).touchpoints().get(0));
                    List<JsonNode> found = new ArrayList<>(documents(kind.getKey()));
                    found.removeIf(
                            document -> !document.get("customer_id").asText().equals(customer));
                    assertMatch(found, person.getValue(), name + ", " + kind.getKey() + " of " + person.getKey());
                    compared += found.size();
                }
            }
        }
        assertThat(compared).isGreaterThan(30);
    }

    private static void assertMatch(List<JsonNode> found, List<JsonNode> told, String what) {
        assertThat(found).as(what).hasSameSizeAs(told);
        for (JsonNode expected : told) {
            List<JsonNode> asTold = found.stream()
                    .map(document -> only(expected, document))
                    .filter(part -> part.equals(only(expected, expected)))
                    .toList();
            assertThat(asTold)
                    .as(
                            "%s: %s among %s",
                            what,
                            expected,
                            found.stream()
                                    .map(document -> only(expected, document))
                                    .toList())
                    .hasSize(1);
        }
    }

    /** The fields a story speaks of. */
    private static JsonNode only(JsonNode expected, JsonNode document) {
        ObjectNode part = JSON.createObjectNode();
        expected.fieldNames().forEachRemaining(field -> {
            if (!field.equals("person") && document.has(field)) {
                part.set(field, document.get(field));
            }
        });
        return part;
    }

    @Test
    void onlyTheClockNobodyCanCorrectIsRejected() throws IOException {
        assertThat(documents("rejected")).singleElement().satisfies(rejected -> {
            assertThat(rejected.get("reason").asText()).isEqualTo("future_event_time");
            assertThat(rejected.get("raw").asText()).contains("wc-05");
        });
    }

    @Test
    void theAlertsRaisedAreThoseTheStoryNames() throws IOException {
        Map<String, TreeSet<String>> found = new TreeMap<>();
        Map<String, TreeSet<String>> told = new TreeMap<>();
        Map<String, String> storyOf = new HashMap<>();
        for (String name : Story.names()) {
            found.put(name, new TreeSet<>());
            told.put(name, rulesNamedIn(Files.readString(Path.of("stories", name, "story.md"))));
            Story.named(name).touchpoints().forEach(touchpoint -> storyOf.put(touchpoint.getTouchpointId(), name));
        }
        for (JsonNode alert : documents("alerts")) {
            String touchpointId = alert.at("/evidence/0/touchpoint_id").asText();
            found.get(storyOf.get(touchpointId)).add(alert.get("rule_id").asText());
        }
        assertThat(found).isEqualTo(told);
    }

    /** The names in backquotes in the paragraph that begins with Alerts. */
    private static TreeSet<String> rulesNamedIn(String story) {
        Matcher paragraph = Pattern.compile("(?s)- \\*\\*Alerts:\\*\\*(.*?)(\n-|\\*\\*Worth|$)")
                .matcher(story);
        TreeSet<String> rules = new TreeSet<>();
        if (paragraph.find()) {
            Matcher rule = Pattern.compile("`([a-z-]+)`").matcher(paragraph.group(1));
            while (rule.find()) {
                rules.add(rule.group(1));
            }
        }
        return rules;
    }

    private static List<JsonNode> documents(String kind) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        for (byte[] document : result.of(kind)) {
            documents.add(JSON.readTree(document));
        }
        return documents;
    }
}
