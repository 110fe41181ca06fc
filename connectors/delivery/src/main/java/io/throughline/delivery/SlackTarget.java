package io.throughline.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Slack channel, by an incoming webhook. Slack takes about one message a second and none can be taken back, so when
 * more than {@code digestOver} notifications wait, they come as one message that counts them by rule and names the
 * gravest. The address is a secret: whoever has it can write there.
 */
public final class SlackTarget implements Target {

    private static final int MOST_HEADER_CHARACTERS = 150;
    private static final int MOST_SECTION_CHARACTERS = 3000;
    private static final int MOST_EVIDENCE = 5;
    private static final int MOST_NAMED = 10;
    private static final int MOST_RULES = 20;

    private final URI address;
    private final int digestOver;
    private final Post post;

    public SlackTarget(URI address, int digestOver, Duration timeout, InstantSource clock) {
        this.address = address;
        this.digestOver = digestOver;
        this.post = new Post(timeout, clock);
    }

    @Override
    public List<Parcel> pack(List<Notification> notifications) {
        if (notifications.size() > digestOver) {
            return List.of(parcel(notifications, digest(notifications)));
        }
        return notifications.stream()
                .map(notification -> parcel(List.of(notification), message(notification)))
                .toList();
    }

    private Parcel parcel(List<Notification> contents, ObjectNode message) {
        return new Parcel(
                contents, address, Map.of("Content-Type", "application/json"), NotificationJson.bytes(message));
    }

    private static ObjectNode message(Notification notification) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        String title = mark(notification) + " " + notification.title();
        // What phones and screen readers get.
        message.put("text", escaped(title + ": " + notification.reason()));
        ArrayNode blocks = message.putArray("blocks");
        header(blocks, title);
        section(blocks, escaped(notification.reason()));
        Notification.Group several = notification.several();
        if (several != null) {
            section(blocks, alerts(several));
        } else if (!notification.evidence().isEmpty()) {
            section(blocks, evidence(notification));
        }
        if (notification.nextAction() != null && notification.event().leavesItStanding()) {
            section(blocks, "*Next:* " + escaped(notification.nextAction()));
        }
        context(
                blocks,
                notification.severity().word() + " · opened " + notification.openedAt()
                        + (several != null || notification.customerId() == null
                                ? ""
                                : " · customer " + notification.customerId())
                        + (several == null ? " · alert " + notification.alertId() : " · group " + several.id()));
        return message;
    }

    private static String alerts(Notification.Group group) {
        List<Notification.Listed> listed = group.alerts();
        List<String> lines = new ArrayList<>();
        for (Notification.Listed alert : listed.stream().limit(MOST_NAMED).toList()) {
            String reason = NotificationJson.atMost(200, alert.reason());
            lines.add("• " + escaped(alert.ruleId()) + " " + alert.event().word() + ": " + escaped(reason)
                    + (alert.customerId() == null ? "" : "  " + escaped(alert.customerId())));
        }
        // What was over before is in the count of the group, but nobody needs to look for it.
        long over = listed.stream()
                .filter(alert -> !alert.event().leavesItStanding())
                .count();
        long more = Math.max(listed.size(), group.standing() + over) - lines.size();
        return NotificationJson.atMost(MOST_SECTION_CHARACTERS - 100, String.join("\n", lines))
                + (more > 0 ? "\n… and " + more + " more" : "");
    }

    private static String evidence(Notification notification) {
        List<String> lines = new ArrayList<>();
        for (Notification.Evidence touchpoint :
                notification.evidence().stream().limit(MOST_EVIDENCE).toList()) {
            lines.add("• " + touchpoint.eventTime() + "  " + escaped(touchpoint.channel()) + "  "
                    + escaped(touchpoint.detail() == null ? touchpoint.kind() : touchpoint.detail()));
        }
        int more = notification.evidence().size() - lines.size();
        return String.join("\n", lines) + (more > 0 ? "\n… and " + more + " more" : "");
    }

    private static ObjectNode digest(List<Notification> notifications) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        String title = notifications.size() + " notifications about alerts";
        message.put("text", title);
        ArrayNode blocks = message.putArray("blocks");
        header(blocks, title);
        Map<String, Integer> counts = new TreeMap<>();
        notifications.forEach(
                each -> counts.merge(each.what() + " " + each.event().word(), 1, Integer::sum));
        List<String> rules = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_RULES)
                .map(entry -> "• " + entry.getValue() + " x " + escaped(entry.getKey()))
                .toList();
        section(blocks, String.join("\n", rules));
        List<String> gravest = notifications.stream()
                .filter(each -> each.event().leavesItStanding())
                .sorted((a, b) -> b.severity().compareTo(a.severity()))
                .limit(MOST_NAMED)
                .map(each -> "• " + mark(each) + " " + escaped(NotificationJson.atMost(200, each.summary())))
                .toList();
        if (!gravest.isEmpty()) {
            section(blocks, "*Gravest*\n" + String.join("\n", gravest));
        }
        return message;
    }

    private static String mark(Notification notification) {
        if (!notification.event().leavesItStanding()) {
            return "✅";
        }
        return switch (notification.severity()) {
            case CRITICAL, ERROR -> "🔴";
            case WARNING -> "🟠";
            case INFO -> "🔵";
        };
    }

    private static void header(ArrayNode blocks, String text) {
        ObjectNode block = blocks.addObject();
        block.put("type", "header");
        ObjectNode plain = block.putObject("text");
        plain.put("type", "plain_text");
        plain.put("text", NotificationJson.atMost(MOST_HEADER_CHARACTERS, text));
    }

    private static void section(ArrayNode blocks, String markdown) {
        ObjectNode block = blocks.addObject();
        block.put("type", "section");
        markdown(block.putObject("text"), markdown);
    }

    private static void context(ArrayNode blocks, String text) {
        ObjectNode block = blocks.addObject();
        block.put("type", "context");
        markdown(block.putArray("elements").addObject(), escaped(text));
    }

    private static void markdown(ObjectNode element, String text) {
        element.put("type", "mrkdwn");
        element.put("text", NotificationJson.atMost(MOST_SECTION_CHARACTERS, text));
    }

    /** The three characters Slack gives a meaning: without this a text could mention everybody or forge a link. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public Answer deliver(Parcel parcel) throws IOException, InterruptedException {
        return post.send(parcel);
    }
}
