package io.throughline.dashboard.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
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
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Elasticsearch stops and comes back while somebody looks. */
@Servers(value = Server.ELASTICSEARCH, own = true)
class ElasticsearchOutageIT {

    @Test
    void theLastDataStaysAndTheFirstNewDataFollows(LocalServers servers) throws IOException {
        URI elasticsearch = URI.create(servers.elasticsearchUrl());
        try (Chromium chromium = Chromium.start();
                IndexedExperience indexed = aDay(elasticsearch);
                DashboardServer server = DashboardServer.start(new DashboardSettings(elasticsearch, "127.0.0.1", 0))) {
            Page page = chromium.window(1440, 1000, ColorScheme.LIGHT).newPage();
            page.navigate(server.url().toString());
            assertThat(page.locator(".alert")).hasCount(30);

            servers.stop(Server.ELASTICSEARCH);

            assertThat(page.locator(".banner")).containsText("Elasticsearch is down");
            assertThat(page.locator(".banner"))
                    .containsText(Pattern.compile("Showing data as of \\d\\d:\\d\\d:\\d\\d"));
            assertThat(page.locator(".connection")).hasText("Not up to date");
            assertThat(page.locator(".alert")).hasCount(30);
            Chromium.screenshot(page, "elasticsearch-down", false);
            Page late = chromium.window(1440, 1000, ColorScheme.DARK).newPage();
            late.navigate(server.url().toString());
            assertThat(late.locator(".alert")).hasCount(30);
            assertThat(late.locator(".banner")).containsText("Elasticsearch is down");

            try (DashboardServer begunWithout =
                    DashboardServer.start(new DashboardSettings(elasticsearch, "127.0.0.1", 0))) {
                Page blank = chromium.window(1440, 1000, ColorScheme.LIGHT).newPage();
                blank.navigate(begunWithout.url().toString());
                assertThat(blank.locator(".banner")).containsText("There is no data to show yet");
                Chromium.screenshot(blank, "elasticsearch-down-from-the-start", false);

                servers.start(Server.ELASTICSEARCH);
                assertThat(blank.locator(".alert")).hasCount(30);
            }

            assertThat(page.locator(".banner")).hasCount(0);
            indexed.alert("after", Instant.now(), Map.of("reason", "Came after the outage"))
                    .index();
            assertThat(page.locator(".alert").first()).containsText("Came after the outage");
            assertThat(page.locator(".connection")).hasText("Live");
        }
    }

    @Test
    void whileElasticsearchHangsEveryPanelKeepsItsDataAndSaysOfWhenItIs(LocalServers servers) throws IOException {
        URI elasticsearch = URI.create(servers.elasticsearchUrl());
        try (Chromium chromium = Chromium.start();
                IndexedExperience indexed = aDay(elasticsearch);
                Relay relay = Relay.before(elasticsearch);
                DashboardServer server = DashboardServer.start(new DashboardSettings(relay.url(), "127.0.0.1", 0))) {
            Page channels = chromium.window(1440, 1000, ColorScheme.LIGHT).newPage();
            channels.navigate(server.url().resolve("/channels").toString());
            assertThat(channels.locator(".matrix tbody tr")).hasCount(13);

            relay.hold();

            assertThat(channels.locator(".matrix .trouble")).containsText("Data as of");
            assertThat(channels.locator(".matrix .trouble")).containsText("Elasticsearch gave no answer in time");
            assertThat(channels.locator(".matrix tbody tr")).hasCount(13);
            assertThat(channels.locator(".banner")).containsText("Elasticsearch does not answer since");
            Chromium.screenshot(channels, "elasticsearch-hangs", false);

            relay.release();

            assertThat(channels.locator(".matrix .trouble")).hasCount(0);
            assertThat(channels.locator(".banner")).hasCount(0);
        }
    }

    @Test
    void aSlowElasticsearchIsWaitedForAndThePagesGoOn(LocalServers servers) throws IOException {
        URI elasticsearch = URI.create(servers.elasticsearchUrl());
        try (Chromium chromium = Chromium.start();
                IndexedExperience indexed = aDay(elasticsearch);
                Relay relay = Relay.before(elasticsearch);
                DashboardServer server = DashboardServer.start(new DashboardSettings(relay.url(), "127.0.0.1", 0))) {
            relay.delay(Duration.ofMillis(800));
            Page page = chromium.window(1440, 1000, ColorScheme.LIGHT).newPage();
            page.navigate(server.url().toString());
            assertThat(page.locator(".alert")).hasCount(30);
            assertThat(page.locator(".connection")).hasText("Live");
            for (String path : List.of("/channels", "/journeys", "/search", "/customers", "/pipeline")) {
                page.navigate(server.url().resolve(path).toString());
                assertThat(page.locator(".panel[aria-busy=true]").first()).isVisible();
                assertThat(page.locator("main tbody tr").first()).isVisible();
                assertThat(page.locator(".panel[aria-busy=true]")).hasCount(0);
                assertThat(page.locator(".trouble")).hasCount(0);
            }
            indexed.alert("late", Instant.now(), Map.of("reason", "Came while it was slow"))
                    .index();
            page.navigate(server.url().resolve("/alerts").toString());
            assertThat(page.locator(".alert").first()).containsText("Came while it was slow");
            assertThat(page.locator(".banner")).hasCount(0);
        }
    }

    @Test
    void anElasticsearchThatTakesNothingAnyMoreIsReadAsBefore(LocalServers servers) throws IOException {
        URI elasticsearch = URI.create(servers.elasticsearchUrl());
        try (Chromium chromium = Chromium.start();
                IndexedExperience indexed = aDay(elasticsearch);
                DashboardServer server = DashboardServer.start(new DashboardSettings(elasticsearch, "127.0.0.1", 0))) {
            indexed.client().indices().putSettings(all -> all.index("throughline-*")
                    .settings(settings -> settings.blocks(blocks -> blocks.write(true))));
            try {
                Page page = chromium.window(1440, 1000, ColorScheme.LIGHT).newPage();
                page.navigate(server.url().toString());
                assertThat(page.locator(".alert")).hasCount(30);
                page.navigate(server.url().resolve("/journeys").toString());
                assertThat(page.locator(".common tbody tr").first()).isVisible();
                assertThat(page.locator(".banner")).hasCount(0);
                assertThat(page.locator(".trouble")).hasCount(0);
            } finally {
                indexed.client().indices().putSettings(all -> all.index("throughline-*")
                        .settings(settings -> settings.blocks(blocks -> blocks.write(false))));
            }
        }
    }

    private static IndexedExperience aDay(URI elasticsearch) throws IOException {
        IndexedExperience indexed = new IndexedExperience(elasticsearch.toString());
        indexed.empty();
        new ADay(indexed, Instant.now()).index();
        return indexed;
    }
}
