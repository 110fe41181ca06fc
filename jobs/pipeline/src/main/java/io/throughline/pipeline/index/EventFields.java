package io.throughline.pipeline.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.SessionMoves;
import io.throughline.schemas.Issue;
import io.throughline.schemas.Session;
import io.throughline.schemas.StitchedTouchpoint;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What documents say besides their own fields, in the words of the Elastic Common Schema, so that they can be searched beside
 * other systems' events: {@code event.kind}, {@code event.dataset}, {@code event.ingested}, and where it is known {@code
 * event.outcome} and {@code event.category}. {@code @timestamp} is an alias in the mapping. Sessions also say what follows
 * from the order of their path.
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

    private static final Map<String, String> CATEGORIES_OF_CHANNELS = Map.of("web", "web", "email", "email");
    private static final Set<String> AUTHENTICATION = Set.of("login", "logout");

    private EventFields() {}

    /**
     * The document with these fields in front.
     *
     * @param json an object with at least one field
     * @param published when the document was written to its topic, epoch milliseconds; the same however often it is indexed
     */
    static byte[] before(byte[] json, DocumentKind kind, SpecificRecord document, long published) {
        String outcome = outcome(document, kind);
        String moves = document instanceof Session session ? moves(session) : "";
        byte[] fields = ("{\"event\":{\"kind\":\"" + KINDS.get(kind) + "\",\"dataset\":\"throughline."
                        + kind.word().replace('-', '_') + "\""
                        + categories(document)
                        + (outcome == null ? "" : ",\"outcome\":\"" + outcome + "\"")
                        + ",\"ingested\":\"" + TIMESTAMP.format(Instant.ofEpochMilli(published)) + "\"}," + moves)
                .getBytes(UTF_8);
        byte[] all = new byte[fields.length + json.length - 1];
        System.arraycopy(fields, 0, all, 0, fields.length);
        // Without the brace, which the fields bring along.
        System.arraycopy(json, 1, all, fields.length, json.length - 1);
        return all;
    }

    /** What follows from the order of its path. */
    private static String moves(Session session) {
        StringBuilder json = new StringBuilder();
        SessionMoves.of(
                        session.getPath().stream()
                                .map(step -> new SessionMoves.Step(
                                        step.getEventTime().toEpochMilli(),
                                        step.getChannel(),
                                        step.getTouchpoint(),
                                        step.getStage()))
                                .toList(),
                        session.getTouchpointCount())
                .forEach((field, values) -> {
                    write(field, values, json);
                    json.append(',');
                });
        return json.toString();
    }

    private static void write(String field, Object values, StringBuilder json) {
        json.append('"').append(field).append("\":");
        if (values instanceof Map<?, ?> within) {
            json.append('{');
            within.forEach((name, each) -> {
                write(name.toString(), each, json);
                json.append(',');
            });
            json.setCharAt(json.length() - 1, '}');
        } else if (values instanceof List<?> several) {
            json.append('[');
            several.forEach(each -> quoted(each, json).append(','));
            json.setCharAt(json.length() - 1, ']');
        } else {
            quoted(values, json);
        }
    }

    private static StringBuilder quoted(Object value, StringBuilder json) {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(value.toString(), json);
        return json.append('"');
    }

    /** The schema's categories are mostly of security; most touchpoints are in none of them. */
    private static String categories(SpecificRecord document) {
        if (document instanceof Session) {
            return ",\"category\":[\"session\"]";
        }
        if (!(document instanceof StitchedTouchpoint touchpoint)) {
            return "";
        }
        String channel = CATEGORIES_OF_CHANNELS.get(touchpoint.getChannel());
        boolean login = AUTHENTICATION.contains(touchpoint.getKind());
        if (channel == null && !login) {
            return "";
        }
        return ",\"category\":["
                + (channel == null ? "" : "\"" + channel + "\"")
                + (channel != null && login ? "," : "")
                + (login ? "\"authentication\"" : "")
                + "]";
    }

    private static @Nullable String outcome(SpecificRecord document, DocumentKind kind) {
        if (kind == DocumentKind.REJECTED) {
            return "failure";
        }
        return document instanceof Issue issue ? issue.getStatus().equals("resolved") ? "success" : "unknown" : null;
    }
}
