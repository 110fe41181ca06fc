package io.throughline.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.kafka.TopicProvisioner.ProvisioningException;
import io.throughline.pipeline.index.IndexJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever submits a job learns at once that a server is missing, instead of a job that restarts for ever. */
class ExperienceJobTest {

    @TempDir
    Path folder;

    @Test
    void isNotSubmittedWithoutKafka() throws IOException {
        String[] arguments = withoutKafka();

        assertThatThrownBy(() -> ExperienceJob.main(arguments))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage("Kafka is not reachable at 127.0.0.1:1: start it or set kafka.bootstrap_servers");
    }

    @Test
    void theIndexJobIsNotSubmittedWithoutKafkaEither() throws IOException {
        String[] arguments = withoutKafka();

        assertThatThrownBy(() -> IndexJob.main(arguments))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    private String[] withoutKafka() throws IOException {
        Path file = Files.writeString(
                folder.resolve("throughline.yaml"),
                """
                kafka:
                  bootstrap_servers: "127.0.0.1:1"
                  properties: {default.api.timeout.ms: 300, request.timeout.ms: 200}
                """);
        return new String[] {"--config", file.toString()};
    }
}
