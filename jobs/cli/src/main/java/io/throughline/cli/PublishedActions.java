package io.throughline.cli;

import io.throughline.dashboard.know.AlertActions;
import io.throughline.domain.alert.Action;
import io.throughline.kafka.ControlTopic;
import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.pipeline.ingest.AlertControlTopology;
import io.throughline.pipeline.ingest.AvroActions;
import io.throughline.pipeline.ingest.JsonActions;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.schemas.AlertAction;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;

/** What people do about alerts on the pages, written to the topic the experience job reads. */
final class PublishedActions implements AlertActions {

    private final ControlTopic<AlertAction> topic;
    private final InstantSource clock;

    PublishedActions(KafkaSettings kafka, InstantSource clock) {
        this.topic = new ControlTopic<>(
                AlertControlTopology.ACTIONS_TOPIC,
                AlertAction.class,
                kafka.bootstrapServers(),
                kafka.registryUrl(),
                kafka.properties());
        this.clock = clock;
    }

    @Override
    public void send(Command command) throws IOException {
        Action action = action(command, clock);
        try {
            topic.write(AvroActions.keyOf(action), AvroActions.of(action));
        } catch (UnavailableException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** @throws IOException if the command lacks what its verb needs */
    static Action action(Command command, InstantSource clock) throws IOException {
        try {
            Action action = new Action(
                    "x-" + UUID.randomUUID(),
                    Action.Verb.valueOf(command.verb().toUpperCase(Locale.ROOT)),
                    command.alertId(),
                    null,
                    null,
                    clock.instant().truncatedTo(ChronoUnit.MILLIS).toEpochMilli(),
                    command.by(),
                    command.expectedVersion(),
                    command.assignee(),
                    command.because(),
                    command.until() == null ? null : command.until().toEpochMilli());
            return JsonActions.action(JsonActions.line(action));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
