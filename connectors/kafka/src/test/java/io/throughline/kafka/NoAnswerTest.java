package io.throughline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.kafka.TopicProvisioner.ProvisioningException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoAnswerTest {
    private static final Map<String, String> IMPATIENT =
            Map.of("default.api.timeout.ms", "600", "request.timeout.ms", "500");

    /** The system takes connections for it; nobody ever answers. */
    @Test
    void aBrokerThatIsThereAndSaysNothingIsNotSaidToBeAway() throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + busy.getLocalPort();
            String slow = "somebody listens at " + address + " but did not answer in time: Kafka is busy or still"
                    + " starting, so try again in a moment, or what listens is no Kafka, so check kafka.bootstrap_servers";

            assertThatThrownBy(() -> new DecisionTopic(address, "http://127.0.0.1:1", IMPATIENT).newest("k"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage(slow);
            assertThatThrownBy(() -> TopicProvisioner.requireTopics(address, IMPATIENT, List.of("touchpoints")))
                    .isInstanceOf(ProvisioningException.class)
                    .hasMessage(slow);
        }
    }

    @Test
    void whereATopicMayBeMissingThatIsSaidOfABrokerThatIsThereAlone() throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(NoAnswer.of("127.0.0.1:" + busy.getLocalPort(), "links", "make it"))
                    .contains("or lacks topic links, so make it, or what listens");
        }
        assertThat(NoAnswer.of("127.0.0.1:1", "links", "make it"))
                .isEqualTo("Kafka is not reachable at 127.0.0.1:1: start it or set kafka.bootstrap_servers");
    }

    @Test
    void oneOfSeveralAddressesIsEnough() throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(NoAnswer.isListening("127.0.0.1:1, 127.0.0.1:" + busy.getLocalPort()))
                    .isTrue();
        }
        assertThat(NoAnswer.isListening("127.0.0.1:1")).isFalse();
        assertThat(NoAnswer.isListening("nonsense")).isFalse();
    }
}
