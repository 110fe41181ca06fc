package io.throughline.intake;

import static io.throughline.intake.Read.identifiers;
import static io.throughline.intake.Read.outcome;
import static io.throughline.intake.Read.touchpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.intake.Mapping.EventRule;
import io.throughline.schemas.Touchpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnowplowTest {

    private static final int COLUMNS = 131;

    private final Snowplow snowplow = new Snowplow(Mapping.NONE);

    @Test
    void aPageViewIsReadFromTheColumnsOfTheEnrichedEvent() {
        Touchpoint page =
                touchpoint(snowplow, line(Map.of(35, "/pricing", 34, "443", 32, "https", 33, "shop.example")));

        assertThat(page.getTouchpointId()).isEqualTo("c6ef3124-b53a-4b13-a233-0088f79dcbcb");
        assertThat(page.getChannel()).isEqualTo("web");
        assertThat(page.getKind()).isEqualTo("page_view");
        assertThat(page.getEventTime()).as("derived").isEqualTo("2026-01-31T12:00:00.500Z");
        assertThat(page.getSentTime()).as("corrected already").isNull();
        assertThat(page.getReceivedTime()).as("collector").isEqualTo("2026-01-31T12:00:01.250Z");
        assertThat(identifiers(page)).containsExactly("customer_number:4711", "cookie:duid-1", "cookie:nuid-1");
        assertThat(page.getProperties())
                .containsOnly(
                        Map.entry("app_id", "shop"),
                        Map.entry("page_urlhost", "shop.example"),
                        Map.entry("page_urlpath", "/pricing"));
    }

    @Test
    void withoutACorrectedTimeIngestIsGivenTheDevicesTimes() {
        Touchpoint page = touchpoint(
                snowplow, line(Map.of(124, "", 4, "2026-01-31 11:00:00.000", 119, "2026-01-31 11:00:02.000")));

        assertThat(page.getEventTime()).isEqualTo("2026-01-31T11:00:00Z");
        assertThat(page.getSentTime()).isEqualTo("2026-01-31T11:00:02Z");
        assertThat(touchpoint(snowplow, line(Map.of(124, ""))).getEventTime()).isEqualTo("2026-01-31T12:00:01.250Z");
    }

    @Test
    void selfDescribingDataIsFoundUnderTheNamesTheSdksGiveIt() {
        String contexts = "{\"schema\": \"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1\", \"data\": ["
                + "{\"schema\": \"iglu:com.snowplowanalytics.snowplow.ecommerce/user/jsonschema/1-0-0\", \"data\": {\"id\": \"4711\", \"email\": \"ada@example.com\"}},"
                + "{\"schema\": \"iglu:com.snowplowanalytics.snowplow.ecommerce/transaction/jsonschema/1-0-0\", \"data\": {\"transaction_id\": \"t\", \"revenue\": 99.9, \"currency\": \"EUR\"}},"
                + "{\"schema\": \"iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2\", \"data\": {\"userId\": \"device-9\", \"sessionId\": \"s\"}}]}";
        String event = "{\"schema\": \"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0\", \"data\":"
                + "{\"schema\": \"iglu:com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2\", \"data\": {\"type\": \"transaction\"}}}";

        Touchpoint purchase = touchpoint(
                snowplow,
                line(Map.of(1, "mob", 5, "unstruct", 126, "snowplow_ecommerce_action", 52, contexts, 58, event)));

        assertThat(purchase.getKind()).isEqualTo("purchase");
        assertThat(purchase.getChannel()).isEqualTo("app");
        assertThat(purchase.getValue().getAmount()).isEqualTo(99.9);
        assertThat(identifiers(purchase)).contains("email:ada@example.com", "device_id:device-9");
    }

    @Test
    void theJsonOfAnSdkIsReadLikeTheColumns() {
        Touchpoint search = touchpoint(
                snowplow,
                """
                {"app_id": "shop", "platform": "web", "collector_tstamp": "2026-01-31T12:00:01.250Z", "event": "unstruct",
                 "event_id": "e-2", "user_id": "4711", "derived_tstamp": "2026-01-31T12:00:00.500Z", "event_name": "site_search",
                 "unstruct_event_com_snowplowanalytics_snowplow_site_search_1": {"terms": ["red", "shoes"], "total": 3},
                 "contexts_com_snowplowanalytics_snowplow_ecommerce_user_1": [{"email": "ada@example.com"}]}""");

        assertThat(search.getKind()).isEqualTo("search");
        assertThat(identifiers(search)).containsExactly("customer_number:4711", "email:ada@example.com");
        assertThat(search.getProperties())
                .containsOnly(
                        Map.entry("app_id", "shop"),
                        Map.entry("terms", "[\"red\",\"shoes\"]"),
                        Map.entry("total", "3"));
    }

    @Test
    void anIdentifierIsNoPropertyUnderTheOtherNameOfWhereItIs() {
        Mapping mapping = new Mapping(
                List.of(),
                Map.of(),
                null,
                Mapping.Fields.NONE,
                Map.of("email", List.of("unstruct_event_com_acme_sign_up_1.contact.email")),
                Map.of(),
                null,
                List.of("unstruct_event_com_acme_sign_up_1.name"),
                "");

        Touchpoint signUp = touchpoint(
                new Snowplow(mapping),
                """
                {"platform": "web", "event": "unstruct", "event_id": "e-3", "event_name": "sign_up",
                 "derived_tstamp": "2026-01-31T12:00:00.500Z",
                 "unstruct_event_com_acme_sign_up_1": {"contact": {"email": "ada@example.com"}, "name": "Ada", "plan": "gold"}}""");

        assertThat(identifiers(signUp)).containsExactly("email:ada@example.com");
        assertThat(signUp.getProperties()).containsOnly(Map.entry("plan", "gold"));
    }

    @Test
    void anOldTransactionIsAPurchase() {
        Touchpoint purchase = touchpoint(
                snowplow, line(Map.of(5, "transaction", 126, "transaction", 59, "o-1", 61, "50.00", 108, "GBP")));

        assertThat(purchase.getKind()).isEqualTo("purchase");
        assertThat(purchase.getValue().getAmount()).isEqualTo(50);
        assertThat(purchase.getValue().getCurrency()).isEqualTo("GBP");
        assertThat(outcome(snowplow, line(Map.of(5, "transaction", 126, "transaction", 61, "50.00"))))
                .isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> assertThat(rejected.detail())
                        .startsWith("value.currency:"));
    }

    @Test
    void pagePingsAreIgnoredUnlessTheyAreWanted() {
        String ping = line(Map.of(5, "page_ping", 126, "page_ping"));
        Mapping wanted = mapping(Map.of("page_ping", new EventRule(Rules.fields("kind=reading"), false)));

        assertThat(outcome(snowplow, ping)).isEqualTo(new Outcome.Ignored("page_ping"));
        assertThat(touchpoint(new Snowplow(wanted), ping).getKind()).isEqualTo("reading");
    }

    @Test
    void aStructuredEventIsNamedByCategoryAndAction() {
        String call = line(Map.of(5, "struct", 126, "event", 53, "Call Centre", 54, "call-answered", 1, "srv"));
        Mapping mapping = mapping(Map.of(
                "call centre call-answered", new EventRule(Rules.fields("channel=call", "kind=call_answered"), false)));

        assertThat(touchpoint(new Snowplow(mapping), call).getKind()).isEqualTo("call_answered");
        assertThat(outcome(snowplow, call))
                .as("a server says nothing of the channel")
                .isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
                    assertThat(rejected.reason()).isEqualTo(RejectReason.MISSING_FIELD);
                    assertThat(rejected.detail()).startsWith("channel:");
                });
        assertThat(touchpoint(snowplow, call.replace("srv", "web")).getKind()).isEqualTo("call_answered");
    }

    @Test
    void aLineOfAnotherWidthIsRejected() {
        assertThat(outcome(snowplow, "shop\tweb")).isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
            assertThat(rejected.reason()).isEqualTo(RejectReason.MALFORMED);
            assertThat(rejected.detail()).isEqualTo("has 2 tab-separated columns, an enriched event has 131");
        });
        assertThat(outcome(snowplow, line(Map.of(52, "{no JSON")))).isInstanceOf(Outcome.Rejected.class);
    }

    private static Mapping mapping(Map<String, EventRule> events) {
        return new Mapping(List.of(), events, null, Mapping.Fields.NONE, Map.of(), Map.of(), null, List.of(), "");
    }

    /** A page view, with other columns by their index. */
    private static String line(Map<Integer, String> other) {
        String[] cells = new String[COLUMNS];
        Arrays.fill(cells, "");
        cells[0] = "shop";
        cells[1] = "web";
        cells[3] = "2026-01-31 12:00:01.250";
        cells[5] = "page_view";
        cells[6] = "c6ef3124-b53a-4b13-a233-0088f79dcbcb";
        cells[12] = "4711";
        cells[13] = "10.0.0.1";
        cells[15] = "duid-1";
        cells[17] = "nuid-1";
        cells[124] = "2026-01-31 12:00:00.500";
        cells[126] = "page_view";
        other.forEach((index, value) -> cells[index] = value);
        return String.join("\t", cells);
    }
}
