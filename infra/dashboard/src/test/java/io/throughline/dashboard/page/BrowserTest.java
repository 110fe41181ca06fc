package io.throughline.dashboard.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.deque.html.axecore.results.CheckedNode;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.throughline.dashboard.DashboardServer;
import io.throughline.dashboard.IndexedExperience;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** One browser for all tests, for each a window with one page that must not complain. */
abstract class BrowserTest {

    private static Chromium chromium;

    /** What is looked at, and by whom it is shown; closed after the tests of a class. */
    protected static IndexedExperience indexed;

    protected static DashboardServer server;

    /** What the browser wrote on its console; a test that expects some of it takes that away. */
    protected final List<String> complaints = new CopyOnWriteArrayList<>();

    protected BrowserContext window;
    protected Page page;

    @BeforeAll
    static void startBrowser() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void closeAll() throws IOException {
        if (chromium != null) {
            chromium.close();
        }
        if (server != null) {
            server.close();
        }
        if (indexed != null) {
            indexed.close();
        }
    }

    @BeforeEach
    void openWindow() {
        open(1440, 1000, ColorScheme.LIGHT);
    }

    @AfterEach
    void closeWindow() {
        window.close();
        assertThat(complaints).as("what the browser complained about").isEmpty();
    }

    /** Another window; the one before is to be closed first. */
    protected void open(int width, int height, ColorScheme scheme) {
        window = chromium.window(width, height, scheme);
        page = window.newPage();
        page.onConsoleMessage(message -> {
            if (!message.type().equals("log")) {
                complaints.add(page.url() + " " + message.type() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(page.url() + " error: " + error));
    }

    /** Goes there and waits until every panel has been told something, and every chart is drawn. */
    protected void go(String path) {
        page.navigate(server.url().resolve(path).toString());
        assertThat(page.locator("main .panel:visible").first()).isVisible();
        assertThat(page.locator(".panel[aria-busy=true]")).hasCount(0);
        assertThat(page.locator("[data-undrawn]")).hasCount(0);
    }

    /** Nothing serious hinders anybody, as far as a program can tell. */
    protected void accessible(String what) {
        List<String> hindering = new ArrayList<>();
        for (Rule rule : hindrances().getViolations()) {
            if (List.of("serious", "critical").contains(rule.getImpact())) {
                for (CheckedNode node : rule.getNodes()) {
                    hindering.add(rule.getId() + ": " + rule.getHelp() + " " + node.getHtml() + " "
                            + node.getAny().stream()
                                    .map(check -> check.getMessage())
                                    .toList());
                }
            }
        }
        assertThat(hindering).as(what).isEmpty();
    }

    /**
     * Within this page alone, which has no frames: else all that was looked at would go through another page. What is in
     * order is most of a page, and only said to be so.
     */
    private AxeResults hindrances() {
        AxeRunOptions violations = new AxeRunOptions();
        violations.setResultTypes(List.of("violations"));
        return new AxeBuilder(page).options(violations).setLegacyMode(true).analyze();
    }

    protected static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }
}
