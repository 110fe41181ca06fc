package io.throughline.dashboard.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.throughline.dashboard.IndexedExperience.document;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.SelectOption;
import io.throughline.dashboard.DashboardServer;
import io.throughline.dashboard.DashboardSettings;
import io.throughline.dashboard.IndexedExperience;
import io.throughline.dashboard.know.AlertActions;
import io.throughline.dashboard.know.Knowledge;
import io.throughline.dashboard.know.Redriving;
import io.throughline.dashboard.know.RuleDescription;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The pages beside the overview, as people use them; one day is indexed for all but the last tests. */
@Servers(Server.ELASTICSEARCH)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsolePagesIT extends BrowserTest {

    private static final String HOSTILE = "<img src=x onerror=\"window.hostile=1\"><script>window.hostile=1</script>";
    private static final String EXPRESSION =
            "touchpoint.wait_ms>600000||touchpoint.handle_ms>600000||touchpoint.touchpoint.startsWith('checkout_')";
    private static final String EXPLANATION =
            """
            {"answer":"one_customer","one_customer":true,"complete":true,"path":[{"from":{"type":"customer_number",
             "value":"%1$s"},"to":{"type":"phone","value":"%1$s"},"rule":"person-link","touchpoint_id":"%1$s",
             "event_time":"2026-03-01T10:00:00.000Z","accepted":true}],"never":[]}
            """;

    private static final List<AlertActions.Command> commands = new CopyOnWriteArrayList<>();
    private static final ADay.RunningJobs operations = new ADay.RunningJobs();
    private static volatile String evidence = "ada-2-1";
    private static volatile String rule = "Long wait";

    /** Why no command is taken; null: they are. */
    private static volatile String refused;

    /** The one alert for which none is taken then; null: for all. */
    private static volatile String refusedAlert;

    private static void take(AlertActions.Command command) throws IOException {
        if (refused != null && (refusedAlert == null || refusedAlert.equals(command.alertId()))) {
            throw new IOException(refused);
        }
        commands.add(command);
    }

    @BeforeAll
    static void indexADay(LocalServers servers) {
        indexed = new IndexedExperience(servers.elasticsearchUrl());
        indexed.empty();
        new ADay(indexed, Instant.now()).index();
        Knowledge knowledge = new Knowledge(
                ADay.IDENTIFICATION,
                (a, b) -> EXPLANATION.formatted(evidence.replace("\"", "\\\"")),
                () -> List.of(new RuleDescription(
                        "long_wait",
                        3,
                        "shadow",
                        rule,
                        "warning",
                        "speed",
                        "waited more than 10 min",
                        List.of(EXPRESSION),
                        "4 h",
                        rule)),
                ConsolePagesIT::take,
                operations,
                (reason, by) -> new Redriving.Outcome(3, 1, 0, 0));
        server = DashboardServer.start(
                new DashboardSettings(URI.create(servers.elasticsearchUrl()), "127.0.0.1", 0),
                new IndexedExperience(servers.elasticsearchUrl()).client(),
                knowledge);
    }

    @Test
    @Order(1)
    void aNumberOfTheMatrixLeadsToTheSessionsBehindIt() {
        go("/channels");
        assertThat(page.locator(".matrix tbody tr")).hasCount(13);
        Locator call = page.locator(".matrix tbody tr", having("Call"));
        assertThat(call).containsText("%");
        assertThat(call.locator("td").first()).containsText(Pattern.compile("n 5,\\d{3}"));
        assertThat(behind(call, "Sessions")).hasAttribute("href", Pattern.compile("step=channel%091%09call"));
        assertThat(behind(call, "Repeat contacts"))
                .hasAttribute("title", "Issues with contacts: what it counts is among them");
        Locator switches = page.locator(".switches tbody tr", having("Bot")).locator("td.portion a");
        String sessions = switches.first().textContent().strip();
        Chromium.screenshot(page, "channels", true);

        switches.first().click();

        assertThat(page).hasURL(Pattern.compile("/search\\?.*turn=bot%09chat"));
        assertThat(page.locator(".found .note")).containsText(sessions + " sessions");
        assertThat(page.locator(".chip")).hasText("Bot › Chat ✕");
        page.goBack();
        assertThat(page.locator(".switches tbody tr", having("Bot")).locator("td.portion small"))
                .containsText("min");
        page.locator(".matrix tbody tr", having("Web"))
                .locator("small.n a")
                .first()
                .click();
        assertThat(page).hasURL(Pattern.compile("/search\\?.*channel=web.*find=touchpoints.*measured=nps"));
        assertThat(page.locator(".chip")).hasText("Counts in NPS ✕");
        int answered = total();
        assertThat(answered).isPositive();
        page.locator(".chip").click();
        assertThat(page.locator(".chip")).hasCount(0);
        assertThat(page.locator(".found .note"))
                .not()
                .containsText(String.format(Locale.ROOT, "%,d touchpoints", answered));
        assertThat(total()).isGreaterThan(answered);
        page.goBack();
        page.goBack();
        assertThat(page.locator(".matrix tbody tr")).hasCount(13);
        page.getByRole(AriaRole.RADIO, named("last 7 days")).check();
        assertThat(page.locator(".switches")).containsText("Every change is counted, over whole days");
        assertThat(page.locator(".switches tbody tr", having("Web"))).containsText("512");
    }

    @Test
    @Order(1)
    void whatGotWorseIsListedByChannelWithWaysToWhy() {
        String now = Stream.of(
                        cell("call", "csat", "higher_is_better", 61, 2),
                        cell("chat", "csat", "higher_is_better", 80, 2),
                        cell("call", "abandonment_rate", "lower_is_better", 9, 1))
                .collect(joining(","));
        String before = Stream.of(
                        cell("call", "csat", "higher_is_better", 74, 2),
                        cell("chat", "csat", "higher_is_better", 81, 2),
                        cell("call", "abandonment_rate", "lower_is_better", 3, 1))
                .collect(joining(","));
        page.route(
                "**/api/channels?*",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(
                                """
                                {"data":{"cells":[%s],"before":[%s],"turns":{"turns":[],"total":0,"changed":0},
                                 "transitions":{"flows":[]}},"as_of":"2026-03-01T10:00:00Z","notes":[]}
                                """
                                        .formatted(now, before))));
        go("/channels");
        Locator worse = page.locator(".worse tbody tr");
        assertThat(worse).hasCount(2);
        assertThat(worse.first()).containsText("Abandonment");
        assertThat(worse.first()).containsText("+6.0 pp");
        assertThat(worse.last())
                .containsText(Pattern.compile("Call.*CSAT.*−13\\.0 pp.*61\\.0 %.*74\\.0 %", Pattern.DOTALL));
        assertThat(worse.last().getByText("what they said"))
                .hasAttribute("href", Pattern.compile("channel=call.*find=verbatims.*metric=csat"));
        accessible("what got worse");
    }

    private static String cell(String channel, String metric, String direction, int value, int half) {
        return """
               {"channel":"%s","metric_id":"%s","value":%d,"unit":"percent","n":900,"ci_low":%d,"ci_high":%d,
                "complete":true,"direction":"%s","as_of":"2026-03-01T10:00:00Z"}
               """
                .formatted(channel, metric, value, value - half, value + half, direction);
    }

    @Test
    @Order(1)
    void waysAreDrawnAndListed() {
        go("/journeys");
        assertThat(page.locator("sankey-chart canvas")).isVisible();
        assertThat(page.locator("stages-chart canvas")).isVisible();
        assertThat(page.locator(".common tbody tr").first()).containsText("Web");
        Chromium.screenshot(page, "journeys", true);

        choose("ways", "Table");
        choose("funnel", "Table");
        assertThat(page).hasURL(Pattern.compile("ways=table.*funnel=table"));
        Locator first = page.locator(".ways tbody tr").first();
        assertThat(first).containsText("Web");
        String steps = first.locator("a").textContent();
        first.locator("a").click();
        assertThat(page).hasURL(Pattern.compile("/search\\?.*step=channel%091%09web%09"));
        assertThat(page.locator(".found .note")).containsText(steps + " sessions");
        page.goBack();
        assertThat(page.locator(".funnel tbody tr")).hasCount(5);
        assertThat(page.locator(".funnel tbody tr", having("acquisition"))).containsText("%");
        assertThat(page.locator(".moves tbody tr", having("awareness"))).containsText("61");
        choose("ways", "Stages");
        assertThat(page.locator(".ways tbody")).containsText("Acquisition");
        Locator way = page.locator(".common tbody tr").first();
        String sessions = way.locator("a").first().textContent();
        way.locator("a").first().click();
        assertThat(page).hasURL(Pattern.compile("/search\\?.*way=stage%09"));
        assertThat(page.locator(".found .note")).containsText(sessions + " sessions");
        page.goBack();
        page.locator(".funnel tbody tr", having("support")).locator("a").click();
        assertThat(page).hasURL(Pattern.compile("/search\\?.*stage=support"));
        assertThat(page.locator(".session-list tbody tr").first()).isVisible();
    }

    @Test
    @Order(1)
    void aMoveFromStageToStageLeadsToSessionsAtBothAndSaysSo() {
        go("/journeys");
        assertThat(page.locator(".moves .hint")).containsText("sessions of the period at both stages");
        page.locator(".moves tbody a").first().click();
        assertThat(page).hasURL(Pattern.compile("/search\\?.*stage=\\w+%2C\\w+"));
        assertThat(page.locator(".found").getByLabel("Stage").locator("option[selected]"))
                .hasText(Pattern.compile("\\w+ and \\w+"));
        assertThat(total()).isPositive();
    }

    @Test
    @Order(1)
    void namesInThePictureOfTheWaysStandApart() {
        for (int width : new int[] {1440, 390}) {
            window.close();
            open(width, 1000, ColorScheme.LIGHT);
            page.route(
                    "**/api/journeys?*",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setContentType("application/json")
                            .setBody(manySmallPlacesWithLongNames())));
            go("/journeys?by=touchpoint");
            assertThat(page.locator("sankey-chart canvas")).isVisible();
            assertThat((List<?>) page.evaluate(TOUCHING)).as("%d wide", width).isEmpty();
        }
    }

    /** One place has most sessions at every step, eight have a few each. */
    private static String manySmallPlacesWithLongNames() {
        List<String> steps = new ArrayList<>();
        List<String> links = new ArrayList<>();
        for (int step = 0; step < 6; step++) {
            for (int place = 0; place < 9; place++) {
                int sessions = place == 0 ? 4_000 : 10 + place;
                String name = "place_with_a_name_" + place;
                steps.add("{\"step\":%d,\"name\":\"%s\",\"sessions\":%d,\"ended\":0}".formatted(step, name, sessions));
                if (step < 5) {
                    links.add("{\"step\":%d,\"from\":\"%s\",\"to\":\"%s\",\"sessions\":%d}"
                            .formatted(step, name, name, sessions));
                }
            }
        }
        return """
                {"data":{"paths":{"total":4116,"read":4116,"steps":%s,"links":%s,"common":[]},
                 "arcs":{"total":0,"stages":[],"by_status":{}},"funnel":{"customers":0,"sessions":0,"stages":[]},
                 "transitions":{"from":"2026-03-01T00:00:00Z","flows":[]}},"notes":[]}
                """
                .formatted(steps, links);
    }

    /** Pairs of names, or of a name and a place, that touch. */
    private static final String TOUCHING =
            """
            async () => {
              const { getInstanceByDom } = await import('echarts');
              const drawn = getInstanceByDom(document.querySelector('sankey-chart')).getZr().storage.getDisplayList(true);
              const boxOf = (element) => {
                const box = element.getBoundingRect().clone();
                box.applyTransform(element.getComputedTransform());
                return box;
              };
              const labels = [...new Set(drawn.filter((each) => each.type === 'tspan').map((each) => each.parent))]
                .map((label) => ({ name: label.style.text, box: boxOf(label) }));
              const places = drawn.filter((each) => each.type === 'rect' && each.shape.width === 14).map((place) => ({ name: 'a place', box: boxOf(place) }));
              const others = (index) => [...labels.slice(index + 1), ...places];
              if (labels.length < places.length) return ['names are left out'];
              return labels.flatMap((label, index) =>
                others(index).filter((other) => label.box.intersect(other.box)).map((other) => `${label.name} and ${other.name}`));
            }
            """;

    @Test
    @Order(1)
    void aPlaceOfAChartLeadsToTheSessionsThatWereThere() {
        go("/journeys");
        page.locator("sankey-chart canvas").click(new Locator.ClickOptions().setPosition(10, 60));
        assertThat(page).hasURL(Pattern.compile("/search\\?.*step=channel%091%09\\w+$"));
        assertThat(page.locator(".chip")).containsText("Step 1: ");
        assertThat(total()).isPositive();
        page.goBack();
        page.locator("stages-chart canvas").click(new Locator.ClickOptions().setPosition(130, 20));
        assertThat(page).hasURL(Pattern.compile("/search\\?.*stage=awareness"));
    }

    @Test
    @Order(1)
    void theInboxShowsWhyAndIsNarrowedDown() {
        go("/alerts");
        assertThat(page.locator(".alert")).hasCount(25);
        page.getByText("Older", exactlyOnPage()).click();
        assertThat(page).hasURL(Pattern.compile("page=2"));
        assertThat(page.locator(".pager")).containsText("26 to");
        page.getByLabel("Severity").selectOption("critical");
        assertThat(page).hasURL(Pattern.compile("severity=critical"));
        assertThat(page.locator(".alert.critical").first()).isVisible();
        assertThat(page.locator(".alert:not(.critical)")).hasCount(0);

        page.locator(".alert a").first().click();
        assertThat(page.locator(".detail h3")).containsText("Evidence");
        assertThat(page.locator(".detail tbody tr").first()).isVisible();
        Chromium.screenshot(page, "inbox", false);

        go("/alerts?alert=ada-alert&status=all");
        assertThat(page.locator(".detail h2")).hasText("Complaint: billing, not answered for 11 h");
        assertThat(page.locator(".detail dl")).containsText("Statusescalated overdue by 3 h");
        assertThat(page.locator(".detail dl")).containsText("Call her and say when the credit note comes");
        // To the whole, both were the same.
        assertThat(page.locator(".detail dl")).containsText("−0.87, bound −0.8");
        assertThat(page.locator(".detail .history li")).hasCount(3);
        assertThat(page.locator(".detail .history li").nth(1)).containsText("silenced by grace");
        assertThat(page.locator(".detail .history li").nth(1)).containsText("the courier is on the way");
        go("/alerts?rule=complaint");
        assertThat(page.locator(".alert.critical .due")).containsText("due in 1 h");
        assertThat(page.locator(".alert.error .due")).containsText("overdue by 3 h");
        go("/alerts?alert=ada-alert&status=all");
        page.locator(".detail").getByText(ADay.ADA).click();
        assertThat(page).hasURL(Pattern.compile("/customers\\?.*customer=" + ADay.ADA));
        assertThat(page.locator(".customer dl")).containsText("1,249.5 EUR");
    }

    /** Of the alerts in the list, from above. */
    private List<String> severities() {
        List<String> all = new ArrayList<>();
        for (Locator alert : page.locator(".alert").all()) {
            String classes = alert.getAttribute("class");
            all.add(Stream.of("critical", "error", "warning", "info")
                    .filter(List.of(classes.split(" "))::contains)
                    .findFirst()
                    .orElseThrow());
        }
        return all;
    }

    @Test
    @Order(1)
    void theInboxPutsTheMostSevereFirstWhereAskedAndShowsWhatEscalatedOrIsSomebodys() {
        go("/alerts");
        page.locator(".alerts .filters").getByLabel("First").selectOption("severity");
        assertThat(page).hasURL(Pattern.compile("order=severity"));
        assertThat(page.locator(".alert").first()).hasClass(Pattern.compile("critical"));
        assertThat(page.locator(".pager")).containsText("Next");
        List<String> severities = severities();
        page.getByText("Next", exactlyOnPage()).click();
        assertThat(page).hasURL(Pattern.compile("order=severity.*page=2"));
        assertThat(page.locator(".pager")).containsText("26 to");
        severities.addAll(severities());
        List<String> mostSevereFirst = List.of("critical", "error", "warning", "info");
        assertThat(severities)
                .containsAll(mostSevereFirst)
                .isSortedAccordingTo(Comparator.comparing(mostSevereFirst::indexOf));
        go("/alerts?order=severity&rule=complaint");
        assertThat(page.locator(".alert"))
                .hasClass(new Pattern[] {Pattern.compile("critical"), Pattern.compile("error")});

        page.getByRole(AriaRole.RADIO, named("Escalated")).check();
        assertThat(page).hasURL(Pattern.compile("status=escalated"));
        assertThat(page.locator(".alert")).hasCount(1);
        go("/alerts");
        page.getByLabel("Assigned to").selectOption(new SelectOption().setLabel("Me (1)"));
        assertThat(page).hasURL(Pattern.compile("assignee=Local\\+demo"));
        assertThat(page.locator(".alert")).hasCount(1);
        assertThat(page.locator(".alert")).containsText("Complaint: billing");
        go("/alerts?assignee=nobody-here");
        assertThat(page.locator(".alerts")).containsText("No waiting alert meets these conditions");
        go("/alerts?order=loudest");
        assertThat(page.locator(".notes")).containsText("The address says order=loudest");
    }

    @Test
    @Order(1)
    void whoOpensAnAlertByKeyGoesOnInItAndIsBackAtItsRowAfterwards() {
        go("/alerts");
        Locator row = page.locator(".alert a").nth(1);
        row.focus();
        page.keyboard().press("Enter");
        assertThat(page.locator(".detail")).isFocused();
        page.keyboard().press("Escape");
        assertThat(page.locator(".detail.none")).isVisible();
        assertThat(row).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator(".detail")).isFocused();
        page.goBack();
        assertThat(row).isFocused();

        // A note is not lost by the key that somebody is used to close with.
        page.keyboard().press("Enter");
        page.getByLabel("Note").fill("called");
        page.keyboard().press("Escape");
        assertThat(page.getByLabel("Note")).hasValue("called");

        // On a phone the list is away meanwhile.
        page.setViewportSize(390, 844);
        go("/alerts");
        row.focus();
        page.keyboard().press("Enter");
        assertThat(page.locator(".detail")).isFocused();
        page.getByText("All alerts").focus();
        page.keyboard().press("Enter");
        assertThat(row).isFocused();
        accessible("inbox by key");
    }

    @Test
    @Order(1)
    void alertsAreActedOnOneByOneAndTogether() {
        go("/alerts?alert=ada-alert&status=all");
        page.getByLabel("Note").fill("called her back");
        page.getByRole(AriaRole.BUTTON, named("Resolve")).click();
        assertThat(page.locator(".detail")).containsText("resolve was sent and takes effect in a moment");
        page.getByLabel("Assign to").fill("grace");
        page.getByRole(AriaRole.BUTTON, named("Assign")).click();
        assertThat(page.locator(".detail")).containsText("assign was sent");
        Chromium.screenshot(page, "alert-actions", false);
        assertThat(commands)
                .extracting(
                        AlertActions.Command::verb,
                        AlertActions.Command::alertId,
                        AlertActions.Command::by,
                        AlertActions.Command::because,
                        AlertActions.Command::assignee)
                .containsExactly(
                        tuple("resolve", "ada-alert", "Local demo", "called her back", null),
                        tuple("assign", "ada-alert", "Local demo", null, "grace"));
        commands.clear();

        go("/alerts");
        page.locator(".alert input").nth(0).check();
        page.locator(".alert input").nth(2).check();
        assertThat(page.locator(".bulk")).containsText("2 chosen");
        page.locator(".bulk").getByText("Acknowledge").click();
        assertThat(page.locator(".bulk")).hasCount(0);
        assertThat(commands).extracting(AlertActions.Command::verb).containsExactly("acknowledge", "acknowledge");
        commands.clear();
        for (int i = 0; i < 3; i++) {
            page.locator(".alert input").nth(i).check();
        }
        page.locator(".bulk").getByLabel("Assign to").fill("grace");
        page.locator(".bulk").getByRole(AriaRole.BUTTON, inBulk("Assign")).click();
        assertThat(page.locator(".bulk")).hasCount(0);
        page.locator(".alert input").nth(1).check();
        page.locator(".alert input").nth(2).check();
        page.locator(".bulk").getByLabel("Silence for").selectOption("8 hours");
        assertThat(page.locator(".bulk")).hasCount(0);
        assertThat(commands)
                .extracting(AlertActions.Command::verb, AlertActions.Command::assignee)
                .containsExactly(
                        tuple("assign", "grace"),
                        tuple("assign", "grace"),
                        tuple("assign", "grace"),
                        tuple("silence", null),
                        tuple("silence", null));
        assertThat(commands.get(4).until())
                .isBetween(Instant.now().plusSeconds(7 * 3_600), Instant.now().plusSeconds(8 * 3_600));
        accessible("inbox with actions");
    }

    @Test
    @Order(1)
    void whatCouldNotBeSentStaysChosenUnderTheReason() {
        go("/alerts");
        page.locator(".alert input").nth(0).check();
        page.locator(".alert input").nth(1).check();
        refused = "Kafka does not answer";
        try {
            page.locator(".bulk").getByText("Acknowledge").click();
            assertThat(page.locator(".alerts .trouble")).hasText("Kafka does not answer");
            assertThat(page.locator(".bulk")).containsText("2 chosen");
            complaints.removeIf(complaint -> complaint.contains("503"));
        } finally {
            refused = null;
        }
        page.locator(".bulk").getByText("Acknowledge").click();
        assertThat(page.locator(".bulk")).hasCount(0);
        assertThat(page.locator(".alerts")).containsText("acknowledge was sent and takes effect in a moment");
        assertThat(commands).hasSize(2);
        commands.clear();
    }

    @Test
    @Order(1)
    void theOverviewShowsOfAnAlertWhatTheInboxShows() {
        go("/?alert=ada-alert");
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("Call her and say when the credit note comes");
        assertThat(dialog.locator(".history li")).hasCount(3);
        go("/?alert=no-such-alert");
        assertThat(dialog).containsText("There is no such alert");
    }

    @Test
    @Order(1)
    void rulesCountWhatTheirLinksLeadToAlsoOfOneChannel() {
        go("/rules?window=24h");
        Locator all =
                page.locator(".rules tbody tr", having("promise not kept")).locator("td b a");
        int raised = Integer.parseInt(all.textContent());
        go("/rules?window=24h&channel=call");
        assertThat(page.locator(".rules .note")).containsText("with touchpoints over Call");
        Locator some =
                page.locator(".rules tbody tr", having("promise not kept")).locator("td b a");
        int overCall = Integer.parseInt(some.textContent());
        assertThat(overCall).isBetween(1, raised - 1);
        some.click();
        assertThat(page.locator(".alert")).hasCount(overCall);
    }

    @Test
    @Order(1)
    void theRuleThatRaisesMostComesFirstWithItsShareOfAll() {
        go("/rules?window=7d");
        Locator raised = page.locator(".rules td[data-of='Alerts'] b");
        assertThat(raised.first()).not().hasText("0");
        List<Integer> counts = raised.allTextContents().stream()
                .map(text -> Integer.valueOf(text.replace(",", "")))
                .toList();
        assertThat(counts).isSortedAccordingTo(Comparator.reverseOrder()).hasSizeGreaterThan(3);
        assertThat(page.locator(".rules td[data-of='Alerts']").first()).containsText("%");
        choose("rules", "As configured");
        assertThat(page).hasURL(Pattern.compile("sorted=configured"));
        assertThat(page.locator(".rules tbody tr").first()).containsText("Long wait");
    }

    @Test
    @Order(1)
    void aRuleSaysInWordsWhatItAsksAndUnfoldsHowThatIsWritten() throws IOException {
        go("/rules");
        Locator rule = page.locator(".rules tbody tr", having("waited more than 10 min"));
        Locator written = rule.locator("td .as-written code");
        assertThat(written).not().isVisible();
        rule.locator("td .as-written summary").click();
        assertThat(written).isVisible();
        assertThat(written).hasText(EXPRESSION);
        Download rules =
                page.waitForDownload(() -> page.getByText("Save as CSV").click());
        assertThat(Files.readString(rules.path())).contains(",waited more than 10 min one alert in 4 h,");

        page.setViewportSize(390, 844);
        go("/rules");
        rule.locator("th .as-written summary").click();
        assertThat(rule.locator("th .as-written code")).isVisible();
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(390);
        assertThat((Integer) page.evaluate("document.querySelector('.rules .scrolling').scrollWidth"))
                .isLessThan(700);
        accessible("rules with an expression");
    }

    @Test
    @Order(1)
    void whatARuleOnTrialFoundIsApartFromAlerts() {
        go("/rules?window=24h");
        Locator rule = page.locator(".rules tbody tr", having("Long wait"));
        assertThat(rule).containsText("on trial");
        Locator found = rule.locator("td").last();
        assertThat(found).hasText("6");
        found.locator("a").click();
        assertThat(page).hasURL(Pattern.compile("/alerts\\?.*status=shadow.*rule=long_wait"));
        assertThat(page.locator(".alert")).hasCount(6);
        assertThat(page.locator(".alerts .note").first()).containsText("6 that rules on trial would have raised");
        assertThat(page.locator(".alert input")).hasCount(0);
        assertThat(page.locator(".bulk")).hasCount(0);
        page.locator(".alert a").first().click();
        assertThat(page.locator(".detail dl")).containsText("Statuson trial");
        assertThat(page.locator(".detail")).containsText("Evidence");
        assertThat(page.locator(".detail .actions")).hasCount(0);

        go("/alerts?status=all&rule=long_wait");
        assertThat(page.locator(".alert").first()).isVisible();
        assertThat(page.locator(".alert", having("on trial"))).hasCount(0);
        assertThat(page.locator(".alert input").first()).isVisible();
    }

    @Test
    @Order(1)
    void aCustomerIsFoundByARawAddressWhichIsInNoUrl() {
        go("/customers");
        for (String typed : List.of("  ADA@example.com ", "1042", ADay.ADA, "cookie:cookie-ada-laptop")) {
            page.getByRole(AriaRole.SEARCHBOX).fill(typed);
            page.keyboard().press("Enter");
            assertThat(page).hasURL(Pattern.compile("customer=" + ADay.ADA));
            assertThat(page.url()).doesNotContainIgnoringCase("example");
            assertThat(page.locator(".customer dl")).containsText("gold");
            page.getByText("All customers").click();
            assertThat(page.getByRole(AriaRole.SEARCHBOX)).isVisible();
        }
        page.getByRole(AriaRole.SEARCHBOX).fill("nobody@example.com");
        page.keyboard().press("Enter");
        assertThat(page.locator(".finder")).containsText("Nobody is known by this");
        assertThat(page.locator(".finder")).containsText("email");

        go("/audit");
        assertThat(page.locator(".audit tbody")).containsText("look up");
        assertThat(page.locator(".audit tbody")).containsText("email:#");
        assertThat(page.locator(".audit tbody")).containsText(ADay.ADA);
        assertThat(page.locator(".audit")).not().containsText("example.com");
        Chromium.screenshot(page, "audit", false);
    }

    @Test
    @Order(1)
    void valuedCustomersWhoAreUnhappyAreListedWithWhoLooksAfterThem() {
        go("/customers");
        assertThat(page.locator(".everybody .note")).hasText("61, seen last first");
        page.locator(".everybody").getByLabel(Pattern.compile("^Experience")).selectOption("at_risk");
        assertThat(page).hasURL(Pattern.compile("standing=at_risk.*first=experience"));
        assertThat(page.locator(".everybody .note")).containsText("worst experience first");
        // Those seen last are shown until the others are there.
        assertThat(page.locator(".everybody .note")).not().containsText("61,");
        List<Integer> scores = page.locator(".everybody tbody td:nth-of-type(1)").allTextContents().stream()
                .map(Integer::valueOf)
                .toList();
        assertThat(scores).isSorted().allMatch(score -> score < 40);
        page.locator(".everybody").getByLabel("Value tier").selectOption("gold");
        Locator ada = page.locator(".everybody tbody tr");
        assertThat(ada).hasCount(1);
        assertThat(ada).containsText("Local demo");
        accessible("customers at risk");
        page.locator(".everybody").getByLabel("Value tier").selectOption("any");
        assertThat(page.locator(".everybody .note")).not().containsText("1, worst");
        ada = page.locator(".everybody tbody tr", having("Local demo"));
        ada.locator("td a").first().click();
        assertThat(page).hasURL(Pattern.compile("/alerts\\?.*customer=" + ADay.ADA));
        assertThat(page.locator(".alerts .note").first()).hasText("1 waiting");

        go("/customers?standing=good&tier=gold");
        page.getByText("Take all conditions away").click();
        assertThat(page.locator(".everybody .note")).hasText("61, seen last first");
    }

    @Test
    @Order(1)
    void whatWasPromisedAndNotKeptIsFoundWithWhenItWasDue() {
        go("/search?find=issues&window=7d");
        page.locator(".found").getByLabel("Came to").selectOption("promise_broken");
        assertThat(page.locator(".found .note")).containsText("1 issues begun in the last 7 days");
        Locator promises = page.locator(".found tbody td").last();
        assertThat(promises).containsText("1 of 4 kept, 1 broken, 2 open");
        assertThat(promises.locator(".hint", inside("credit note"))).containsText("(overdue)");
        assertThat(promises.locator(".hint", inside("technician"))).not().containsText("overdue");
        page.locator(".found").getByLabel("Came to").selectOption("promise_open");
        assertThat(page).hasURL(Pattern.compile("verdict=promise_open"));
        assertThat(page.locator(".found tbody tr")).hasCount(1);
    }

    @Test
    @Order(1)
    void everythingAboutOneCustomerIsOnOnePage() {
        go("/customers?customer=" + ADay.ADA);
        assertThat(page.locator("timeline-chart canvas")).isVisible();
        assertThat(page.locator(".session-list tbody tr")).hasCount(7);
        assertThat(page.locator(".alert")).hasCount(1);
        assertThat(page.locator(".answers")).containsText("Nobody told the hotline");
        assertThat(page.locator("main")).containsText("1 of 4 kept, 1 broken");
        assertThat(page.locator(".experience .figure")).hasText("31");
        assertThat(page.locator(".experience")).containsText("at risk");
        assertThat(page.locator(".experience tbody tr")).hasCount(4);
        assertThat(page.locator(".experience tbody tr").first()).containsText("complaint");
        assertThat(page.locator(".experience tbody tr").first()).containsText("−14.2");
        assertThat(page.locator(".consents tbody tr", having("marketing email")))
                .containsText("withdrawn");
        assertThat(page.locator(".consents tbody tr", having("profiling"))).containsText("given");
        assertThat(page.locator(".promises tbody tr").first()).containsText("overdue");
        assertThat(page.locator(".promises tbody tr")).hasCount(2);
        assertThat(page.locator(".customer dl")).containsText("Lifetime value tiergold");
        assertThat(page.locator(".customer dl")).containsText("Promises open2");
        page.locator(".customer dl div", having("Touchpoints")).locator("a").click();
        assertThat(page).hasURL(Pattern.compile("find=touchpoints.*customer=" + ADay.ADA));
        assertThat(page.locator(".found .note")).containsText("touchpoints of this customer");
        go("/customers?channel=sms&customer=" + ADay.ADA);
        assertThat(page.locator(".customer dl div", having("Sessions")).locator("a"))
                .hasAttribute("href", Pattern.compile("customer=" + ADay.ADA + "$"));
        page.locator(".customer dl div", having("Alerts waiting")).locator("a").click();
        assertThat(page.locator(".alerts .note").first()).hasText("1 waiting");
        assertThat(page.locator(".alert")).hasCount(1);
        go("/customers?customer=" + ADay.ADA);
        assertThat(page.locator(".customer dl")).containsText(Pattern.compile("Stage\\w+"));
        assertThat(page.locator("main")).containsText("fiber 500");
        assertThat(page.getByText("Merges and splits")).isVisible();
        assertThat(page.getByRole(AriaRole.LINK, named("c-a3d81f…"))).isVisible();
        page.getByText("Explain", exactlyOnPage()).click();
        assertThat(page.locator(".evidence-path li")).containsText("ada-2-1");
        Chromium.screenshot(page, "customer", true);

        choose("timeline", "Table");
        assertThat(page.locator(".timeline tbody tr").first().locator("a"))
                .hasAttribute("href", Pattern.compile("session=ada-"));
        page.locator(".session-list tbody a").first().click();
        assertThat(page.locator(".session h3")).containsText("Touchpoints");
        assertThat(page.locator(".session tbody tr").first()).isVisible();

        go("/customers?customer=c-a3d81f60925b7ce4");
        assertThat(page.locator(".customer .said")).containsText("turned out to be another one");
        assertThat(page.locator("main")).not().containsText("anonymous customer");
        page.getByText("Go to c-5f0e9d…").click();
        assertThat(page).hasURL(Pattern.compile("customer=" + ADay.ADA));
        go("/customers?customer=c-nobody");
        assertThat(page.locator(".customer")).containsText("There is no such customer");
    }

    @Test
    @Order(1)
    void aCustomerWhoCouldNotBeReadIsAskedForAgainByWhoWantsTo() {
        page.route(
                "**/api/customers/" + ADay.ADA,
                route -> route.fulfill(new Route.FulfillOptions().setStatus(400).setBody("Elasticsearch is away.")));
        complaints.clear();
        go("/customers?customer=" + ADay.ADA);
        assertThat(page.locator(".customer")).containsText("Elasticsearch is away.");
        page.unroute("**/api/customers/" + ADay.ADA);
        page.getByText("Try again").click();
        assertThat(page.locator(".customer dl")).containsText("gold");
        complaints.removeIf(complaint -> complaint.contains("400"));
    }

    @Test
    @Order(1)
    void whatHangsOnItsWayIsGivenUpAndAskedForAgain() {
        page.clock().install();
        page.route("**/api/customers?*", route -> {});
        page.navigate(server.url().resolve("/customers").toString());
        assertThat(page.locator(".everybody[aria-busy=true]")).isVisible();
        page.clock().fastForward(21_000);
        assertThat(page.locator(".everybody")).containsText("server does not answer");
        page.unroute("**/api/customers?*");
        page.clock().fastForward(6_000);
        assertThat(page.locator(".everybody tbody tr").first()).isVisible();
    }

    @Test
    @Order(1)
    void theTimelineIsLookedAtFromWhenToWhenTheAddressSays() {
        Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(10));
        Instant to = from.plus(Duration.ofDays(7));
        go("/customers?customer=" + ADay.ADA + "&zoom=" + encoded(from + "_" + to));
        assertThat(page.locator("timeline-chart canvas")).isVisible();
        assertThat(timelineZoom()).isEqualTo(List.of(from.toEpochMilli(), to.toEpochMilli()));

        go("/customers?customer=" + ADay.ADA);
        assertThat(page.locator("timeline-chart canvas")).isVisible();
        page.locator("timeline-chart").hover();
        page.mouse().wheel(0, -240);
        assertThat(page).hasURL(Pattern.compile("zoom=20\\d\\d-.*Z_20\\d\\d-.*Z"));
        List<Long> zoomed = timelineZoom();
        page.reload();
        assertThat(page.locator("timeline-chart canvas")).isVisible();
        assertThat(timelineZoom()).isEqualTo(zoomed);

        go("/customers?customer=" + ADay.ADA + "&zoom=yesterday");
        assertThat(page.locator(".notes")).containsText("The address says zoom=yesterday, which there is not");
    }

    /** From when to when the timeline shows, epoch milliseconds. */
    private List<Long> timelineZoom() {
        List<?> ends = (List<?>)
                page.evaluate(
                        """
                async () => {
                  const { getInstanceByDom } = await import('echarts');
                  const { startValue, endValue } = getInstanceByDom(document.querySelector('timeline-chart')).getOption().dataZoom[0];
                  return [startValue, endValue];
                }
                """);
        return ends.stream()
                .map(end -> Math.round(((Number) end).doubleValue()))
                .toList();
    }

    @Test
    @Order(1)
    void whatCustomersSaidIsSearched() {
        go("/search?find=verbatims");
        page.getByLabel("Words").fill("waiting call");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(Pattern.compile("words=waiting\\+call"));
        assertThat(page.locator(".answers li").first()).containsText("promised a call back");
        assertThat(page.locator(".answers blockquote", having("Quick and friendly")))
                .hasCount(0);
        Chromium.screenshot(page, "verbatims", false);

        page.getByLabel("Words").fill("\"*:* OR _exists_:(customer_id");
        page.keyboard().press("Enter");
        assertThat(page.locator(".found")).containsText("Nothing was said that matches");
        page.getByLabel("Words").fill("");
        page.keyboard().press("Enter");
        page.getByLabel("About").selectOption("billing");
        assertThat(page).hasURL(Pattern.compile("topic=billing"));
        assertThat(page.locator(".answers li").first()).containsText("billing");
        assertThat(page.locator(".answers li", having("billing")))
                .hasCount(page.locator(".answers li").count());
        page.getByLabel("About").selectOption("");
        page.getByLabel("Survey").selectOption("nps");
        page.getByLabel("Answered").selectOption("9-10");
        assertThat(page.locator(".answers li").first()).containsText(Pattern.compile("NPS (9|10)"));
    }

    @Test
    @Order(1)
    void firstContactResolutionLeadsToTheIssuesThatCountInIt() throws IOException {
        go("/channels");
        behind(page.locator(".matrix tbody tr", having("Call")), "FCR net").click();
        assertThat(page).hasURL(Pattern.compile("/search\\?.*channel=call.*find=issues.*measured=fcr_net"));
        // Of twenty that began with a call, four could not be solved by one contact.
        assertThat(page.locator(".found .note"))
                .containsText("16 issues begun in the last 24 hours, first contact over Call");
        assertThat(page.locator(".chip")).hasText("Counts in FCR net ✕");
        page.locator(".chip").click();
        assertThat(page.locator(".found .note")).containsText("20 issues");
        go("/search?find=issues");
        assertThat(page.locator(".found .note")).containsText("40 issues");
        page.locator(".found").getByLabel("Came to").selectOption("repeated");
        assertThat(page.locator(".found .note")).containsText("10 issues");
        page.locator(".found").getByLabel("Came to").selectOption("first_contact");
        assertThat(page.locator(".found .note")).containsText("30 issues");
        assertThat(page.locator(".session-list tbody tr").first())
                .containsText("resolved, after 8 min, at first contact");
        Chromium.screenshot(page, "issues", false);

        Download issues =
                page.waitForDownload(() -> page.getByText("Save as CSV").click());
        List<String> lines = Files.readAllLines(issues.path());
        assertThat(lines).hasSize(1 + 30);
        assertThat(lines.get(0)).contains("issue_id,customer_id,status,topic");
    }

    @Test
    @Order(1)
    void sessionsAreNarrowedDownToASegment() {
        go("/search");
        int all = total();
        page.locator(".found").getByLabel("Segment").selectOption("gold");
        assertThat(page).hasURL(Pattern.compile("segment=gold"));
        assertThat(page.locator(".found .note")).not().containsText(String.format(Locale.ROOT, "%,d sessions", all));
        assertThat(total()).isBetween(1, all / 2);
        page.locator(".session-list tbody a").first().click();
        assertThat(page.locator(".session dl")).containsText("Segmentgold");
    }

    /** How many the heading of the list says there are. */
    private int total() {
        return Integer.parseInt(
                page.locator(".found .note").textContent().strip().split(" ")[0].replace(",", ""));
    }

    @Test
    @Order(1)
    void whatIsShownCanBeTakenAwayAsAFile() throws IOException {
        go("/search?trouble=complaints");
        Download sessions =
                page.waitForDownload(() -> page.getByText("Save as CSV").click());
        List<String> lines = Files.readAllLines(sessions.path());
        assertThat(lines.get(0)).startsWith("\ufeffsession_id,customer_id,status");
        assertThat(lines).hasSizeGreaterThan(20);

        go("/channels");
        Download matrix = page.waitForDownload(
                () -> page.locator(".matrix").getByText("Save as CSV").click());
        assertThat(Files.readString(matrix.path())).contains("Channel,NPS").contains("E-mail");
    }

    @Test
    @Order(1)
    void rulesAndPipelineSayWhatStandsBehindTheFigures() {
        go("/rules?window=7d");
        assertThat(page.locator(".rules tbody tr", having("promise not kept"))).containsText("not configured here");
        assertThat(page.locator(".rules tbody tr", having("Long wait")).locator(".fails"))
                .hasText(
                        Pattern.compile(
                                "could not be judged for 1,204 touchpoints since .+, \\d\\d:\\d\\d:\\d\\d, the last time at"
                                        + " .+, \\d\\d:\\d\\d:\\d\\d: text is not of the form it is converted from \\(BAD_FORMAT\\)"));
        assertThat(page.locator(".fails")).hasCount(1);
        Chromium.screenshot(page, "rules", false);
        page.locator(".rules tbody tr", having("Long wait"))
                .locator("a")
                .first()
                .click();
        assertThat(page).hasURL(Pattern.compile("/alerts\\?.*rule=long_wait"));
        assertThat(page.locator(".alert").first()).containsText("long wait");

        go("/pipeline");
        assertThat(page.locator(".equation")).containsText("1.6M read");
        assertThat(page.locator(".pipeline .badge")).hasText("balanced");
        assertThat(page.locator(".reasons li")).hasCount(5);
        assertThat(page.locator(".dead tbody tr")).hasCount(12);
        page.getByLabel("Reason").selectOption("malformed");
        assertThat(page.locator(".dead tbody tr")).hasCount(3);
        page.getByRole(AriaRole.BUTTON, named("Redrive malformed, 3")).click();
        page.getByRole(AriaRole.BUTTON, named("Read malformed again")).click();
        assertThat(page.locator(".dead .said")).containsText("3 redriven of malformed; 1 were before");
        assertThat(page.locator(".sources tbody tr")).hasCount(2);
        assertThat(page.locator(".quality tbody tr")).hasCount(20);
        Locator newest = page.locator(".quality tbody tr").first();
        assertThat(newest.locator("td").nth(0)).hasText("18,010");
        assertThat(newest.locator("td").nth(1)).hasText("94");
        assertThat(newest.locator("td").last()).hasText("0.53 %");
        assertThat(page.locator(".quality dl div", having("ended without answer"))
                        .locator("a"))
                .hasAttribute("href", Pattern.compile("/search\\?.*flag=ended_without_answer"));
        assertThat(page.locator(".quality dl div", having("WhatsApp"))).containsText("1,200");
        assertThat(page.locator(".quality dl div", having("blocked identifier")))
                .containsText("41");
        Locator experience = page.locator(".job", having("throughline-experience"));
        assertThat(experience.locator(".badge")).hasText("running");
        assertThat(experience).containsText("restarted once");
        assertThat(experience).containsText("181.2 MiB");
        assertThat(experience).containsText("Checkpoint expired before completing.");
        assertThat(experience.locator("tbody tr", inside("measure"))).containsText("5 of 6");
        assertThat(page.locator(".job", having("throughline-index"))).containsText("restarting");
        assertThat(page.locator(".job", having("throughline-index")))
                .containsText("3 were due before all tasks ran, as when a job starts, and did not begin");
        assertThat(page.locator(".job", having("throughline-index")).locator(".facts .bad"))
                .hasCount(0);
        assertThat(page.locator(".lag tbody tr", having("sessions"))).containsText("18,204");
        Chromium.screenshot(page, "pipeline", true);
    }

    @Test
    @Order(1)
    void whenFlinkIsAwayTheJobsStayAsTheyWereKnownAndLagGoesOn() {
        go("/pipeline");
        assertThat(page.locator(".job")).hasCount(2);
        operations.away = true;
        try {
            assertThat(page.locator(".jobs .trouble"))
                    .containsText("Data as of", new LocatorAssertions.ContainsTextOptions().setTimeout(15_000));
            assertThat(page.locator(".jobs .trouble")).containsText("Flink is not reachable");
            assertThat(page.locator(".job")).hasCount(2);
            assertThat(page.locator(".lag .trouble")).hasCount(0);
        } finally {
            operations.away = false;
        }
        assertThat(page.locator(".jobs .trouble"))
                .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(15_000));
    }

    @Test
    @Order(1)
    void aMistypedAddressShowsWhatIsUsualAndSaysSo() {
        go("/search?window=2h&trouble=nonsense&page=99999");
        assertThat(page.locator(".notes")).containsText("window=2h");
        assertThat(page.locator(".notes")).containsText("page=99999");
        assertThat(page.locator(".said")).containsText("\"nonsense\" is no trouble there is");
        assertThat(page.locator(".session-list tbody tr").first()).isVisible();
        go("/search?step=nowhere%091%09web");
        assertThat(page.locator(".said").first()).containsText("is no step there is; it was left out");
        go("/search?way=touchpoint%09"
                + Stream.of("a", "b", "c", "d", "e", "f")
                        .map(letter -> letter.repeat(256))
                        .collect(joining("%09")));
        assertThat(page.locator(".found")).containsText("No session matches");
        assertThat(page.locator(".chip")).containsText("f".repeat(255));
        assertThat(page.locator(".said")).hasCount(0);
        go("/search?step=channel%09nine%09web&turn=nothing");
        assertThat(page.locator(".found")).containsText("No session matches");
        go("/search?session=no-such-session");
        assertThat(page.locator(".session")).containsText("There is no such session");
    }

    @Test
    @Order(1)
    void thePastIsShownAsItWas() {
        go("/?window=24h");
        String now = page.locator(".score .figure").first().textContent();
        Instant before = Instant.now().minusSeconds(3 * 86_400);
        go("/?window=24h&until=" + before);
        assertThat(page.locator(".score .figure").first()).not().hasText(now);
        assertThat(page.locator(".until input")).isVisible();
        page.getByText("Now", exactlyOnPage()).click();
        assertThat(page.locator(".score .figure").first()).hasText(now);
    }

    @Test
    @Order(2)
    void textOfDocumentsIsNeverTakenForMarkup() {
        indexed.empty();
        evidence = HOSTILE;
        rule = HOSTILE;
        Instant now = Instant.now().minusSeconds(30);
        Map<String, Object> step = document(
                "touchpoint_id",
                "h-1",
                "event_time",
                now,
                "channel",
                HOSTILE,
                "kind",
                HOSTILE,
                "touchpoint",
                HOSTILE,
                "stage",
                HOSTILE);
        Map<String, Object> other = document(
                "touchpoint_id",
                "h-2",
                "event_time",
                now.plusSeconds(5),
                "channel",
                "web",
                "kind",
                HOSTILE,
                "touchpoint",
                HOSTILE,
                "stage",
                "support");
        List<Map<String, Object>> identifiers = List.of(
                document("type", HOSTILE, "value", HOSTILE, "note", HOSTILE),
                document("type", "email", "value", HOSTILE, "note", HOSTILE));
        indexed.session(
                        "h-session",
                        now,
                        now.plusSeconds(5),
                        document(
                                "customer_id",
                                "h",
                                "path",
                                List.of(step, other),
                                "channels",
                                List.of(HOSTILE, "web"),
                                "stages",
                                List.of(HOSTILE, "support"),
                                "topics",
                                List.of(HOSTILE),
                                "outcome",
                                HOSTILE,
                                "cut_cause",
                                HOSTILE,
                                "status",
                                HOSTILE,
                                "segment",
                                HOSTILE,
                                "scores",
                                Map.of(HOSTILE, 1)))
                .customer(
                        "h",
                        now,
                        document(
                                "identifiers",
                                identifiers,
                                "segment",
                                HOSTILE,
                                "channels",
                                List.of(HOSTILE),
                                "value_tier",
                                HOSTILE,
                                "experience_score",
                                50,
                                "experience_reasons",
                                List.of(document("experience", HOSTILE, "points", 1.5, "count", 1)),
                                "consents",
                                List.of(document(
                                        "purpose", HOSTILE, "given", true, "event_time", now, "channel", HOSTILE)),
                                "value",
                                List.of(document("amount", 1, "currency", HOSTILE))))
                .document(
                        DocumentKind.ISSUES,
                        "h-issue",
                        document(
                                "issue_id",
                                "h-issue",
                                "customer_id",
                                "h",
                                "status",
                                HOSTILE,
                                "topic",
                                HOSTILE,
                                "start",
                                now,
                                "contact_count",
                                1,
                                "channels",
                                List.of(HOSTILE)))
                .document(
                        DocumentKind.JOURNEYS,
                        "h-journey",
                        document(
                                "journey_id",
                                "h-journey",
                                "customer_id",
                                "h",
                                "status",
                                HOSTILE,
                                "product",
                                HOSTILE,
                                "start",
                                now,
                                "end",
                                now,
                                "furthest_stage",
                                HOSTILE,
                                "stage_path",
                                List.of(document("stage", HOSTILE, "dwell_ms", 5))))
                .document(
                        DocumentKind.TRANSITIONS,
                        "h-move",
                        document(
                                "transition_id",
                                "h-move",
                                "kind",
                                "stage",
                                "day",
                                now,
                                "from",
                                HOSTILE,
                                "to",
                                "support",
                                "count",
                                3))
                .identityChange(
                        "h-change",
                        HOSTILE,
                        "h",
                        List.of(HOSTILE),
                        now,
                        document(
                                "rule",
                                HOSTILE,
                                "evidence",
                                List.of(document(
                                        "left", document("type", HOSTILE, "value", HOSTILE),
                                        "right", document("type", HOSTILE, "value", HOSTILE)))))
                .alert(
                        "h-alert",
                        now,
                        document(
                                "customer_id",
                                "h",
                                "rule_id",
                                HOSTILE,
                                "reason",
                                HOSTILE,
                                "severity",
                                HOSTILE,
                                "status",
                                "open",
                                "expectation",
                                HOSTILE,
                                "retracted_because",
                                HOSTILE,
                                "assignee",
                                HOSTILE,
                                "next_action",
                                HOSTILE,
                                "history",
                                List.of(document("what", HOSTILE, "by", HOSTILE, "because", HOSTILE, "at", now)),
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
                .touchpoint(
                        "h-1",
                        HOSTILE,
                        now,
                        document(
                                "customer_id",
                                "h",
                                "session_id",
                                "h-session",
                                "kind",
                                HOSTILE,
                                "topic",
                                HOSTILE,
                                "touchpoint",
                                HOSTILE,
                                "actor",
                                HOSTILE,
                                "outcome",
                                HOSTILE,
                                "survey",
                                document(
                                        "metric",
                                        HOSTILE,
                                        "scale_min",
                                        0,
                                        "scale_max",
                                        10,
                                        "score",
                                        1,
                                        "verbatim",
                                        HOSTILE)))
                .metric("nps", "24h", Map.of("channel", HOSTILE), now, 12, 3)
                .metric("touchpoints", "24h", Map.of("segment", HOSTILE), now, 12, 3)
                .accounting(HOSTILE, 9, 1, 0, 0, Map.of(HOSTILE, 2L))
                .quality(HOSTILE, now, 9, 0, 0, 0, Map.of(HOSTILE, 9L), Map.of(HOSTILE, 3L))
                .rejected(HOSTILE, HOSTILE, HOSTILE, now)
                .index();
        for (String path : List.of(
                "/channels",
                "/journeys?ways=table&funnel=table",
                "/journeys?by=touchpoint",
                "/search?way=" + encoded("channel\t" + HOSTILE + "\tweb"),
                "/search?step=" + encoded("stage\t1\t" + HOSTILE + "\tsupport"),
                "/alerts?alert=h-alert",
                "/customers",
                "/customers?customer=h&timeline=table",
                "/search",
                "/search?find=verbatims",
                "/search?find=touchpoints",
                "/search?session=h-session",
                "/rules",
                "/pipeline")) {
            go(path);
            assertThat(page.locator("main")).containsText(Pattern.compile("onerror", Pattern.CASE_INSENSITIVE));
            if (path.startsWith("/customers?")) {
                page.getByText("Explain", exactlyOnPage()).click();
                assertThat(page.locator(".evidence-path li")).containsText("onerror");
                choose("timeline", "Chart");
                assertThat(page.locator("timeline-chart canvas")).isVisible();
            }
            assertThat(page.evaluate("window.hostile")).as(path).isNull();
            assertThat(page.locator("img")).hasCount(0);
            assertThat(page.locator("body script")).hasCount(0);
        }
        Chromium.screenshot(page, "hostile-pages", false);
    }

    @Test
    @Order(3)
    void saysWhatWillAppearWhereThereIsNothingYet() {
        indexed.empty();
        Map<String, String> said = Map.of(
                "/channels", "Nothing was measured by channel",
                "/journeys", "No session began",
                "/alerts", "No alert matches",
                "/customers", "No customer yet",
                "/search", "No session matches",
                "/search?find=verbatims", "Nothing was said that matches",
                "/pipeline", "Nothing was rejected");
        said.forEach((path, words) -> {
            go(path);
            assertThat(page.locator("main")).containsText(words);
            accessible("empty " + path);
        });
    }

    @Test
    @Order(3)
    void inDataOfThePastRulesLeadToTheAlertsTheyCount() {
        indexed.empty();
        Instant then = Instant.now().minus(Duration.ofDays(3));
        indexed.touchpoint("call", then)
                .alert("past", then.minusSeconds(60), document("rule_id", "slow_answer"))
                .index();
        go("/rules?window=24h");
        page.locator(".rules tbody tr", having("Slow answer")).locator("td b a").click();
        assertThat(page).hasURL(Pattern.compile("/alerts\\?.*opened=24h"));
        assertThat(page.locator(".alert")).hasCount(1);
    }

    @Test
    @Order(3)
    void ofAnErasedCustomerItIsNotSaidThatTheyAreAnother() {
        indexed.empty();
        indexed.customer("erased", Instant.now(), document("status", "absorbed"))
                .index();
        go("/customers?customer=erased");
        assertThat(page.locator(".customer .said")).containsText("Nothing is left of this customer");
        assertThat(page.locator("main")).not().containsText("turned out to be");
    }

    @Test
    @Order(3)
    void everyPageSaysThatTouchpointsWaitWhileTheNewestIsOld() {
        indexed.empty();
        indexed.touchpoint("call", Instant.now().minus(Duration.ofHours(6))).index();
        go("/");
        assertThat(page.locator(".notes"))
                .containsText("Up to 442 touchpoints wait in Kafka; the newest shown was received 6 h ago");
        go("/?until=" + Instant.now().minus(Duration.ofHours(5)));
        assertThat(page.locator(".score").first()).isVisible();
        assertThat(page.locator(".notes")).hasCount(0);
        indexed.touchpoint("call", Instant.now()).index();
        go("/channels");
        assertThat(page.locator(".matrix")).isVisible();
        assertThat(page.locator(".notes")).hasCount(0);
    }

    @Test
    @Order(3)
    void namesInReasonsAreWordsAndIdsStayAsTheyAre() {
        Instant now = Instant.now();
        indexed.empty();
        indexed.alert(
                        "worded",
                        now,
                        document(
                                "reason",
                                "Promise: nothing followed promise_made on call, order_A7, ces 4 on 1-5, low is good on call",
                                "rule_id",
                                "broken-promise",
                                "evidence",
                                List.of(document(
                                        "touchpoint_id",
                                        "w-1",
                                        "event_time",
                                        now,
                                        "channel",
                                        "call",
                                        "kind",
                                        "promise_made",
                                        "detail",
                                        "late_delivery"))))
                .index();
        go("/alerts?alert=worded");
        assertThat(page.locator(".alert .reason"))
                .containsText("nothing followed promise made on Call, order_A7, CES 4 of 1–5, low is good, on Call");
        assertThat(page.locator(".alert .meta")).containsText("broken promise");
        assertThat(page.locator(".evidence")).containsText("late delivery");
    }

    @Test
    @Order(3)
    void whatATimelineLeavesOutOfALongStoryIsSaid() {
        Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(9_000);
        List<Map<String, Object>> path = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            path.add(document(
                    "touchpoint_id",
                    "t-" + i,
                    "event_time",
                    start.plusSeconds(i),
                    "channel",
                    "web",
                    "kind",
                    "page_view"));
        }
        indexed.empty();
        indexed.customer("c-long", start.plusSeconds(2_000), document("session_count", 1, "touchpoint_count", 2_000))
                .session(
                        "s-long",
                        start,
                        start.plusSeconds(2_000),
                        document("customer_id", "c-long", "touchpoint_count", 2_000, "path", path))
                .index();
        go("/customers?customer=c-long");
        assertThat(page.locator("timeline-chart canvas")).isVisible();
        assertThat(page.locator(".timeline .note")).containsText("60 of 2,000 touchpoints: of a session the first 60");
    }

    @Test
    @Order(3)
    void aCustomerWithOneTouchpointHasATimelineOfSomeLength() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        indexed.empty();
        indexed.customer("c-once", now, document("session_count", 1, "touchpoint_count", 1))
                .session(
                        "s-once",
                        now,
                        now,
                        document(
                                "customer_id",
                                "c-once",
                                "touchpoint_count",
                                1,
                                "cut_cause",
                                "open",
                                "path",
                                List.of(document(
                                        "touchpoint_id",
                                        "t-once",
                                        "event_time",
                                        now,
                                        "channel",
                                        "social",
                                        "kind",
                                        "complaint"))))
                .index();
        go("/customers?customer=c-once");
        assertThat(page.locator("timeline-chart canvas")).isVisible();
        List<Long> shown = timelineZoom();
        assertThat(shown.get(0)).isLessThan(now.toEpochMilli());
        assertThat(shown.get(1)).isGreaterThan(now.toEpochMilli());
        assertThat((List<?>) page.evaluate(MISPLACED_SLIDER)).isEmpty();

        go("/search?session=s-once");
        assertThat(page.locator(".session dl")).containsText("Status");
        assertThat(page.locator(".session dl")).not().containsText("Ended by");
    }

    /** A slider that does not lie along the foot of the timeline. */
    private static final String MISPLACED_SLIDER =
            """
            async () => {
              const { getInstanceByDom } = await import('echarts');
              const chart = getInstanceByDom(document.querySelector('timeline-chart'));
              const slider = chart.getZr().storage.getRoots().filter((root) => root.__ecComponentInfo?.mainType === 'dataZoom');
              const boxOf = (element) => {
                const box = element.getBoundingRect().clone();
                box.applyTransform(element.getComputedTransform());
                return box;
              };
              return slider
                .map(boxOf)
                .filter((box) => box.height > 0)
                .filter((box) => !(box.x >= 0 && box.width > chart.getWidth() / 2 && box.y >= chart.getHeight() - 40))
                .map((box) => `${box.x} ${box.y} ${box.width} ${box.height}`);
            }
            """;

    @Test
    @Order(3)
    void beforeItIsKnownWhoLooksNobodyIsToldThatTheyMayNot() {
        page.route(Pattern.compile("/api/me$"), Route::abort);
        page.navigate(server.url().resolve("/customers").toString());
        assertThat(page.locator("main")).containsText("Loading");
        assertThat(page.locator("main")).not().containsText("shown to agents");
        page.unroute(Pattern.compile("/api/me$"));
        assertThat(page.locator(".finder")).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(15_000));
        complaints.removeIf(complaint -> complaint.contains("ERR_FAILED"));
    }

    @Test
    @Order(3)
    void ofAnAlertOnlyWhatCanBeDoneIsOffered() {
        indexed.empty();
        commands.clear();
        Instant now = Instant.now();
        indexed.alert("quiet", now.minusSeconds(60), document("silenced_until", now.plusSeconds(3_600)))
                .alert("over", now.minusSeconds(40), document("status", "resolved"))
                .alert(
                        "gone",
                        now.minusSeconds(50),
                        document(
                                "status",
                                "retracted",
                                "reason",
                                "Complaint: sim_activation on social",
                                "topic",
                                "sim_activation",
                                "retracted_because",
                                "touchpoint sim_activation_1 about sim_activation is no longer this customer's"))
                .index();
        go("/alerts?status=all&alert=quiet");
        page.getByRole(AriaRole.BUTTON, named("End silence")).click();
        assertThat(page.locator(".detail")).containsText("unsilence was sent");
        assertThat(commands).extracting(AlertActions.Command::verb).containsExactly("unsilence");
        commands.clear();
        indexed.alert(
                        "quiet",
                        now.minusSeconds(60),
                        document("history", List.of(document("what", "unsilenced", "at", now))))
                .index();
        assertThat(page.locator(".detail .history li")).hasCount(1);
        assertThat(page.locator(".detail")).not().containsText("was sent");
        assertThat(page.getByRole(AriaRole.BUTTON, named("End silence"))).hasCount(0);
        go("/alerts?status=all&alert=gone");
        assertThat(page.locator(".detail")).containsText("Evidence");
        assertThat(page.locator(".detail h2")).hasText("Complaint: sim activation on social");
        assertThat(page.locator(".detail dl"))
                .containsText("touchpoint sim_activation_1 about sim activation is no longer this customer's");
        assertThat(page.locator(".detail .actions")).hasCount(0);
        assertThat(page.locator(".alert input")).hasCount(3);
        assertThat(page.locator(".alert", having("sim activation")).locator("input"))
                .isDisabled();
        go("/alerts?status=retracted");
        assertThat(page.locator(".alert")).hasCount(1);
        assertThat(page.locator(".alert input")).hasCount(0);
        go("/alerts?status=resolved");
        page.locator(".alert input").check();
        assertThat(page.locator(".bulk button")).hasText(new String[] {"Reopen", "None"});
    }

    @Test
    @Order(3)
    void onlyWhatCouldNotBeSentStaysChosenAndTheReasonStaysToo() {
        indexed.empty();
        commands.clear();
        Instant now = Instant.now();
        indexed.alert("first", now.minusSeconds(60), Map.of())
                .alert("second", now.minusSeconds(50), Map.of())
                .index();
        go("/alerts");
        page.locator(".alert input").nth(0).check();
        page.locator(".alert input").nth(1).check();
        refused = "Kafka does not answer";
        refusedAlert = "second";
        try {
            page.locator(".bulk").getByText("Acknowledge").click();
            assertThat(page.locator(".bulk")).containsText("1 chosen");
            assertThat(page.locator(".alerts")).containsText("1 could not be sent: Kafka does not answer");
            assertThat(page).hasURL(Pattern.compile("marked=second$"));
            assertThat(commands).extracting(AlertActions.Command::alertId).containsExactly("first");

            go("/alerts?alert=second");
            page.locator(".detail").getByText("Acknowledge").click();
            assertThat(page.locator(".detail .trouble")).hasText("Kafka does not answer");
            complaints.removeIf(complaint -> complaint.contains("503"));
            indexed.alert(
                            "second",
                            now.minusSeconds(50),
                            document(
                                    "reason",
                                    "still nobody answered",
                                    "history",
                                    List.of(document("what", "escalated", "at", now))))
                    .index();
            assertThat(page.locator(".detail .history li")).hasCount(1);
            assertThat(page.locator(".detail .trouble")).hasText("Kafka does not answer");
        } finally {
            refused = null;
            refusedAlert = null;
            commands.clear();
        }
    }

    @Test
    @Order(3)
    void anAlertOfTheOverviewIsActedOnOnlyWhenAllOfItIsKnown() {
        indexed.empty();
        indexed.alert("only", Instant.now(), document("reason", "nobody answered"))
                .index();
        page.route(Pattern.compile("/api/alerts/only$"), Route::abort);
        go("/?alert=only");
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("nobody answered");
        assertThat(dialog.locator(".trouble")).containsText("Not all of it could be read");
        assertThat(dialog.locator(".actions")).hasCount(0);
        page.unroute(Pattern.compile("/api/alerts/only$"));
        assertThat(dialog.locator(".actions")).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(15_000));
        assertThat(dialog.locator(".trouble")).hasCount(0);
        complaints.removeIf(complaint -> complaint.contains("ERR_FAILED"));
    }

    @Test
    @Order(3)
    void aChangeFromOneAnswerIsNotCalledOneAndFromManyIs() {
        indexed.empty();
        Instant now = Instant.now();
        Instant before = now.minus(Duration.ofHours(25));
        Map<String, String> kiosk = Map.of("channel", "kiosk");
        Map<String, Object> wait = Map.of("unit", "ms", "direction", "lower_is_better");
        Map<String, Object> switches = Map.of("unit", "count", "direction", "lower_is_better");
        Map<String, Object> total = Map.of("unit", "count", "direction", "neutral");
        indexed.metric("nps", "24h", kiosk, before, 20, 10, Map.of("ci_low", -10, "ci_high", 50))
                .metric("nps", "24h", kiosk, now, 100, 1, Map.of("ci_low", 100, "ci_high", 100))
                .metric("wait_p50", "24h", kiosk, before, 0, 5_000, with(wait, "ci_low", 0, "ci_high", 0))
                .metric(
                        "wait_p50",
                        "24h",
                        kiosk,
                        now,
                        240_000,
                        5_000,
                        with(wait, "ci_low", 230_000, "ci_high", 250_000))
                .metric("channel_switches_mean", "24h", kiosk, before, 0, 1, switches)
                .metric(
                        "channel_switches_mean",
                        "24h",
                        kiosk,
                        now,
                        0.3,
                        4_000,
                        with(switches, "ci_low", 0.2, "ci_high", 0.4))
                .metric("touchpoints", "24h", kiosk, before, 2, 2, total)
                .metric("touchpoints", "24h", kiosk, now, 9_000, 9_000, total)
                .index();
        go("/?window=24h&channel=kiosk");
        Locator nps = page.locator(".score", having("NPS"));
        assertThat(nps.locator(".figure")).hasText("+100.0");
        assertThat(nps.locator(".change")).containsText("+80.0");
        assertThat(nps.locator(".change")).containsText("too few observations to tell");
        assertThat(nps.locator(".change")).hasClass("change neutral");
        assertThat(nps.locator(".qualifier")).not().containsText("95 %");
        assertThat(nps.locator(".spark-band")).hasCount(1);
        assertThat(page.locator(".score", having("Wait, median")).locator(".change"))
                .hasClass("change bad");
        assertThat(page.locator(".service li", having("Channel switches")).locator(".change"))
                .containsText("too few observations to tell");
        assertThat(page.locator(".score", having("Touchpoints")).locator(".change"))
                .containsText("higher than the 24 h before");
    }

    @Test
    @Order(3)
    void fewPurchasesAreAllThereWereAndAMeanOfFewIsNot() {
        go("/");
        assertThat(
                        page.evaluate(
                                """
                async () => {
                  const { comparison } = await import('/page/metrics.js');
                  const of = (metric_id, unit, [was, n], [is, now]) =>
                    comparison({ metric_id, unit, direction: 'higher_is_better', value: is, n: now, previous: { value: was, n, complete: true } });
                  return [
                    of('revenue', 'amount', [1000, 400], [90000, 4]),
                    of('order_value_mean', 'amount', [1000, 400], [90000, 4]),
                    of('purchase_frequency', 'count', [1, 1], [3, 4]),
                  ].map(({ clear, few, tone }) => `${clear} ${few} ${tone}`);
                }
                """))
                .isEqualTo(List.of("true false good", "false true neutral", "false true neutral"));
    }

    @Test
    @Order(3)
    void scoresAreComparedOnOneScaleAndNameIt() {
        indexed.empty();
        Instant now = Instant.now();
        Map<String, Object> high = Map.of("unit", "score", "direction", "higher_is_better");
        Map<String, Object> low = Map.of("unit", "score", "direction", "lower_is_better");
        Map.of("call", 6.4, "web", 6.5, "app", 2.0).forEach((channel, effort) -> indexed.metric(
                        "ces", "7d", Map.of("channel", channel, "scale", "1-7"), now, effort, 60, high)
                .metric("ces", "7d", Map.of("channel", channel), now, effort, 60, high));
        indexed.metric("ces", "7d", Map.of("channel", "call", "scale", "1-5_lower_is_better"), now, 1.5, 20, low)
                .metric("ces", "7d", Map.of("channel", "chat", "scale", "1-5_lower_is_better"), now, 1, 60, low)
                .metric("nps", "7d", Map.of("channel", "call"), now, 100, 1, Map.of("ci_low", 100, "ci_high", 100))
                .index();
        go("/channels?window=7d");
        assertThat(page.locator(".matrix tbody tr")).hasCount(4);
        assertThat(effortOver("App")).containsText("2.00");
        assertThat(effortOver("App")).containsText("n 60of 1–7");
        assertThat(effortOver("App")).hasClass("worse");
        assertThat(effortOver("Call")).containsText("6.40");
        assertThat(effortOver("Call")).containsText("of 1–7");
        assertThat(effortOver("Chat")).containsText("of 1–5 ↓");
        assertThat(effortOver("Chat")).hasClass("");
        assertThat(page.locator(".matrix tbody tr", having("Call"))
                        .locator("td")
                        .first()
                        .locator("a")
                        .first())
                .hasAttribute("title", Pattern.compile("\\+100.0, n 1$"));
        go("/?window=7d&channel=web");
        assertThat(page.locator(".score", having("CES")).locator(".qualifier")).containsText("scale 1–7");
    }

    /** The cell of the effort score in a row of the matrix, which has NPS before it. */
    private Locator effortOver(String channel) {
        return page.locator(".matrix tbody tr", having(channel)).locator("td").nth(1);
    }

    private static Map<String, Object> with(Map<String, Object> some, Object... more) {
        Map<String, Object> all = document(more);
        all.putAll(some);
        return all;
    }

    /** Nothing is asked for by the clock here, so that only the stream can tell. */
    @Test
    @Order(4)
    void theInboxAndThePipelineFollowTheStream() {
        indexed.empty();
        window.addInitScript("window.setInterval = () => 0");
        Instant now = Instant.now();
        indexed.alert("first", now.minusSeconds(60), document("reason", "the first one"))
                .index();
        go("/alerts");
        assertThat(page.locator(".alert")).hasCount(1);
        indexed.alert("second", now, document("reason", "one that came while somebody looked"))
                .index();
        assertThat(page.locator(".alert").first()).containsText("one that came while somebody looked");

        go("/pipeline");
        assertThat(page.locator(".dead")).containsText("Nothing was rejected");
        indexed.rejected("touchpoints-0-1", "malformed", "it was broken", now).index();
        assertThat(page.locator(".dead tbody tr")).hasCount(1);
    }

    /** The link of the n of a metric in a row of the matrix. */
    private Locator behind(Locator row, String metric) {
        List<String> columns = page.locator(".matrix thead th").allTextContents();
        // The first column names the channel.
        return row.locator("td").nth(columns.indexOf(metric) - 1).locator("small.n a");
    }

    /** One of the few choices that a panel's heading offers. */
    private void choose(String panel, String option) {
        page.locator("." + panel)
                .getByRole(
                        AriaRole.RADIO,
                        new Locator.GetByRoleOptions().setName(option).setExact(true))
                .check();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Locator.LocatorOptions inside(String text) {
        return new Locator.LocatorOptions().setHasText(text);
    }

    private static Page.LocatorOptions having(String text) {
        return new Page.LocatorOptions().setHasText(text);
    }

    private static Page.GetByTextOptions exactlyOnPage() {
        return new Page.GetByTextOptions().setExact(true);
    }

    private static Locator.GetByRoleOptions inBulk(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }
}
