package io.throughline.pipeline.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.RawDecision;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.ingest.Refused;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.touchpoint.Identifier;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * People's decisions as JSON objects with the fields of the decision schema, read as strictly as touchpoints are; times
 * are ISO 8601 with an offset or epoch milliseconds. The values of personal types may be raw, or pseudonyms after a
 * {@value DecisionValidation#PSEUDONYM_MARK}; they are written as the latter.
 */
public final class JsonDecisions {

    private static final Set<String> FIELDS =
            Set.of("verdict", "one", "other", "effective_from", "reason", "author", "decided_at");
    private static final Set<String> IDENTIFIER_FIELDS = Set.of("type", "value");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Locations in messages are enough; what a message quotes of the record could be personal.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** The text holds no decision's fields; the message says which field is wrong and what is expected. */
    public static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;

        UnreadableException(String message) {
            super(message);
        }
    }

    /** The fields as sent; whether they make a decision is for {@link DecisionValidation} to say. */
    public static RawDecision raw(String json) throws UnreadableException {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UnreadableException("not JSON at column "
                    + e.getLocation().getColumnNr() + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        if (!root.isObject()) {
            throw new UnreadableException("not a JSON object");
        }
        onlyKnown(root, "", FIELDS);
        // Not part of the decision, but a time like any other.
        time(root, "decided_at");
        return new RawDecision(
                text(root, "", "verdict"),
                identity(root, "one"),
                identity(root, "other"),
                time(root, "effective_from"),
                text(root, "", "reason"),
                text(root, "", "author"));
    }

    /**
     * One line without its end, which {@link #raw} reads.
     *
     * @param decidedAt when the decision was written down, UTC
     * @param ingest says which values are pseudonyms
     */
    public static String line(Decision decision, Instant decidedAt, IngestConfig ingest) {
        ObjectNode json = JSON.createObjectNode();
        json.put("verdict", DecisionValidation.word(decision.verdict()));
        json.set("one", identity(decision.one(), ingest));
        json.set("other", identity(decision.other(), ingest));
        json.put(
                "effective_from", Instant.ofEpochMilli(decision.effectiveFrom()).toString());
        json.put("reason", decision.reason());
        if (!decision.author().isEmpty()) {
            json.put("author", decision.author());
        }
        json.put("decided_at", decidedAt.toString());
        return json.toString();
    }

    private static ObjectNode identity(Identifier identifier, IngestConfig ingest) {
        return JSON.createObjectNode()
                .put("type", identifier.type())
                .put("value", DecisionValidation.typed(identifier, ingest));
    }

    private static @Nullable Identity identity(JsonNode root, String field) throws UnreadableException {
        JsonNode node = root.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isObject()) {
            throw new UnreadableException(field + ": must be an object with type and value");
        }
        onlyKnown(node, field + ".", IDENTIFIER_FIELDS);
        JsonNode value = node.path("value");
        return new Identity(
                text(node, field + ".", "type"),
                // Customer numbers are often written as numbers; their text is what was meant.
                value.isIntegralNumber() ? value.asText() : text(node, field + ".", "value"));
    }

    private static void onlyKnown(JsonNode node, String path, Set<String> known) throws UnreadableException {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new UnreadableException(path + Refused.quote(name) + ": not a field of a decision; there are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private static @Nullable String text(JsonNode node, String path, String field) throws UnreadableException {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new UnreadableException(path + field + ": must be text");
        }
        return value.textValue();
    }

    private static @Nullable Long time(JsonNode root, String field) throws UnreadableException {
        JsonNode value = root.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        try {
            if (value.isTextual()) {
                return IsoTime.parseOrMillis(value.textValue().strip());
            }
        } catch (DateTimeException e) {
            // Said below, for all that is no time.
        }
        throw new UnreadableException(
                field + ": must be an ISO 8601 time with an offset, such as 2026-11-23T10:00:00Z, or epoch"
                        + " milliseconds");
    }

    private JsonDecisions() {}
}
