package io.throughline.local.testing;

import io.throughline.local.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.elasticsearch.ElasticsearchContainer;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Kafka, registry and Elasticsearch on Testcontainers, at the versions the processes of this machine have. Images come
 * from their makers' registries at the first use.
 */
final class Containers implements AutoCloseable {
    private static final String KAFKA_IMAGE = "apache/kafka:4.3.1";
    private static final String REGISTRY_IMAGE = "apicurio/apicurio-registry-mem:2.6.13.Final";
    private static final String ELASTICSEARCH_IMAGE = "docker.elastic.co/elasticsearch/elasticsearch:8.19.21";
    private static final int REGISTRY_PORT = 8080;
    private static final String REGISTRY_API = "/apis/ccompat/v7";

    /** Whether a container that does not start ends the tests or leaves its server to a process. */
    private enum Use {
        NEVER,
        WHERE_POSSIBLE,
        ALWAYS
    }

    private final Use use;
    private final Map<Server, GenericContainer<?>> started = new ConcurrentHashMap<>();

    private Containers(Use use) {
        this.use = use;
    }

    static Containers none() {
        return new Containers(Use.NEVER);
    }

    /** As system property {@code throughline.servers} says. */
    static Containers chosen() {
        String how = System.getProperty("throughline.servers", "auto");
        return switch (how) {
            case "local" -> none();
            case "docker" -> new Containers(Use.ALWAYS);
            case "auto" -> dockerAnswers() ? new Containers(Use.WHERE_POSSIBLE) : none();
            default ->
                throw new IllegalArgumentException("throughline.servers is '" + how + "'; known: local, docker, auto");
        };
    }

    /** Starts those of these that can be containers, at the same time, and says where they are reached. */
    Map<Server, String> start(Set<Server> servers) {
        Map<Server, String> addresses = new ConcurrentHashMap<>();
        if (use != Use.NEVER) {
            servers.parallelStream().filter(server -> server != Server.FLINK).forEach(server -> {
                try {
                    addresses.put(server, start(server));
                } catch (RuntimeException e) {
                    if (use == Use.ALWAYS) {
                        throw e;
                    }
                    System.err.println("Docker answers but has no " + server.title() + " (" + e.getMessage()
                            + "); using a process of this machine instead.");
                }
            });
        }
        return addresses;
    }

    private static boolean dockerAnswers() {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (LinkageError | RuntimeException e) {
            // A module may leave Testcontainers off its class path.
            return false;
        }
    }

    private String start(Server server) {
        return switch (server) {
            case KAFKA -> {
                KafkaContainer kafka =
                        new KafkaContainer(KAFKA_IMAGE).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
                kept(server, kafka).start();
                yield kafka.getBootstrapServers();
            }
            case REGISTRY -> {
                GenericContainer<?> registry = new GenericContainer<>(REGISTRY_IMAGE)
                        .withExposedPorts(REGISTRY_PORT)
                        .waitingFor(Wait.forHttp(REGISTRY_API + "/subjects").forPort(REGISTRY_PORT));
                kept(server, registry).start();
                String url =
                        "http://" + registry.getHost() + ":" + registry.getMappedPort(REGISTRY_PORT) + REGISTRY_API;
                requireBackward(url);
                yield url;
            }
            case ELASTICSEARCH -> {
                ElasticsearchContainer elasticsearch = new ElasticsearchContainer(ELASTICSEARCH_IMAGE)
                        .withEnv("xpack.security.enabled", "false")
                        .withEnv("cluster.routing.allocation.disk.threshold_enabled", "false")
                        .withEnv("ES_JAVA_OPTS", "-Xms512m -Xmx768m");
                kept(server, elasticsearch).start();
                yield "http://" + elasticsearch.getHttpHostAddress();
            }
            case FLINK -> throw new IllegalArgumentException("Flink is always processes");
        };
    }

    private <C extends GenericContainer<?>> C kept(Server server, C container) {
        started.put(server, container);
        return container;
    }

    private static void requireBackward(String registryUrl) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registryUrl + "/config"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"compatibility\":\"BACKWARD\"}"))
                .build();
        try {
            int status = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status != 200) {
                throw new IllegalStateException(request.uri() + " answered " + status);
            }
        } catch (IOException e) {
            throw new IllegalStateException("The registry's container does not take its configuration", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while starting containers", e);
        }
    }

    @Override
    public void close() {
        started.values().forEach(GenericContainer::stop);
        started.clear();
    }
}
