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
import org.jspecify.annotations.Nullable;

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
            DocumentKind.RULE_ERRORS, "last_at",
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
     * @param policy the lifecycle policy that somebody put the indices under, by which alone they go; null: none but this
     *     program's own
     */
    public record Expired(
            DocumentKind kind, Instant before, List<String> indices, long documents, @Nullable String policy) {}

    /**
     * What is older than it is to be kept. Months are told apart by the policy they are under, those of somebody else's last.
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
                    found.addAll(months(client, kind, before));
                } else {
                    long documents = client.count(ask -> ask.index(kind.everyGeneration())
                                    .ignoreUnavailable(true)
                                    .allowNoIndices(true)
                                    .query(older(kind, before)))
                            .count();
                    found.add(new Expired(kind, before, List.of(), documents, null));
                }
            }
            return found;
        });
    }

    /**
     * Deletes it; returns when it is done. What is corrected at this moment stays for the next time.
     *
     * @return how many documents went
     * @throws IllegalArgumentException if it is under a policy of somebody else's
     * @throws UnusableElasticsearchException if Elasticsearch is unreachable or refuses, be it one document
     */
    public static long delete(ElasticsearchClient client, Expired expired) {
        if (expired.policy() != null) {
            throw new IllegalArgumentException(
                    expired.indices() + " are under policy " + expired.policy() + ", which alone deletes them");
        }
        return ElasticsearchConnection.speaking(client, () -> {
            if (expired.kind().monthly()) {
                if (!expired.indices().isEmpty()) {
                    client.indices()
                            .delete(delete -> delete.index(expired.indices()).ignoreUnavailable(true));
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

    private static List<Expired> months(ElasticsearchClient client, DocumentKind kind, Instant before)
            throws IOException {
        List<String> own = new ArrayList<>();
        Map<String, List<String>> ofOthers = new TreeMap<>();
        for (Month month : Month.of(client, kind)) {
            String policy = month.policy();
            if (month.end().isAfter(before)) {
                continue;
            }
            if (policy == null || policy.equals(Lifecycle.POLICY)) {
                own.add(month.index());
            } else {
                ofOthers.computeIfAbsent(policy, none -> new ArrayList<>()).add(month.index());
            }
        }
        List<Expired> months = new ArrayList<>();
        months.add(new Expired(kind, before, own, count(client, own), null));
        for (Map.Entry<String, List<String>> others : ofOthers.entrySet()) {
            months.add(new Expired(kind, before, others.getValue(), count(client, others.getValue()), others.getKey()));
        }
        return months;
    }

    private static long count(ElasticsearchClient client, List<String> indices) throws IOException {
        long documents = 0;
        for (String index : indices) {
            // It may have gone since they were listed.
            documents += client.count(
                            ask -> ask.index(index).ignoreUnavailable(true).allowNoIndices(true))
                    .count();
        }
        return documents;
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
