package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.kafka.ControlTopic;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TopicTail;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.pipeline.ingest.AlertControlTopology;
import io.throughline.schemas.AlertAction;
import io.throughline.schemas.AlertAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who says what is done about an alert is told what became of it. */
@Servers({Server.KAFKA, Server.REGISTRY})
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AlertCommandIT {

    private final LocalServers servers;
    private final String alert = "a-" + UUID.randomUUID();

    private final Path config;

    AlertCommandIT(LocalServers servers, @TempDir Path directory) throws Exception {
        this.servers = servers;
        this.config = WrittenWords.config(directory, servers.bootstrapServers(), servers.registryUrl());
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
    }

    @Test
    void whatIsTakenSaysTheVersionOfTheAlert() throws Exception {
        Invocation ack = answered(true, null, 2, "ack", alert);

        assertThat(ack.exit()).isZero();
        assertThat(ack.out()).last().isEqualTo("taken; " + alert + " is at version 2");
    }

    @Test
    void whatIsRefusedSaysWhyAndFails() throws Exception {
        Invocation resolve = answered(false, "no such alert is known", 0, "resolve", alert);

        assertThat(resolve.exit()).isEqualTo(1);
        assertThat(resolve.out()).noneMatch(line -> line.startsWith("taken"));
        assertThat(resolve.err()).contains("alert: refused: no such alert is known");
    }

    @Test
    void whatNobodyAnswersInTimeIsWrittenAllTheSame() throws Exception {
        Invocation ack = alert("ack", alert, "--wait", "1 s");

        assertThat(ack.exit()).isZero();
        assertThat(ack.out()).singleElement().asString().contains("written to topic alert-actions");
        assertThat(ack.err())
                .contains(
                        "alert: warning: nobody answered within 1 s: is the experience job running?"
                                + " It is taken or refused when it is read; the alert's history and topic alert-answers say which");
    }

    @Test
    void silencesOfRulesAreAnsweredByNobodyAndDoNotWait() throws Exception {
        Invocation silence = alert("silence", "--rule", "long-wait", "--for", "2 h");

        assertThat(silence.exit()).isZero();
        assertThat(silence.err()).noneMatch(line -> line.contains("nobody answered"));
    }

    /** As the job does: it reads the command and answers under its id. */
    private Invocation answered(boolean taken, @Nullable String because, int version, String... words)
            throws Exception {
        try (TopicTail<AlertAction> actions = TopicTail.open(
                AlertControlTopology.ACTIONS_TOPIC,
                AlertAction.class,
                servers.bootstrapServers(),
                servers.registryUrl(),
                Map.of())) {
            CompletableFuture<Invocation> command = CompletableFuture.supplyAsync(() -> alert(words));
            AlertAction action = actions.await(alert, Duration.ofSeconds(60));
            assertThat(action).isNotNull();
            new ControlTopic<>(
                            "alert-answers",
                            AlertAnswer.class,
                            servers.bootstrapServers(),
                            servers.registryUrl(),
                            Map.of())
                    .write(
                            action.getActionId(),
                            new AlertAnswer(
                                    action.getActionId(), "action", alert, taken, because, version, action.getAt()));
            return command.get(60, TimeUnit.SECONDS);
        }
    }

    private Invocation alert(String... words) {
        List<String> arguments = new ArrayList<>(List.of("alert"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--config", config.toString()));
        return Invocation.of(arguments.toArray(String[]::new));
    }
}
