package io.throughline.pipeline.settings;

import io.throughline.delivery.Event;
import io.throughline.delivery.Severity;
import io.throughline.delivery.TargetConfig;
import io.throughline.delivery.WebhookTarget;
import io.throughline.domain.alert.NotifyConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of alerts, and how.
 *
 * @param source names this pipeline in CloudEvents and on PagerDuty
 */
public record DeliverySettings(URI source, List<TargetSettings> targets) {

    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    /** What Alertmanager is told by itself: of alerts, of groups, and what groups are made by. */
    private static final Set<String> OWN_LABELS = ownLabels();

    private static final Set<Event> ENDS = Set.of(Event.RESOLVED, Event.RETRACTED);

    private static final String PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

    /** What kind of system a target is. */
    public enum TargetType {
        WEBHOOK,
        ALERTMANAGER,
        PAGERDUTY,
        SLACK,
        KAFKA
    }

    /**
     * One target. What is about other types than its own has its default.
     *
     * @param url where it is; none for Kafka. It may be a secret by itself
     * @param secrets what a webhook is signed with, the newest first
     */
    public record TargetSettings(
            TargetConfig config,
            TargetType type,
            @Nullable URI url,
            List<String> secrets,
            @Nullable String routingKey,
            Map<String, String> labels,
            Duration resendEvery,
            int digestOver,
            String topic,
            Duration timeout) {

        /** Without its secrets. */
        @Override
        public String toString() {
            return "TargetSettings[" + config + ", " + type + "]";
        }
    }

    static DeliverySettings read(Section section) {
        String source = section.text(
                "source", "/throughline", text -> isReference(text), "a URI or a path without spaces, like /shop/de");
        List<TargetSettings> targets = new ArrayList<>();
        section.sections("targets").forEach((name, target) -> targets.add(target(name, target)));
        return new DeliverySettings(URI.create(source), targets);
    }

    private static TargetSettings target(String name, Section section) {
        if (!section.has("type")) {
            section.problem("", "a target needs a type: webhook, alertmanager, pagerduty, slack or kafka");
        }
        TargetType type = section.choice("type", TargetType.class, TargetType.WEBHOOK);
        URI url = url(type, section);
        List<String> secrets = new ArrayList<>();
        for (String key : List.of("secret", "previous_secret")) {
            String secret = section.secret(key);
            if (secret != null) {
                secrets.add(secret);
                if (type == TargetType.WEBHOOK) {
                    requireSecret(key, secret, section);
                }
            }
        }
        String routingKey = section.secret("routing_key");
        if (type == TargetType.PAGERDUTY && routingKey == null) {
            section.problem("routing_key", "PagerDuty needs the integration key of the service");
        }
        Map<String, String> labels = section.properties("labels");
        labels.keySet().stream()
                .filter(label -> !LABEL.matcher(label).matches() || OWN_LABELS.contains(label))
                .forEach(label -> section.problem(
                        "labels",
                        "\"" + label + "\" must be letters, digits and underscores, and none of "
                                + String.join(", ", OWN_LABELS)));
        Duration resendEvery = Duration.ofMillis(section.duration("resend_every", 60_000));
        int digestOver = section.integer("digest_over", 5, 1);
        String topic = section.text("topic", "alert-events");
        Duration timeout = Duration.ofMillis(section.duration("timeout", 10_000));
        return new TargetSettings(
                config(name, type, section),
                type,
                url,
                secrets,
                routingKey,
                labels,
                resendEvery,
                digestOver,
                topic,
                timeout);
    }

    private static void requireSecret(String key, String secret, Section section) {
        try {
            WebhookTarget.requireSecret(secret);
        } catch (IllegalArgumentException e) {
            section.problem(key, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable URI url(TargetType type, Section section) {
        String text = section.secret("url");
        if (text == null) {
            if (type == TargetType.PAGERDUTY) {
                return URI.create(PAGERDUTY);
            }
            if (type != TargetType.KAFKA && section.has("type")) {
                section.problem("url", "where the target is, is missing");
            }
            return null;
        }
        if (!Addresses.isUrl(text)) {
            // A URL that is wrong may still hold a token.
            section.problem("url", "must be an http or https URL; what it is, is not shown, as it may be a secret");
            return null;
        }
        return URI.create(text);
    }

    private static TargetConfig config(String name, TargetType type, Section section) {
        TargetConfig defaults = TargetConfig.named("default");
        Severity minSeverity = section.choice("min_severity", Severity.class, defaults.minSeverity());
        List<Event> events = section.choices("events", Event.class, new TreeSet<>(defaults.events()));
        if (type == TargetType.ALERTMANAGER && events != null && !events.containsAll(ENDS)) {
            section.problem(
                    "events",
                    "must have resolved and retracted: Alertmanager is told again and again of what it does not hear the end of");
        }
        List<String> rules = section.texts("rules", List.of());
        // Slack takes one message a second. Its digests and Alertmanager's states are made of all that waits.
        boolean one = type == TargetType.SLACK || type == TargetType.ALERTMANAGER;
        int perSecond = section.integer("per_second", type == TargetType.SLACK ? 1 : defaults.perSecond(), 1, 10_000);
        int concurrency = section.integer("concurrency", one ? 1 : defaults.concurrency(), 1, 64);
        Duration giveUpAfter = Duration.ofMillis(
                section.duration("give_up_after", defaults.giveUpAfter().toMillis()));
        Duration backOff = Duration.ofMillis(
                section.duration("back_off", defaults.backOff().toMillis()));
        Duration maxBackOff = Duration.ofMillis(
                section.duration("max_back_off", defaults.maxBackOff().toMillis()));
        int openAfter = section.integer("open_after", defaults.openAfter(), 1);
        return section.build(
                () -> new TargetConfig(
                        name,
                        minSeverity,
                        events == null ? defaults.events() : Set.copyOf(events),
                        rules.isEmpty() ? null : Set.copyOf(rules),
                        perSecond,
                        concurrency,
                        giveUpAfter,
                        backOff,
                        maxBackOff,
                        openAfter),
                defaults);
    }

    private static boolean isReference(String text) {
        try {
            return !text.isEmpty() && !URI.create(text).toString().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Set<String> ownLabels() {
        Set<String> labels = new TreeSet<>(Set.of("alertname", "alert_id", "group_id", "severity", "expectation"));
        for (NotifyConfig.By by : NotifyConfig.By.values()) {
            // The customer is an annotation.
            if (by != NotifyConfig.By.CUSTOMER) {
                labels.add(by.word());
            }
        }
        return labels;
    }
}
