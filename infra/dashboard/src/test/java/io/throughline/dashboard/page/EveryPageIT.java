package io.throughline.dashboard.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.throughline.dashboard.DashboardServer;
import io.throughline.dashboard.DashboardSettings;
import io.throughline.dashboard.IndexedExperience;
import io.throughline.dashboard.know.AlertActions;
import io.throughline.dashboard.know.Knowledge;
import io.throughline.dashboard.know.Redriving;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for every page, asked of each. */
@Servers(Server.ELASTICSEARCH)
class EveryPageIT extends BrowserTest {

    private static final List<String> PAGES = List.of(
            "/",
            "/?window=7d&throughput=table&alerts=all",
            "/?metric=nps",
            "/?alert=alert-0",
            "/channels",
            "/journeys",
            "/journeys?ways=table&funnel=table",
            "/alerts?alert=ada-alert&status=all",
            "/customers",
            "/customers?customer=" + ADay.ADA,
            "/search",
            "/search?find=issues",
            "/search?find=touchpoints&measured=nps",
            "/search?find=verbatims&metric=nps",
            "/search?session=ada-1",
            "/rules",
            "/pipeline",
            "/audit");

    private static final int MOST_STOPS = 900;

    private static final List<AlertActions.Command> commands = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void indexADay(LocalServers servers) {
        indexed = new IndexedExperience(servers.elasticsearchUrl());
        indexed.empty();
        new ADay(indexed, Instant.now()).index();
        Knowledge described = ADay.knowledge();
        server = DashboardServer.start(
                new DashboardSettings(URI.create(servers.elasticsearchUrl()), "127.0.0.1", 0),
                new IndexedExperience(servers.elasticsearchUrl()).client(),
                new Knowledge(
                        described.identification(),
                        described.explaining(),
                        described.rules(),
                        commands::add,
                        new ADay.RunningJobs(),
                        (reason, by) -> new Redriving.Outcome(3, 1, 0, 0)));
    }

    @Test
    void nothingSeriousHindersAnybodyInTheLightOrInTheDark() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            window.close();
            open(1440, 1000, scheme);
            for (String path : PAGES) {
                go(path);
                accessible(path + ", " + scheme);
            }
            go("/?metric=nps&history=table");
            accessible("figures of a metric, " + scheme);
        }
    }

    @Test
    void onASmallPhoneNothingIsWiderThanTheScreen() {
        window.close();
        open(360, 740, ColorScheme.DARK);
        List<String> wider = new ArrayList<>();
        for (String path : PAGES) {
            go(path);
            Object width = page.evaluate("document.documentElement.scrollWidth");
            if (((Number) width).intValue() > 360) {
                wider.add(path + ": " + width);
            }
            accessible(path + " on a phone");
            Chromium.screenshot(page, "phone" + path.replaceAll("[^a-z]+", "-"), true);
        }
        assertThat(wider).isEmpty();
    }

    /** Six columns of names need more than a phone is wide: on top of each other none could be read. */
    @Test
    void onASmallPhoneThePictureOfWaysIsScrolledTo() {
        window.close();
        open(360, 740, ColorScheme.LIGHT);
        go("/journeys");
        Locator region = page.getByLabel("Picture of the ways");
        assertThat(region.locator("canvas")).isVisible();

        assertThat((Boolean) region.evaluate("region => region.scrollWidth > 600 && region.clientWidth < 360"))
                .isTrue();
        assertThat((Boolean) region.evaluate("region => region.scrollHeight === region.clientHeight"))
                .isTrue();
        Chromium.screenshot(page, "phone-ways", false);
    }

    @Test
    void whatCanBeUsedIsReachedByTabAndSaysThatItIsThere() {
        List<String> wrong = new ArrayList<>();
        for (String path : PAGES) {
            go(path);
            wrong.addAll(notReached().stream().map(what -> path + ": " + what).toList());
        }
        assertThat(wrong).isEmpty();
    }

    /** What Tab does not come to, and what it comes to without being seen. */
    private List<String> notReached() {
        List<String> wrong = new ArrayList<>();
        // A dialog puts the focus on its first button by itself.
        page.evaluate(
                "() => { document.activeElement.dataset.reached = 'yes'; delete document.body.dataset.reached; }");
        for (int stops = 0; stops < MOST_STOPS; stops++) {
            page.keyboard().press("Tab");
            String stop = (String)
                    page.evaluate(
                            """
                    () => {
                      const at = document.activeElement;
                      if (!at || at === document.body || at.dataset.reached) return 'end';
                      at.dataset.reached = 'yes';
                      const outlined = (element) => {
                        const style = element && getComputedStyle(element);
                        return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
                      };
                      return outlined(at) || outlined(at.nextElementSibling) ? '' : 'not seen to be there: ' + at.outerHTML.slice(0, 150);
                    }
                    """);
            if (stop.equals("end")) {
                break;
            }
            if (!stop.isEmpty()) {
                wrong.add(stop);
            }
        }
        // Of radio buttons Tab comes to the chosen one, arrows to the others.
        ((List<?>)
                        page.evaluate(
                                """
                        () => {
                          const dialog = document.querySelector('dialog[open]');
                          return [...(dialog ?? document).querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
                            .filter((each) => each.checkVisibility() && each.getClientRects().length && !each.disabled)
                            .filter((each) => each.type !== 'radio' || each.checked)
                            .filter((each) => !each.dataset.reached)
                            .map((each) => 'not reached: ' + each.outerHTML.slice(0, 150));
                        }
                        """))
                .forEach(each -> wrong.add((String) each));
        return wrong;
    }

    /** Twice as large in a small window is as in a window of half the size. */
    @Test
    void whoGoesBackByKeyIsNotLedUnderTheTopAlsoWhereAllIsTwiceAsLarge() {
        for (List<Integer> size : List.of(List.of(1440, 800), List.of(640, 450), List.of(390, 800))) {
            window.close();
            open(size.get(0), size.get(1), ColorScheme.LIGHT);
            go("/customers");
            page.evaluate("[...document.querySelectorAll('main tbody a')].at(-1).focus()");
            List<Object> hidden = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                page.keyboard().press("Shift+Tab");
                Object under = page.evaluate(UNDER_THE_TOP);
                if (under != null) {
                    hidden.add(under);
                }
            }
            assertThat(hidden).as("%s", size).isEmpty();

            go("/customers?customer=" + ADay.ADA);
            page.locator("a[href='#promises-title']").click();
            assertThat(
                            (Boolean)
                                    page.evaluate(
                                            "document.querySelector('#promises-title').getBoundingClientRect().top >= document.querySelector('.top').getBoundingClientRect().bottom"))
                    .as("%s: the title that a link leads to", size)
                    .isTrue();
        }
    }

    /** What has the focus, where the top of the page lies over it; what fills the window cannot be beside the top. */
    private static final String UNDER_THE_TOP =
            """
            () => {
              const at = document.activeElement;
              const { top, height } = at.getBoundingClientRect();
              if (at.closest('.top') || height > innerHeight / 2) return null;
              const over = document.querySelector('.top').getBoundingClientRect().bottom;
              return top < over - 1 ? `${at.outerHTML.slice(0, 80)} ${top} < ${over}` : null;
            }
            """;

    @Test
    void theMainActionsTakeNoMouse() {
        go("/alerts");
        page.locator(".alert a").first().press("Enter");
        assertThat(page.locator(".detail h3")).containsText("Evidence");
        page.locator(".alert input").nth(0).press("Space");
        page.locator(".alert input").nth(1).press("Space");
        page.locator(".bulk")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Acknowledge"))
                .press("Enter");
        assertThat(page.locator(".bulk")).hasCount(0);
        assertThat(commands).hasSize(2);

        go("/customers");
        page.getByRole(AriaRole.SEARCHBOX).fill("1042");
        page.getByRole(AriaRole.SEARCHBOX).press("Enter");
        assertThat(page).hasURL(Pattern.compile("customer=" + ADay.ADA));
        go("/channels");
        page.locator(".matrix tbody a").first().press("Enter");
        assertThat(page).hasURL(Pattern.compile("/search\\?"));
        page.locator(".session-list tbody a").first().press("Enter");
        assertThat(page.locator(".session h3")).containsText("Touchpoints");
    }

    @Test
    void everyChartHasATableOfItsFigures() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (String path : PAGES) {
            go(path);
            for (Object name : (List<?>)
                    page.evaluate(
                            "() => [...new Set([...(document.querySelector('dialog[open]') ?? document).querySelectorAll('*')].map((each) => each.localName).filter((name) => name.endsWith('-chart')))]")) {
                go(path);
                Locator chart = page.locator(name.toString()).first();
                String heading =
                        (String) chart.evaluate("(chart) => chart.closest('.panel, .sheet').querySelector('h2').id");
                Locator around = page.locator(".panel:has(#%1$s), .sheet:has(#%1$s)".formatted(heading));
                Locator choice = around.getByRole(
                        AriaRole.RADIO,
                        new Locator.GetByRoleOptions().setName("Table").setExact(true));
                if (choice.count() > 0) {
                    choice.check();
                } else {
                    around.getByText("As a table").click();
                }
                assertThat(around.locator("tbody tr").first()).isVisible();
                assertThat(page).hasURL(Pattern.compile("=table"));
                page.reload();
                assertThat(around.locator("tbody tr").first()).isVisible();
                shown.add(name.toString());
            }
        }
        assertThat(shown).as("charts there are").isEqualTo(defined());
    }

    private static Set<String> defined() throws IOException {
        Set<String> names = new TreeSet<>();
        try (InputStream charts =
                DashboardServer.class.getResourceAsStream("/io/throughline/dashboard/page/charts.js")) {
            Matcher defined = Pattern.compile("customElements\\.define\\('([a-z-]+)'")
                    .matcher(new String(charts.readAllBytes(), UTF_8));
            while (defined.find()) {
                names.add(defined.group(1));
            }
        }
        return names;
    }

    @Test
    void markedAlertsAreInTheAddress() {
        go("/alerts");
        page.locator(".alert input").nth(0).check();
        page.locator(".alert input").nth(2).check();
        assertThat(page).hasURL(Pattern.compile("marked="));
        page.reload();
        assertThat(page.locator(".bulk")).containsText("2 chosen");
        assertThat(page.locator(".alert input").nth(2)).isChecked();
        page.getByLabel("Severity").selectOption("critical");
        assertThat(page.locator(".bulk")).hasCount(0);
        assertThat(page.url()).doesNotContain("marked=");
    }

    @Test
    void aNumberLeadsToTheTouchpointsItCounts() {
        go("/channels");
        Locator call = page.locator(".matrix tbody tr", new Page.LocatorOptions().setHasText("Call"));
        List<String> columns = page.locator(".matrix thead th").allTextContents();
        for (String[] each : new String[][] {
            {"Wait, median", "measured=wait", "With a wait"},
            {"Handling, median", "measured=handle", "With a handling time"},
            {"Abandonment", "measured=queue", "Answered or given up waiting"},
            {"Service level", "measured=service_level", "Counts in the service level"},
            {"NPS", "measured=nps", "Counts in NPS"}
        }) {
            go("/channels");
            Locator n = call.locator("td").nth(columns.indexOf(each[0]) - 1).locator("small.n a");
            assertThat(n).hasAttribute("title", "Touchpoints it counts");
            n.click();
            assertThat(page).hasURL(Pattern.compile("/search\\?.*channel=call.*find=touchpoints.*" + each[1]));
            assertThat(page.locator(".chip")).containsText(each[2]);
            assertThat(page.locator(".found .note"))
                    .containsText("touchpoints " + (each[0].equals("NPS") ? "about" : "over") + " Call");
        }
        go("/search?find=touchpoints&window=30d&customer=" + ADay.ADA);
        page.locator(".evidence tbody a", new Page.LocatorOptions().setHasText("session"))
                .first()
                .click();
        assertThat(page.locator(".session h3")).containsText("Touchpoints");
        go("/search?find=touchpoints&measured=luck&scale=none");
        assertThat(page.locator(".said").first()).containsText("is no");
        assertThat(page.locator(".evidence tbody tr").first()).isVisible();
        Chromium.screenshot(page, "touchpoints", false);
    }

    @Test
    void aTableSavedByTheBrowserHoldsNoFormula() throws IOException {
        go("/channels");
        Download saved = page.waitForDownload(
                () -> page.evaluate(
                        """
                async () => {
                  const { saveTable } = await import('/page/lists.js');
                  const table = document.createElement('table');
                  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '-2.5', ' =1', 'a, "b"']) table.insertRow().insertCell().textContent = text;
                  document.body.append(table);
                  saveTable(table, 'hostile');
                  table.remove();
                }
                """));
        assertThat(Files.readString(saved.path()).replace("\ufeff", "").lines())
                .containsExactly("'=1+1", "'+1", "-1", "'@SUM(A1)", "-2.5", "'=1", "\"a, \"\"b\"\"\"");
    }
}
