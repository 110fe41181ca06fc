package io.throughline.pipeline.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.SessionMoves;
import io.throughline.schemas.Issue;
import io.throughline.schemas.Session;
import io.throughline.schemas.StitchedTouchpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What documents say besides their own fields, in the words of the Elastic Common Schema, so that they can be searched beside
 * other systems' events: {@code event.kind}, {@code event.dataset}, {@code event.ingested}, and where it is known {@code
 * event.outcome} and {@code event.category}. {@code @timestamp} is an alias in the mapping. Sessions also say what follows
 * from the order of their path, issues the channel of their first contact.
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
            Map.entry(DocumentKind.RULE_ERRORS, "pipeline_error"),
            Map.entry(DocumentKind.ACCOUNTING, "metric"),
            Map.entry(DocumentKind.QUALITY, "metric"));

    private static final Map<String, String> CATEGORIES_OF_CHANNELS = Map.of("web", "web", "email", "email");
    private static final Set<String> AUTHENTICATION = Set.of("login", "logout");

    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_CONTENT).build();

    private EventFields() {}

    /**
     * The document with these fields in front.
     *
     * @param json an object with at least one field
     * @param published when the document was written to its topic, epoch milliseconds; the same however often it is indexed
     */
    static byte[] before(byte[] json, DocumentKind kind, SpecificRecord document, long published) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(json.length + 512);
        try (JsonGenerator fields = JSON.createGenerator(all)) {
            fields.writeStartObject();
            event(kind, document, published, fields);
            if (document instanceof Session session) {
                moves(session, fields);
            }
            if (document instanceof Issue issue && !issue.getContacts().isEmpty()) {
                fields.writeStringField(
                        "first_channel", issue.getContacts().get(0).getChannel());
            }
            fields.flush();
            // Goes on with the document, without its brace, as if it were one more field.
            all.write(',');
            all.write(json, 1, json.length - 1);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written to", e);
        }
        return all.toByteArray();
    }

    private static void event(DocumentKind kind, SpecificRecord document, long published, JsonGenerator fields)
            throws IOException {
        fields.writeObjectFieldStart("event");
        fields.writeStringField("kind", KINDS.get(kind));
        fields.writeStringField("dataset", "throughline." + kind.word().replace('-', '_'));
        List<String> categories = categories(document);
        if (!categories.isEmpty()) {
            write("category", categories, fields);
        }
        String outcome = outcome(document, kind);
        if (outcome != null) {
            fields.writeStringField("outcome", outcome);
        }
        fields.writeStringField("ingested", TIMESTAMP.format(Instant.ofEpochMilli(published)));
        fields.writeEndObject();
    }

    /** What follows from the order of its path. */
    private static void moves(Session session, JsonGenerator fields) throws IOException {
        List<SessionMoves.Step> path = session.getPath().stream()
                .map(step -> new SessionMoves.Step(
                        step.getEventTime().toEpochMilli(), step.getChannel(), step.getTouchpoint(), step.getStage()))
                .toList();
        for (Map.Entry<String, Object> each :
                SessionMoves.of(path, session.getTouchpointCount()).entrySet()) {
            write(each.getKey(), each.getValue(), fields);
        }
    }

    /** @param value a text, several, or fields of such */
    private static void write(String field, Object value, JsonGenerator fields) throws IOException {
        fields.writeFieldName(field);
        if (value instanceof Map<?, ?> within) {
            fields.writeStartObject();
            for (Map.Entry<?, ?> each : within.entrySet()) {
                write(String.valueOf(each.getKey()), each.getValue(), fields);
            }
            fields.writeEndObject();
        } else if (value instanceof List<?> several) {
            fields.writeStartArray();
            for (Object each : several) {
                fields.writeString(String.valueOf(each));
            }
            fields.writeEndArray();
        } else {
            fields.writeString(String.valueOf(value));
        }
    }

    /** The schema's categories are mostly of security; most touchpoints are in none of them. */
    private static List<String> categories(SpecificRecord document) {
        if (document instanceof Session) {
            return List.of("session");
        }
        List<String> categories = new ArrayList<>(2);
        if (document instanceof StitchedTouchpoint touchpoint) {
            String channel = CATEGORIES_OF_CHANNELS.get(touchpoint.getChannel());
            if (channel != null) {
                categories.add(channel);
            }
            if (AUTHENTICATION.contains(touchpoint.getKind())) {
                categories.add("authentication");
            }
        }
        return categories;
    }

    private static @Nullable String outcome(SpecificRecord document, DocumentKind kind) {
        if (kind == DocumentKind.REJECTED) {
            return "failure";
        }
        return document instanceof Issue issue ? issue.getStatus().equals("resolved") ? "success" : "unknown" : null;
    }
}
