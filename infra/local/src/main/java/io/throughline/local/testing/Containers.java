package io.throughline.local.testing;

import io.throughline.local.Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.elasticsearch.ElasticsearchContainer;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Kafka, registry and Elasticsearch on Testcontainers, at the versions the processes of this machine have.
 *
 * <p>Images come from their makers' registries at the first use.
 */
final class Containers implements AutoCloseable {
    private static final String KAFKA_IMAGE = "apache/kafka:4.3.1";
    private static final String REGISTRY_IMAGE = "apicurio/apicurio-registry-mem:2.6.13.Final";
    private static final String ELASTICSEARCH_IMAGE = "docker.elastic.co/elasticsearch/elasticsearch:8.19.21";

    private final Map<Server, String> addresses = new EnumMap<>(Server.class);
    private final List<GenericContainer<?>> started = new ArrayList<>();

    private Containers() {}

    static Containers none() {
        return new Containers();
    }

    /** As system property {@code throughline.servers} says. */
    static Containers chosen() {
        String how = System.getProperty("throughline.servers", "auto");
        return switch (how) {
            case "local" -> none();
            case "docker" -> new Containers().started();
            case "auto" -> dockerAnswers() ? startedOrNone() : none();
            default ->
                throw new IllegalArgumentException("throughline.servers is '" + how + "'; known: local, docker, auto");
        };
    }

    /** Where each of these that is a container can be reached. */
    Map<Server, String> addresses(Set<Server> servers) {
        Map<Server, String> some = new EnumMap<>(addresses);
        some.keySet().retainAll(servers);
        return some;
    }

    private static boolean dockerAnswers() {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (LinkageError | RuntimeException e) {
            // A module may leave Testcontainers off its class path.
            return false;
        }
    }

    private static Containers startedOrNone() {
        Containers containers = new Containers();
        try {
            return containers.started();
        } catch (RuntimeException e) {
            containers.close();
            System.err.println("Docker answers but the containers could not be started (" + e.getMessage()
                    + "); using processes of this machine instead.");
            return none();
        }
    }

    @SuppressWarnings("resource")
    private Containers started() {
        KafkaContainer kafka = new KafkaContainer(KAFKA_IMAGE).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        GenericContainer<?> registry = new GenericContainer<>(REGISTRY_IMAGE)
                .withExposedPorts(8080)
                .waitingFor(Wait.forHttp("/apis/ccompat/v7/subjects").forPort(8080));
        ElasticsearchContainer elasticsearch = new ElasticsearchContainer(ELASTICSEARCH_IMAGE)
                .withEnv("xpack.security.enabled", "false")
                .withEnv("cluster.routing.allocation.disk.threshold_enabled", "false")
                .withEnv("ES_JAVA_OPTS", "-Xms512m -Xmx768m");
        for (GenericContainer<?> container : List.of(kafka, registry, elasticsearch)) {
            started.add(container);
        }
        started.parallelStream().forEach(GenericContainer::start);
        addresses.put(Server.KAFKA, kafka.getBootstrapServers());
        String registryUrl = "http://" + registry.getHost() + ":" + registry.getMappedPort(8080) + "/apis/ccompat/v7";
        requireBackward(registryUrl);
        addresses.put(Server.REGISTRY, registryUrl);
        addresses.put(Server.ELASTICSEARCH, "http://" + elasticsearch.getHttpHostAddress());
        return this;
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
        } catch (java.io.IOException e) {
            throw new IllegalStateException("The registry container does not take its configuration", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while starting containers", e);
        }
    }

    @Override
    public void close() {
        started.forEach(GenericContainer::stop);
        started.clear();
        addresses.clear();
    }
}
