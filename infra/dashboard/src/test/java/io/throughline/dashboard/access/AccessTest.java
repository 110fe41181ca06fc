package io.throughline.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.dashboard.DashboardServer;
import io.throughline.dashboard.DashboardSettings;
import io.throughline.dashboard.know.AlertActions;
import io.throughline.dashboard.know.Knowledge;
import io.throughline.dashboard.know.Redriving;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.http.HttpHost;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, and how far. Elasticsearch is away: whoever gets that far is told so with 503. */
class AccessTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Map<String, Role> ROLES =
            Map.of("cx", Role.VIEWER, "service", Role.AGENT, "leads", Role.LEAD, "it", Role.ADMIN);

    @TempDir
    private Path directory;

    @Test
    void whoIsInNoGroupThatHasARoleGetsThePagesOwnFilesAndNothingElse() {
        try (DashboardServer server = behindAProxy(Set.of("127.0.0.1"), null)) {
            String[] eve = {"X-Forwarded-User", "eve", "X-Forwarded-Groups", "strangers"};
            assertThat(get(server, "/api/me", "X-Forwarded-User", "eve").statusCode())
                    .isEqualTo(401);
            assertThat(get(server, "/api/me", eve).statusCode()).isEqualTo(401);
            assertThat(get(server, "/page/dashboard.js", eve).statusCode())
                    .as("it holds no data")
                    .isEqualTo(200);
        }
    }

    @Test
    void whoIsInSeveralGroupsHasTheHighestOfTheirRoles() {
        try (DashboardServer server = behindAProxy(Set.of("127.0.0.1"), null)) {
            String[] ada = {"X-Forwarded-User", "ada", "X-Forwarded-Groups", "cx, it"};
            assertThat(get(server, "/api/audit", ada).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void headersFromElsewhereThanTheProxySayNothing() {
        try (DashboardServer server = behindAProxy(Set.of("10.0.0.0/8"), null)) {
            assertThat(get(server, "/api/me", "X-Forwarded-User", "eve", "X-Forwarded-Groups", "it")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void theProxysSecretIsAskedForWhereThereIsOne() {
        try (DashboardServer server = behindAProxy(Set.of("127.0.0.0/8"), "between-us")) {
            String[] named = {"X-Forwarded-User", "ada", "X-Forwarded-Groups", "cx"};
            assertThat(get(server, "/api/me", named).statusCode()).isEqualTo(401);
            assertThat(get(server, "/api/me", with(named, ProxyAccess.SECRET_HEADER, "guess"))
                            .statusCode())
                    .isEqualTo(401);
            HttpResponse<String> me = get(server, "/api/me", with(named, ProxyAccess.SECRET_HEADER, "between-us"));
            assertThat(me.statusCode()).isEqualTo(200);
            assertThat(json(me).path("role").asText()).isEqualTo("viewer");
        }
    }

    @Test
    void lookUpsAreWrittenDownByPseudonymAndNeverAsTyped() throws IOException {
        Path log = directory.resolve("audit.ndjson");
        try (DashboardServer server = behindAProxy(Set.of("127.0.0.1"), null)) {
            String[] ada = {"X-Forwarded-User", "ada", "X-Forwarded-Groups", "service"};
            String token = json(get(server, "/api/me", ada)).path("csrf").asText();
            get(server, "/api/customers/c-1", ada);
            HttpResponse<String> found = post(
                    server,
                    "/api/customers/look-up",
                    "{\"text\":\"jo@example.com\"}",
                    with(ada, "X-CSRF-Token", token));
            assertThat(found.statusCode()).isEqualTo(503);
            get(server, "/api/audit", ada);
        }
        assertThat(Files.readAllLines(log))
                .hasSize(3)
                .noneMatch(line -> line.contains("jo@example.com"))
                .anyMatch(line -> line.contains("\"action\":\"view_customer\"") && line.contains("\"subject\":\"c-1\""))
                .anyMatch(line -> line.contains("\"action\":\"look_up\"") && line.contains("\"person\":\"ada\""))
                .anyMatch(line -> line.contains("\"action\":\"denied\"") && line.contains("/api/audit"));
    }

    @Test
    void nothingIsDoneInSomebodysNameByAnotherPage() {
        try (DashboardServer server = behindAProxy(Set.of("127.0.0.1"), null)) {
            String[] ada = {"X-Forwarded-User", "ada", "X-Forwarded-Groups", "service"};
            String token = json(get(server, "/api/me", ada)).path("csrf").asText();
            String[] joe = {"X-Forwarded-User", "joe", "X-Forwarded-Groups", "service", "X-CSRF-Token", token};
            String body = "{\"text\":\"c-1\"}";

            assertThat(post(server, "/api/customers/look-up", body, ada).statusCode())
                    .isEqualTo(403);
            assertThat(post(server, "/api/customers/look-up", body, joe).statusCode())
                    .as("a token of somebody else")
                    .isEqualTo(403);
            assertThat(post(
                                    server,
                                    "/api/customers/look-up",
                                    body,
                                    with(ada, "X-CSRF-Token", token, "Sec-Fetch-Site", "cross-site"))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(post(server, "/api/customers/look-up", body, with(ada, "X-CSRF-Token", token))
                            .statusCode())
                    .isEqualTo(503);
        }
    }

    @Test
    void whoTriesOutNumbersIsHeldUp() {
        try (DashboardServer server = behindAProxy(Set.of("127.0.0.1"), null)) {
            String[] eve = {"X-Forwarded-User", "eve", "X-Forwarded-Groups", "service"};
            String token = json(get(server, "/api/me", eve)).path("csrf").asText();
            int refused = 0;
            for (int i = 0; i < RateLimits.Kind.LOOK_UP.perMinute() + 20; i++) {
                HttpResponse<String> answer = post(
                        server, "/api/customers/look-up", "{\"text\":\"" + i + "\"}", with(eve, "X-CSRF-Token", token));
                refused += answer.statusCode() == 429 ? 1 : 0;
            }
            assertThat(refused).isPositive();
            String[] ada = {"X-Forwarded-User", "ada", "X-Forwarded-Groups", "service"};
            assertThat(get(server, "/api/me", ada).statusCode())
                    .as("somebody else goes on")
                    .isEqualTo(200);
        }
    }

    @Test
    void agentsActOnOneAlertAndLeadsOnMany() {
        List<AlertActions.Command> commands = new ArrayList<>();
        try (DashboardServer server = behindAProxy(new Knowledge(
                null,
                null,
                List::of,
                command -> {
                    if (command.alertId().equals("a-9")) {
                        throw new IOException("the brokers do not answer");
                    }
                    commands.add(command);
                },
                null,
                null))) {
            String one =
                    "{\"verb\":\"acknowledge\",\"by\":\"somebody else\",\"alerts\":[{\"alert_id\":\"a-1\",\"version\":3}]}";
            String two = "{\"verb\":\"resolve\",\"alerts\":[{\"alert_id\":\"a-2\"},{\"alert_id\":\"a-9\"}]}";
            String silence =
                    "{\"verb\":\"silence\",\"until\":\"2199-01-01T00:00:00Z\",\"alerts\":[{\"alert_id\":\"a-1\"}]}";

            assertThat(act(server, "cx", one).statusCode()).isEqualTo(403);
            assertThat(act(server, "service", one).statusCode()).isEqualTo(200);
            assertThat(act(server, "service", two).body()).contains("takes the role lead");
            assertThat(act(server, "service", silence).statusCode()).isEqualTo(403);
            HttpResponse<String> partly = act(server, "leads", two);
            assertThat(json(partly).path("sent").get(0).asText()).isEqualTo("a-2");
            assertThat(json(partly).path("failed").get(0).path("why").asText()).isEqualTo("the brokers do not answer");
            assertThat(act(server, "leads", silence.replace("2199", "2001")).body())
                    .contains("a time to come");
            assertThat(act(server, "leads", "{\"verb\":\"delete\",\"alerts\":[]}")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(act(server, "leads", "nonsense").statusCode()).isEqualTo(400);
        }
        assertThat(commands)
                .extracting(AlertActions.Command::verb, AlertActions.Command::by, AlertActions.Command::expectedVersion)
                .containsExactly(tuple("acknowledge", "ada", 3), tuple("resolve", "ada", null));
    }

    private static HttpResponse<String> act(DashboardServer server, String group, String body) {
        String[] ada = {"X-Forwarded-User", "ada", "X-Forwarded-Groups", group};
        String token = json(get(server, "/api/me", ada)).path("csrf").asText();
        return post(server, "/api/alerts/actions", body, with(ada, "X-CSRF-Token", token));
    }

    @Test
    void leadsRedriveByReasonAndItIsWrittenDownBeforeAndAfter() {
        List<String> redriven = new ArrayList<>();
        try (DashboardServer server = behindAProxy(new Knowledge(null, null, List::of, null, null, (reason, by) -> {
            if (reason.equals("late")) {
                throw new IOException("the brokers do not answer");
            }
            redriven.add(reason + " by " + by);
            return new Redriving.Outcome(12, 3, 0, 0);
        }))) {
            assertThat(redrive(server, "service", "{\"reason\":\"malformed\"}").statusCode())
                    .isEqualTo(403);
            HttpResponse<String> done = redrive(server, "leads", "{\"reason\":\"malformed\"}");
            assertThat(json(done).path("redriven").asInt()).isEqualTo(12);
            assertThat(redrive(server, "leads", "{\"reason\":\"late\"}").body())
                    .isEqualTo("the brokers do not answer\n");
            assertThat(redrive(server, "leads", "{\"reason\":\"x' OR 1\"}").statusCode())
                    .isEqualTo(400);
            assertThat(redrive(server, "leads", "nonsense").statusCode()).isEqualTo(400);
            String[] ada = {"X-Forwarded-User", "ada", "X-Forwarded-Groups", "leads"};
            assertThat(post(server, "/api/redrive", "{\"reason\":\"malformed\"}", ada)
                            .statusCode())
                    .as("without a token of the page")
                    .isEqualTo(403);
            String[] admin = {"X-Forwarded-User", "root", "X-Forwarded-Groups", "it"};
            assertThat(get(server, "/api/audit", admin).body())
                    .contains("12 redriven")
                    .contains("\"outcome\":\"failed\"");
        }
        assertThat(redriven).containsExactly("malformed by ada");
    }

    @Test
    void aRedriveThatEndsOtherwiseThanExpectedIsWrittenDownAsFailed() {
        try (DashboardServer server = behindAProxy(new Knowledge(null, null, List::of, null, null, (reason, by) -> {
            throw new IllegalStateException("nobody thought of this");
        }))) {
            HttpResponse<String> answer = redrive(server, "leads", "{\"reason\":\"malformed\"}");

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("nobody thought");
            String[] admin = {"X-Forwarded-User", "root", "X-Forwarded-Groups", "it"};
            assertThat(get(server, "/api/audit", admin).body()).contains("\"outcome\":\"failed\"");
        }
    }

    private static HttpResponse<String> redrive(DashboardServer server, String group, String body) {
        String[] ada = {"X-Forwarded-User", "ada", "X-Forwarded-Groups", group};
        String token = json(get(server, "/api/me", ada)).path("csrf").asText();
        return post(server, "/api/redrive", body, with(ada, "X-CSRF-Token", token));
    }

    private DashboardServer behindAProxy(Knowledge knowledge) {
        URI elasticsearch = nowhere();
        RestClient client =
                RestClient.builder(HttpHost.create(elasticsearch.toString())).build();
        return DashboardServer.start(
                settings(elasticsearch, Set.of("127.0.0.1"), null),
                new ElasticsearchClient(new RestClientTransport(client, new JacksonJsonpMapper())),
                knowledge);
    }

    @Test
    void loggingInAtAProviderMakesAPerson() throws IOException {
        try (OidcProvider provider = new OidcProvider("throughline", "ada", List.of("service"));
                DashboardServer server = withLogin(provider)) {
            HttpClient browser = HttpClient.newBuilder()
                    .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();

            assertThat(get(server, "/api/me").statusCode()).isEqualTo(401);
            HttpResponse<String> page = send(browser, request(server, "/alerts?status=all"));

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.uri().getPath())
                    .as("back where somebody wanted to go")
                    .isEqualTo("/alerts");
            assertThat(page.uri().getQuery()).isEqualTo("status=all");
            JsonNode me = json(send(browser, request(server, "/api/me")));
            assertThat(me.path("role").asText()).isEqualTo("agent");
            assertThat(me.path("name").asText()).isEqualTo("ada");
            assertThat(provider.sawProofKey()).isTrue();

            HttpResponse<String> out = send(
                    browser,
                    HttpRequest.newBuilder(server.url().resolve("/logout"))
                            .header("X-CSRF-Token", me.path("csrf").asText())
                            .POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(out.statusCode()).isEqualTo(204);
            assertThat(send(browser, request(server, "/api/me")).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void whoHasNoRoleOrForgesALoginStaysOutside() throws IOException {
        try (OidcProvider provider = new OidcProvider("throughline", "eve", List.of("strangers"));
                DashboardServer server = withLogin(provider)) {
            HttpClient browser = HttpClient.newBuilder()
                    .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
            HttpResponse<String> refused = send(browser, request(server, "/"));
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("eve has no role here");

            assertThat(get(server, "/login/callback?code=guess&state=guess").body())
                    .contains("was not begun in this browser");
            assertThat(get(server, "/api/me", "Cookie", "throughline_session=guess")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void aTokenForSomebodyElsesApplicationIsNotBelieved() throws IOException {
        try (OidcProvider provider = new OidcProvider("another-application", "ada", List.of("it"));
                DashboardServer server = withLogin(provider)) {
            HttpClient browser = HttpClient.newBuilder()
                    .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
            HttpResponse<String> refused = send(browser, request(server, "/"));
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("not to be trusted");
        }
    }

    private DashboardServer behindAProxy(Set<String> trusted, String secret) {
        return DashboardServer.start(settings(nowhere(), trusted, secret));
    }

    private DashboardSettings settings(URI elasticsearch, Set<String> trusted, String secret) {
        return new DashboardSettings(
                elasticsearch,
                "127.0.0.1",
                0,
                new AccessSettings.Proxy(
                        trusted,
                        "X-Forwarded-User",
                        "X-Forwarded-Groups",
                        secret,
                        ROLES,
                        URI.create("http://127.0.0.1/")),
                directory.resolve("audit.ndjson"));
    }

    private DashboardServer withLogin(OidcProvider provider) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        DashboardServer server = DashboardServer.start(new DashboardSettings(
                nowhere(),
                "127.0.0.1",
                port,
                new AccessSettings.Oidc(
                        provider.issuer(),
                        "throughline",
                        "secret",
                        List.of("openid", "profile"),
                        "groups",
                        ROLES,
                        URI.create("http://127.0.0.1:" + port + "/"),
                        Duration.ofHours(8)),
                directory.resolve("audit.ndjson")));
        await().until(() -> get(server, "/health").statusCode() == 200);
        return server;
    }

    private static String[] with(String[] headers, String... more) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + more.length);
        System.arraycopy(more, 0, all, headers.length, more.length);
        return all;
    }

    private static HttpRequest.Builder request(DashboardServer server, String path) {
        return HttpRequest.newBuilder(server.url().resolve(path));
    }

    private static HttpResponse<String> get(DashboardServer server, String path, String... headers) {
        HttpRequest.Builder request = request(server, path);
        return send(HTTP, headers.length == 0 ? request : request.headers(headers));
    }

    private static HttpResponse<String> post(DashboardServer server, String path, String body, String... headers) {
        return send(HTTP, request(server, path).headers(headers).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException notJson) {
            throw new AssertionError(answer.body(), notJson);
        }
    }

    private static URI nowhere() {
        try (ServerSocket free = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + free.getLocalPort());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
