package io.throughline.delivery;

import static io.throughline.delivery.Notifications.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.throughline.delivery.Receiver.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each target is sent, held against what its makers document. */
class TargetsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final InstantSource CLOCK = InstantSource.fixed(NOON.plusSeconds(90));
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final Receiver receiver = new Receiver();

    TargetsTest() throws IOException {}

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void aWebhookGetsAStructuredCloudEvent() throws Exception {
        Request request = send(webhook(List.of()), Notifications.of("a-1", Event.OPENED));

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.headers())
                .containsEntry("content-type", "application/cloudevents+json; charset=utf-8")
                .containsEntry("idempotency-key", "a-1-opened")
                .doesNotContainKey("webhook-signature");
        JsonNode event = request.json();
        assertThat(event.path("specversion").asText()).isEqualTo("1.0");
        assertThat(event.path("id").asText()).isEqualTo("a-1-opened");
        assertThat(event.path("source").asText()).isEqualTo("/throughline/test");
        assertThat(event.path("type").asText()).isEqualTo("io.throughline.alert.opened");
        assertThat(event.path("subject").asText()).isEqualTo("a-1");
        assertThat(Instant.parse(event.path("time").asText())).isEqualTo(NOON.plusSeconds(60));
        assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");
        assertThat(event.path("data").path("customer_id").asText()).isEqualTo("c-17");
        assertThat(event.path("data").path("evidence").get(0).path("detail").asText())
                .isEqualTo("csat 1");
        assertThat(event.path("data").has("actor")).isFalse();
    }

    @Test
    void theSignatureIsThatOfStandardWebhooks() {
        Map<String, String> headers = new Signature(List.of(SECRET))
                .headers(
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        Instant.ofEpochSecond(1614265330),
                        "{\"test\": 2432232314}".getBytes(UTF_8));

        assertThat(headers)
                .containsEntry("webhook-timestamp", "1614265330")
                .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void aSignedWebhookCarriesOneSignaturePerSecretOverWhatItSends() throws Exception {
        String older = "c2l4dGVlbiBieXRlcyBhbmQgbW9yZSB0aGFuIHRoYXQ=";
        Request request = send(webhook(List.of(SECRET, older)), Notifications.of("a-1", Event.OPENED));

        assertThat(request.headers()).containsEntry("webhook-id", "a-1-opened");
        assertThat(request.headers().get("webhook-signature"))
                .isEqualTo(new Signature(List.of(SECRET))
                                .headers("a-1-opened", CLOCK.instant(), request.body())
                                .get("webhook-signature")
                        + " "
                        + new Signature(List.of(older))
                                .headers("a-1-opened", CLOCK.instant(), request.body())
                                .get("webhook-signature"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "c2hvcnQ=", "whsec_!!!"})
    void aWeakSecretIsRefusedWithoutBeingShown(String secret) {
        assertThatThrownBy(() -> webhook(List.of(secret)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openssl rand -base64 32")
                .hasMessageNotContaining(secret);
    }

    @ParameterizedTest
    @CsvSource({
        "OPENED, trigger",
        "ESCALATED, trigger",
        "REOPENED, trigger",
        "ACKNOWLEDGED, acknowledge",
        "RESOLVED, resolve",
        "RETRACTED, resolve"
    })
    void pagerDutyGetsOneIncidentPerAlert(Event event, String action) throws Exception {
        Request request = send(pagerDuty(), Notifications.of("a-1", event));

        JsonNode sent = request.json();
        assertThat(sent.path("routing_key").asText()).isEqualTo("key");
        assertThat(sent.path("event_action").asText()).isEqualTo(action);
        assertThat(sent.path("dedup_key").asText()).isEqualTo("a-1");
        if (action.equals("trigger")) {
            JsonNode payload = sent.path("payload");
            assertThat(payload.path("summary").asText())
                    .isEqualTo("low-satisfaction " + event.word() + ": csat 1 on call");
            assertThat(payload.path("source").asText()).isEqualTo("shop");
            assertThat(payload.path("severity").asText()).isIn("critical", "error", "warning", "info");
            assertThat(payload.path("custom_details").path("rule_version").asInt())
                    .isEqualTo(3);
        } else {
            assertThat(sent.has("payload")).isFalse();
        }
    }

    @Test
    void pagerDutyNeverGetsMoreThanItTakes() throws Exception {
        Notification huge =
                Notifications.of("a".repeat(300), Event.OPENED, Severity.CRITICAL, "why ".repeat(1000), 50_000);

        Request request = send(pagerDuty(), huge);

        assertThat(request.body().length).isLessThan(512 * 1024);
        assertThat(request.json().path("dedup_key").asText()).hasSizeLessThanOrEqualTo(255);
        assertThat(request.json().path("payload").path("summary").asText())
                .hasSize(1024)
                .endsWith("…");
        assertThat(request.json()
                        .path("payload")
                        .path("custom_details")
                        .path("reason")
                        .asText())
                .endsWith("(50000 touchpoints, the first 100 are listed)");
    }

    @Test
    void pagerDutyKnowsNoAssignment() {
        assertThat(pagerDuty().pack(List.of(Notifications.of("a-1", Event.ASSIGNED))))
                .isEmpty();
    }

    @Test
    void slackGetsBlocksInWhichNothingIsMarkup() throws Exception {
        Notification hostile =
                Notifications.of("a-1", Event.OPENED, Severity.ERROR, "<!channel> <https://evil|pay> & win", 7);

        JsonNode message = send(slack(100), hostile).json();

        assertThat(message.path("text").asText())
                .startsWith("🔴 low-satisfaction opened")
                .doesNotContain("<");
        assertThat(message.path("blocks").get(0).path("type").asText()).isEqualTo("header");
        assertThat(message.path("blocks").get(1).path("text").path("text").asText())
                .isEqualTo("&lt;!channel&gt; &lt;https://evil|pay&gt; &amp; win");
        assertThat(message.path("blocks").get(2).path("text").path("text").asText())
                .endsWith("… and 2 more");
        assertThat(message.path("blocks").size()).isLessThanOrEqualTo(50);
    }

    @Test
    void slackSaysWhoDidItAndWhoIsToTakeCare() throws Exception {
        Notification assigned = Notifications.by("ada", "grace", Notifications.of("a-1", Event.ASSIGNED));
        Notification resolved = Notifications.by("grace", "grace", Notifications.of("a-1", Event.RESOLVED));

        assertThat(send(slack(100), assigned).json().path("text").asText())
                .startsWith("🔴 low-satisfaction assigned to grace by ada: ");
        assertThat(sendNext(slack(100), resolved).path("text").asText())
                .startsWith("✅ low-satisfaction resolved by grace: ");
    }

    /** 150 characters in a header, 3,000 in a section, 40,000 in the text beside them, 50 blocks. */
    @Test
    void slackNeverGetsMoreThanItTakes() throws Exception {
        Notification huge =
                Notifications.of("a".repeat(300), Event.OPENED, Severity.CRITICAL, "<why> ".repeat(1000), 50_000);

        JsonNode message = send(slack(100), huge).json();

        assertThat(message.path("text").asText()).hasSizeLessThanOrEqualTo(40_000);
        assertThat(message.path("blocks")).hasSizeLessThanOrEqualTo(50).allSatisfy(block -> {
            boolean header = block.path("type").asText().equals("header");
            List<JsonNode> texts = new ArrayList<>();
            block.path("elements").forEach(texts::add);
            texts.add(block.path("text"));
            assertThat(texts).allSatisfy(text -> assertThat(text.path("text").asText())
                    .hasSizeLessThanOrEqualTo(header ? 150 : 3_000));
        });
        assertThat(message.path("blocks").get(1).path("text").path("text").asText())
                .hasSize(3_000)
                .endsWith("…");
    }

    @Test
    void slackGetsAStormAsOneMessage() {
        List<Notification> storm = new ArrayList<>(Notifications.many(60));
        storm.add(Notifications.of("worst", Event.OPENED, Severity.CRITICAL, "x".repeat(5000), 1));

        List<Parcel> parcels = slack(5).pack(storm);

        assertThat(parcels).hasSize(1);
        assertThat(parcels.get(0).contents()).hasSize(61);
        String body = new String(parcels.get(0).body(), UTF_8);
        assertThat(body).contains("61 notifications about alerts", "61 x low-satisfaction opened", "*Gravest*");
        assertThat(body.length()).isLessThan(10_000);
    }

    @Test
    void alertmanagerIsToldOfStatesAndOfTheirEnd() throws Exception {
        try (AlertmanagerTarget target = alertmanager(Duration.ofMinutes(1))) {
            List<Parcel> parcels = target.pack(List.of(
                    Notifications.of("a-1", Event.OPENED),
                    Notifications.of("a-2", Event.OPENED),
                    Notifications.of("a-1", Event.RESOLVED)));
            assertThat(parcels).hasSize(1);
            assertThat(target.deliver(parcels.get(0))).isInstanceOf(Answer.Delivered.class);
        }

        JsonNode alerts = receiver.requests().get(0).json();
        assertThat(alerts.isArray()).isTrue();
        assertThat(alerts.size()).isEqualTo(2);
        JsonNode resolved = alerts.get(0);
        assertThat(resolved.path("labels").path("alertname").asText()).isEqualTo("low-satisfaction");
        assertThat(resolved.path("labels").path("alert_id").asText()).isEqualTo("a-1");
        assertThat(resolved.path("labels").path("team").asText()).isEqualTo("cx");
        assertThat(resolved.path("labels").has("customer_id")).isFalse();
        assertThat(resolved.path("annotations").path("customer_id").asText()).isEqualTo("c-17");
        assertThat(Instant.parse(resolved.path("startsAt").asText())).isEqualTo(NOON);
        assertThat(Instant.parse(resolved.path("endsAt").asText())).isEqualTo(CLOCK.instant());
        assertThat(Instant.parse(alerts.get(1).path("endsAt").asText()))
                .isEqualTo(CLOCK.instant().plusSeconds(180));
        for (JsonNode alert : alerts) {
            alert.path("labels").fieldNames().forEachRemaining(name -> assertThat(name)
                    .matches("[a-zA-Z_][a-zA-Z0-9_]*"));
        }
    }

    @Test
    void alertmanagerHearsAgainOfWhatStillStands() throws Exception {
        try (AlertmanagerTarget target = alertmanager(Duration.ofMillis(50))) {
            target.remind(Notifications.of("before", Event.OPENED));
            target.remind(Notifications.of("over", Event.OPENED));
            target.remind(Notifications.of("over", Event.RETRACTED));

            Awaitility.await().until(() -> receiver.requests().size() > 2);
        }

        for (Request request : receiver.requests()) {
            assertThat(request.path()).isEqualTo("/api/v2/alerts");
            assertThat(request.json().findValuesAsText("alert_id")).containsExactly("before");
        }
    }

    @Test
    void whatIsOverIsNotRepeatedAfterItsEnd() throws Exception {
        CountDownLatch firstRepeated = new CountDownLatch(1);
        receiver.repliesAt(firstRepeated);
        try (AlertmanagerTarget target = alertmanager(Duration.ofMillis(50))) {
            for (int i = 0; i < 500; i++) {
                target.remind(Notifications.of("stands-" + i, Event.OPENED));
            }
            target.remind(Notifications.of("ends", Event.OPENED));
            Awaitility.await().until(() -> receiver.requests().size() == 1);

            // The first 500 are under way: the end comes between them and the rest.
            Thread ending = new Thread(() -> {
                try {
                    sendNext(target, Notifications.of("ends", Event.RESOLVED));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            ending.start();
            Awaitility.await()
                    .until(() ->
                            ending.getState() == Thread.State.WAITING || ending.getState() == Thread.State.TERMINATED);
            firstRepeated.countDown();
            ending.join();
            int until = receiver.requests().size();
            Awaitility.await().until(() -> receiver.requests().size() > until + 2);
        }

        List<String> ends = new ArrayList<>();
        for (Request request : receiver.requests()) {
            for (JsonNode alert : request.json()) {
                if (alert.path("labels").path("alert_id").asText().equals("ends")) {
                    ends.add(alert.path("endsAt").asText());
                }
            }
        }
        assertThat(ends).last().isEqualTo(CLOCK.instant().toString());
    }

    @Test
    void aGroupIsOneThingToEveryTargetAndListsItsAlerts() throws Exception {
        Notification forty = Notifications.ofGroup(Event.OPENED, Severity.ERROR, 40, "csat 1 on call");

        JsonNode event = send(webhook(List.of()), forty).json();
        assertThat(event.path("subject").asText()).isEqualTo("g-store");
        JsonNode group = event.path("data").path("group");
        assertThat(event.path("data").path("count").asLong()).isEqualTo(40);
        assertThat(group.path("shared").path("location").asText()).isEqualTo("store-7");
        assertThat(group.path("standing").asLong()).isEqualTo(40);
        assertThat(group.path("alerts").findValuesAsText("alert_id"))
                .hasSize(40)
                .contains("a-0", "a-39");

        JsonNode incident = sendNext(pagerDuty(), forty);
        assertThat(incident.path("dedup_key").asText()).isEqualTo("g-store");
        assertThat(incident.path("payload").path("summary").asText())
                .isEqualTo("store opened: 40 alerts of location store-7, standing: 40 low-satisfaction");
        assertThat(incident.path("payload").path("component").asText()).isEqualTo("store");
        JsonNode over = sendNext(pagerDuty(), Notifications.ofGroup(Event.RESOLVED, Severity.ERROR, 40, "over"));
        assertThat(over.path("event_action").asText()).isEqualTo("resolve");
        assertThat(over.path("dedup_key").asText()).isEqualTo("g-store");

        JsonNode message = sendNext(slack(5), forty);
        assertThat(message.path("text").asText()).startsWith("🔴 store opened: 40 alerts of location store-7");
        assertThat(message.path("blocks").get(2).path("text").path("text").asText())
                .startsWith("• low-satisfaction opened: csat 1 on call  c-0")
                .endsWith("… and 30 more");

        try (AlertmanagerTarget target = alertmanager(Duration.ofMinutes(1))) {
            JsonNode alert = sendNext(target, forty).get(0);
            assertThat(alert.path("labels").path("alertname").asText()).isEqualTo("store");
            assertThat(alert.path("labels").path("group_id").asText()).isEqualTo("g-store");
            assertThat(alert.path("labels").path("location").asText()).isEqualTo("store-7");
            assertThat(alert.path("labels").has("customer"))
                    .as("customers are no labels")
                    .isFalse();
            assertThat(alert.path("labels").has("alert_id")).isFalse();
        }
    }

    @Test
    void whereTheSeverityOfAGroupChangesAlertmanagerEndsWhatItHadBefore() throws Exception {
        try (AlertmanagerTarget target = alertmanager(Duration.ofMinutes(1))) {
            sendNext(target, Notifications.ofGroup(Event.OPENED, Severity.CRITICAL, 2, "csat 1"));
            JsonNode alerts = sendNext(target, Notifications.ofGroup(Event.OPENED, Severity.WARNING, 2, "csat 2"));
            assertThat(alerts).hasSize(2);
            assertThat(alerts.get(0).path("labels").path("severity").asText()).isEqualTo("critical");
            assertThat(alerts.get(0).path("endsAt").asText())
                    .isEqualTo(CLOCK.instant().toString());
            assertThat(alerts.get(1).path("labels").path("severity").asText()).isEqualTo("warning");
            assertThat(Instant.parse(alerts.get(1).path("endsAt").asText())).isAfter(CLOCK.instant());
            JsonNode over = sendNext(target, Notifications.ofGroup(Event.RESOLVED, Severity.CRITICAL, 2, "over"));
            assertThat(over.findValuesAsText("severity")).containsExactly("warning", "critical");
            assertThat(over.findValuesAsText("endsAt"))
                    .containsOnly(CLOCK.instant().toString());
        }
    }

    @Test
    void slackCountsWhatStandsAndNotWhatWasOverBefore() throws Exception {
        Notification some =
                Notifications.counting(60, Notifications.ofGroup(Event.OPENED, Severity.ERROR, 12, "csat 1"));
        JsonNode message = send(slack(5), some).json();
        assertThat(message.path("blocks").get(2).path("text").path("text").asText())
                .endsWith("… and 2 more");
    }

    /** 512 KB for PagerDuty, 3,000 characters in a section of Slack's. */
    @Test
    void aLargeGroupStaysWithinWhatTargetsTake() throws Exception {
        Notification huge = Notifications.ofGroup(Event.OPENED, Severity.CRITICAL, 100_000, "<why> ".repeat(1000));

        JsonNode message = sendNext(slack(5), huge);
        assertThat(message.path("blocks").get(2).path("text").path("text").asText())
                .hasSizeLessThanOrEqualTo(3_000)
                .doesNotContain("<");
        assertThat(message.path("blocks").get(2).path("text").path("text").asText())
                .endsWith("… and 99990 more");
        sendNext(pagerDuty(), huge);
        assertThat(receiver.requests().get(receiver.requests().size() - 1).body().length)
                .isLessThan(512 * 1024);
    }

    @Test
    void aTargetForOneRuleHearsOfGroupsThatListIt() {
        Notification group = Notifications.ofGroup(Event.OPENED, Severity.ERROR, 2, "csat 1");

        assertThat(forRules("low-satisfaction").wants(group)).isTrue();
        assertThat(forRules("high-effort").wants(group))
                .as("it was told of, and is over")
                .isTrue();
        assertThat(forRules("long-wait").wants(group)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "200, Delivered",
        "202, Delivered",
        "204, Delivered",
        "400, Refused",
        "413, Refused",
        "422, Refused",
        "301, TryLater",
        "401, TryLater",
        "403, TryLater",
        "404, TryLater",
        "408, TryLater",
        "410, TryLater",
        "429, TryLater",
        "500, TryLater",
        "503, TryLater"
    })
    void anAnswerIsAboutTheContentsOrAboutTheMoment(int status, String meaning) throws Exception {
        receiver.always(status);
        Target target = webhook(List.of());

        Answer answer = target.deliver(
                target.pack(List.of(Notifications.of("a-1", Event.OPENED))).get(0));

        assertThat(answer.getClass().getSimpleName()).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | PT7S",
                "Sun, 01 Mar 2026 12:02:00 GMT | PT30S",
                "Sun, 01 Mar 2026 11:00:00 GMT | PT0S",
                "999999999 | PT1H",
                "soon |"
            })
    void aTargetMaySayHowLongItWantsToBeLeftAlone(String header, Duration expected) throws Exception {
        receiver.replies(429, Map.of("Retry-After", header), "slow down");
        Target target = webhook(List.of());

        Answer answer = target.deliver(
                target.pack(List.of(Notifications.of("a-1", Event.OPENED))).get(0));

        assertThat(answer).isEqualTo(new Answer.TryLater("answered 429: slow down", expected));
    }

    private Target webhook(List<String> secrets) {
        return new WebhookTarget(receiver.at("/hook"), URI.create("/throughline/test"), secrets, TIMEOUT, CLOCK);
    }

    private Target pagerDuty() {
        return new PagerDutyTarget(receiver.at("/v2/enqueue"), "key", "shop", TIMEOUT, CLOCK);
    }

    private Target slack(int digestOver) {
        return new SlackTarget(receiver.at("/services/T/B/x"), digestOver, TIMEOUT, CLOCK);
    }

    private AlertmanagerTarget alertmanager(Duration resendEvery) {
        return new AlertmanagerTarget(receiver.at("/api/v2/alerts"), Map.of("team", "cx"), resendEvery, TIMEOUT, CLOCK);
    }

    private static TargetConfig forRules(String rule) {
        TargetConfig all = TargetConfig.named("crm");
        return new TargetConfig(
                "crm",
                Severity.WARNING,
                all.events(),
                Set.of(rule),
                all.perSecond(),
                all.concurrency(),
                all.giveUpAfter(),
                all.backOff(),
                all.maxBackOff(),
                all.openAfter());
    }

    private JsonNode sendNext(Target target, Notification notification) throws Exception {
        for (Parcel parcel : target.pack(List.of(notification))) {
            assertThat(target.deliver(parcel)).isInstanceOf(Answer.Delivered.class);
        }
        return receiver.requests().get(receiver.requests().size() - 1).json();
    }

    private Request send(Target target, Notification notification) throws Exception {
        List<Parcel> parcels = target.pack(List.of(notification));
        assertThat(parcels).hasSize(1);
        assertThat(target.deliver(parcels.get(0))).isInstanceOf(Answer.Delivered.class);
        return receiver.requests().get(0);
    }
}
