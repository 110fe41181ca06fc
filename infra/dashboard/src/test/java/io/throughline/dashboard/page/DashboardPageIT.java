package io.throughline.dashboard.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.throughline.dashboard.IndexedExperience.document;
import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.elasticsearch._types.Refresh;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.throughline.dashboard.DashboardServer;
import io.throughline.dashboard.DashboardSettings;
import io.throughline.dashboard.IndexedExperience;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One day of experience is indexed for most tests; the last ones change the indices and come in order. */
@Servers(Server.ELASTICSEARCH)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DashboardPageIT extends BrowserTest {

    /** Would run if any text of a document were taken for markup. */
    private static final String HOSTILE = "<img src=x onerror=\"window.hostile=1\"><script>window.hostile=1</script>";

    @BeforeAll
    static void indexADay(LocalServers servers) {
        indexed = new IndexedExperience(servers.elasticsearchUrl());
        indexed.empty();
        new ADay(indexed, Instant.now()).index();
        server = DashboardServer.start(new DashboardSettings(URI.create(servers.elasticsearchUrl()), "127.0.0.1", 0));
    }

    @Test
    @Order(1)
    void showsHowCustomersFareAtAGlance() {
        go("/?window=24h");

        assertThat(score("Net Promoter Score")).containsText(Pattern.compile("\\+\\d+\\.\\d"));
        assertThat(score("Net Promoter Score")).containsText(Pattern.compile("95 %\\s*\\+\\d+\\.\\d to \\+\\d+\\.\\d"));
        assertThat(score("Net Promoter Score")).containsText(Pattern.compile("n\\s*\\d,\\d{3}"));
        assertThat(score("Customer satisfaction")).containsText("%");
        assertThat(score("Customer Effort Score")).isVisible();
        assertThat(page.locator("channel-chart canvas")).isVisible();
        assertThat(page.locator(".alert")).hasCount(30);
        assertThat(page.locator(".session-list tbody tr")).hasCount(8);
        assertThat(page.locator(".measure")).hasCount(21);
        Locator selfService = page.locator(".measures > div", new Page.LocatorOptions().setHasText("Self-service"));
        assertThat(selfService.locator(".value"))
                .hasText(new Pattern[] {Pattern.compile("8\\d\\.\\d %"), Pattern.compile("1\\d\\.\\d %")});
        assertThat(page.locator("li.expectation")).hasCount(4);
        assertThat(page.locator(".drivers tbody tr")).hasCount(9);
        assertThat(score("Unique customers")).hasCount(0);
        assertThat(score("First-contact resolution, net")).containsText("%");
        assertThat(score("Wait, median")).containsText(" s");
        assertThat(page.locator(".trust")).containsText("yes");
        assertThat(page.locator(".trust")).containsText("0.05 %");
        assertThat(page.locator(".connection")).hasText("Live");
        assertThat(drawnPixels("channel-chart")).isGreaterThan(20_000);
        Chromium.screenshot(page, "desktop-light", true);
        Chromium.screenshot(page, "desktop-light-fold", false);
    }

    @Test
    @Order(1)
    void worksInTheDarkAndOnAPhone() {
        window.close();
        open(1440, 1000, ColorScheme.DARK);
        go("/?window=1h");
        Chromium.screenshot(page, "desktop-dark", true);
        window.close();

        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            open(390, 844, scheme);
            go("/?window=24h");
            Chromium.screenshot(page, "phone-" + scheme.name().toLowerCase(java.util.Locale.ROOT), true);
            window.close();
        }
        open(320, 640, ColorScheme.LIGHT);
        go("/?window=24h");
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(320);
        window.close();
        open(1024, 768, ColorScheme.LIGHT);
        go("/?window=7d");
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(1024);
        Chromium.screenshot(page, "tablet-light", true);
    }

    @Test
    @Order(1)
    void asksNobodyButItsOwnServer() {
        List<String> elsewhere = new ArrayList<>();
        page.onRequest(request -> {
            if (!request.url().startsWith(server.url().toString())
                    && !request.url().startsWith("data:")) {
                elsewhere.add(request.url());
            }
        });
        go("/?window=24h");
        page.getByRole(AriaRole.BUTTON, named("Net Promoter Score: trend and figures"))
                .click();
        assertThat(page.locator("trend-chart canvas")).isVisible();

        assertThat(elsewhere).isEmpty();
    }

    @Test
    @Order(1)
    void everythingIsReachableByKeyboard() {
        go("/?window=24h");

        page.keyboard().press("Tab");
        assertThat(page.locator(".skip")).isFocused();
        for (String title : List.of("Overview", "Channels", "Journeys", "Alerts")) {
            page.keyboard().press("Tab");
            assertThat(page.locator(".top nav a:focus")).containsText(title);
        }
        for (int i = 0; i < 5; i++) {
            page.keyboard().press("Tab");
        }
        assertThat(page.locator(".top nav a:focus")).containsText("Audit");
        page.keyboard().press("Tab");
        assertThat(page.getByRole(AriaRole.RADIO, named("last 24 hours"))).isFocused();
        page.keyboard().press("ArrowLeft");
        assertThat(page).hasURL(Pattern.compile("window=1h"));
        assertThat(score("Net Promoter Score")).isVisible();
        page.keyboard().press("Tab");
        assertThat(page.locator("select")).isFocused();
        page.keyboard().press("Tab");
        assertThat(page.getByText("until now")).isFocused();
        page.keyboard().press("Tab");
        assertThat(page.locator(".theme")).isFocused();
        page.keyboard().press("Tab");
        Locator nps = page.getByRole(AriaRole.BUTTON, named("Net Promoter Score: trend and figures"));
        assertThat(nps).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Net Promoter Score");
        assertThat(page).hasURL(Pattern.compile("metric=nps"));
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).not().isVisible();
        assertThat(page).hasURL(Pattern.compile("window=1h$"));
        assertThat(nps).isFocused();
    }

    @Test
    @Order(1)
    void whatIsLookedAtIsInTheAddress() {
        go("/?window=24h");
        page.getByRole(AriaRole.RADIO, named("last hour")).check();
        assertThat(page).hasURL(Pattern.compile("window=1h"));
        assertThat(page.locator(".service .note")).hasText("last hour");

        page.locator("select").selectOption("chat");
        assertThat(page).hasURL(Pattern.compile("channel=chat"));
        assertThat(page.locator(".legend button[aria-pressed=true]")).containsText("Chat");
        page.reload();
        assertThat(page.locator("select")).hasValue("chat");
        assertThat(page.locator(".service .note")).hasText("last hour");
        assertThat(score("Net Promoter Score")).isVisible();

        page.goBack();
        assertThat(page.locator("select")).hasValue("");
        page.goBack();
        assertThat(page.locator(".service .note")).hasText("last 24 hours");
    }

    @Test
    @Order(1)
    void anAlertOpensItsEvidence() {
        go("/?window=24h");
        page.locator(".alert a").first().click();

        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog.locator("h3")).containsText("Evidence");
        assertThat(dialog.locator("tbody tr").first()).isVisible();
        assertThat(dialog).containsText("CSAT 1");
        Chromium.screenshot(page, "alert-evidence", false);
        String address = page.url();

        page.navigate(address);
        assertThat(page.getByRole(AriaRole.DIALOG).locator("tbody tr").first()).isVisible();
    }

    @Test
    @Order(1)
    void everyChartHasATable() {
        go("/?window=24h");
        page.getByRole(AriaRole.RADIO, named("Table")).check();
        assertThat(page.locator(".throughput tbody tr")).hasCount(14);
        assertThat(page.locator(".throughput thead th").first()).hasText("Minute from");
        Chromium.screenshot(page, "throughput-table", false);

        go("/?window=24h&metric=csat");
        page.getByText("As a table").click();
        assertThat(page.locator("dialog tbody tr")).hasCount(201);
        Chromium.screenshot(page, "metric-trend", false);
    }

    @Test
    @Order(1)
    void aChartWhoseLibraryIsNotThereSaysSoInsteadOfLookingEmpty() {
        page.route(Pattern.compile("/lib/echarts/"), Route::abort);
        page.navigate(server.url().resolve("/?window=24h").toString());
        assertThat(page.locator("channel-chart"))
                .hasAttribute("data-undrawn", "The chart could not be loaded. The table has the figures.");
        complaints.removeIf(complaint -> complaint.contains("ERR_FAILED"));
        page.unroute(Pattern.compile("/lib/echarts/"));
        go("/?window=24h");
        assertThat(drawnPixels("channel-chart")).isGreaterThan(20_000);
    }

    @Test
    @Order(1)
    void theColoursAreRemembered() {
        go("/?window=24h");
        page.locator(".theme").click();
        assertThat(page.locator("html")).hasAttribute("data-theme", "light");
        page.locator(".theme").click();
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        page.reload();
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        page.locator(".theme").click();
        assertThat(page.locator("html")).not().hasAttribute("data-theme", Pattern.compile(".*"));
    }

    @Test
    @Order(1)
    void saysThatItIsLoadingUntilItKnows() {
        page.route(Pattern.compile("/api/live"), route -> {});
        page.navigate(server.url().toString());

        assertThat(page.locator(".panel[aria-busy=true]")).hasCount(12);
        assertThat(page.locator(".connection")).hasText("Connecting");
        Chromium.screenshot(page, "loading", false);
    }

    @Test
    @Order(2)
    void aNewAlertIsOnTheScreenWithinTwoSeconds() {
        go("/?window=24h");
        // On a machine busy with other things any one alert may wait for the machine; a slow design would delay all.
        Duration quickest = Duration.ofHours(1);
        for (int i = 0; i < 5; i++) {
            String reason = "Left the branch without being served, visit " + i;
            indexed.alert("fresh-" + i, Instant.now(), Map.of("reason", reason)).index(Refresh.True);
            long visible = System.nanoTime();

            assertThat(page.locator(".alert").first()).containsText(reason);

            Duration took = Duration.ofNanos(System.nanoTime() - visible);
            quickest = took.compareTo(quickest) < 0 ? took : quickest;
        }
        assertThat(quickest).isLessThan(Duration.ofSeconds(2));
        assertThat(page.locator("[aria-live=polite]"))
                .hasText("New warning alert: Left the branch without being served, visit 4");
    }

    @Test
    @Order(3)
    void aServerThatComesBackIsFoundAgain() {
        go("/?window=24h");
        int port = server.url().getPort();
        URI elasticsearch = URI.create("http://" + indexedHost());
        server.close();

        assertThat(page.locator(".banner")).containsText("server does not answer");
        assertThat(page.locator(".banner")).containsText(Pattern.compile("data as of \\d\\d:\\d\\d:\\d\\d"));
        assertThat(page.locator(".connection")).hasText("Reconnecting");
        assertThat(score("Net Promoter Score")).isVisible();
        complaints.removeIf(complaint ->
                complaint.contains("ERR_CONNECTION_REFUSED") || complaint.contains("ERR_INCOMPLETE_CHUNKED_ENCODING"));

        server = DashboardServer.start(new DashboardSettings(elasticsearch, "127.0.0.1", port));
        assertThat(page.locator(".connection")).hasText("Live");
        assertThat(page.locator(".banner")).hasCount(0);
        complaints.removeIf(complaint -> complaint.contains("ERR_CONNECTION_REFUSED"));
    }

    @Test
    @Order(4)
    void textIsNeverTakenForMarkup() {
        indexed.empty();
        Instant now = Instant.now();
        indexed.touchpoint(HOSTILE, now.minusSeconds(20))
                .session(
                        "s1", now, now, document("customer_id", HOSTILE, "channels", List.of(HOSTILE), "complaints", 1))
                .metric("nps", "24h", Map.of(), now, 12, 3, document("unit", HOSTILE, "direction", HOSTILE))
                .alert(
                        HOSTILE,
                        now,
                        document(
                                "rule_id",
                                HOSTILE,
                                "customer_id",
                                HOSTILE,
                                "severity",
                                HOSTILE,
                                "reason",
                                HOSTILE,
                                "retracted_because",
                                HOSTILE,
                                "expectation",
                                HOSTILE,
                                "status",
                                "open",
                                "evidence",
                                List.of(document(
                                        "touchpoint_id",
                                        HOSTILE,
                                        "event_time",
                                        now,
                                        "channel",
                                        HOSTILE,
                                        "kind",
                                        HOSTILE,
                                        "detail",
                                        HOSTILE))))
                .accounting(HOSTILE, 9, 1, 0, 0, Map.of(HOSTILE, 2L))
                .rejected(HOSTILE, HOSTILE, HOSTILE, now)
                .index();
        go("/?window=24h");
        // What was there before stays until the server has looked again.
        assertThat(page.locator(".alert .reason")).hasCount(1);
        assertThat(page.locator(".alert .reason")).containsText(HOSTILE);
        assertThat(page.locator(".legend")).containsText("onerror");
        assertThat(page.locator(".trust .badge").first()).hasText("no");
        // A chart that is drawn anew has forgotten where the pointer was: it has to move until it is noticed.
        AtomicInteger moves = new AtomicInteger();
        page.waitForCondition(() -> {
            double right = 300 + moves.incrementAndGet() % 50;
            page.locator("channel-chart").hover(new Locator.HoverOptions().setPosition(right, 100));
            return page.locator(".tip").count() == 1;
        });
        Chromium.screenshot(page, "hostile-text", true);

        page.getByRole(AriaRole.RADIO, named("Table")).check();
        assertThat(page.locator(".throughput thead")).containsText("onerror");
        page.locator(".alert a").click();
        assertThat(page.locator("dialog")).containsText(HOSTILE);
        page.keyboard().press("Escape");
        page.locator(".legend button").last().click();
        assertThat(page.locator(".legend button[aria-pressed=true]")).containsText("onerror");

        assertThat(page.evaluate("window.hostile")).isNull();
        assertThat(page.locator("img")).hasCount(0);
        assertThat(page.locator("body script")).hasCount(0);
    }

    @Test
    @Order(5)
    void saysWhatWillAppearWhereThereIsNothingYet() {
        indexed.empty();
        go("/?window=24h");

        assertThat(page.locator(".throughput")).containsText("No touchpoints in the last 15 minutes");
        assertThat(page.locator(".score.none .qualifier").first()).hasText("No answers in the last 24 hours");
        assertThat(page.locator(".alerts")).containsText("No alert is waiting");
        assertThat(page.locator(".sessions")).containsText("No session is open");
        assertThat(page.locator(".service")).containsText("Nothing was measured");
        assertThat(page.locator(".expectations")).containsText("No expectation was measured in the last 24 hours");
        assertThat(page.locator(".drivers")).containsText("and about sessions without it");
        Chromium.screenshot(page, "empty", true);
        accessible("empty page");
    }

    @Test
    @Order(6)
    void aPanelThatCannotBeReadSaysWhyAndTheOthersGoOn() throws IOException {
        indexed.remove();
        indexed.client().indices().create(create -> create.index("throughline-sessions-g9")
                .aliases("throughline-sessions", alias -> alias)
                .mappings(mapping -> mapping.properties("channels", channels -> channels.text(text -> text))));
        go("/?window=24h");

        assertThat(page.locator(".sessions .trouble")).containsText("Not up to date");
        assertThat(page.locator(".sessions .trouble")).containsText("Fielddata is disabled on [channels]");
        assertThat(page.locator(".sessions")).containsText("No session is open");
        assertThat(page.locator(".trouble")).hasCount(1);
        assertThat(page.locator(".alerts")).containsText("No alert is waiting");
        Chromium.screenshot(page, "panel-error", true);
        indexed.empty();
    }

    private Locator score(String name) {
        return page.locator(".score")
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(AriaRole.BUTTON, named(name + ": trend and figures"))));
    }

    /** Pixels of a chart that are not as they were before anything was drawn. */
    private int drawnPixels(String chart) {
        page.waitForFunction("(chart) => (" + DRAWN_OF + ")(chart) > 1000", chart);
        return ((Number) page.evaluate(DRAWN_OF, chart)).intValue();
    }

    private static final String DRAWN_OF =
            """
            (chart) => {
              const canvas = document.querySelector(chart + ' canvas');
              if (!canvas || !canvas.width) return 0;
              const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
              copy.drawImage(canvas, 0, 0);
              const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
              let drawn = 0;
              for (let i = 3; i < data.length; i += 4) if (data[i]) drawn += 1;
              return drawn;
            }
            """;

    private static String indexedHost() {
        return ((co.elastic.clients.transport.rest_client.RestClientTransport)
                        indexed.client()._transport())
                .restClient()
                .getNodes()
                .get(0)
                .getHost()
                .toHostString();
    }
}
