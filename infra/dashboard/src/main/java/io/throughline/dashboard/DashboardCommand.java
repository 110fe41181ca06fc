package io.throughline.dashboard;

import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the dashboard until interrupted. Exit codes: 0 stopped, 1 could not serve, 2 usage. */
@Command(
        name = "dashboard",
        mixinStandardHelpOptions = true,
        description = "Serve the customer-experience dashboard from Elasticsearch on this machine, until interrupted.")
public final class DashboardCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--elasticsearch",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9200",
            description = "Where to read (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private URI elasticsearch;

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
            description = "Loopback address to serve on (default: ${DEFAULT-VALUE}). There is no login yet, so other"
                    + " addresses are refused.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String host;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        DashboardSettings settings;
        try {
            settings = new DashboardSettings(elasticsearch, host, port);
        } catch (IllegalArgumentException wrong) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()));
        }
        try (DashboardServer server = DashboardServer.start(settings)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "dashboard-stop"));
            out.println("Dashboard: " + server.url() + "  (reads " + settings.elasticsearch() + "; Ctrl-C stops it)");
            out.flush();
            new CountDownLatch(1).await();
            return CommandLine.ExitCode.OK;
        } catch (DashboardServer.CannotServeException cannot) {
            err.println(cannot.getMessage());
            err.flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }
}
