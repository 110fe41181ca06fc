package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.throughline.dashboard.know.AlertActions.Command;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TopicSnapshot;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.pipeline.ingest.AlertControlTopology;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.pipeline.settings.Settings;
import io.throughline.schemas.AlertAction;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is clicked on a page lies on the topic of a real broker, as the job reads it. */
@Servers({Server.KAFKA, Server.REGISTRY})
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PublishedActionsIT {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final LocalServers servers;
    private final String alert = "a-" + UUID.randomUUID();

    PublishedActionsIT(LocalServers servers) throws Exception {
        this.servers = servers;
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
    }

    @Test
    void aClickIsACommandOnTheTopic() throws Exception {
        PublishedActions actions = new PublishedActions(kafka(), InstantSource.fixed(NOON));

        actions.send(new Command("assign", alert, "lea", 3, "max", "knows the customer", null));
        actions.send(new Command("silence", alert, "lea", null, null, null, NOON.plusSeconds(3600)));

        assertThat(written())
                .extracting(AlertAction::getVerb, AlertAction::getBy, AlertAction::getAssignee, AlertAction::getAt)
                .containsExactly(tuple("assign", "lea", "max", NOON), tuple("silence", "lea", null, NOON));
    }

    @Test
    void whatLacksSomethingIsRefusedWithoutBeingWritten() throws Exception {
        PublishedActions actions = new PublishedActions(kafka(), InstantSource.fixed(NOON));

        assertThatThrownBy(() -> actions.send(new Command("assign", alert, "lea", null, null, null, null)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("assignee");
        assertThat(written()).isEmpty();
    }

    private KafkaSettings kafka() {
        return Settings.parse(
                        "test",
                        "kafka: {bootstrap_servers: '" + servers.bootstrapServers() + "', registry_url: '"
                                + servers.registryUrl() + "'}",
                        Map.of())
                .kafka();
    }

    private List<AlertAction> written() throws Exception {
        List<AlertAction> found = new ArrayList<>();
        try (AvroDecoder<AlertAction> decoder = AvroDecoder.of(AlertAction.class, servers.registryUrl())) {
            TopicSnapshot.read(
                    AlertControlTopology.ACTIONS_TOPIC, servers.bootstrapServers(), Map.of(), 10_000, record -> {
                        try {
                            if (decoder.decode(record.value()) instanceof Decoded.Record<AlertAction> action
                                    && alert.equals(action.value().getAlertId())) {
                                found.add(action.value());
                            }
                        } catch (RegistryUnavailableException e) {
                            throw new AssertionError(e);
                        }
                    });
        }
        return found;
    }
}
