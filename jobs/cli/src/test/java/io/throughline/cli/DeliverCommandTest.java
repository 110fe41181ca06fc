package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliverCommandTest {

    @TempDir
    Path directory;

    @Test
    void withNobodyToTellThereIsNothingToRun() throws IOException {
        Invocation deliver = Invocation.of("deliver", "--config", config("job: {parallelism: 1}"));

        assertThat(deliver.exit()).isEqualTo(2);
        assertThat(deliver.err()).singleElement().asString().contains("delivery.targets names nobody to tell");
    }

    @Test
    void aWeakSecretIsAFaultOfTheConfiguration() throws IOException {
        Invocation deliver = Invocation.of(
                "deliver",
                "--config",
                config("delivery: {targets: {crm: {type: webhook, url: 'https://crm', secret: c2hvcnQ=}}}"));

        assertThat(deliver.exit()).isEqualTo(2);
        assertThat(deliver.err())
                .hasSize(2)
                .anyMatch(line -> line.contains("delivery.targets.crm.secret: must have 24 to 64 bytes"))
                .noneMatch(line -> line.contains("c2hvcnQ"));
    }

    @Test
    void withoutServersItSaysWhichIsMissing() throws IOException {
        Invocation deliver = Invocation.of(
                "deliver",
                "--config",
                config("kafka: {bootstrap_servers: '127.0.0.1:1', registry_url: 'http://127.0.0.1:1'}\n"
                        + "delivery: {targets: {crm: {type: webhook, url: 'https://crm'}}}"));

        assertThat(deliver.exit()).isEqualTo(1);
        assertThat(deliver.err())
                .containsExactly("deliver: the Schema Registry is not reachable (java.net.ConnectException: Connection"
                        + " refused) at http://127.0.0.1:1: start it or set kafka.registry_url");
    }

    private String config(String yaml) throws IOException {
        return Files.writeString(directory.resolve("throughline.yaml"), yaml).toString();
    }
}
