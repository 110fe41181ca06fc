package io.throughline.dashboard;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.dashboard.access.AccessSettings;
import io.throughline.dashboard.access.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route the server has, with the role it takes. A route that is not in the table fails the build. */
class RouteAccessTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Holds no data and is open to everybody. */
    private static final String ANYBODY = "anybody";

    private static final Map<String, String> PROXIED = table(
            """
            GET /                                  viewer
            GET /channels                          viewer
            GET /journeys                          viewer
            GET /alerts                            viewer
            GET /customers                         viewer
            GET /search                            viewer
            GET /rules                             viewer
            GET /pipeline                          viewer
            GET /audit                             viewer
            GET /page/<path>                       anybody
            GET /lib/<path>                        anybody
            GET /health                            anybody
            GET /api/snapshot                      viewer
            GET /api/live                          viewer
            GET /api/me                            viewer
            GET /api/channels                      viewer
            GET /api/journeys                      viewer
            GET /api/sessions                      viewer
            GET /api/sessions/{id}                 viewer
            GET /api/issues                        viewer
            GET /api/touchpoints                   viewer
            GET /api/alerts                        viewer
            GET /api/alerts/{id}                   viewer
            GET /api/rules                         viewer
            GET /api/pipeline                      viewer
            GET /api/verbatims                     agent
            GET /api/customers                     agent
            GET /api/customers/{id}                agent
            POST /api/customers/look-up            agent
            POST /api/customers/why                agent
            POST /api/alerts/actions               agent
            POST /api/redrive                      lead
            GET /api/export/sessions.csv           lead
            GET /api/export/issues.csv             lead
            GET /api/export/touchpoints.csv        lead
            GET /api/export/verbatims.csv          lead
            GET /api/export/alerts.csv             lead
            GET /api/audit                         admin
            """);

    private static final Map<String, String> OF_LOGIN = table(
            """
            GET /login                             anybody
            GET /login/callback                    anybody
            POST /logout                           viewer
            """);

    @TempDir
    private Path directory;

    private URI elasticsearch;

    @BeforeEach
    void nobodyAnswersThere() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            elasticsearch = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
    }

    @Test
    void everyRouteIsInTheTable() {
        try (DashboardServer proxied = start(proxy());
                DashboardServer withLogin = start(oidc())) {
            assertThat(proxied.routes()).containsExactlyInAnyOrderElementsOf(PROXIED.keySet());
            Set<String> both = new TreeSet<>(PROXIED.keySet());
            both.addAll(OF_LOGIN.keySet());
            assertThat(withLogin.routes()).containsExactlyInAnyOrderElementsOf(both);
        }
    }

    @Test
    void everyRoleGoesAsFarAsTheTableSaysAndNoFurther() {
        try (DashboardServer server = start(proxy())) {
            Map<String, String> wrong = new TreeMap<>();
            for (Map.Entry<String, String> route : PROXIED.entrySet()) {
                for (Role role : Role.values()) {
                    int status = status(server, route.getKey(), role);
                    boolean may = route.getValue().equals(ANYBODY)
                            || role.includes(Role.of(route.getValue()).orElseThrow());
                    if (may == (status == 403 || status == 401)) {
                        wrong.put(route.getKey() + " as " + role, "answered " + status);
                    }
                }
                int status = status(server, route.getKey(), null);
                if (route.getValue().equals(ANYBODY) == (status == 401)) {
                    wrong.put(route.getKey() + " as nobody", "answered " + status);
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    /** The status only: one of the answers never ends. */
    private static int status(DashboardServer server, String route, @Nullable Role role) {
        String[] parts = route.split(" ");
        String path = parts[1].replace("{id}", "x")
                .replace("/page/<path>", "/page/dashboard.js")
                .replace("/lib/<path>", "/lib/nothing.js");
        HttpRequest.Builder request = HttpRequest.newBuilder(server.url().resolve(path))
                .timeout(Duration.ofSeconds(30))
                // A person per request, so that limits do not come into it.
                .headers(role == null ? new String[] {"Accept", "*/*"} : named(role, path));
        if (parts[1].equals("/api/live")) {
            request.header("Accept", "text/event-stream");
        }
        if (parts[0].equals("POST")) {
            if (role != null) {
                request.header("X-CSRF-Token", token(server, role, path));
            }
            request.POST(HttpRequest.BodyPublishers.ofString("{}"));
        }
        try {
            HttpResponse<InputStream> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close();
            return answer.statusCode();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(route, failed);
        }
    }

    private static String token(DashboardServer server, Role role, String path) {
        try {
            HttpResponse<String> me = HTTP.send(
                    HttpRequest.newBuilder(server.url().resolve("/api/me"))
                            .headers(named(role, path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new ObjectMapper().readTree(me.body()).path("csrf").asText();
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private static String[] named(Role role, String path) {
        return new String[] {"X-Forwarded-User", role.code() + path, "X-Forwarded-Groups", role.code()};
    }

    private DashboardServer start(AccessSettings access) {
        return DashboardServer.start(
                new DashboardSettings(elasticsearch, "127.0.0.1", 0, access, directory.resolve("audit.ndjson")));
    }

    private static AccessSettings proxy() {
        return new AccessSettings.Proxy(
                Set.of("127.0.0.1"),
                "X-Forwarded-User",
                "X-Forwarded-Groups",
                null,
                groups(),
                URI.create("http://127.0.0.1/"));
    }

    private static AccessSettings oidc() {
        return new AccessSettings.Oidc(
                URI.create("http://127.0.0.1:1"),
                "throughline",
                "secret",
                List.of("openid"),
                "groups",
                groups(),
                URI.create("http://127.0.0.1/"),
                Duration.ofHours(8));
    }

    private static Map<String, Role> groups() {
        return Stream.of(Role.values()).collect(toMap(Role::code, role -> role));
    }

    private static Map<String, String> table(String lines) {
        Map<String, String> table = new LinkedHashMap<>();
        for (String line : lines.strip().split("\n")) {
            String[] words = line.strip().split(" +");
            table.put(words[0] + " " + words[1], words[2]);
        }
        return table;
    }
}
