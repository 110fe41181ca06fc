package io.throughline.pipeline.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.schemas.Issue;
import io.throughline.schemas.PathStep;
import io.throughline.schemas.Session;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What documents say besides their own fields, in the words of the Elastic Common Schema, so that they can be searched beside
 * other systems' events: {@code event.kind}, {@code event.dataset}, {@code event.ingested}, and where it is known {@code
 * event.outcome}. {@code @timestamp} is an alias in the mapping. Sessions also say their turns, which follow from their path.
 */
final class EventFields {

    private static final DateTimeFormatter TIMESTAMP =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private static final Map<DocumentKind, String> KINDS = Map.ofEntries(
            Map.entry(DocumentKind.TOUCHPOINTS, "event"),
            Map.entry(DocumentKind.CUSTOMERS, "state"),
            Map.entry(DocumentKind.SESSIONS, "state"),
            Map.entry(DocumentKind.ISSUES, "state"),
            Map.entry(DocumentKind.JOURNEYS, "state"),
            Map.entry(DocumentKind.TRANSITIONS, "metric"),
            Map.entry(DocumentKind.METRICS, "metric"),
            Map.entry(DocumentKind.ALERTS, "alert"),
            Map.entry(DocumentKind.IDENTITY_CHANGES, "event"),
            Map.entry(DocumentKind.REJECTED, "pipeline_error"),
            Map.entry(DocumentKind.ACCOUNTING, "metric"),
            Map.entry(DocumentKind.QUALITY, "metric"));

    private EventFields() {}

    /**
     * The document with these fields in front.
     *
     * @param json an object with at least one field
     * @param published when the document was written to its topic, epoch milliseconds; the same however often it is indexed
     */
    static byte[] before(byte[] json, DocumentKind kind, SpecificRecord document, long published) {
        String outcome = outcome(document, kind);
        String turns = document instanceof Session session ? turns(session) : "";
        byte[] fields = ("{\"event\":{\"kind\":\"" + KINDS.get(kind) + "\",\"dataset\":\"throughline."
                        + kind.word().replace('-', '_') + "\""
                        + (outcome == null ? "" : ",\"outcome\":\"" + outcome + "\"")
                        + ",\"ingested\":\"" + TIMESTAMP.format(Instant.ofEpochMilli(published)) + "\"}," + turns)
                .getBytes(UTF_8);
        byte[] all = new byte[fields.length + json.length - 1];
        System.arraycopy(fields, 0, all, 0, fields.length);
        // Without the brace, which the fields bring along.
        System.arraycopy(json, 1, all, fields.length, json.length - 1);
        return all;
    }

    /**
     * From which channel to which a session went, each pair once, with a tab between: an index knows the channels of a path, but
     * not their order.
     */
    private static String turns(Session session) {
        Set<String> turns = new LinkedHashSet<>();
        String before = null;
        for (PathStep step : session.getPath()) {
            if (before != null && !before.equals(step.getChannel())) {
                turns.add(before + "\t" + step.getChannel());
            }
            before = step.getChannel();
        }
        return turns.isEmpty()
                ? ""
                : turns.stream()
                        .map(turn -> new String(JsonStringEncoder.getInstance().quoteAsString(turn)))
                        .collect(Collectors.joining("\",\"", "\"turns\":[\"", "\"],"));
    }

    private static @Nullable String outcome(SpecificRecord document, DocumentKind kind) {
        if (kind == DocumentKind.REJECTED) {
            return "failure";
        }
        return document instanceof Issue issue ? issue.getStatus().equals("resolved") ? "success" : "unknown" : null;
    }
}
