package io.throughline.cli;

import io.throughline.dashboard.DashboardServer;
import io.throughline.dashboard.access.AccessSettings;
import io.throughline.dashboard.access.Role;
import io.throughline.dashboard.know.Identification;
import io.throughline.dashboard.know.Knowledge;
import io.throughline.elasticsearch.ElasticsearchConnection;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.settings.DashboardSettings;
import io.throughline.pipeline.settings.Settings;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the dashboard until interrupted. Exit codes: 0 stopped, 1 could not serve, 2 usage. */
@Command(
        name = "dashboard",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Serve the pages of customer-experience teams from Elasticsearch, until interrupted.",
            "",
            "Without --config, or without dashboard.access in it, they are served to this machine only, without a"
                    + " login. With it, customers are found by raw e-mail, phone or number, too, since the rules and"
                    + " the key of pseudonyms are known.",
            ""
        })
final class DashboardCommand implements Callable<Integer> {

    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
    private static final int ANSWER_TIMEOUT_MILLIS = 5_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) of the jobs: where Elasticsearch is, the key of pseudonyms, the rules"
                    + " of alerts, and who may look (dashboard.access).")
    private @Nullable Path config;

    @Option(
            names = "--elasticsearch",
            paramLabel = "URL",
            description =
                    "Where to read, instead of what the configuration says; without either" + " http://127.0.0.1:9200.")
    private @Nullable URI elasticsearch;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "18080",
            description = "Where to serve; 0 takes any free port (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to serve on (default: ${DEFAULT-VALUE}). Others than this machine's own need"
                    + " dashboard.access.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String host;

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = Configurations.load(config);
        ElasticsearchConnection connection = connection(settings);
        io.throughline.dashboard.DashboardSettings served;
        try {
            served = new io.throughline.dashboard.DashboardSettings(
                    URI.create(connection.urls().get(0)), host, port, access(settings.dashboard()), auditLog(settings));
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(String.valueOf(wrong.getMessage()));
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        settings.warnings().forEach(err::println);
        try (DashboardServer server =
                DashboardServer.start(served, connection.open(), knowledge(settings, connection))) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "dashboard-stop"));
            out.println("Dashboard: " + server.url() + "  (reads " + connection + "; Ctrl-C stops it)");
            out.flush();
            new CountDownLatch(1).await();
            return CommandLine.ExitCode.OK;
        } catch (DashboardServer.CannotServeException cannot) {
            err.println(cannot.getMessage());
            err.flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** Pages wait for answers: what the jobs are patient about is said to be away much earlier. */
    private ElasticsearchConnection connection(Settings settings) {
        ElasticsearchConnection configured = settings.elasticsearch().connection();
        URI named = elasticsearch;
        if (named == null && config == null) {
            named = URI.create("http://127.0.0.1:9200");
        }
        if (named != null && named.getUserInfo() != null) {
            throw new UsageException(
                    "--elasticsearch must not contain a user or password: everybody on this machine can read them;"
                            + " set them in the file given with --config");
        }
        try {
            return new ElasticsearchConnection(
                    named == null ? configured.urls() : List.of(named.toString()),
                    configured.apiKey(),
                    configured.username(),
                    configured.password(),
                    configured.caCertificate(),
                    CONNECT_TIMEOUT_MILLIS,
                    ANSWER_TIMEOUT_MILLIS);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("--elasticsearch: " + wrong.getMessage());
        }
    }

    private static @Nullable Path auditLog(Settings settings) {
        String file = settings.dashboard().auditLog();
        return file == null ? null : Path.of(file);
    }

    private Knowledge knowledge(Settings settings, ElasticsearchConnection connection) {
        Path file = config;
        if (file == null) {
            // The key of pseudonyms is not known: a look-up would find nobody and not say why.
            return Knowledge.NONE;
        }
        return new Knowledge(
                new Identification(settings.ingest(), new LibPhoneNumbers()),
                new IndexedExplaining(settings, connection),
                () -> RuleWords.of(settings.alert(), file.toString()),
                new PublishedActions(settings.kafka(), InstantSource.system()),
                new RunningOperations(settings.dashboard().flinkUrl(), settings.kafka()),
                new PublishedRedriving(settings.kafka()),
                settings.measure());
    }

    private static AccessSettings access(DashboardSettings settings) {
        Map<String, Role> roles = new HashMap<>();
        // Roles come weakest first, so that a group with two of them has the stronger.
        settings.roles()
                .forEach((role, groups) ->
                        groups.forEach(group -> roles.put(group, Role.of(role).orElseThrow())));
        return switch (settings.mode()) {
            case LOCAL -> new AccessSettings.Local();
            case PROXY ->
                new AccessSettings.Proxy(
                        Set.copyOf(settings.proxy().trusted()),
                        settings.proxy().userHeader(),
                        settings.proxy().groupsHeader(),
                        settings.proxy().secret(),
                        roles,
                        Objects.requireNonNull(settings.publicUrl()));
            case OIDC ->
                new AccessSettings.Oidc(
                        Objects.requireNonNull(settings.oidc().issuer()),
                        Objects.requireNonNull(settings.oidc().clientId()),
                        Objects.requireNonNull(settings.oidc().clientSecret()),
                        settings.oidc().scopes(),
                        settings.oidc().groupsClaim(),
                        roles,
                        Objects.requireNonNull(settings.publicUrl()),
                        Duration.ofMillis(settings.oidc().sessionMs()));
        };
    }
}
