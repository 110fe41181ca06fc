package io.throughline.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Notifications in the names all documents use: snake_case, times as ISO-8601 in UTC, what is absent left out. */
final class NotificationJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static ObjectNode of(Notification notification) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("notification_id", notification.id());
        json.put("alert_id", notification.alertId());
        json.put("event", notification.event().word());
        json.put("at", notification.at().toString());
        json.put("rule_id", notification.ruleId());
        json.put("rule_version", notification.ruleVersion());
        json.put("severity", notification.severity().word());
        json.put("opened_at", notification.openedAt().toString());
        json.put("reason", notification.reason());
        put(json, "customer_id", notification.customerId());
        put(json, "expectation", notification.expectation());
        put(json, "value_tier", notification.valueTier());
        put(json, "next_action", notification.nextAction());
        put(json, "actor", notification.actor());
        put(json, "assignee", notification.assignee());
        ArrayNode evidence = json.putArray("evidence");
        for (Notification.Evidence touchpoint : notification.evidence()) {
            ObjectNode each = evidence.addObject();
            each.put("touchpoint_id", touchpoint.touchpointId());
            each.put("event_time", touchpoint.eventTime().toString());
            each.put("channel", touchpoint.channel());
            each.put("kind", touchpoint.kind());
            put(each, "detail", touchpoint.detail());
        }
        json.put("count", notification.count());
        Notification.Group group = notification.group();
        if (group != null) {
            put(json.putObject("group"), group);
        }
        return json;
    }

    private static void put(ObjectNode json, Notification.Group group) {
        json.put("group_id", group.id());
        json.put("name", group.name());
        ObjectNode shared = json.putObject("shared");
        group.shared().forEach(shared::put);
        json.put("standing", group.standing());
        ArrayNode rules = json.putArray("rules");
        group.rules().forEach(rules::add);
        ArrayNode alerts = json.putArray("alerts");
        for (Notification.Listed alert : group.alerts()) {
            ObjectNode each = alerts.addObject();
            each.put("alert_id", alert.alertId());
            each.put("rule_id", alert.ruleId());
            each.put("event", alert.event().word());
            each.put("news", alert.news());
            each.put("severity", alert.severity().word());
            each.put("opened_at", alert.openedAt().toString());
            put(each, "customer_id", alert.customerId());
            each.put("reason", alert.reason());
        }
    }

    /** Texts, numbers and lists of them always can be written. */
    static byte[] bytes(Object json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** At most so many characters, the last of them an ellipsis where something was cut; no half of a pair at the cut. */
    static String atMost(int characters, String text) {
        if (text.length() <= characters) {
            return text;
        }
        int end = characters - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private NotificationJson() {}
}
