package io.throughline.dashboard;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.Refresh;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.SessionMoves;
import io.throughline.elasticsearch.TemplateInstaller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.http.HttpHost;
import org.elasticsearch.client.RestClient;

/** Documents as the pipeline indexes them, in a real Elasticsearch. */
public final class IndexedExperience implements AutoCloseable {

    private static final int GENERATION = 1;
    private static final int PER_REQUEST = 2_000;

    private final RestClientTransport transport;
    private final ElasticsearchClient client;
    private final List<BulkOperation> pending = new ArrayList<>();
    private int ids;

    public IndexedExperience(String url) {
        this.transport =
                new RestClientTransport(RestClient.builder(HttpHost.create(url)).build(), new JacksonJsonpMapper());
        this.client = new ElasticsearchClient(transport);
    }

    public ElasticsearchClient client() {
        return client;
    }

    /** No index at all. */
    public void remove() {
        try {
            Set<String> indices = client.indices()
                    .get(get -> get.index("throughline-*"))
                    .result()
                    .keySet();
            if (!indices.isEmpty()) {
                client.indices().delete(delete -> delete.index(List.copyOf(indices)));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** All indices as the index job makes them, empty. Documents are deleted one by one: that is quicker than new indices. */
    public void empty() {
        try {
            boolean made = true;
            for (DocumentKind kind : DocumentKind.values()) {
                made &= client.indices()
                        .existsAlias(exists -> exists.name(kind.alias()))
                        .value();
            }
            if (!made) {
                remove();
                TemplateInstaller.apply(client, GENERATION, Map.of());
                return;
            }
            while (true) {
                List<Hit<Void>> left = client.search(
                                search -> search.index("throughline-*")
                                        .size(10_000)
                                        .source(source -> source.fetch(false)),
                                Void.class)
                        .hits()
                        .hits();
                if (left.isEmpty()) {
                    return;
                }
                left.forEach(hit -> pending.add(BulkOperation.of(operation ->
                        operation.delete(delete -> delete.index(hit.index()).id(hit.id())))));
                index();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Something in which fields can be set by name. */
    public static Map<String, Object> document(Object... namesAndValues) {
        Map<String, Object> document = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            document.put((String) namesAndValues[i], value instanceof Instant instant ? instant.toString() : value);
        }
        return document;
    }

    public IndexedExperience touchpoint(String channel, Instant received) {
        String id = "t" + ids++;
        return add(
                DocumentKind.TOUCHPOINTS.index(GENERATION, received),
                id,
                document(
                        "touchpoint_id",
                        id,
                        "customer_id",
                        "c1",
                        "revision",
                        1,
                        "event_time",
                        received.minusMillis(300),
                        "received_time",
                        received,
                        "channel",
                        channel,
                        "kind",
                        "message"));
    }

    /** @param more fields besides the id and times, or instead of the usual ones */
    public IndexedExperience touchpoint(String id, String channel, Instant eventTime, Map<String, Object> more) {
        Map<String, Object> document = document(
                "touchpoint_id",
                id,
                "customer_id",
                "c1",
                "revision",
                1,
                "event_time",
                eventTime,
                "received_time",
                eventTime.plusMillis(300),
                "channel",
                channel,
                "kind",
                "message");
        document.putAll(more);
        return add(DocumentKind.TOUCHPOINTS.index(GENERATION, eventTime), id, document);
    }

    /** @param more fields instead of the usual ones */
    public IndexedExperience customer(String id, Instant lastSeen, Map<String, Object> more) {
        Map<String, Object> document = document(
                "customer_id",
                id,
                "status",
                "active",
                "identifiers",
                List.of(),
                "first_seen",
                lastSeen.minusSeconds(86_400L * 40),
                "last_seen",
                lastSeen,
                "channels",
                List.of("chat", "web"),
                "touchpoint_count",
                12,
                "session_count",
                3,
                "value",
                List.of(),
                "segment",
                "gold",
                "revision",
                1);
        document.putAll(more);
        return add(DocumentKind.CUSTOMERS.index(GENERATION), id, document);
    }

    /** @param more fields instead of the usual ones */
    public IndexedExperience identityChange(
            String id, String kind, String survivor, List<String> absorbed, Instant at, Map<String, Object> more) {
        Map<String, Object> document = document(
                "change_id",
                id,
                "kind",
                kind,
                "survivor",
                survivor,
                "absorbed",
                absorbed,
                "touchpoint_id",
                "t1",
                "rule",
                "same-touchpoint",
                "evidence",
                List.of(),
                "event_time",
                at,
                "processing_time",
                at);
        document.putAll(more);
        return add(DocumentKind.IDENTITY_CHANGES.index(GENERATION), id, document);
    }

    /** The series and slot make the id, as in the pipeline. */
    public IndexedExperience metric(
            String id, String window, Map<String, String> dimensions, Instant asOf, double value, long n) {
        return metric(id, window, dimensions, asOf, value, n, Map.of());
    }

    /** @param more fields instead of the usual ones */
    public IndexedExperience metric(
            String id,
            String window,
            Map<String, String> dimensions,
            Instant asOf,
            double value,
            long n,
            Map<String, Object> more) {
        String series = id + dimensions + window;
        Map<String, Object> document = document(
                "series_id",
                series,
                "metric_id",
                id,
                "formula_version",
                1,
                "dimensions",
                dimensions,
                "window",
                window,
                "value",
                value,
                "unit",
                "points",
                "n",
                n,
                "complete",
                true,
                "direction",
                "higher_is_better",
                "as_of",
                asOf,
                "restated",
                false,
                "revision",
                1);
        document.putAll(more);
        return add(DocumentKind.METRICS.index(GENERATION), series + asOf, document);
    }

    /** @param more fields instead of the usual ones */
    public IndexedExperience alert(String id, Instant openedAt, Map<String, Object> more) {
        Map<String, Object> document = document(
                "alert_id",
                id,
                "rule_id",
                "low_csat",
                "rule_version",
                1,
                "customer_id",
                "c1",
                "status",
                "open",
                "severity",
                "warning",
                "opened_at",
                openedAt,
                "reason",
                "CSAT 1 of 5",
                "evidence",
                List.of(evidence("t1", openedAt, "chat")),
                "expectation",
                "closure",
                "revision",
                1);
        document.putAll(more);
        return add(DocumentKind.ALERTS.index(GENERATION), id, document);
    }

    public static Map<String, Object> evidence(String touchpoint, Instant eventTime, String channel) {
        return document(
                "touchpoint_id",
                touchpoint,
                "event_time",
                eventTime,
                "channel",
                channel,
                "kind",
                "survey_response",
                "detail",
                "csat 1");
    }

    /** @param more fields instead of the usual ones */
    public IndexedExperience session(String id, Instant start, Instant end, Map<String, Object> more) {
        Map<String, Object> document = document(
                "session_id",
                id,
                "customer_id",
                "c1",
                "status",
                "open",
                "start",
                start,
                "end",
                end,
                "duration_ms",
                end.toEpochMilli() - start.toEpochMilli(),
                "channels",
                List.of("chat", "web"),
                "touchpoint_count",
                7,
                "path",
                List.of(),
                "channel_switches",
                1,
                "handoffs",
                0,
                "active_ms",
                Map.of(),
                "cut_cause",
                "open",
                "topics",
                List.of("billing"),
                "stages",
                List.of(),
                "scores",
                Map.of(),
                "value",
                List.of(),
                "errors",
                0,
                "complaints",
                0,
                "wait_ms",
                0,
                "revision",
                1);
        document.putAll(more);
        document.putAll(moves(document.get("path"), document.get("touchpoint_count")));
        return add(DocumentKind.SESSIONS.index(GENERATION), id, document);
    }

    private static Map<String, Object> moves(Object path, Object touchpoints) {
        return SessionMoves.of(
                ((List<?>) path)
                        .stream()
                                .map(each -> (Map<?, ?>) each)
                                .map(step -> new SessionMoves.Step(
                                        Instant.parse(String.valueOf(step.get("event_time")))
                                                .toEpochMilli(),
                                        String.valueOf(step.get("channel")),
                                        (String) step.get("touchpoint"),
                                        (String) step.get("stage")))
                                .toList(),
                ((Number) touchpoints).longValue());
    }

    public IndexedExperience accounting(
            String source, long in, long processed, long late, long duplicate, Map<String, Long> rejected) {
        return add(
                DocumentKind.ACCOUNTING.index(GENERATION),
                source,
                document(
                        "source",
                        source,
                        "in",
                        in,
                        "processed",
                        processed,
                        "rejected",
                        rejected.values().stream().mapToLong(Long::longValue).sum(),
                        "late",
                        late,
                        "duplicate",
                        duplicate,
                        "erased",
                        0,
                        "rejected_by_reason",
                        rejected,
                        "revision",
                        1));
    }

    /** How a source's account stood at the end of an hour. */
    public IndexedExperience quality(String source, Instant hour, long in, long rejected, long late, long duplicate) {
        return quality(source, hour, in, rejected, late, duplicate, Map.of(), Map.of());
    }

    /** The same with records that count by channel, and remarks. */
    public IndexedExperience quality(
            String source,
            Instant hour,
            long in,
            long rejected,
            long late,
            long duplicate,
            Map<String, Long> byChannel,
            Map<String, Long> remarks) {
        return add(
                DocumentKind.QUALITY.index(GENERATION),
                source + "@" + hour,
                document(
                        "hour",
                        hour,
                        "source",
                        source,
                        "in",
                        in,
                        "processed",
                        in - rejected - late - duplicate,
                        "rejected",
                        rejected,
                        "late",
                        late,
                        "duplicate",
                        duplicate,
                        "erased",
                        0,
                        "processed_by_channel",
                        byChannel,
                        "remarks",
                        remarks,
                        "revision",
                        in));
    }

    public IndexedExperience rejected(String origin, String reason, String detail, Instant received) {
        return add(
                DocumentKind.REJECTED.index(GENERATION),
                origin,
                document("origin", origin, "reason", reason, "detail", detail, "raw", "{}", "received_time", received));
    }

    /** A document whose every field is given. */
    public IndexedExperience document(DocumentKind kind, String id, Map<String, Object> document) {
        return add(kind.index(GENERATION), id, document);
    }

    private IndexedExperience add(String index, String id, Map<String, Object> document) {
        pending.add(BulkOperation.of(
                operation -> operation.index(one -> one.index(index).id(id).document(document))));
        return this;
    }

    /** Indexes what was added; {@code True} also makes it visible, {@code False} leaves that to Elasticsearch. */
    public void index(Refresh refresh) {
        try {
            for (int from = 0; from < pending.size(); from += PER_REQUEST) {
                List<BulkOperation> some = pending.subList(from, Math.min(pending.size(), from + PER_REQUEST));
                BulkResponse answer = client.bulk(bulk -> bulk.operations(some).refresh(refresh));
                answer.items().stream()
                        .filter(item -> item.error() != null)
                        .findFirst()
                        .ifPresent(item -> {
                            throw new AssertionError(
                                    item.index() + ": " + item.error().reason());
                        });
            }
            pending.clear();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public void index() {
        index(Refresh.True);
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }
}
