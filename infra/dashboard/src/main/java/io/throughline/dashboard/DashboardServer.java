package io.throughline.dashboard;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinBindException;
import io.throughline.dashboard.access.Access;
import io.throughline.dashboard.access.AccessSettings;
import io.throughline.dashboard.access.AuditLog;
import io.throughline.dashboard.access.LocalAccess;
import io.throughline.dashboard.access.OidcAccess;
import io.throughline.dashboard.access.ProxyAccess;
import io.throughline.dashboard.know.Knowledge;
import io.throughline.dashboard.live.Board;
import io.throughline.dashboard.live.Feed;
import io.throughline.dashboard.live.OperationsWatch;
import io.throughline.dashboard.live.Poller;
import io.throughline.dashboard.read.ExperienceReader;
import io.throughline.dashboard.read.Json;
import io.throughline.dashboard.read.PageReader;
import io.throughline.dashboard.web.Routes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.http.HttpHost;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;

/**
 * The dashboard as a running server. It starts and keeps serving whether or not Elasticsearch answers. Without access
 * configured it serves this machine only.
 */
public final class DashboardServer implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
    private static final int ANSWER_TIMEOUT_MILLIS = 5_000;

    private final Javalin http;
    private final Poller poller;
    private final Feed feed;
    private final @Nullable OperationsWatch watch;
    private final ElasticsearchClient elasticsearch;
    private final AuditLog audit;
    private final URI url;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DashboardServer(
            Javalin http,
            Poller poller,
            @Nullable OperationsWatch watch,
            Feed feed,
            ElasticsearchClient elasticsearch,
            AuditLog audit,
            URI url) {
        this.http = http;
        this.poller = poller;
        this.watch = watch;
        this.feed = feed;
        this.elasticsearch = elasticsearch;
        this.audit = audit;
        this.url = url;
    }

    /**
     * Starts serving documents and nothing else; returns when the port is open.
     *
     * @throws CannotServeException when the port cannot be had; its message says what to do
     */
    public static DashboardServer start(DashboardSettings settings) {
        URI target = settings.elasticsearch();
        RestClient client = RestClient.builder(new HttpHost(target.getHost(), port(target), target.getScheme()))
                .setRequestConfigCallback(request ->
                        request.setConnectTimeout(CONNECT_TIMEOUT_MILLIS).setSocketTimeout(ANSWER_TIMEOUT_MILLIS))
                .build();
        return start(
                settings,
                new ElasticsearchClient(new RestClientTransport(client, new JacksonJsonpMapper())),
                Knowledge.NONE);
    }

    /**
     * Starts serving; returns when the port is open.
     *
     * @param elasticsearch closed with the server
     * @throws CannotServeException when the port or the audit log cannot be had; its message says what to do
     */
    public static DashboardServer start(
            DashboardSettings settings, ElasticsearchClient elasticsearch, Knowledge knowledge) {
        requireFree(settings);
        Clock clock = Clock.systemUTC();
        AuditLog audit = auditLog(settings, clock);
        Access access = access(settings.access(), clock);
        Board board = new Board();
        Feed feed = new Feed(board, clock, UUID.randomUUID().toString().substring(0, 8));
        ExperienceReader live = new ExperienceReader(elasticsearch);
        Poller poller = new Poller(
                live::read,
                board,
                feed::views,
                feed::publish,
                clock,
                settings.elasticsearch().toString());
        OperationsWatch watch = knowledge.operations() == null
                ? null
                : new OperationsWatch(
                        knowledge.operations(), board, () -> !feed.views().isEmpty(), feed::publish, clock);
        PageReader pages = new PageReader(
                elasticsearch, clock, live::newestEventTime, () -> watch == null ? null : watch.judgedSince());
        Routes routes = new Routes(board, feed, poller::wake, pages, knowledge, access, audit);
        Javalin http = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.maxRequestSize = 10_000;
            routes.addTo(config.routes);
        });
        try {
            http.start(settings.host(), settings.port());
        } catch (JavalinBindException taken) {
            close(elasticsearch, audit);
            throw cannotOpen(settings);
        }
        poller.start();
        if (watch != null) {
            watch.start();
        }
        return new DashboardServer(
                http,
                poller,
                watch,
                feed,
                elasticsearch,
                audit,
                URI.create("http://" + settings.host() + ":" + http.port() + "/"));
    }

    private static AuditLog auditLog(DashboardSettings settings, Clock clock) {
        try {
            return new AuditLog(settings.auditLog(), clock, Json::text);
        } catch (IOException cannot) {
            throw new CannotServeException("The audit log " + settings.auditLog() + " cannot be written ("
                    + cannot.getMessage() + "); make its directory, or name another with dashboard.audit_log.");
        }
    }

    private static Access access(AccessSettings settings, Clock clock) {
        if (settings instanceof AccessSettings.Proxy proxy) {
            return new ProxyAccess(proxy);
        }
        return settings instanceof AccessSettings.Oidc oidc ? new OidcAccess(oidc, clock) : new LocalAccess();
    }

    /** Where the page is. */
    public URI url() {
        return url;
    }

    /** Everything that can be asked for, as METHOD PATH: by it a test knows that it asks for each. */
    List<String> routes() {
        Set<HandlerType> methods = Set.copyOf(HandlerType.commonHttp());
        return http.unsafe.internalRouter.allHttpHandlers().stream()
                .map(parsed -> parsed.endpoint)
                .filter(endpoint -> methods.contains(endpoint.method))
                .map(endpoint -> endpoint.method + " " + endpoint.path)
                .toList();
    }

    /** Ends all connections; closing again does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        poller.close();
        if (watch != null) {
            watch.close();
        }
        feed.close();
        http.stop();
        close(elasticsearch, audit);
    }

    /** Why the server did not start, in one line for whoever started it. */
    public static final class CannotServeException extends RuntimeException {
        CannotServeException(String message) {
            super(message);
        }
    }

    /** Asked before the server is built, which would report a taken port at length in its own log. */
    private static void requireFree(DashboardSettings settings) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(settings.host(), settings.port()));
        } catch (IOException taken) {
            throw cannotOpen(settings);
        }
    }

    private static CannotServeException cannotOpen(DashboardSettings settings) {
        return new CannotServeException("Port " + settings.port() + " on " + settings.host()
                + " cannot be opened (is it in use?); choose another with --port, or --port 0 for any free one.");
    }

    private static int port(URI target) {
        if (target.getPort() >= 0) {
            return target.getPort();
        }
        return target.getScheme().equals("https") ? 443 : 9200;
    }

    private static void close(AutoCloseable... resources) {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception ignored) {
                // The process is ending or never began; there is nothing left to lose.
            }
        }
    }
}
