package io.throughline.pipeline.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.RawDecision;
import io.throughline.domain.stitch.Decision;
import java.time.Instant;
import java.util.Set;

/**
 * People's decisions as JSON objects with the fields of the decision schema, read as strictly as touchpoints are; times
 * are ISO 8601 with an offset or epoch milliseconds. The values of personal types may be raw, or pseudonyms after a
 * {@value DecisionValidation#PSEUDONYM_MARK}; they are written as the latter.
 */
public final class JsonDecisions {

    private static final Set<String> FIELDS =
            Set.of("verdict", "one", "other", "effective_from", "reason", "author", "decided_at");

    /** The text does not hold the fields it should; the message says which field is wrong and what is expected. */
    public static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;

        UnreadableException(String message) {
            super(message);
        }
    }

    /** The fields as sent; whether they make a decision is for {@link DecisionValidation} to say. */
    public static RawDecision raw(String json) throws UnreadableException {
        JsonNode root = JsonWords.object(json, "a decision", FIELDS);
        // Not part of the decision, but a time like any other.
        JsonWords.time(root, "decided_at");
        return new RawDecision(
                JsonWords.text(root, "", "verdict"),
                JsonWords.identity(root, "one"),
                JsonWords.identity(root, "other"),
                JsonWords.time(root, "effective_from"),
                JsonWords.text(root, "", "reason"),
                JsonWords.text(root, "", "author"));
    }

    /**
     * One line without its end, which {@link #raw} reads.
     *
     * @param decidedAt when the decision was written down, UTC
     * @param ingest says which values are pseudonyms
     */
    public static String line(Decision decision, Instant decidedAt, IngestConfig ingest) {
        ObjectNode json = JsonWords.JSON.createObjectNode();
        json.put("verdict", DecisionValidation.word(decision.verdict()));
        json.set("one", JsonWords.identity(decision.one(), ingest));
        json.set("other", JsonWords.identity(decision.other(), ingest));
        json.put(
                "effective_from", Instant.ofEpochMilli(decision.effectiveFrom()).toString());
        json.put("reason", decision.reason());
        if (!decision.author().isEmpty()) {
            json.put("author", decision.author());
        }
        json.put("decided_at", decidedAt.toString());
        return json.toString();
    }

    private JsonDecisions() {}
}
