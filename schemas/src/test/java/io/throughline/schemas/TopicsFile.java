package io.throughline.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What these tests need of {@code topics.yaml}; the pipeline reads it with its own, stricter reader. */
final class TopicsFile {

    record Topic(String name, String schema, Compatibility compatibility) {
        @Override
        public String toString() {
            return schema + " on " + name;
        }
    }

    private TopicsFile() {}

    /** The topics that have a schema. */
    static List<Topic> topics() {
        List<Topic> topics = new ArrayList<>();
        try {
            for (JsonNode topic :
                    new YAMLMapper().readTree(SchemaFolder.TOPICS.toFile()).get("topics")) {
                if (!topic.get("schema").isNull()) {
                    topics.add(new Topic(
                            topic.get("name").asText(),
                            topic.get("schema").asText(),
                            Compatibility.valueOf(topic.get("compatibility").asText())));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return topics;
    }

    static Set<String> schemas() {
        Set<String> names = new TreeSet<>();
        topics().forEach(topic -> names.add(topic.schema()));
        return names;
    }
}
