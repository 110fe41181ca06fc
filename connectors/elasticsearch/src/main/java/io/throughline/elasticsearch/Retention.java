package io.throughline.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.Refresh;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.elasticsearch.core.bulk.BulkResponseItem;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.json.JsonData;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Deletes what is older than it is to be kept, in every generation: of touchpoints whole months, once the month's last moment is
 * that old; of what is not divided by month the documents. Age is that of the event, not of the index, so that history that was
 * filled in yesterday is as old as it is. Where the server has {@link Lifecycle} it deletes months by itself.
 */
public final class Retention {

    /** The time a document is as old as; customers and accounts are as they are now and have none. */
    private static final Map<DocumentKind, String> TIMES = Map.of(
            DocumentKind.SESSIONS, "end",
            DocumentKind.ISSUES, "end",
            DocumentKind.JOURNEYS, "end",
            DocumentKind.TRANSITIONS, "day",
            DocumentKind.METRICS, "as_of",
            DocumentKind.ALERTS, "opened_at",
            DocumentKind.IDENTITY_CHANGES, "processing_time",
            DocumentKind.REJECTED, "received_time",
            DocumentKind.QUALITY, "hour");

    /** Alerts that wait for somebody are kept, however old; those of rules on trial wait for nobody. */
    private static final List<String> OVER = List.of("resolved", "retracted", "shadow");

    private static final int CORRECTED_MEANWHILE = 409;

    private static final int PAGE = 1_000;

    private Retention() {}

    /** Whether there is an age at which documents of the kind can go. */
    public static boolean applies(DocumentKind kind) {
        return kind.monthly() || TIMES.containsKey(kind);
    }

    /**
     * What is to go of one kind.
     *
     * @param before event time up to which it goes
     * @param indices whole indices; empty where documents go one by one
     * @param documents how many documents
     */
    public record Expired(DocumentKind kind, Instant before, List<String> indices, long documents) {}

    /**
     * What is older than it is to be kept.
     *
     * @param keep how long; kinds that are absent are kept for ever
     * @throws UnusableElasticsearchException if Elasticsearch is unreachable or refuses
     */
    public static List<Expired> find(ElasticsearchClient client, Map<DocumentKind, Duration> keep, Instant now) {
        return ElasticsearchConnection.speaking(client, () -> {
            List<Expired> found = new ArrayList<>();
            for (Map.Entry<DocumentKind, Duration> each : new TreeMap<>(keep).entrySet()) {
                DocumentKind kind = each.getKey();
                Instant before = now.minus(each.getValue());
                if (kind.monthly()) {
                    List<String> indices = months(client, kind, before);
                    long documents = 0;
                    for (String index : indices) {
                        documents += client.count(ask -> ask.index(index)).count();
                    }
                    found.add(new Expired(kind, before, indices, documents));
                } else {
                    long documents = client.count(ask -> ask.index(kind.everyGeneration())
                                    .ignoreUnavailable(true)
                                    .allowNoIndices(true)
                                    .query(older(kind, before)))
                            .count();
                    found.add(new Expired(kind, before, List.of(), documents));
                }
            }
            return found;
        });
    }

    /**
     * Deletes it; returns when it is done. What is corrected at this moment stays for the next time.
     *
     * @return how many documents went
     * @throws UnusableElasticsearchException if Elasticsearch is unreachable or refuses, be it one document
     */
    public static long delete(ElasticsearchClient client, Expired expired) {
        return ElasticsearchConnection.speaking(client, () -> {
            if (expired.kind().monthly()) {
                if (!expired.indices().isEmpty()) {
                    client.indices().delete(delete -> delete.index(expired.indices()));
                }
                return expired.documents();
            }
            // Not by query: a bare server has no such thing.
            long deleted = 0;
            while (true) {
                List<Hit<Void>> page = client.search(
                                search -> search.index(expired.kind().everyGeneration())
                                        .ignoreUnavailable(true)
                                        .allowNoIndices(true)
                                        .size(PAGE)
                                        .source(source -> source.fetch(false))
                                        .seqNoPrimaryTerm(true)
                                        .query(older(expired.kind(), expired.before())),
                                Void.class)
                        .hits()
                        .hits();
                long gone = page.isEmpty() ? 0 : delete(client, page);
                if (gone == 0) {
                    return deleted;
                }
                deleted += gone;
            }
        });
    }

    /** Only what is as it was found: one that was corrected meanwhile is judged anew. */
    private static long delete(ElasticsearchClient client, List<Hit<Void>> page) throws IOException {
        List<BulkOperation> operations = page.stream()
                .map(hit -> BulkOperation.of(operation -> operation.delete(delete -> delete.index(hit.index())
                        .id(hit.id())
                        .ifSeqNo(hit.seqNo())
                        .ifPrimaryTerm(hit.primaryTerm()))))
                .toList();
        long deleted = 0;
        for (BulkResponseItem item : client.bulk(
                        bulk -> bulk.operations(operations).refresh(Refresh.True))
                .items()) {
            ErrorCause error = item.error();
            if (error == null) {
                deleted++;
            } else if (item.status() != CORRECTED_MEANWHILE) {
                throw new UnusableElasticsearchException("Elasticsearch at " + SupportedVersion.addressOf(client)
                        + " refuses to delete " + item.id() + " of " + item.index() + " (" + item.status() + ", "
                        + error.type() + ": " + error.reason()
                        + "); what was deleted before it is gone, repeat the command when it is mended");
            }
        }
        return deleted;
    }

    private static List<String> months(ElasticsearchClient client, DocumentKind kind, Instant before)
            throws IOException {
        return Month.of(client, kind).stream()
                .filter(month -> !month.end().isAfter(before))
                .map(Month::index)
                .toList();
    }

    private static Query older(DocumentKind kind, Instant before) {
        Query old = Query.of(query -> query.range(
                range -> range.untyped(field -> field.field(TIMES.get(kind)).lt(JsonData.of(before.toString())))));
        return kind == DocumentKind.ALERTS
                ? Query.of(query -> query.bool(both -> both.filter(old)
                        .filter(over -> over.terms(terms -> terms.field("status")
                                .terms(values -> values.value(
                                        OVER.stream().map(FieldValue::of).toList()))))))
                : old;
    }
}
