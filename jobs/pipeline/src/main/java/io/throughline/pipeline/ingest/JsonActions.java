package io.throughline.pipeline.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.alert.Action;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What people do about alerts as JSON objects with the fields of the action schema; unknown fields are errors. */
public final class JsonActions {

    private static final Set<String> FIELDS = new TreeSet<>(Set.of(
            "action_id",
            "verb",
            "alert_id",
            "rule_id",
            "customer_id",
            "at",
            "by",
            "expected_version",
            "assignee",
            "because",
            "until"));

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws IllegalArgumentException in words, where the text is no action */
    public static Action action(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not JSON at column " + e.getLocation().getColumnNr(), e);
        }
        if (!root.isObject()) {
            throw new IllegalArgumentException("not a JSON object");
        }
        for (Iterator<String> names = root.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException(
                        name + ": not a field of an action; there are " + String.join(", ", FIELDS));
            }
        }
        return AvroActions.checked(new Action(
                required(root, "action_id"),
                AvroActions.verb(required(root, "verb")),
                text(root, "alert_id"),
                text(root, "rule_id"),
                text(root, "customer_id"),
                requiredTime(root, "at"),
                required(root, "by"),
                root.hasNonNull("expected_version")
                        ? (Integer) root.get("expected_version").asInt()
                        : null,
                text(root, "assignee"),
                text(root, "because"),
                time(root, "until")));
    }

    /** One line without its end, which {@link #action} reads. */
    public static String line(Action action) {
        ObjectNode json = JSON.createObjectNode();
        json.put("action_id", action.actionId());
        json.put("verb", AvroActions.word(action.verb()));
        put(json, "alert_id", action.alertId());
        put(json, "rule_id", action.ruleId());
        put(json, "customer_id", action.customerId());
        json.put("at", Instant.ofEpochMilli(action.at()).toString());
        json.put("by", action.by());
        if (action.expectedVersion() != null) {
            json.put("expected_version", action.expectedVersion());
        }
        put(json, "assignee", action.assignee());
        put(json, "because", action.because());
        if (action.until() != null) {
            json.put("until", Instant.ofEpochMilli(action.until()).toString());
        }
        return json.toString();
    }

    private static void put(ObjectNode json, String field, @Nullable String value) {
        if (value != null) {
            json.put(field, value);
        }
    }

    private static String required(JsonNode root, String field) {
        String text = text(root, field);
        if (text == null) {
            throw new IllegalArgumentException(field + ": is missing");
        }
        return text;
    }

    private static @Nullable String text(JsonNode root, String field) {
        JsonNode value = root.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + ": must be text");
        }
        return value.textValue();
    }

    private static long requiredTime(JsonNode root, String field) {
        Long time = time(root, field);
        if (time == null) {
            throw new IllegalArgumentException(field + ": is missing");
        }
        return time;
    }

    private static @Nullable Long time(JsonNode root, String field) {
        JsonNode value = root.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        try {
            return IsoTime.parseOrMillis(value.asText().strip());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    field + ": must be an ISO 8601 time with an offset, such as 2026-11-23T10:00:00Z", e);
        }
    }

    private JsonActions() {}
}
