package io.throughline.kafka;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.throughline.kafka.Topic.Compatibility;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/**
 * Makes brokers and registry look as {@code topics.yaml} says. Applying twice changes nothing the second time; it never
 * deletes a topic and never changes a number of partitions.
 *
 * <p>Everything happens on the calling thread, one step after the other: registries refuse some of several first
 * registrations that come at once.
 */
public final class TopicProvisioner {

    private static final long TIMEOUT_SECONDS = 30;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final TopicCatalogue catalogue;
    private final Map<String, String> adminProperties;
    private final Map<String, String> registryProperties;

    public TopicProvisioner(TopicCatalogue catalogue) {
        this(catalogue, Map.of(), Map.of());
    }

    /** With further properties of the admin client and the registry client, for example {@code security.protocol}. */
    public TopicProvisioner(
            TopicCatalogue catalogue, Map<String, String> adminProperties, Map<String, String> registryProperties) {
        this.catalogue = catalogue;
        this.adminProperties = Map.copyOf(adminProperties);
        this.registryProperties = Map.copyOf(registryProperties);
    }

    /**
     * What was done.
     *
     * @param created topics that were missing
     * @param adjusted topics whose retention, cleanup or timestamps were not as declared
     * @param registered subjects that got a new version
     * @param remarks what differs from the declaration and was left as it is, one line each
     */
    public record Outcome(List<String> created, List<String> adjusted, List<String> registered, List<String> remarks) {}

    /** Brokers and registry could not be made as declared; the message is one line and says what to do. */
    public static final class ProvisioningException extends Exception {

        private static final long serialVersionUID = 1;

        ProvisioningException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Applies the catalogue of this build. */
    public static Outcome apply(String bootstrapServers, String registryUrl) throws ProvisioningException {
        return apply(bootstrapServers, registryUrl, Map.of());
    }

    /** As {@link #apply(String, String)}, with further properties of the admin client. */
    public static Outcome apply(String bootstrapServers, String registryUrl, Map<String, String> adminProperties)
            throws ProvisioningException {
        return new TopicProvisioner(TopicCatalogue.load(), adminProperties, Map.of())
                .applyTo(bootstrapServers, registryUrl);
    }

    /**
     * Applies the catalogue: first the topics, then the schemas.
     *
     * @throws ProvisioningException if either server does not answer within half a minute, or refuses
     */
    public Outcome applyTo(String bootstrapServers, String registryUrl) throws ProvisioningException {
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        applyTopics(bootstrapServers, outcome);
        applySchemas(registryUrl, outcome);
        return outcome;
    }

    /**
     * Changes nothing: asks whether all topics and subjects of this build's catalogue are there, for whoever starts a job
     * and would rather not see it restart for ever.
     *
     * @throws ProvisioningException if either server does not answer, or lacks something
     */
    public static void require(String bootstrapServers, String registryUrl, Map<String, String> adminProperties)
            throws ProvisioningException {
        TopicCatalogue declared = TopicCatalogue.load();
        requireTopics(
                bootstrapServers,
                adminProperties,
                declared.topics().stream().map(Topic::name).toList());
        new TopicProvisioner(declared, adminProperties, Map.of()).requireSubjects(registryUrl);
    }

    /**
     * Changes nothing: asks whether topics are there.
     *
     * @throws ProvisioningException if Kafka does not answer, or lacks one
     */
    public static void requireTopics(
            String bootstrapServers, Map<String, String> adminProperties, Collection<String> topics)
            throws ProvisioningException {
        Set<String> existing = new TopicProvisioner(TopicCatalogue.load(), adminProperties, Map.of())
                .ask(bootstrapServers, admin -> get(admin.listTopics().names()));
        List<String> missing =
                topics.stream().filter(topic -> !existing.contains(topic)).toList();
        if (!missing.isEmpty()) {
            throw new ProvisioningException(
                    "Kafka at " + bootstrapServers + " has no topic " + String.join(", ", missing)
                            + ": create what is missing with throughline provision",
                    null);
        }
    }

    private void requireSubjects(String registryUrl) throws ProvisioningException {
        List<String> missing;
        try (SchemaRegistryClient registry = Registry.open(registryUrl, registryProperties)) {
            Collection<String> existing = registry.getAllSubjects();
            missing = catalogue.topics().stream()
                    .filter(topic -> topic.schema() != null)
                    .map(Topic::subject)
                    .filter(subject -> !existing.contains(subject))
                    .toList();
        } catch (RestClientException e) {
            throw e.getStatus() == NOT_FOUND
                    ? noRegistry(registryUrl, e)
                    : new ProvisioningException("Schema Registry at " + registryUrl + " refused: " + message(e), e);
        } catch (IOException e) {
            throw unreachableRegistry(registryUrl, e);
        }
        if (!missing.isEmpty()) {
            throw new ProvisioningException(
                    "Schema Registry at " + registryUrl + " has no subject " + String.join(", ", missing)
                            + ": register what is missing with throughline provision",
                    null);
        }
    }

    private void applyTopics(String bootstrapServers, Outcome outcome) throws ProvisioningException {
        ask(bootstrapServers, admin -> {
            Set<String> existing = get(admin.listTopics().names());
            List<NewTopic> missing = catalogue.topics().stream()
                    .filter(topic -> !existing.contains(topic.name()))
                    .map(TopicProvisioner::newTopic)
                    .toList();
            create(admin, missing, outcome);
            adjust(
                    admin,
                    catalogue.topics().stream()
                            .filter(topic -> existing.contains(topic.name()))
                            .toList(),
                    outcome);
            return outcome;
        });
    }

    private interface Question<A> {
        A ask(Admin admin) throws ExecutionException, InterruptedException, TimeoutException;
    }

    private <A> A ask(String bootstrapServers, Question<A> question) throws ProvisioningException {
        Map<String, Object> properties = new HashMap<>(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000));
        properties.putAll(adminProperties);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (Admin admin = Admin.create(properties)) {
            return question.ask(admin);
        } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
            throw unreachable(bootstrapServers, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw unreachable(bootstrapServers, e);
            }
            throw new ProvisioningException("Kafka at " + bootstrapServers + " refused: " + message(rootOf(e)), e);
        } catch (KafkaException e) {
            throw new ProvisioningException(
                    "Kafka at " + bootstrapServers + " cannot be used: " + message(rootOf(e))
                            + ": check kafka.bootstrap_servers and kafka.properties",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProvisioningException("interrupted while asking Kafka at " + bootstrapServers, e);
        }
    }

    private static ProvisioningException unreachable(String bootstrapServers, Exception e) {
        return new ProvisioningException(NoAnswer.of(bootstrapServers), e);
    }

    private static void create(Admin admin, List<NewTopic> missing, Outcome outcome)
            throws ExecutionException, InterruptedException, TimeoutException {
        for (Map.Entry<String, KafkaFuture<Void>> creation :
                new TreeMap<>(admin.createTopics(missing).values()).entrySet()) {
            try {
                get(creation.getValue());
                outcome.created().add(creation.getKey());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private static void adjust(Admin admin, List<Topic> topics, Outcome outcome)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<ConfigResource> resources =
                topics.stream().map(TopicProvisioner::resource).toList();
        Map<ConfigResource, Config> configs =
                get(admin.describeConfigs(resources).all());
        Map<String, TopicDescription> descriptions = get(
                admin.describeTopics(topics.stream().map(Topic::name).toList()).allTopicNames());
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (Topic topic : topics) {
            int partitions =
                    answered(descriptions.get(topic.name())).partitions().size();
            if (partitions != topic.partitions()) {
                outcome.remarks()
                        .add("topic " + topic.name() + " has " + partitions + " partitions, declared are "
                                + topic.partitions() + "; left as it is, because a change moves keys");
            }
            List<AlterConfigOp> ops = differences(topic, answered(configs.get(resource(topic))));
            if (!ops.isEmpty()) {
                changes.put(resource(topic), ops);
                outcome.adjusted().add(topic.name());
            }
        }
        if (!changes.isEmpty()) {
            get(admin.incrementalAlterConfigs(changes).all());
        }
    }

    private static List<AlterConfigOp> differences(Topic topic, Config config) {
        return configs(topic).entrySet().stream()
                .filter(wanted -> {
                    ConfigEntry entry = config.get(wanted.getKey());
                    return entry == null || !wanted.getValue().equals(entry.value());
                })
                .map(wanted -> new AlterConfigOp(
                        new ConfigEntry(wanted.getKey(), wanted.getValue()), AlterConfigOp.OpType.SET))
                .toList();
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static NewTopic newTopic(Topic topic) {
        // The broker's own default decides on replication: what is right differs between a laptop and a cluster.
        return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty()).configs(configs(topic));
    }

    private static Map<String, String> configs(Topic topic) {
        Map<String, String> configs = new TreeMap<>();
        configs.put(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                switch (topic.cleanup()) {
                    case COMPACT -> TopicConfig.CLEANUP_POLICY_COMPACT;
                    case DELETE -> TopicConfig.CLEANUP_POLICY_DELETE;
                    case COMPACT_AND_DELETE ->
                        TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE;
                });
        configs.put(
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(topic.retention() == null ? -1 : topic.retention().toMillis()));
        configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        if (topic.maxMessageBytes() != null) {
            configs.put(
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    topic.maxMessageBytes().toString());
        }
        return configs;
    }

    private void applySchemas(String registryUrl, Outcome outcome) throws ProvisioningException {
        try (SchemaRegistryClient registry = Registry.open(registryUrl, registryProperties)) {
            applySchemas(registry, registryUrl, outcome);
        } catch (IOException e) {
            throw unreachableRegistry(registryUrl, e);
        }
    }

    /** Registers what is missing, in the catalogue's order. */
    void applySchemas(SchemaRegistryClient registry, String registryUrl, Outcome outcome)
            throws ProvisioningException, IOException {
        for (Topic topic : catalogue.topics()) {
            Optional<Schema> schema = topic.currentSchema();
            Compatibility compatibility = topic.compatibility();
            if (schema.isEmpty() || compatibility == null) {
                continue;
            }
            try {
                if (register(registry, topic, new AvroSchema(schema.get()), compatibility.name())) {
                    outcome.registered().add(topic.subject());
                }
            } catch (RestClientException e) {
                throw refused(topic, registryUrl, e);
            }
        }
    }

    /** Whether a new version was made. The level is set first where the subject exists, so that it judges the new version. */
    private static boolean register(SchemaRegistryClient registry, Topic topic, AvroSchema schema, String compatibility)
            throws IOException, RestClientException {
        String subject = topic.subject();
        boolean exists = registry.getAllSubjects().contains(subject);
        if (exists) {
            requireCompatibility(registry, subject, compatibility);
            if (holds(registry, subject, schema)) {
                return false;
            }
        }
        registry.register(subject, schema);
        if (!exists) {
            requireCompatibility(registry, subject, compatibility);
        }
        return true;
    }

    private static boolean holds(SchemaRegistryClient registry, String subject, AvroSchema schema)
            throws IOException, RestClientException {
        try {
            registry.getId(subject, schema);
            return true;
        } catch (RestClientException e) {
            if (e.getStatus() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static void requireCompatibility(SchemaRegistryClient registry, String subject, String compatibility)
            throws IOException, RestClientException {
        String current = null;
        try {
            current = registry.getCompatibility(subject);
        } catch (RestClientException e) {
            if (e.getStatus() != NOT_FOUND) {
                throw e;
            }
        }
        if (!compatibility.equals(current)) {
            registry.updateCompatibility(subject, compatibility);
        }
    }

    private static ProvisioningException refused(Topic topic, String registryUrl, RestClientException e) {
        String subject = topic.subject();
        return switch (e.getStatus()) {
            case CONFLICT ->
                new ProvisioningException(
                        "subject " + subject + ": schema " + topic.schema() + " is not "
                                + String.valueOf(topic.compatibility())
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', ' ')
                                + " compatible with the registered versions: add fields with defaults instead ("
                                + message(e)
                                + ")",
                        e);
            case NOT_FOUND -> noRegistry(registryUrl, e);
            default ->
                new ProvisioningException(
                        "Schema Registry at " + registryUrl + " refused subject " + subject + ": " + message(e), e);
        };
    }

    private static ProvisioningException noRegistry(String registryUrl, RestClientException e) {
        return new ProvisioningException(
                "there is no Schema Registry interface at " + registryUrl
                        + ": set kafka.registry_url (Apicurio's ends in /apis/ccompat/v7)",
                e);
    }

    private static ProvisioningException unreachableRegistry(String registryUrl, IOException e) {
        return new ProvisioningException(
                "Schema Registry is not reachable at " + registryUrl + ": start it or set kafka.registry_url", e);
    }

    private static Throwable rootOf(Throwable e) {
        return e.getCause() == null ? e : rootOf(e.getCause());
    }

    private static String message(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.replaceAll("\\s+", " ").strip();
    }

    private static <A> A answered(@Nullable A answer) {
        return Objects.requireNonNull(answer, "the broker's answer leaves out what was asked");
    }

    private static <A> A get(KafkaFuture<A> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
