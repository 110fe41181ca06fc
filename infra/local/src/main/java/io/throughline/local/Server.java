package io.throughline.local;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A server the pipeline needs, with the port it takes unless told otherwise. */
public enum Server {
    KAFKA("Kafka", 19092),
    REGISTRY("Schema Registry", 18081),
    ELASTICSEARCH("Elasticsearch", 19200),
    FLINK("Flink", 18085);

    private final String title;
    private final int defaultPort;

    Server(String title, int defaultPort) {
        this.title = title;
        this.defaultPort = defaultPort;
    }

    public String title() {
        return title;
    }

    public int defaultPort() {
        return defaultPort;
    }

    /** The lower-case word used on the command line and for directories. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The environment variable that changes the port; {@code 0} takes a free one. */
    public String portVariable() {
        return "THROUGHLINE_" + name() + "_PORT";
    }

    /** @throws LocalServerException naming the known words when {@code word} is none of them */
    public static Server named(String word) {
        return Arrays.stream(values())
                .filter(server -> server.word().equals(word.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new LocalServerException("Unknown server '" + word + "'; known: "
                        + Arrays.stream(values()).map(Server::word).collect(Collectors.joining(", "))));
    }
}
