package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkSetupTest {

    @TempDir
    Path directory;

    @Test
    void prometheusFindsEveryProcessAtAPortOfItsOwn() throws IOException {
        int first = Ports.free(1).get(0);

        List<JavaCommand> commands = setup(first).prepare();

        assertThat(commands)
                .extracting(JavaCommand::name, FlinkSetup::metricsPort)
                .containsExactly(
                        tuple("jobmanager", first),
                        tuple("taskmanager-1", first + 1),
                        tuple("taskmanager-2", first + 2));
        assertThat(FlinkSetup.resourceId(commands.get(1))).startsWith("taskmanager-1-");
    }

    @Test
    void aTakenPortForMetricsIsNamedWithTheWayOut() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> setup(taken.getLocalPort()).prepare())
                    .isInstanceOf(LocalServerException.class)
                    .hasMessage("Port " + taken.getLocalPort() + " for the metrics of jobmanager is taken by another"
                            + " program; choose another with --prometheus-port <port> (0 takes free ones)");
        }
    }

    @Test
    void unaskedNothingIsServed() throws IOException {
        assertThat(setup(null).prepare()).extracting(FlinkSetup::metricsPort).allMatch(Optional::isEmpty);
        assertThat(configuration()).noneSatisfy((key, value) -> assertThat(key).startsWith("metrics.reporter"));
    }

    @Test
    void whatIsServedIsWhatOtherClustersAreToldToServe() throws IOException {
        setup(0).prepare();
        Map<String, Object> here = configuration();
        Map<String, Object> there = yaml(Path.of("../observability/flink.yaml"));
        there.remove("metrics.reporter.prometheus.port");

        assertThat(here).containsAllEntriesOf(there);
    }

    private FlinkSetup setup(@Nullable Integer prometheusPort) {
        return new FlinkSetup(
                directory,
                "",
                directory.resolve("log4j2.properties"),
                18085,
                FlinkSize.standard().withTaskManagers(2),
                true,
                prometheusPort);
    }

    private Map<String, Object> configuration() throws IOException {
        return yaml(directory.resolve("conf").resolve("config.yaml"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> yaml(Path file) throws IOException {
        return new ObjectMapper(new YAMLFactory()).readValue(Files.readString(file), Map.class);
    }

    private static Tuple tuple(String process, int port) {
        return Tuple.tuple(process, Optional.of(Integer.toString(port)));
    }
}
