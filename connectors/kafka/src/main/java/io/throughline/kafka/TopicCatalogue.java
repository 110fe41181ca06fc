package io.throughline.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.throughline.kafka.Topic.Cleanup;
import io.throughline.kafka.Topic.Compatibility;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The topics declared in {@code topics.yaml}, in the order of the file. */
public final class TopicCatalogue {

    private static final String RESOURCE = "topics.yaml";
    private static final Set<String> FIELDS = Set.of(
            "name",
            "key",
            "schema",
            "partitions",
            "cleanup",
            "retention",
            "compatibility",
            "max_message_bytes",
            "internal");

    private final Map<String, Topic> byName;

    private TopicCatalogue(Map<String, Topic> byName) {
        this.byName = Collections.unmodifiableMap(byName);
    }

    /** Reads the catalogue that came with this build from the class path. */
    public static TopicCatalogue load() {
        try (InputStream in = TopicCatalogue.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path: throughline-schemas is missing");
            }
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " on the class path cannot be read", e);
        }
    }

    /**
     * Reads a catalogue.
     *
     * @throws IllegalArgumentException naming the topic and the field that is wrong
     */
    public static TopicCatalogue read(InputStream yaml) throws IOException {
        JsonNode topics = new YAMLMapper().readTree(yaml).path("topics");
        Map<String, Topic> byName = new LinkedHashMap<>();
        for (JsonNode node : topics) {
            Topic topic = topic(node);
            if (byName.put(topic.name(), topic) != null) {
                throw new IllegalArgumentException(RESOURCE + ": " + topic.name() + " is declared twice");
            }
        }
        if (byName.isEmpty()) {
            throw new IllegalArgumentException(RESOURCE + ": no topics");
        }
        return new TopicCatalogue(byName);
    }

    /** All topics, in the order of the file. */
    public Collection<Topic> topics() {
        return byName.values();
    }

    /**
     * The topic of that name.
     *
     * @throws IllegalArgumentException where there is none, naming those there are
     */
    public Topic topic(String name) {
        Topic topic = byName.get(name);
        if (topic == null) {
            throw new IllegalArgumentException(
                    "no topic " + name + " in " + RESOURCE + "; there are " + String.join(", ", byName.keySet()));
        }
        return topic;
    }

    private static Topic topic(JsonNode node) {
        String name = text(node, "name", "a topic");
        Set<String> unknown = new TreeSet<>();
        node.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(FIELDS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(RESOURCE + ": " + name + ": unknown field "
                    + unknown.iterator().next());
        }
        return new Topic(
                name,
                text(node, "key", name),
                optionalText(node, "schema"),
                node.path("partitions").asInt(),
                choice(Cleanup.class, text(node, "cleanup", name), name, "cleanup"),
                retention(text(node, "retention", name), name),
                compatibility(node, name),
                maxMessageBytes(node, name),
                node.path("internal").asBoolean());
    }

    private static @Nullable Compatibility compatibility(JsonNode node, String topic) {
        String value = optionalText(node, "compatibility");
        return value == null ? null : choice(Compatibility.class, value, topic, "compatibility");
    }

    private static @Nullable Integer maxMessageBytes(JsonNode node, String topic) {
        JsonNode value = node.get("max_message_bytes");
        if (value == null) {
            return null;
        }
        if (!value.canConvertToInt() || value.asInt() < 1) {
            throw new IllegalArgumentException(
                    RESOURCE + ": " + topic + ": max_message_bytes " + value + " is no positive number");
        }
        return value.asInt();
    }

    private static @Nullable Duration retention(String value, String topic) {
        if (value.equals("forever")) {
            return null;
        }
        try {
            return Duration.parse(value);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    RESOURCE + ": " + topic + ": retention " + value + " is neither an ISO 8601 duration nor forever",
                    e);
        }
    }

    private static <E extends Enum<E>> E choice(Class<E> choices, String value, String topic, String field) {
        return Arrays.stream(choices.getEnumConstants())
                .filter(choice -> choice.name().equals(value.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(RESOURCE + ": " + topic + ": " + field + " " + value
                        + " is none of " + Arrays.toString(choices.getEnumConstants())));
    }

    private static String text(JsonNode node, String field, String topic) {
        String value = optionalText(node, field);
        if (value == null) {
            throw new IllegalArgumentException(RESOURCE + ": " + topic + ": " + field + " is missing");
        }
        return value;
    }

    private static @Nullable String optionalText(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? null : value.asText();
    }
}
