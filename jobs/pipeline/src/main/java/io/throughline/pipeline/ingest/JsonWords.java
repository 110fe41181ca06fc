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
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.ingest.Refused;
import io.throughline.domain.touchpoint.Identifier;
import java.time.DateTimeException;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts that people's words on identifiers are read from and written with, as strictly as touchpoints are. */
final class JsonWords {

    private static final Set<String> IDENTIFIER_FIELDS = Set.of("type", "value");

    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Locations in messages are enough; what a message quotes of the record could be personal.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** @param what it shall be, for whoever wrote it */
    static JsonNode object(String json, String what, Set<String> fields) throws JsonDecisions.UnreadableException {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new JsonDecisions.UnreadableException("not JSON at column "
                    + e.getLocation().getColumnNr() + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        if (!root.isObject()) {
            throw new JsonDecisions.UnreadableException("not a JSON object");
        }
        onlyKnown(root, "", what, fields);
        return root;
    }

    static ObjectNode identity(Identifier identifier, IngestConfig ingest) {
        return JSON.createObjectNode()
                .put("type", identifier.type())
                .put("value", DecisionValidation.typed(identifier, ingest));
    }

    static @Nullable Identity identity(JsonNode root, String field) throws JsonDecisions.UnreadableException {
        JsonNode node = root.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isObject()) {
            throw new JsonDecisions.UnreadableException(field + ": must be an object with type and value");
        }
        onlyKnown(node, field + ".", "an identifier", IDENTIFIER_FIELDS);
        JsonNode value = node.path("value");
        return new Identity(
                text(node, field + ".", "type"),
                // Customer numbers are often written as numbers; their text is what was meant.
                value.isIntegralNumber() ? value.asText() : text(node, field + ".", "value"));
    }

    private static void onlyKnown(JsonNode node, String path, String what, Set<String> known)
            throws JsonDecisions.UnreadableException {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new JsonDecisions.UnreadableException(
                        path + Refused.quote(name) + ": not a field of " + what + "; there are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    static @Nullable String text(JsonNode node, String path, String field) throws JsonDecisions.UnreadableException {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new JsonDecisions.UnreadableException(path + field + ": must be text");
        }
        return value.textValue();
    }

    static @Nullable Long time(JsonNode root, String field) throws JsonDecisions.UnreadableException {
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
        throw new JsonDecisions.UnreadableException(
                field + ": must be an ISO 8601 time with an offset, such as 2026-11-23T10:00:00Z, or epoch"
                        + " milliseconds");
    }

    private JsonWords() {}
}
