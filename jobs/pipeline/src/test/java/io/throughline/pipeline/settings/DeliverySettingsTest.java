package io.throughline.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.throughline.delivery.Event;
import io.throughline.delivery.Severity;
import io.throughline.pipeline.settings.DeliverySettings.TargetSettings;
import io.throughline.pipeline.settings.DeliverySettings.TargetType;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeliverySettingsTest {

    @Test
    void nobodyIsToldUnlessTheFileSaysSo() {
        assertThat(Settings.defaults().delivery().targets()).isEmpty();
    }

    @Test
    void aTargetTakesWhatTheFileLeavesOutFromItsType() {
        Settings settings = parse(
                """
                delivery:
                  targets:
                    night-shift: {type: pagerduty, routing_key: "${env:PD}", min_severity: critical, events: [opened]}
                    channel: {type: slack, url: "https://hooks.slack.com/services/T/B/x"}
                """);

        TargetSettings pagerDuty = settings.delivery().targets().get(0);
        assertThat(pagerDuty.type()).isEqualTo(TargetType.PAGERDUTY);
        assertThat(pagerDuty.url()).isEqualTo(URI.create("https://events.pagerduty.com/v2/enqueue"));
        assertThat(pagerDuty.routingKey()).isEqualTo("pd-key");
        assertThat(pagerDuty.config().minSeverity()).isEqualTo(Severity.CRITICAL);
        assertThat(pagerDuty.config().events()).containsExactly(Event.OPENED);
        TargetSettings slack = settings.delivery().targets().get(1);
        assertThat(slack.config().name()).isEqualTo("channel");
        assertThat(slack.config().perSecond()).isEqualTo(1);
        assertThat(slack.config().concurrency()).isEqualTo(1);
    }

    @Test
    void secretsAreShownNowhere() {
        Settings settings = parse(
                """
                delivery:
                  targets:
                    channel: {type: slack, url: "https://hooks.slack.com/services/T/B/hush"}
                    hook: {type: webhook, url: "https://a/?token=hush", secret: "${env:H}", previous_secret: "${env:H}"}
                """);

        assertThat(settings.explain()).doesNotContain("hush");
        assertThat(settings.delivery().targets().toString()).doesNotContain("hush");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceAndNoUrlIsRepeated() {
        SettingsException wrong = catchThrowableOfType(
                SettingsException.class,
                () -> parse(
                        """
                        delivery:
                          targets:
                            a: {url: "https://a"}
                            b: {type: webhook}
                            c: {type: pagerduty}
                            d: {type: webhook, url: "htp://hush"}
                            e: {type: alertmanager, url: "http://am/api/v2/alerts", labels: {alert_id: x, location: z, ok: y}}
                            f: {type: slack, url: "https://s", events: [opened, closed]}
                            G: {type: slack, url: "https://s"}
                            h: {type: kafka, max_back_off: 1 s, back_off: 2 s}
                            i: {type: alertmanager, url: "http://am/api/v2/alerts", events: [opened, resolved]}
                        """));

        assertThat(wrong)
                .hasMessageContaining("delivery.targets.a: a target needs a type")
                .hasMessageContaining("delivery.targets.b.url: where the target is, is missing")
                .hasMessageContaining("delivery.targets.c.routing_key: PagerDuty needs the integration key")
                .hasMessageContaining("delivery.targets.d.url: must be an http or https URL")
                .hasMessageNotContaining("hush")
                .hasMessageContaining("delivery.targets.e.labels: \"alert_id\" must be")
                .hasMessageContaining("delivery.targets.e.labels: \"location\" must be")
                .hasMessageNotContaining("\"ok\" must be")
                .hasMessageContaining("delivery.targets.f.events: must be some of opened,")
                .hasMessageContaining("delivery.targets.G: name must be lower-case")
                .hasMessageContaining("delivery.targets.i.events: must have resolved and retracted")
                .hasMessageNotContaining("delivery.targets.e.events")
                .hasMessageContaining("delivery.targets.h: max_back_off must be longer");
    }

    /** As deliver asks for it when it starts, which is later. */
    @Test
    void aSecretThatNoWebhookCanSignWithIsSaidAndNotRepeated() {
        SettingsException wrong = catchThrowableOfType(
                SettingsException.class,
                () -> parse(
                        """
                        delivery:
                          targets:
                            weak: {type: webhook, url: "https://a", secret: c2hvcnQ=}
                            other:
                              type: webhook
                              url: "https://a"
                              secret: "${env:H}"
                              previous_secret: "not base64"
                            slack: {type: slack, url: "https://s", secret: unread}
                        """));

        assertThat(wrong.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "delivery.targets.weak.secret: must have 24 to 64 bytes, has 5; make one with: openssl rand -base64 32"
                                + " (line 3)",
                        "delivery.targets.other.previous_secret: must be base64; make one with: openssl rand -base64 32"
                                + " (line 8)");
    }

    private static Settings parse(String yaml) {
        return Settings.parse("test.yaml", yaml, Map.of("PD", "pd-key", "H", "hush".repeat(9)));
    }
}
