package io.throughline.dashboard.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.throughline.dashboard.access.Access;
import io.throughline.dashboard.access.AuditLog;
import io.throughline.dashboard.access.CsrfTokens;
import io.throughline.dashboard.access.Everybody;
import io.throughline.dashboard.access.OidcAccess;
import io.throughline.dashboard.access.RateLimits;
import io.throughline.dashboard.access.Role;
import io.throughline.dashboard.know.Knowledge;
import io.throughline.dashboard.live.Board;
import io.throughline.dashboard.live.Feed;
import io.throughline.dashboard.read.PageReader;
import io.throughline.dashboard.read.View;
import io.throughline.dashboard.read.Window;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be asked for over HTTP: the page, its live figures, and by the routes beside this one everything else. */
public final class Routes {

    /** Addresses under which the page is found; what is shown there is up to the page. */
    private static final List<String> PAGES =
            List.of("/", "/channels", "/journeys", "/alerts", "/customers", "/search", "/rules", "/pipeline", "/audit");

    private static final List<String> OF_PROGRAMS = List.of("/api/", "/page/", "/lib/");

    private static final int LONGEST_VALUE = 100;

    private final Board board;
    private final Feed feed;
    private final Runnable wakePoller;
    private final PageFiles files = new PageFiles();
    private final Gate gate;
    private final DataRoutes data;
    private final CustomerRoutes customers;
    private final ActionRoutes actions;
    private final RedriveRoutes redrive;
    private final @Nullable LoginRoutes login;

    /** @param wakePoller called when somebody looks at something nobody looked at before; must not block */
    public Routes(
            Board board,
            Feed feed,
            Runnable wakePoller,
            PageReader reader,
            Knowledge knowledge,
            Access access,
            AuditLog audit) {
        this.board = board;
        this.feed = feed;
        this.wakePoller = wakePoller;
        this.gate = new Gate(access, new CsrfTokens(), new RateLimits(), audit, contentSecurityPolicy(files));
        this.data = new DataRoutes(reader, knowledge, gate, audit);
        this.customers = new CustomerRoutes(reader, knowledge, gate);
        this.actions = new ActionRoutes(knowledge.actions(), gate);
        this.redrive = new RedriveRoutes(knowledge.redriving(), gate);
        this.login = access instanceof OidcAccess oidc ? new LoginRoutes(oidc, audit) : null;
    }

    private static String contentSecurityPolicy(PageFiles files) {
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self' '" + files.importMapHash() + "'",
                "style-src 'self'",
                "img-src 'self' data:",
                "connect-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'");
    }

    public void addTo(RoutesConfig routes) {
        gate.addTo(routes);
        PAGES.forEach(page -> routes.get(page, context -> serve(context, files.index(), "no-cache"), Role.VIEWER));
        routes.get(
                "/page/<path>",
                context -> serve(context, files.page(context.pathParam("path")), "no-cache"),
                Everybody.EVERYBODY);
        routes.get(
                "/lib/<path>",
                context ->
                        serve(context, files.library(context.pathParam("path")), "public, max-age=31536000, immutable"),
                Everybody.EVERYBODY);
        routes.get("/health", this::health, Everybody.EVERYBODY);
        routes.get("/api/snapshot", this::snapshot, Role.VIEWER);
        routes.before("/api/live", this::admit);
        routes.sse("/api/live", this::live, Role.VIEWER);
        data.addTo(routes);
        customers.addTo(routes);
        actions.addTo(routes);
        redrive.addTo(routes);
        if (login != null) {
            login.addTo(routes);
        }
        // Whoever typed an address is led back; what programs ask for is refused in one line.
        routes.error(404, "html", context -> {
            if (OF_PROGRAMS.stream().noneMatch(context.path()::startsWith)) {
                serve(context, files.lost(), "no-cache");
            }
        });
        routes.exception(AuditLog.UnwritableException.class, (failed, context) -> {
            System.err.println(failed.getMessage());
            Gate.refuse(context, 503, "This is written to an audit log, which cannot be written at the moment.");
        });
        routes.exception(Exception.class, (failed, context) -> {
            System.err.println(context.method() + " " + context.path() + " failed: " + failed);
            Gate.refuse(context, 500, "Something went wrong in the dashboard's server; its log says what.");
        });
    }

    private static void serve(Context context, Optional<PageFiles.File> file, String caching) {
        file.ifPresentOrElse(found -> serve(context, found, caching), () -> Gate.refuse(context, 404, "Not found"));
    }

    private static void serve(Context context, PageFiles.File file, String caching) {
        context.header("Cache-Control", caching).contentType(file.type()).result(file.text());
    }

    private void health(Context context) {
        context.contentType("application/json").result(feed.health());
    }

    private void snapshot(Context context) {
        view(context).ifPresent(view -> {
            StringBuilder json = new StringBuilder("{\"pulse\":").append(feed.pulse());
            for (Board.Published section : board.changedSince(0, view)) {
                json.append(",\"").append(section.name().code()).append("\":").append(section.json());
            }
            context.contentType("application/json").result(json.append('}').toString());
        });
    }

    /** The event stream begins with its status, so whoever cannot be served has to be told before. */
    private void admit(Context context) {
        Optional<View> view = view(context);
        if (view.isPresent() && !feed.hasRoomFor(view.get())) {
            Gate.refuse(context, 503, "Too many pages are open at the moment.");
        }
    }

    private void live(SseClient client) {
        Context context = client.ctx();
        View view = view(context).orElseThrow();
        client.keepAlive();
        boolean news = !feed.views().contains(view);
        Feed.Client joined = feed.join(view, new Connection(client), lastEventId(context));
        client.onClose(() -> feed.leave(joined));
        if (news) {
            wakePoller.run();
        }
    }

    /** A browser sends the header when it reconnects by itself, the page the parameter when it had to start anew. */
    private static @Nullable String lastEventId(Context context) {
        String header = context.header("Last-Event-ID");
        return header != null ? header : context.queryParam("last_event_id");
    }

    /** Empty where the request named no possible view; it is then already answered with 400. */
    private static Optional<View> view(Context context) {
        String windowCode = context.queryParam("window");
        Optional<Window> window = windowCode == null ? Optional.of(View.DEFAULT.window()) : Window.of(windowCode);
        if (window.isEmpty()) {
            Gate.refuse(context, 400, "window must be one of 1h, 24h, 7d, 30d.");
            return Optional.empty();
        }
        for (String name : List.of("channel", "segment")) {
            String value = context.queryParam(name);
            if (value != null && value.length() > LONGEST_VALUE) {
                Gate.refuse(context, 400, name + " must not be longer than " + LONGEST_VALUE + " characters.");
                return Optional.empty();
            }
        }
        String until = context.queryParam("until");
        try {
            return Optional.of(new View(
                    window.get(),
                    orNull(context.queryParam("channel")),
                    orNull(context.queryParam("segment")),
                    until == null || until.isBlank() ? null : Instant.parse(until)));
        } catch (DateTimeException noInstant) {
            Gate.refuse(context, 400, "until must be a time like 2026-03-01T12:00:00Z.");
            return Optional.empty();
        }
    }

    private static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private record Connection(SseClient client) implements Feed.Connection {
        @Override
        public void send(String event, String json, @Nullable String id) {
            client.sendEvent(event, json, id);
        }

        @Override
        public boolean gone() {
            return client.terminated();
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
