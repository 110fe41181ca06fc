package io.throughline.intake;

import static io.throughline.intake.Read.identifiers;
import static io.throughline.intake.Read.outcome;
import static io.throughline.intake.Read.touchpoint;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.intake.Mapping.EventRule;
import io.throughline.intake.Mapping.Fields;
import io.throughline.intake.Mapping.Unlisted;
import io.throughline.schemas.Touchpoint;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentTest {

    private static final String PAGE =
            """
            {"type": "page", "messageId": "ajs-next-1", "anonymousId": "507f191e", "userId": "4711", "name": "Pricing",
             "originalTimestamp": "2026-01-31T11:59:58.100Z", "sentAt": "2026-01-31T11:59:59.000Z",
             "receivedAt": "2026-01-31T12:00:03.250Z", "timestamp": "2026-01-31T12:00:02.350Z",
             "context": {"library": {"name": "analytics.js", "version": "2.11.1"}, "ip": "8.8.8.8",
                         "page": {"path": "/pricing", "title": "Our prices", "url": "https://shop.example/pricing?mail=ada@example.com"},
                         "campaign": {"name": "winter", "medium": "email"}},
             "properties": {"url": "https://shop.example/pricing?mail=ada@example.com", "plan": "gold", "tabs": [1, 2]}}""";

    private final Segment segment = new Segment(Mapping.NONE);

    @Test
    void aPageIsAPageViewOnTheWeb() {
        Touchpoint page = touchpoint(segment, PAGE);

        assertThat(page.getTouchpointId()).isEqualTo("ajs-next-1");
        assertThat(page.getChannel()).isEqualTo("web");
        assertThat(page.getKind()).isEqualTo("page_view");
        assertThat(page.getTouchpoint()).isEqualTo("Pricing");
        assertThat(identifiers(page)).containsExactly("customer_number:4711", "cookie:507f191e");
    }

    @Test
    void ingestIsGivenTheSendersClockToCorrect() {
        Touchpoint page = touchpoint(segment, PAGE);

        assertThat(page.getEventTime()).isEqualTo("2026-01-31T11:59:58.100Z");
        assertThat(page.getSentTime()).isEqualTo("2026-01-31T11:59:59Z");
        assertThat(page.getReceivedTime()).isEqualTo("2026-01-31T12:00:03.250Z");
    }

    @Test
    void aTimeThatSegmentHasCorrectedIsNotCorrectedAgain() {
        Touchpoint page = touchpoint(segment, PAGE.replace("originalTimestamp", "someTimestamp"));

        assertThat(page.getEventTime()).isEqualTo("2026-01-31T12:00:02.350Z");
        assertThat(page.getSentTime()).isNull();
    }

    @Test
    void aTimeThatTheFileMapsIsNotCorrectedByAClockItIsNotOf() {
        String page = PAGE.replace(
                "\"plan\"", "\"at\": \"2026-01-31T11:00:00Z\", \"handed_on\": \"2026-01-31T11:00:09Z\", \"plan\"");

        Touchpoint mapped = touchpoint(new Segment(timed("event_time<properties.at")), page);
        assertThat(mapped.getEventTime()).isEqualTo("2026-01-31T11:00:00Z");
        assertThat(mapped.getSentTime()).isNull();

        Touchpoint both =
                touchpoint(new Segment(timed("event_time<properties.at", "sent_time<properties.handed_on")), page);
        assertThat(both.getSentTime()).isEqualTo("2026-01-31T11:00:09Z");

        Touchpoint without = touchpoint(new Segment(timed("event_time<properties.at")), PAGE);
        assertThat(without.getEventTime()).isEqualTo("2026-01-31T11:59:58.100Z");
        assertThat(without.getSentTime())
                .as("the sender's, as is the event time")
                .isEqualTo("2026-01-31T11:59:59Z");
    }

    private static Mapping timed(String... words) {
        return new Mapping(List.of(), Map.of(), null, Rules.fields(words), Map.of(), Map.of(), null, List.of(), "");
    }

    @Test
    void propertiesAreKeptButNotWhatMayHoldPersonalData() {
        assertThat(touchpoint(segment, PAGE).getProperties())
                .containsOnly(
                        Map.entry("plan", "gold"),
                        Map.entry("tabs", "[1,2]"),
                        Map.entry("name", "winter"),
                        Map.entry("medium", "email"),
                        Map.entry("context.page.path", "/pricing"),
                        Map.entry("context.page.title", "Our prices"));
    }

    @Test
    void aScreenIsAPageViewInTheApp() {
        Touchpoint screen = touchpoint(
                segment,
                """
                {"type": "screen", "messageId": "m2", "name": "Basket", "timestamp": "2026-01-31T12:00:00Z",
                 "context": {"device": {"id": "B5372DB0", "type": "ios"}, "traits": {"email": "ada@example.com"}}}""");

        assertThat(screen.getChannel()).isEqualTo("app");
        assertThat(screen.getKind()).isEqualTo("page_view");
        assertThat(screen.getTouchpoint()).isEqualTo("Basket");
        assertThat(identifiers(screen)).containsExactlyInAnyOrder("device_id:B5372DB0", "email:ada@example.com");
    }

    @Test
    void anOrderIsAPurchaseWithItsValue() {
        Touchpoint order = touchpoint(
                segment,
                track(
                        "Order Completed",
                        "{\"order_id\": \"o-1\", \"revenue\": 25.5, \"total\": 27.5, \"currency\": \"EUR\"}"));

        assertThat(order.getKind()).isEqualTo("purchase");
        assertThat(order.getTouchpoint()).isEqualTo("checkout");
        assertThat(order.getValue().getAmount()).isEqualTo(25.5);
        assertThat(order.getValue().getCurrency()).isEqualTo("EUR");
        assertThat(order.getProperties()).containsOnly(Map.entry("order_id", "o-1"), Map.entry("total", "27.5"));
    }

    @Test
    void aRefundIsANegativePurchaseInDollarsWhereNothingElseIsSaid() {
        Touchpoint refund = touchpoint(segment, track("Order Refunded", "{\"total\": \"30\"}"));

        assertThat(refund.getKind()).isEqualTo("refund");
        assertThat(refund.getValue().getAmount()).isEqualTo(-30);
        assertThat(refund.getValue().getCurrency()).isEqualTo("USD");
    }

    @ParameterizedTest
    @CsvSource({
        "Products Searched,              web,   search,             ,         ",
        "product viewed,                 web,   page_view,          ,         ",
        "Product Added,                  web,   add_to_cart,        ,         ",
        "Live Chat Message Sent,         chat,  message,            ,         customer",
        "Live Chat Message Received,     chat,  message,            outbound, agent",
        "Email Delivered,                email, message,            outbound, system",
        "Email Opened,                   email, message_opened,     ,         ",
        "Push Notification Tapped,       push,  message_opened,     ,         ",
        "Signed In,                      web,   login,              ,         ",
        "Signed Out,                     web,   logout,             ,         ",
        "Application Crashed,            app,   error,              ,         ",
        "Warranty Extended,              web,   warranty_extended,  ,         "
    })
    void semanticEventsHaveTheirMeaningAndOthersTheirName(
            String event, String channel, String kind, String direction, String actor) {
        Touchpoint touchpoint = touchpoint(segment, track(event, "{}"));

        assertThat(touchpoint.getChannel()).isEqualTo(channel);
        assertThat(touchpoint.getKind()).isEqualTo(kind);
        assertThat(touchpoint.getDirection()).isEqualTo(direction);
        assertThat(touchpoint.getActor()).isEqualTo(actor);
    }

    @Test
    void aConversationsLengthIsHowLongItWasHandled() {
        Touchpoint ended = touchpoint(
                segment,
                track(
                        "Live Chat Conversation Ended",
                        "{\"conversation_id\": \"c-1\", \"conversation_duration\": 421, \"agent_name\": \"Peter\", \"message_body\": \"bye\"}"));

        assertThat(ended.getKind()).isEqualTo("conversation_ended");
        assertThat(ended.getHandleMs()).isEqualTo(421_000);
        assertThat(ended.getProperties()).containsOnly(Map.entry("conversation_id", "c-1"));
    }

    @Test
    void anExperimentIsTheVariantThatWasSeen() {
        Touchpoint viewed = touchpoint(
                segment,
                track(
                        "Experiment Viewed",
                        "{\"experiment_id\": \"1\", \"experiment_name\": \"button\", \"variation_id\": \"7\"}"));

        assertThat(viewed.getExperiments()).containsOnly(Map.entry("button", "7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"group", "alias"})
    void whatNoCustomerDoesIsIgnored(String type) {
        assertThat(outcome(segment, PAGE.replace("\"page\", \"messageId\"", "\"" + type + "\", \"messageId\"")))
                .isEqualTo(new Outcome.Ignored(type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Group", "Alias", "Page", "Screen", "Identify"})
    void anEventThatIsCalledLikeATypeIsNoneOfThatType(String event) {
        Touchpoint touchpoint = touchpoint(segment, track(event, "{}"));

        assertThat(touchpoint.getKind()).isEqualTo(event.toLowerCase(Locale.ROOT));
        assertThat(touchpoint.getChannel()).isEqualTo("web");
    }

    @Test
    void aBatchIsAsManyEventsAsItHolds() {
        List<Outcome> outcomes = segment.read(
                """
                {"sentAt": "2026-01-31T12:00:00Z", "receivedAt": "2026-01-31T12:00:01Z", "context": {"library": {"name": "analytics-android"}},
                 "batch": [{"type": "track", "event": "Signed In", "messageId": "b1", "userId": "4711", "originalTimestamp": "2026-01-31T11:00:00Z"},
                           {"type": "group", "messageId": "b2", "userId": "4711", "groupId": "g"}, 7]}"""
                        .getBytes(UTF_8));

        assertThat(outcomes).hasSize(3);
        Touchpoint first = ((Outcome.Mapped) outcomes.get(0)).touchpoint();
        assertThat(first.getChannel()).isEqualTo("app");
        assertThat(first.getSentTime()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat(outcomes.get(1)).isEqualTo(new Outcome.Ignored("group"));
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Rejected.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\": \"page\"                                                | malformed     | not JSON",
                "[]                                                                 | malformed     | not a JSON object",
                "{\"type\": \"page\", \"type\": \"page\"}                           | malformed     | Duplicate field",
                "{} {}                                                              | malformed     | not JSON",
                "{\"userId\": \"4711\"}                                             | missing_field | type:",
                "{\"type\": \"click\"}                                              | invalid_value | type: must be track",
                "{\"type\": \"page\", \"userId\": \"1\", \"timestamp\": \"2026-01-31T12:00:00Z\"} | missing_field | touchpoint_id:",
                "{\"type\": \"page\", \"userId\": \"1\", \"messageId\": \"m\"}      | missing_field | event_time:",
                "{\"type\": \"page\", \"messageId\": \"m\", \"timestamp\": \"2026-01-31T12:00:00Z\"} | missing_field | identifiers:",
                "{\"type\": \"page\", \"userId\": \"1\", \"messageId\": \"m\", \"timestamp\": \"noon\"} | invalid_value | event_time: must be a time (iso), was \"noon\"",
                "{\"type\": \"page\", \"userId\": \"1\", \"messageId\": \"m\", \"timestamp\": \"2026-02-30T00:00:00Z\"} | invalid_value | event_time: must be a time (iso), was \"2026-02-30T00:00:00Z\"",
                "{\"type\": \"page\", \"userId\": \"1\", \"messageId\": \"m\", \"timestamp\": \"2026-01-31T24:00:00Z\"} | invalid_value | event_time: must be a time (iso)",
                "{\"batch\": []}                                                    | malformed     | batch:",
            })
    void whatCannotBeATouchpointSaysWhy(String record, String reason, String detail) {
        assertThat(outcome(segment, record)).isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
            assertThat(rejected.reason().word()).isEqualTo(reason);
            assertThat(rejected.detail()).contains(detail);
        });
    }

    @Test
    void anAddressWithinAListDoesNotReachThePropertiesWithTheList() {
        Segment mapped = new Segment(new Mapping(
                List.of(),
                Map.of(),
                null,
                Fields.NONE,
                Map.of("email", List.of("properties.users.email")),
                Map.of(),
                null,
                List.of("properties.items.note"),
                ""));

        Touchpoint invited = touchpoint(
                mapped,
                track(
                        "Team Invited",
                        """
                        {"users": [{"email": "ada@example.com"}, {"email": "bob@example.com"}], "items": [[{"note": "x"}]],
                         "usershare": [1], "plan": "gold"}"""));

        assertThat(identifiers(invited)).contains("email:ada@example.com");
        assertThat(invited.getProperties()).containsOnly(Map.entry("usershare", "[1]"), Map.entry("plan", "gold"));
    }

    @Test
    void aMappingOverrulesWhatTheSpecSays() {
        Mapping mapping = new Mapping(
                List.of(),
                Map.of(
                        "Order Completed", new EventRule(Rules.fields("channel=kiosk", "topic=order"), false),
                        "Viewed Home Page", EventRule.IGNORED,
                        "group", new EventRule(Rules.fields("kind=joined"), false)),
                Unlisted.IGNORE,
                new Fields(Map.of(), Map.of(TouchpointField.BRAND, "Acme")),
                Map.of("email", List.of("userId"), "customer_number", List.of()),
                Map.of(),
                List.of("properties.order_id"),
                List.of(),
                "eu-");
        Segment mapped = new Segment(mapping);

        Touchpoint order = touchpoint(
                mapped, track("Order Completed", "{\"order_id\": \"o-1\", \"revenue\": 1, \"coupon\": \"x\"}"));
        assertThat(order.getTouchpointId()).isEqualTo("eu-m1");
        assertThat(order.getChannel()).isEqualTo("kiosk");
        assertThat(order.getKind()).as("the spec's rule holds below").isEqualTo("purchase");
        assertThat(order.getTopic()).isEqualTo("order");
        assertThat(order.getBrand()).isEqualTo("Acme");
        assertThat(identifiers(order)).containsExactly("email:4711", "cookie:anon");
        assertThat(order.getProperties()).containsOnly(Map.entry("properties.order_id", "o-1"));
        assertThat(outcome(mapped, PAGE.replace("Pricing", "Home"))).isEqualTo(new Outcome.Ignored("viewed_home_page"));
        assertThat(outcome(mapped, track("Warranty Extended", "{}"))).isEqualTo(new Outcome.Ignored("unlisted"));
        assertThat(touchpoint(mapped, PAGE.replace("\"page\", \"messageId\"", "\"group\", \"messageId\""))
                        .getKind())
                .isEqualTo("joined");
    }

    @Test
    void aFriendsAddressInAnEventMakesNobodyOneCustomer() {
        String address = "{\"email\": \"friend@example.com\", \"phone\": \"0171 1\", \"gift\": \"book\"}";

        Touchpoint gift = touchpoint(segment, track("Gift Sent", address));
        assertThat(identifiers(gift)).containsExactly("customer_number:4711", "cookie:anon");
        assertThat(gift.getProperties()).containsOnly(Map.entry("gift", "book"));
        assertThat(identifiers(touchpoint(segment, track("Signed Up", address))))
                .as("there the spec says that it is the customer's own")
                .contains("email:friend@example.com", "phone:0171 1");
    }

    @Test
    void aNumberThatATableHasMadeOfAnIdIsTheIdAllTheSame() {
        assertThat(identifiers(touchpoint(segment, PAGE.replace("\"4711\"", "4711.0"))))
                .contains("customer_number:4711");
    }

    @Test
    void halfASurrogatePairDoesNotReachAnEncoder() {
        assertThat(touchpoint(segment, track("Signed In", "{\"a\": \"x\\ud800y\"}"))
                        .getProperties())
                .containsOnly(Map.entry("a", "x\ufffdy"));
    }

    private static String track(String event, String properties) {
        return "{\"type\": \"track\", \"event\": \"" + event
                + "\", \"messageId\": \"m1\", \"userId\": \"4711\", \"anonymousId\": \"anon\","
                + " \"timestamp\": \"2026-01-31T12:00:00Z\", \"properties\": " + properties + "}";
    }
}
