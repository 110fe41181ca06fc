package io.throughline.scenarios.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TopicProvisioner.ProvisioningException;
import io.throughline.kafka.TouchpointProducer;
import io.throughline.schemas.Touchpoint;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Avro in Confluent's wire format to a topic. */
final class KafkaOutput implements Output {
    private final TouchpointProducer producer;

    private KafkaOutput(TouchpointProducer producer) {
        this.producer = producer;
    }

    /** @param properties further properties of the producer, for example {@code security.protocol} */
    static KafkaOutput open(String topic, String bootstrapServers, String registryUrl, Map<String, String> properties)
            throws IOException {
        // Oversize records have to leave the producer; compressed they pass the broker's own limit.
        Map<String, String> all = new HashMap<>(Map.of("max.request.size", "8388608"));
        all.putAll(properties);
        requireTopic(topic, bootstrapServers, properties);
        try {
            return new KafkaOutput(TouchpointProducer.open(topic, bootstrapServers, registryUrl, all, Map.of()));
        } catch (RegistryUnavailableException e) {
            throw new IOException(
                    "no Schema Registry at " + registryUrl + ": start it or correct --registry (" + e.getMessage()
                            + ")",
                    e);
        }
    }

    private static void requireTopic(String topic, String bootstrapServers, Map<String, String> properties)
            throws IOException {
        try {
            TopicProvisioner.requireTopics(bootstrapServers, properties, List.of(topic));
        } catch (ProvisioningException e) {
            throw new IOException(
                    String.valueOf(e.getMessage())
                            .replaceAll("(set|check) kafka\\.bootstrap_servers(?! and)", "correct --kafka")
                            .replace("kafka.bootstrap_servers and kafka.properties", "--kafka and --kafka-properties"),
                    e);
        }
    }

    @Override
    public Form form() {
        return Form.AVRO;
    }

    @Override
    public byte[] encode(Touchpoint touchpoint) {
        return producer.encode(touchpoint);
    }

    @Override
    public void write(Touchpoint touchpoint) {
        producer.send(touchpoint);
    }

    @Override
    public void writeRaw(Touchpoint origin, byte @Nullable [] record) {
        String key = TouchpointProducer.keyOf(origin);
        producer.sendRaw(key == null ? null : key.getBytes(UTF_8), record);
    }

    @Override
    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
