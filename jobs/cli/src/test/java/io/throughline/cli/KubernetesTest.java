package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.throughline.pipeline.JobRules;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.apache.flink.kubernetes.operator.api.spec.FlinkDeploymentSpec;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests: each is read into the classes that Kubernetes' clients and the Flink operator have for it, and no field may be left over. */
class KubernetesTest {

    private static final Path BASE = Deployed.INFRA.resolve("kubernetes/base");
    private static final Path PRODUCTION = Deployed.INFRA.resolve("kubernetes/overlays/production");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper STRICT = new ObjectMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                /** Where Kubernetes' classes put what they do not know. */
                @Override
                public Boolean hasAnySetter(Annotated any) {
                    return false;
                }
            });

    @TempDir
    Path folder;

    /** By kind and name. */
    private final Map<String, Object> read = new LinkedHashMap<>();

    private final Map<String, JsonNode> written = new LinkedHashMap<>();

    KubernetesTest() throws IOException {
        JsonNode kustomization =
                YAML.readTree(BASE.resolve("kustomization.yaml").toFile());
        for (JsonNode resource : kustomization.path("resources")) {
            try (var documents = YAML.readerFor(JsonNode.class)
                    .<JsonNode>readValues(BASE.resolve(resource.asText()).toFile())) {
                while (documents.hasNext()) {
                    JsonNode document = documents.next();
                    String name = document.path("kind").asText() + " "
                            + document.path("metadata").path("name").asText();
                    assertThat(written.put(name, document)).as(name).isNull();
                    read.put(name, strictly(document));
                }
            }
        }
    }

    private static Object strictly(JsonNode document) throws IOException {
        Class<?> type =
                switch (document.path("kind").asText()) {
                    case "FlinkDeployment" -> FlinkDeployment.class;
                    case "Deployment" -> Deployment.class;
                    case "Job" -> Job.class;
                    case "Service" -> Service.class;
                    case "PersistentVolumeClaim" -> PersistentVolumeClaim.class;
                    case "NetworkPolicy" -> NetworkPolicy.class;
                    // Of the Prometheus operator, which publishes no classes for Java.
                    case "PodMonitor" -> JsonNode.class;
                    default -> throw new AssertionError("a kind this test does not know: " + document);
                };
        ObjectNode known = document.deepCopy();
        if (type == FlinkDeployment.class) {
            // The operator's classes that manifests are read by (pom.xml) are older than Flink 2.
            String[] version = EnvironmentInformation.getVersion().split("\\.", 3);
            assertThat(((ObjectNode) known.path("spec")).remove("flinkVersion").asText())
                    .isEqualTo("v" + version[0] + "_" + version[1]);
        }
        return STRICT.treeToValue(known, type);
    }

    @Test
    void everyManifestIsPartOfTheBase() throws IOException {
        try (Stream<Path> files = Files.list(BASE)) {
            List<String> listed = new ArrayList<>(List.of("kustomization.yaml", "throughline.yaml"));
            YAML.readTree(BASE.resolve("kustomization.yaml").toFile())
                    .path("resources")
                    .forEach(resource -> listed.add(resource.asText()));
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(listed);
        }
        assertThat(read.keySet())
                .contains(
                        "FlinkDeployment throughline-experience",
                        "FlinkDeployment throughline-index",
                        "Job throughline-provision",
                        "Deployment throughline-dashboard",
                        "Service throughline-dashboard",
                        "Deployment throughline-deliver");
    }

    @Test
    void theConfigurationIsValidAndFitForRealData() throws IOException {
        for (Path of : List.of(BASE, PRODUCTION)) {
            Map<String, String> environment = new HashMap<>(addresses(BASE));
            environment.putAll(addresses(of));
            Settings settings = Deployed.settings(environment, folder);

            assertThat(settings.warnings()).isEmpty();
            assertThat(settings.delivery().targets()).isNotEmpty();
        }
    }

    @Test
    void whateverTheConfigurationRefersToIsGivenToEveryPod() throws IOException {
        Map<String, PodTemplateSpec> pods = pods();
        assertThat(pods).hasSize(5);
        for (Map.Entry<String, PodTemplateSpec> pod : pods.entrySet()) {
            PodSpec spec = pod.getValue().getSpec();
            for (Container container : containers(spec)) {
                assertThat(container.getEnvFrom())
                        .as(pod.getKey())
                        .extracting(from -> from.getConfigMapRef().getName())
                        .containsExactly("throughline-addresses");
                for (String secret : Deployed.references("file")) {
                    VolumeMount mount = container.getVolumeMounts().stream()
                            .filter(each -> Path.of(secret).getParent().equals(Path.of(each.getMountPath())))
                            .findFirst()
                            .orElseThrow();
                    assertThat(spec.getVolumes())
                            .as("%s: %s", pod.getKey(), secret)
                            .anyMatch(volume -> volume.getName().equals(mount.getName())
                                    && volume.getSecret().getSecretName().equals("throughline"));
                    assertThat(Files.readString(PRODUCTION.resolve("kustomization.yaml")))
                            .contains(Path.of(secret).getFileName().toString());
                }
                assertThat(container.getVolumeMounts()).as(pod.getKey()).allMatch(mount -> spec.getVolumes().stream()
                        .anyMatch(volume -> volume.getName().equals(mount.getName())));
            }
        }
        assertThat(addresses(BASE).keySet()).containsExactlyInAnyOrderElementsOf(Deployed.references("env"));
    }

    @Test
    void commandsAreOurs() {
        List<List<String>> commands = new ArrayList<>();
        pods().values().forEach(pod -> containers(pod.getSpec()).stream()
                .filter(container -> container.getImage() != null)
                .forEach(container -> {
                    assertThat(container.getImage()).isEqualTo("throughline");
                    assertThat(container.getCommand()).isEmpty();
                    commands.add(container.getArgs());
                }));
        assertThat(commands)
                .extracting(command -> command.get(0))
                .containsExactlyInAnyOrder("validate", "provision", "dashboard", "deliver");
        commands.forEach(Deployed::requireKnown);
    }

    @Test
    void jobsAreThoseOfTheJobJarAndKnowWhereTheyStood() throws IOException, ReflectiveOperationException {
        String dockerfile = Files.readString(Deployed.INFRA.resolve("images/Dockerfile"));
        Settings settings = Deployed.settings(addresses(BASE), folder);
        for (FlinkDeployment deployment : flinkDeployments()) {
            FlinkDeploymentSpec spec = deployment.getSpec();
            Deployed.requireJob(spec.getJob().getEntryClass());
            assertThat(dockerfile).contains(spec.getJob().getJarURI().replace("local://", " ") + "\n");
            assertThat(spec.getJob().getArgs()).containsExactly("--config", "/etc/throughline/throughline.yaml");
            // The job says its own; the operator counts TaskManagers by this.
            assertThat(spec.getJob().getParallelism()).isEqualTo(settings.job().parallelism());
            assertThat(spec.getFlinkConfiguration())
                    .containsKeys(
                            "high-availability.type",
                            "high-availability.storageDir",
                            "execution.checkpointing.dir",
                            "execution.checkpointing.savepoint-dir");
            assertThat(spec.getPodTemplate().getSpec().getContainers())
                    .extracting(Container::getName)
                    .containsExactly("flink-main-container");
        }
    }

    @Test
    void optionsAreFlinksAndWhatTheJobsSayThemselvesIsLeftToThem() {
        Configuration own = JobRules.configuration();
        JobRules.rocksDb(own);
        assertThat(own.get(PipelineOptions.AUTO_GENERATE_UIDS)).isFalse();
        assertThat(own.get(PipelineOptions.GENERIC_TYPES)).isFalse();
        for (FlinkDeployment deployment : flinkDeployments()) {
            Set<String> given =
                    new HashSet<>(deployment.getSpec().getFlinkConfiguration().keySet());
            // The operator's own, whose classes for options are not published as an API.
            assertThat(given.remove("kubernetes.operator.job.restart.failed")).isTrue();
            Deployed.requireOptions(given);
            assertThat(given).doesNotContainAnyElementsOf(own.keySet());
        }
    }

    @Test
    void thePageIsAskedByTheNameItAnswersTo() throws IOException {
        Deployment dashboard = (Deployment) read.get("Deployment throughline-dashboard");
        Container container =
                dashboard.getSpec().getTemplate().getSpec().getContainers().get(0);
        assertThat(container.getReadinessProbe().getHttpGet().getHttpHeaders())
                .extracting(header -> header.getValue())
                .containsExactly(
                        URI.create(addresses(BASE).get("DASHBOARD_URL")).getHost());
        assertThat(Files.readString(PRODUCTION.resolve("kustomization.yaml")))
                .contains("/httpHeaders/0/value, value: "
                        + URI.create(addresses(PRODUCTION).get("DASHBOARD_URL")).getHost() + "}");
    }

    @Test
    void whoeverIsSelectedIsThere() {
        Set<String> ports = new HashSet<>();
        pods().values().forEach(pod -> containers(pod.getSpec())
                .forEach(container -> container.getPorts().forEach(port -> ports.add(port.getName()))));
        read.forEach((name, each) -> {
            if (each instanceof Service service) {
                assertThat(labels().values())
                        .as(name)
                        .contains(service.getSpec().getSelector());
                service.getSpec().getPorts().forEach(port -> assertThat(ports)
                        .contains(port.getTargetPort().getStrVal()));
            } else if (each instanceof NetworkPolicy policy) {
                requireThere(name, policy.getSpec().getPodSelector());
                policy.getSpec().getIngress().forEach(rule -> rule.getFrom().stream()
                        .filter(from -> from.getPodSelector() != null)
                        .forEach(from -> requireThere(name, from.getPodSelector())));
            } else if (each instanceof Deployment deployment) {
                assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                        .as(name)
                        .isEqualTo(deployment.getSpec().getSelector().getMatchLabels());
            } else if (each instanceof JsonNode monitor) {
                assertThat(monitor.path("apiVersion").asText()).isEqualTo("monitoring.coreos.com/v1");
                monitor.path("spec").path("podMetricsEndpoints").forEach(endpoint -> assertThat(ports)
                        .as(name)
                        .contains(endpoint.path("port").asText()));
                requireThere(name, selector(monitor));
            }
        });
    }

    @Test
    void noPodIsReachedButByWhomAPolicyNames() {
        List<LabelSelector> guarded = read.values().stream()
                .filter(NetworkPolicy.class::isInstance)
                .map(policy -> ((NetworkPolicy) policy).getSpec())
                .filter(policy -> policy.getPolicyTypes().contains("Ingress"))
                .map(NetworkPolicySpec::getPodSelector)
                .toList();
        assertThat(labels())
                .allSatisfy(
                        (pod, labels) -> assertThat(guarded).as(pod).anyMatch(selector -> selects(selector, labels)));
    }

    @Test
    void whatIsMeasuredIsLetThroughToPrometheus() {
        List<LabelSelector> asked = read.values().stream()
                .filter(JsonNode.class::isInstance)
                .map(monitor -> selector((JsonNode) monitor))
                .toList();
        List<LabelSelector> open = read.values().stream()
                .filter(NetworkPolicy.class::isInstance)
                .map(policy -> ((NetworkPolicy) policy).getSpec())
                .filter(policy -> policy.getIngress().stream()
                        .anyMatch(rule -> rule.getFrom().stream()
                                        .anyMatch(from -> from.getNamespaceSelector() != null
                                                && from.getNamespaceSelector()
                                                        .getMatchLabels()
                                                        .containsValue("monitoring"))
                                && rule.getPorts().stream().anyMatch(port -> "metrics"
                                        .equals(port.getPort().getStrVal()))))
                .map(NetworkPolicySpec::getPodSelector)
                .toList();
        labels().values().stream()
                .filter(labels -> asked.stream().anyMatch(selector -> selects(selector, labels)))
                .forEach(labels -> assertThat(open).anyMatch(selector -> selects(selector, labels)));
    }

    @Test
    void whoeverHasAVolumeThatOneMachineMountsIsGoneBeforeTheNextComes() {
        int having = 0;
        for (Object each : read.values()) {
            if (each instanceof Deployment deployment
                    && deployment.getSpec().getTemplate().getSpec().getVolumes().stream()
                            .anyMatch(volume -> volume.getPersistentVolumeClaim() != null)) {
                having++;
                assertThat(deployment.getSpec().getReplicas()).isOne();
                assertThat(deployment.getSpec().getStrategy())
                        .extracting(DeploymentStrategy::getType)
                        .isEqualTo("Recreate");
            }
        }
        assertThat(having).isOne();
    }

    @Test
    void whatTheOverlayReplacesIsThere() throws IOException {
        JsonNode overlay =
                YAML.readTree(PRODUCTION.resolve("kustomization.yaml").toFile());
        int replaced = 0;
        for (JsonNode patch : overlay.path("patches")) {
            String target = (patch.path("target").path("kind").asText() + " "
                            + patch.path("target").path("name").asText())
                    .strip();
            for (JsonNode operation : YAML.readTree(patch.path("patch").asText())) {
                assertThat(operation.path("op").asText()).isEqualTo("replace");
                for (Map.Entry<String, JsonNode> document : written.entrySet()) {
                    if (document.getKey().startsWith(target)) {
                        replaced++;
                        assertThat(document.getValue()
                                        .at(operation.path("path").asText())
                                        .isMissingNode())
                                .as("%s of %s", operation.path("path").asText(), document.getKey())
                                .isFalse();
                    }
                }
            }
        }
        assertThat(replaced).isEqualTo(10);
    }

    private List<FlinkDeployment> flinkDeployments() {
        return read.values().stream()
                .filter(FlinkDeployment.class::isInstance)
                .map(FlinkDeployment.class::cast)
                .toList();
    }

    private Map<String, PodTemplateSpec> pods() {
        Map<String, PodTemplateSpec> pods = new LinkedHashMap<>();
        read.forEach((name, each) -> {
            if (each instanceof FlinkDeployment deployment) {
                pods.put(name, deployment.getSpec().getPodTemplate());
            } else if (each instanceof Deployment deployment) {
                pods.put(name, deployment.getSpec().getTemplate());
            } else if (each instanceof Job job) {
                pods.put(name, job.getSpec().getTemplate());
            }
        });
        return pods;
    }

    /** Of each workload's pods. */
    private Map<String, Map<String, String>> labels() {
        Map<String, Map<String, String>> labels = new LinkedHashMap<>();
        pods().forEach((name, pod) -> labels.put(
                name,
                // Flink's own label for them.
                read.get(name) instanceof FlinkDeployment deployment
                        ? Map.of("app", deployment.getMetadata().getName())
                        : pod.getMetadata().getLabels()));
        return labels;
    }

    private static LabelSelector selector(JsonNode monitor) {
        try {
            return STRICT.treeToValue(monitor.path("spec").path("selector"), LabelSelector.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** Fails where a selector, or a value of it, selects nobody. */
    private void requireThere(String name, LabelSelector selector) {
        assertThat(labels().values()).as(name).anyMatch(labels -> selects(selector, labels));
        selector.getMatchExpressions().forEach(expression -> assertThat(
                        labels().values().stream().map(labels -> labels.get(expression.getKey())))
                .as(name)
                .containsAll(expression.getValues()));
    }

    private static boolean selects(LabelSelector selector, Map<String, String> labels) {
        assertThat(selector.getMatchExpressions()).allMatch(expression -> "In".equals(expression.getOperator()));
        return labels.entrySet().containsAll(selector.getMatchLabels().entrySet())
                && selector.getMatchExpressions().stream()
                        .allMatch(expression -> expression.getValues().contains(labels.get(expression.getKey())));
    }

    private static List<Container> containers(PodSpec pod) {
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .toList();
    }

    private static Map<String, String> addresses(Path kustomization) throws IOException {
        Map<String, String> addresses = new HashMap<>();
        for (JsonNode map : YAML.readTree(
                        kustomization.resolve("kustomization.yaml").toFile())
                .path("configMapGenerator")) {
            for (JsonNode literal : map.path("literals")) {
                String[] parts = literal.asText().split("=", 2);
                addresses.put(parts[0], parts[1]);
            }
        }
        return addresses;
    }
}
