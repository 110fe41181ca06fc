package io.throughline.dashboard.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.throughline.dashboard.IndexedExperience.document;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
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
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages say of a figure what it is of, and of what is missing why, and claim nothing that is not so. */
@Servers(Server.ELASTICSEARCH)
class WhatPagesClaimIT extends BrowserTest {

    private static final List<AlertActions.Command> commands = new CopyOnWriteArrayList<>();

    /** On an hour, and long enough ago that nothing of it is of now. */
    private static final Instant THEN =
            Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(15));

    @BeforeAll
    static void serve(LocalServers servers) {
        indexed = new IndexedExperience(servers.elasticsearchUrl());
        indexed.empty();
        server = DashboardServer.start(
                new DashboardSettings(URI.create(servers.elasticsearchUrl()), "127.0.0.1", 0),
                new IndexedExperience(servers.elasticsearchUrl()).client(),
                new Knowledge(
                        ADay.IDENTIFICATION,
                        (a, b) -> "{}",
                        () -> IntStream.range(0, 40)
                                .mapToObj(i -> new RuleDescription(
                                        "rule-" + i,
                                        1,
                                        "enabled",
                                        "Rule " + i,
                                        "warning",
                                        "speed",
                                        "waited",
                                        List.of(),
                                        "4 h",
                                        "x"))
                                .toList(),
                        commands::add,
                        new ADay.RunningJobs(),
                        (reason, by) -> new Redriving.Outcome(0, 0, 0, 0)));
    }

    @BeforeEach
    void forget() {
        indexed.empty();
        commands.clear();
    }

    @Test
    void aStageCountsTheJourneysThatTouchedIt() {
        journey("bought", true, "awareness", "onboarding");
        journey("asked", false, "support");
        journey("looked", false, "awareness");
        journey("looked-and-asked", true, "awareness", "support");
        indexed.index();

        go("/journeys?funnel=table");

        assertThat(row("funnel", "Awareness").locator("td"))
                .hasText(new String[] {"3 75 %", "2 67 %", "1 33 %", "0", "sessions"});
        assertThat(row("funnel", "Onboarding").locator("td"))
                .hasText(new String[] {"1 25 %", "0", "0", "1 100 %", "sessions"});
        assertThat(row("funnel", "Support").locator("td"))
                .hasText(new String[] {"2 50 %", "0", "1 50 %", "1 50 %", "sessions"});
        assertThat(page.locator(".funnel tbody tr")).hasCount(3);
        go("/journeys");
        assertThat(page.locator("stages-chart canvas")).isVisible();
        assertThat(page.locator(".funnel")).not().containsText("lost");
    }

    @Test
    void withoutJourneysTheCustomersOfEachStageAreDrawn() {
        Instant now = Instant.now();
        indexed.session("one", now.minusSeconds(600), now, document("stages", List.of("awareness", "support")))
                .index();
        go("/journeys");
        assertThat(page.locator("stages-chart canvas")).isVisible();
        assertThat(page.locator(".funnel")).containsText("Of 1 customers with 1 sessions");
    }

    private void journey(String id, boolean ended, String... stages) {
        Instant start = Instant.now().minus(Duration.ofHours(3));
        String last = stages[stages.length - 1];
        indexed.document(
                DocumentKind.JOURNEYS,
                id,
                document(
                        "journey_id",
                        id,
                        "customer_id",
                        "c-" + id,
                        "status",
                        ended ? "abandoned" : "active",
                        "ended",
                        ended,
                        "start",
                        start,
                        "end",
                        start.plusSeconds(600),
                        "stages",
                        List.of(stages),
                        "stage",
                        last,
                        "furthest_stage",
                        last,
                        "channels",
                        List.of("web"),
                        "revision",
                        1));
    }

    @Test
    void ofAChosenEndItIsSaidAsOfWhenTheFiguresAreAndNotThatNobodyAnswered() {
        for (Map<String, String> of : List.of(Map.<String, String>of(), Map.of("channel", "chat"))) {
            indexed.metric("nps", "24h", of, THEN, 40, 100)
                    .metric("nps", "24h", of, THEN.plus(Duration.ofHours(1)), 50, 100)
                    .metric("nps", "7d", of, THEN.plus(Duration.ofHours(15)), 45, 600);
        }
        indexed.index();
        String end = THEN.plus(Duration.ofMinutes(25)).toString();

        go("/?window=24h&until=" + end);
        assertThat(page.locator(".score .figure").first()).hasText("+40.0");
        assertThat(page.locator(".score .qualifier").first()).containsText("as of " + shown(THEN));
        assertThat(page.locator(".kept")).containsText("kept once an hour");
        assertThat(page.locator(".score").nth(1)).containsText("No answers in the 24 hours before");
        assertThat(page.locator("main")).not().containsText("last 24 hours");
        for (String panel : List.of("throughput", "alerts", "sessions", "now")) {
            assertThat(page.locator(".panel." + panel).first()).containsText("now");
        }

        go("/?window=7d&until=" + end);
        assertThat(page.locator(".score").first()).containsText("No figure was kept for this end");
        assertThat(page.locator(".kept")).containsText("kept once a day");
        assertThat(page.locator(".kept")).containsText("the first is of " + shown(THEN.plus(Duration.ofHours(15))));
        assertThat(page.locator("main")).not().containsText("No answers");

        go("/channels?window=24h&until=" + end);
        assertThat(page.locator(".matrix tbody tr")).hasCount(1);
        assertThat(page.locator(".matrix .note")).containsText("24 hours before " + shown(THEN));
        go("/channels?window=7d&until=" + end);
        assertThat(page.locator(".matrix")).containsText("No figure was kept for this end");
        assertThat(page.locator(".matrix")).containsText("the first is of " + shown(THEN.plus(Duration.ofHours(15))));
    }

    private static String shown(Instant instant) {
        return DateTimeFormatter.ofPattern("d MMM, HH:mm", Locale.UK)
                .withZone(ZoneOffset.UTC)
                .format(instant);
    }

    @Test
    void whereConditionsOrTheAddressShowNoAlertNobodySaysThatNobodyWaits() {
        indexed.alert("waits", Instant.now(), document("severity", "critical")).index();

        go("/alerts?severity=info");
        assertThat(page.locator(".alerts")).containsText("No waiting alert meets these conditions");
        assertThat(page.locator(".alerts")).not().containsText("Nobody waits");
        page.getByText("Take all conditions away").click();
        assertThat(page.locator(".alert")).hasCount(1);

        go("/alerts?page=9");
        assertThat(page.locator(".alerts")).containsText("There is no page 9");
        assertThat(page.locator(".alerts")).not().containsText("Nobody waits");
        page.getByText("To the first page").click();
        assertThat(page.locator(".alert")).hasCount(1);
    }

    @Test
    void aNoteIsOfOneCommandOnly() {
        indexed.alert("first", Instant.now(), Map.of())
                .alert("second", Instant.now().minusSeconds(60), Map.of())
                .index();
        go("/alerts?alert=first");
        page.getByLabel("Note").fill("she was angry");
        page.getByRole(AriaRole.BUTTON, named("Acknowledge")).click();
        assertThat(page.locator(".detail")).containsText("acknowledge was sent");
        assertThat(page.getByLabel("Note")).hasValue("");
        assertThat(page.locator(".detail .actions")).isFocused();
        page.getByRole(AriaRole.BUTTON, named("Resolve")).click();
        assertThat(page.locator(".detail")).containsText("resolve was sent");
        assertThat(commands).extracting(AlertActions.Command::because).containsExactly("she was angry", null);

        page.getByLabel("Note").fill("of the first one");
        page.locator(".alert a").nth(1).click();
        assertThat(page).hasURL(Pattern.compile("alert=second"));
        assertThat(page.getByLabel("Note")).hasValue("");
    }

    @Test
    void whereThereIsNoTableNoneCanBeSaved() {
        for (String path : List.of("/channels", "/journeys")) {
            go(path);
            assertThat(page.locator("button:visible", having("Save as CSV"))).hasCount(0);
        }
    }

    @Test
    void theLinkOfARuleShowsThatRule() {
        go("/rules?rule=rule-38");
        Locator rule = page.locator("tr[aria-current=true]");
        assertThat(rule).containsText("Rule 38");
        assertThat(rule).isInViewport();
        go("/rules?rule=no-such");
        assertThat(page.locator(".rules")).containsText("There is no rule no-such");
    }

    @Test
    void aTopicThatNarrowsTheWaysIsShownAndCanBeTakenAway() {
        Instant now = Instant.now();
        indexed.session(
                        "about-billing",
                        now.minusSeconds(600),
                        now.minusSeconds(60),
                        document("topics", List.of("billing")))
                .index();
        go("/journeys?topic=warranty");
        assertThat(page.locator(".ways")).containsText("No session about warranty began");
        page.locator(".ways .chip", having("Topic warranty")).click();
        assertThat(page.locator(".ways .chip")).hasCount(0);
        assertThat(page.locator(".ways")).containsText("Of the one session no channel is known");
        assertThat(page.locator(".ways")).not().containsText("No session");
    }

    @Test
    void theTierThatRaisesAnAlertIsNotThatOfTheCustomersValue() {
        indexed.alert("high", Instant.now(), document("value_tier", "top"))
                .customer("c1", Instant.now(), document("value_tier", "gold"))
                .index();
        go("/alerts?alert=high");
        assertThat(page.locator(".detail dl")).containsText("Alert tiertop");
        go("/customers?customer=c1");
        assertThat(page.locator(".customer dl")).containsText("Lifetime value tiergold");
    }

    @Test
    void aWindowThatIsNotCompleteIsMarkedAlsoByChannel() {
        Instant now = Instant.now();
        Map<String, Object> half = document("complete", false);
        indexed.metric("nps", "24h", Map.of("channel", "chat"), now, 40, 100, half)
                .metric("nps", "24h", Map.of("channel", "call"), now, 40, 100, half)
                .index();
        go("/channels");
        assertThat(page.locator(".matrix header")).containsText("incomplete window");
        indexed.metric("nps", "24h", Map.of("channel", "web"), now, 40, 100).index();
        go("/channels");
        assertThat(page.locator(".matrix header")).not().containsText("incomplete window");
        assertThat(row("matrix", "Chat")).containsText("incomplete window");
        assertThat(row("matrix", "Web")).not().containsText("incomplete window");
    }

    @Test
    void panelsThatAChannelOrASegmentDoesNotNarrowSaySo() {
        Instant now = Instant.now();
        indexed.metric("nps", "24h", Map.of("channel", "chat"), now, 40, 100);
        journey("bought", true, "awareness", "onboarding");
        indexed.index();

        go("/?segment=gold");
        for (String panel : List.of("throughput", "alerts", "sessions", "now")) {
            assertThat(page.locator(".panel." + panel).first()).containsText("all segments");
        }
        go("/channels?channel=chat&segment=gold");
        assertThat(page.locator(".matrix .note")).containsText("all channels and segments");
        assertThat(page.locator(".switches .note")).containsText("all channels and segments");
        go("/journeys?segment=gold");
        assertThat(page.locator(".funnel .note")).containsText("all segments");
        go("/alerts?segment=gold");
        assertThat(page.locator(".alerts .note")).containsText("all segments");
        go("/rules?segment=gold");
        assertThat(page.locator(".rules .note")).containsText("all segments");
        go("/");
        assertThat(page.locator("main")).not().containsText("all segments");
    }

    @Test
    void anAddressThatIsNoPageLeadsHome() {
        page.navigate(server.url().resolve("/nonsense").toString());
        complaints.removeIf(complaint -> complaint.contains("404"));
        assertThat(page.locator("body")).containsText("There is no page");
        page.getByText("To the overview").click();
        assertThat(page.locator(".scores")).isVisible();
    }

    /** A row of the table of a panel. */
    private Locator row(String panel, String named) {
        return page.locator("." + panel + " tbody tr", having(named));
    }

    private static Page.LocatorOptions having(String text) {
        return new Page.LocatorOptions().setHasText(text);
    }
}
