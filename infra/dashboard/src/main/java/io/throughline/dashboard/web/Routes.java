package io.throughline.dashboard.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.throughline.dashboard.live.Board;
import io.throughline.dashboard.live.Feed;
import io.throughline.dashboard.read.View;
import io.throughline.dashboard.read.Window;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be asked for over HTTP. Everything is read-only. */
public final class Routes {

    private static final int LONGEST_CHANNEL = 100;
    private static final Set<String> LOCAL_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");

    private final Board board;
    private final Feed feed;
    private final Runnable wakePoller;
    private final PageFiles files = new PageFiles();
    private final String contentSecurityPolicy;

    /** @param wakePoller called when somebody looks at something nobody looked at before; must not block */
    public Routes(Board board, Feed feed, Runnable wakePoller) {
        this.board = board;
        this.feed = feed;
        this.wakePoller = wakePoller;
        this.contentSecurityPolicy = String.join(
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
        routes.before(this::guard);
        routes.get("/", context -> serve(context, files.index(), "no-cache"));
        routes.get("/page/<path>", context -> serve(context, files.page(context.pathParam("path")), "no-cache"));
        routes.get(
                "/lib/<path>",
                context -> serve(
                        context, files.library(context.pathParam("path")), "public, max-age=31536000, immutable"));
        routes.get("/health", this::health);
        routes.get("/api/snapshot", this::snapshot);
        routes.before("/api/live", this::admit);
        routes.sse("/api/live", this::live);
    }

    /** Refuses names other than this machine's, so that a foreign page cannot reach the data by re-pointing its own name. */
    private void guard(Context context) {
        String host = context.host();
        String name = host == null ? "" : host.replaceFirst(":\\d+$", "");
        context.header("Content-Security-Policy", contentSecurityPolicy)
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
                .header("Cache-Control", "no-store");
        if (!LOCAL_NAMES.contains(name)) {
            context.status(421)
                    .contentType("text/plain; charset=utf-8")
                    .result("This dashboard answers only to 127.0.0.1 and localhost.\n")
                    .skipRemainingHandlers();
        }
    }

    private static void serve(Context context, Optional<PageFiles.File> file, String caching) {
        file.ifPresentOrElse(found -> serve(context, found, caching), () -> context.status(404)
                .contentType("text/plain; charset=utf-8")
                .result("Not found\n"));
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
            refuse(context, 503, "Too many pages are open at the moment.");
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
        String channel = context.queryParam("channel");
        Optional<Window> window = windowCode == null ? Optional.of(View.DEFAULT.window()) : Window.of(windowCode);
        if (window.isEmpty()) {
            refuse(context, 400, "window must be one of 1h, 24h, 7d, 30d.");
            return Optional.empty();
        }
        if (channel != null && channel.length() > LONGEST_CHANNEL) {
            refuse(context, 400, "channel must not be longer than " + LONGEST_CHANNEL + " characters.");
            return Optional.empty();
        }
        return Optional.of(new View(window.get(), channel == null || channel.isBlank() ? null : channel));
    }

    private static void refuse(Context context, int status, String why) {
        context.status(status)
                .contentType("text/plain; charset=utf-8")
                .result(why + "\n")
                .skipRemainingHandlers();
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
