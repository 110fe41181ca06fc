package io.throughline.pipeline.settings;

import java.io.Serializable;
import java.util.Map;

/**
 * How to reach Kafka and its Schema Registry. Topics have the names that {@code schemas/src/main/resources/topics.yaml}
 * gives them.
 *
 * @param bootstrapServers HOST:PORT, several with commas
 * @param group prefix of consumer groups and transactional ids
 * @param startFrom where reading begins without state
 * @param properties handed on to every Kafka client, for example {@code security.protocol}; may hold secrets
 */
public record KafkaSettings(
        String bootstrapServers, String registryUrl, String group, StartFrom startFrom, Map<String, String> properties)
        implements Serializable {

    /** Where reading begins. */
    public enum StartFrom {
        EARLIEST,
        LATEST
    }

    static KafkaSettings read(Section section) {
        return new KafkaSettings(
                section.text(
                        "bootstrap_servers",
                        "localhost:9092",
                        text -> Addresses.all(text, Addresses::isHostAndPort),
                        "HOST:PORT, several with commas"),
                section.text(
                        "registry_url",
                        "http://localhost:8081",
                        text -> Addresses.all(text, Addresses::isUrl),
                        "an http or https URL, several with commas"),
                section.text("group", "throughline"),
                section.choice("start_from", StartFrom.class, StartFrom.EARLIEST),
                section.properties("properties"));
    }

    /** Without the properties' values. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", " + registryUrl + ", " + group + ", " + startFrom + ", "
                + properties.keySet() + "]";
    }
}
