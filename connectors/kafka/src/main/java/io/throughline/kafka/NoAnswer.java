package io.throughline.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.common.KafkaException;

/**
 * What a broker that said nothing in time is: not there, or busy. The client's own errors do not tell, and people would start
 * what runs already.
 */
final class NoAnswer {

    private static final int CONNECT_MILLIS = 2_000;

    private NoAnswer() {}

    /** One line that says what to do. */
    static String of(String bootstrapServers) {
        return of(bootstrapServers, "");
    }

    /** The same where the topic that was asked for may be what is missing. */
    static String of(String bootstrapServers, String topic, String toMakeIt) {
        return of(bootstrapServers, "lacks topic " + topic + ", so " + toMakeIt + ", or ");
    }

    private static String of(String bootstrapServers, String orElse) {
        return isListening(bootstrapServers)
                ? "somebody listens at " + bootstrapServers
                        + " but did not answer in time: Kafka is busy or still starting,"
                        + " so try again in a moment, or " + orElse
                        + "what listens is no Kafka, so check kafka.bootstrap_servers"
                : "Kafka is not reachable at " + bootstrapServers + ": start it or set kafka.bootstrap_servers";
    }

    /** Whether any of the addresses takes a connection. */
    static boolean isListening(String bootstrapServers) {
        List<InetSocketAddress> addresses;
        try {
            addresses = ClientUtils.parseAndValidateAddresses(
                    List.of(bootstrapServers.strip().split("\\s*,\\s*", -1)), "use_all_dns_ips");
        } catch (KafkaException e) {
            return false;
        }
        return addresses.stream().anyMatch(NoAnswer::takesConnections);
    }

    private static boolean takesConnections(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
