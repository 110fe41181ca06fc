package io.throughline.pipeline.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.RawErasure;
import io.throughline.domain.stitch.Erasure;
import io.throughline.pipeline.ingest.JsonDecisions.UnreadableException;
import java.time.Instant;
import java.util.Set;

/**
 * Erasures as JSON objects with the fields of the erasure schema, read as strictly as touchpoints are; times are ISO 8601
 * with an offset or epoch milliseconds. The values of personal types may be raw, or pseudonyms after a
 * {@value DecisionValidation#PSEUDONYM_MARK}; they are written as the latter.
 */
public final class JsonErasures {

    private static final Set<String> FIELDS = Set.of("identifier", "erased_until", "reason", "author", "decided_at");

    /** The fields as sent; whether they make an erasure is for its validation to say. */
    public static RawErasure raw(String json) throws UnreadableException {
        JsonNode root = JsonWords.object(json, "an erasure", FIELDS);
        // Not part of the erasure, but a time like any other.
        JsonWords.time(root, "decided_at");
        return new RawErasure(
                JsonWords.identity(root, "identifier"),
                JsonWords.time(root, "erased_until"),
                JsonWords.text(root, "", "reason"),
                JsonWords.text(root, "", "author"));
    }

    /**
     * One line without its end, which {@link #raw} reads.
     *
     * @param decidedAt when the erasure was written down, UTC
     * @param ingest says which values are pseudonyms
     */
    public static String line(Erasure erasure, Instant decidedAt, IngestConfig ingest) {
        ObjectNode json = JsonWords.JSON.createObjectNode();
        json.set("identifier", JsonWords.identity(erasure.identifier(), ingest));
        json.put("erased_until", Instant.ofEpochMilli(erasure.until()).toString());
        json.put("reason", erasure.reason());
        if (!erasure.author().isEmpty()) {
            json.put("author", erasure.author());
        }
        json.put("decided_at", decidedAt.toString());
        return json.toString();
    }

    private JsonErasures() {}
}
