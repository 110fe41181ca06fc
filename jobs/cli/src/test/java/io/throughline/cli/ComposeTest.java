package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.flink.client.cli.CliFrontendParser;
import org.apache.flink.runtime.entrypoint.FlinkParseException;
import org.apache.flink.runtime.entrypoint.parser.CommandLineOptions;
import org.apache.flink.runtime.entrypoint.parser.CommandLineParser;
import org.apache.flink.runtime.entrypoint.parser.ParserResultFactory;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The file for Docker Compose: what of it can be held against this build without Docker is. */
@SuppressWarnings("unchecked")
class ComposeTest {

    private static final Path FILE = Deployed.INFRA.resolve("compose/compose.yaml");
    private static final Path CONFIGURATION = Path.of("/etc/throughline/throughline.yaml");

    /** Those of the Compose Specification that are used. */
    private static final Set<String> OF_SERVICES = Set.of(
            "build",
            "command",
            "depends_on",
            "environment",
            "healthcheck",
            "image",
            "network_mode",
            "ports",
            "profiles",
            "restart",
            "secrets",
            "tmpfs",
            "volumes");

    private static final Set<String> OF_HEALTH_CHECKS =
            Set.of("test", "interval", "timeout", "retries", "start_period");

    @TempDir
    Path folder;

    private final Map<String, Object> compose;
    private final Map<String, Map<String, Object>> services;

    ComposeTest() throws IOException {
        compose = new Yaml().load(Files.readString(FILE));
        services = (Map<String, Map<String, Object>>) compose.get("services");
    }

    @Test
    void servicesSayWhatTheSpecificationKnowsAndReferToWhatIsThere() {
        assertThat(compose.keySet().stream().filter(key -> !key.startsWith("x-")))
                .containsExactlyInAnyOrder("name", "services", "volumes", "secrets");
        services.forEach((name, service) -> {
            assertThat(OF_SERVICES).as(name).containsAll(service.keySet());
            assertThat(OF_HEALTH_CHECKS)
                    .as(name)
                    .containsAll(((Map<String, Object>) service.getOrDefault("healthcheck", Map.of())).keySet());
            ((Map<String, Map<String, String>>) service.getOrDefault("depends_on", Map.of())).forEach((other, how) -> {
                assertThat(services).as(name).containsKey(other);
                boolean ends = how.get("condition").equals("service_completed_successfully");
                assertThat(ends || services.get(other).containsKey("healthcheck"))
                        .as("%s waits for %s", name, other)
                        .isTrue();
            });
            for (String volume : (List<String>) service.getOrDefault("volumes", List.of())) {
                String source = volume.split(":", 2)[0];
                if (source.startsWith(".")) {
                    assertThat(FILE.resolveSibling(source)).exists();
                } else {
                    assertThat((Map<String, Object>) compose.get("volumes")).containsKey(source);
                }
            }
        });
    }

    @Test
    void portsDifferAndAreThisMachinesOwn() {
        List<String> ports = new ArrayList<>();
        services.values().forEach(service -> ports.addAll((List<String>) service.getOrDefault("ports", List.of())));
        assertThat(ports).allMatch(port -> port.startsWith("127.0.0.1:"));
        assertThat(ports.stream().map(port -> port.split(":", 3)[1])).doesNotHaveDuplicates();
    }

    @Test
    void serversAreTheVersionsThatTestsRunOn() throws IOException {
        String versions = Files.readString(Deployed.INFRA.resolve("local/servers/pom.xml"));
        assertThat(image("kafka")).isEqualTo("apache/kafka:" + version(versions, "kafka"));
        assertThat(image("registry")).isEqualTo("apicurio/apicurio-registry-kafkasql:" + version(versions, "apicurio"));
        assertThat(image("elasticsearch"))
                .isEqualTo("docker.elastic.co/elasticsearch/elasticsearch:" + version(versions, "elasticsearch"));
        assertThat(Files.readString(Deployed.INFRA.resolve("images/Dockerfile")))
                .contains("FROM flink:" + EnvironmentInformation.getVersion() + "-java17 AS flink\n")
                .contains(" AS throughline\n");
    }

    @Test
    void theConfigurationIsTheOneOfKubernetesAndValidHere() throws IOException {
        for (Map.Entry<String, Map<String, Object>> service : services.entrySet()) {
            if (!readsConfiguration(service.getValue())) {
                continue;
            }
            Map<String, String> environment = new HashMap<>();
            ((Map<String, Object>) service.getValue().get("environment"))
                    .forEach((name, value) -> environment.put(name, value.toString()));
            assertThat(environment.keySet()).as(service.getKey()).containsAll(Deployed.references("env"));
            Settings settings = Deployed.settings(environment, folder);
            assertThat(settings.warnings()).isEmpty();
            assertThat((List<String>) service.getValue().get("volumes"))
                    .as(service.getKey())
                    .contains("../kubernetes/base/throughline.yaml:" + CONFIGURATION + ":ro");
            assertThat((List<Map<String, String>>) service.getValue().get("secrets"))
                    .as(service.getKey())
                    .extracting(secret -> secret.get("target"))
                    .containsExactlyInAnyOrderElementsOf(Deployed.references("file"));
        }
        assertThat(services.values().stream().filter(ComposeTest::readsConfiguration))
                .hasSize(5);
        ((Map<String, Map<String, String>>) compose.get("secrets"))
                .forEach((name, secret) -> assertThat(secret.get("file")).isEqualTo("secrets/" + name));
        assertThat(Files.readString(Path.of("../../.gitignore"))).contains("/infra/compose/secrets/\n");
    }

    @Test
    void commandsJobsAndOptionsAreThere() throws ReflectiveOperationException, FlinkParseException {
        int jobs = 0;
        int commands = 0;
        for (Map.Entry<String, Map<String, Object>> service : services.entrySet()) {
            String image = String.valueOf(service.getValue().get("image"));
            List<String> command = (List<String>) service.getValue().getOrDefault("command", List.of());
            if (image.startsWith("throughline:")) {
                Deployed.requireKnown(command);
                commands++;
            } else if (image.startsWith("throughline-flink:")) {
                if (command.get(0).equals("standalone-job")) {
                    StandaloneJob job = StandaloneJob.parse(command.subList(1, command.size()));
                    Deployed.requireJob(job.mainClass());
                    assertThat(job.arguments())
                            .as(service.getKey())
                            .containsExactly("--config", CONFIGURATION.toString());
                    jobs++;
                }
                Map<String, String> options = flinkProperties(service.getValue());
                Deployed.requireOptions(new HashSet<>(options.keySet()));
                assertThat(services).containsKey(options.get("jobmanager.rpc.address"));
            }
        }
        assertThat(jobs).isEqualTo(2);
        assertThat(commands).isEqualTo(4);
    }

    @Test
    void everyFlinkTellsPrometheusWhatTheOthersDo() throws IOException {
        Map<String, String> told = new TreeMap<>();
        new Yaml()
                .<Map<String, Object>>load(Files.readString(Deployed.INFRA.resolve("observability/flink.yaml")))
                .forEach((key, value) -> told.put(key, value.toString()));
        // One process a container: none has to look for a free one.
        told.put("metrics.reporter.prometheus.port", "9249");
        int flinks = 0;
        for (Map.Entry<String, Map<String, Object>> service : services.entrySet()) {
            if (String.valueOf(service.getValue().get("image")).startsWith("throughline-flink:")) {
                flinks++;
                Map<String, String> metrics = new TreeMap<>(flinkProperties(service.getValue()));
                metrics.keySet().removeIf(key -> !key.startsWith("metrics."));
                assertThat(metrics).as(service.getKey()).isEqualTo(told);
                assertThat((List<String>) service.getValue().getOrDefault("ports", List.of()))
                        .as(service.getKey())
                        .anyMatch(port -> port.endsWith(":9249"));
            }
        }
        assertThat(flinks).isEqualTo(4);
    }

    /** As the image's entry point reads them: line by line, without quotes, comments and blanks. */
    private static Map<String, String> flinkProperties(Map<String, Object> service) {
        Map<String, String> properties = new HashMap<>();
        String.valueOf(((Map<String, Object>) service.get("environment")).get("FLINK_PROPERTIES"))
                .lines()
                .forEach(line -> {
                    assertThat(line).matches("[\\w.-]+: [^\\s\"'#]+");
                    String[] option = line.split(": ", 2);
                    properties.put(option[0], option[1]);
                });
        return properties;
    }

    /** What Flink's {@code standalone-job.sh} makes of its arguments: its main class for it is in the distribution alone. */
    private record StandaloneJob(String mainClass, List<String> arguments) {

        static StandaloneJob parse(List<String> given) throws FlinkParseException {
            List<String> all = new ArrayList<>(List.of("--configDir", "/opt/flink/conf"));
            all.addAll(given);
            return new CommandLineParser<>(new AsStandaloneJob()).parse(all.toArray(String[]::new));
        }
    }

    private static final class AsStandaloneJob implements ParserResultFactory<StandaloneJob> {

        private static final Option MAIN_CLASS =
                Option.builder("j").longOpt("job-classname").hasArg().build();

        @Override
        public Options getOptions() {
            return new Options()
                    .addOption(CommandLineOptions.CONFIG_DIR_OPTION)
                    .addOption(CommandLineOptions.DYNAMIC_PROPERTY_OPTION)
                    .addOption(MAIN_CLASS)
                    .addOption(Option.builder("jid").longOpt("job-id").hasArg().build())
                    .addOption(CliFrontendParser.SAVEPOINT_PATH_OPTION)
                    .addOption(CliFrontendParser.SAVEPOINT_ALLOW_NON_RESTORED_OPTION);
        }

        @Override
        public StandaloneJob createResult(CommandLine parsed) {
            return new StandaloneJob(parsed.getOptionValue(MAIN_CLASS), parsed.getArgList());
        }
    }

    private static boolean readsConfiguration(Map<String, Object> service) {
        return ((List<String>) service.getOrDefault("command", List.of())).contains(CONFIGURATION.toString());
    }

    private String image(String service) {
        return String.valueOf(services.get(service).get("image"));
    }

    private static String version(String pom, String of) {
        Matcher version = Pattern.compile("<" + of + "\\.version>([^<]+)<").matcher(pom);
        assertThat(version.find()).isTrue();
        return version.group(1);
    }
}
