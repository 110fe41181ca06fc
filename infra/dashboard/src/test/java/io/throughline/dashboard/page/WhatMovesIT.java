package io.throughline.dashboard.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.throughline.dashboard.IndexedExperience.document;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
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
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which expectation is not met, and what moves with satisfaction. */
@Servers(Server.ELASTICSEARCH)
class WhatMovesIT extends BrowserTest {

    @BeforeAll
    static void serve(LocalServers servers) {
        indexed = new IndexedExperience(servers.elasticsearchUrl());
        indexed.empty();
        server = DashboardServer.start(new DashboardSettings(URI.create(servers.elasticsearchUrl()), "127.0.0.1", 0));
    }

    @BeforeEach
    void forget() {
        indexed.empty();
    }

    @Test
    void anExpectationHasItsScoreWhatItChangedByAndItsHistory() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Map<String, Object> score = document("unit", "score", "direction", "higher_is_better");
        for (int hour = 30; hour >= 0; hour -= 2) {
            Instant asOf = now.minus(Duration.ofHours(hour));
            indexed.metric("expectation_speed_flexibility", "24h", Map.of(), asOf, 80 - hour, 500, score);
        }
        indexed.metric("expectation_dissatisfaction_closure", "24h", Map.of(), now, 41.25, 60, score)
                .index();

        go("/?window=24h");

        Locator speed = page.locator(".expectation", having("Speed and flexibility"));
        assertThat(speed.locator(".value")).hasText("80.0");
        assertThat(speed.locator(".change")).containsText("+24.0better than the 24 h before");
        assertThat(speed).containsText("n 500");
        assertThat(speed).containsText("Of waits, first responses");
        assertThat(page.locator(".expectation", having("Closure")).locator(".value"))
                .hasText("41.3");
        assertThat(page.locator(".expectation", having("Interaction"))).containsText("not measured");
        page.getByRole(AriaRole.BUTTON, named("Expectation: speed and flexibility: trend and figures"))
                .click();
        assertThat(page).hasURL(Pattern.compile("metric=expectation_speed_flexibility"));
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Expectation: speed and flexibility");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("waits, first responses and resolutions");
        assertThat(page.locator("trend-chart canvas")).isVisible();
    }

    @Test
    void aFactorSaysWhatWouldBeOtherWithoutItAndWhetherThatMayBeChance() throws IOException {
        driver("csat", "score", "long_wait", Instant.now(), -0.62, -0.72, -0.52, 14.2, -0.088);
        driver("csat", "score", "channel_switch", Instant.now(), -0.03, -0.2, 0.14, 17, -0.005);
        driver("nps", "points", "self_service", Instant.now(), 12.9, 9, 16.8, 50, 6.45);
        indexed.index();

        go("/?channel=chat");

        Locator wait = page.locator(".drivers tbody tr").first();
        assertThat(wait).containsText("Long wait");
        assertThat(wait).containsText("CSAT 0.09 higher without it");
        assertThat(wait.locator("td").nth(0)).hasText("−0.09");
        assertThat(wait.locator("td").nth(0)).hasClass("bad");
        assertThat(wait.locator("td").nth(1)).containsText("−0.72 to −0.52");
        assertThat(wait.locator("td").nth(2)).containsText("14.2 %n 5,200");
        assertThat(wait).not().containsText("chance");
        assertThat(page.locator(".drivers tbody tr", having("Channel switch"))).containsText("may be chance");
        assertThat(page.locator(".drivers")).containsText("does not say which moves which");
        assertThat(page.locator(".drivers .note")).containsText("all channels");

        Download table = page.waitForDownload(
                () -> page.locator(".drivers").getByText("Save as CSV").click());
        assertThat(table.suggestedFilename()).isEqualTo("throughline-moves-with-csat.csv");
        assertThat(Files.readAllLines(table.path()))
                .hasSize(3)
                .element(1)
                .asString()
                .startsWith("Long wait CSAT 0.09 higher without it,−0.09,");

        page.getByRole(AriaRole.RADIO, named("NPS")).check();

        assertThat(page).hasURL(Pattern.compile("moves=nps"));
        assertThat(page.locator(".drivers tbody tr")).hasCount(1);
        assertThat(page.locator(".drivers")).containsText("NPS 6.5 lower without it");
    }

    @Test
    void bothAreOfTheChosenEndAndSayWhyTheyAreEmpty() {
        Instant then = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(5));
        driver("csat", "score", "error", then, -1, -1.2, -0.8, 10, -0.1);
        driver("csat", "score", "error", Instant.now(), -2, -2.2, -1.8, 20, -0.4);
        indexed.index();

        go("/?until=" + then.plusSeconds(600));
        assertThat(page.locator(".drivers tbody tr")).containsText("0.10 higher");
        assertThat(page.locator(".drivers .note")).containsText("24 hours before");
        assertThat(page.locator(".expectations")).containsText("No expectation was measured");
        go("/?moves=nps");
        assertThat(page.locator(".drivers")).containsText("Nothing to compare in the last 24 hours");
        assertThat(page.locator(".drivers")).containsText("and about sessions without it");
    }

    @Test
    void bothStandBesideEachOtherAndOnAPhoneBelow() {
        new ADay(indexed, Instant.now()).index();
        for (ColorScheme scheme : ColorScheme.values()) {
            for (int width : new int[] {1440, 390}) {
                if (scheme == ColorScheme.NO_PREFERENCE) {
                    continue;
                }
                window.close();
                open(width, 900, scheme);
                go("/?window=24h");
                assertThat(page.locator(".expectation")).hasCount(4);
                assertThat(page.locator(".drivers tbody tr")).hasCount(9);
                assertThat(page.evaluate(BELOW)).isEqualTo(width == 390);
                assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                        .isLessThanOrEqualTo(width);
                accessible("overview " + width + " " + scheme);
                Chromium.screenshot(
                        page, "what-moves-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT), true);
            }
        }
    }

    /** In one go, since what stands above may grow in between. */
    private static final String BELOW =
            """
            () => {
              const top = (panel) => document.querySelector('.panel.' + panel).getBoundingClientRect().top;
              return top('drivers') > top('expectations');
            }
            """;

    private void driver(
            String survey,
            String unit,
            String factor,
            Instant asOf,
            double effect,
            double low,
            double high,
            double share,
            double impact) {
        Map<String, String> of = Map.of("factor", factor);
        String id = "driver_" + survey + "_";
        indexed.metric(
                        id + "effect",
                        "24h",
                        of,
                        asOf,
                        effect,
                        5_200,
                        document("unit", unit, "direction", "neutral", "ci_low", low, "ci_high", high))
                .metric(id + "share", "24h", of, asOf, share, 5_200, document("unit", "percent"))
                .metric(id + "impact", "24h", of, asOf, impact, 5_200, document("unit", unit));
    }

    private static Page.LocatorOptions having(String text) {
        return new Page.LocatorOptions().setHasText(text);
    }
}
