package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Documents as they are, a page of them, and how many there are by some of their fields.
 *
 * @param narrowed applied to what is listed and totalled, not to what is counted; null: nothing more
 * @param excluded fields left out
 * @param counted keyword fields to count by; the name of a count is its field's
 * @param countedWithin the same within {@code narrowed}
 */
record Listing(
        String alias,
        Query query,
        @Nullable Query narrowed,
        int from,
        int size,
        List<SortOptions> sort,
        List<String> excluded,
        List<String> counted,
        List<String> countedWithin)
        implements Panel<Listing.Found> {

    /** The furthest that Elasticsearch pages. */
    static final int FURTHEST = 10_000;

    private static final int VALUES = 50;
    private static final String WITHIN = "within";

    static Listing of(String alias, Query query, int from, int size, SortOptions... sort) {
        return new Listing(alias, query, null, from, size, List.of(sort), List.of(), List.of(), List.of());
    }

    Listing without(String... fields) {
        return new Listing(alias, query, narrowed, from, size, sort, List.of(fields), counted, countedWithin);
    }

    Listing countedBy(String... fields) {
        return new Listing(alias, query, narrowed, from, size, sort, excluded, List.of(fields), countedWithin);
    }

    /** @param fields counted by within what is listed */
    Listing narrowedTo(Query more, String... fields) {
        return new Listing(alias, query, more, from, size, sort, excluded, counted, List.of(fields));
    }

    /**
     * What was found.
     *
     * @param total how many match, of which {@code documents} are a page
     * @param counts field to value to documents
     */
    record Found(long total, int from, List<ObjectNode> documents, Map<String, Map<String, Long>> counts) {}

    @Override
    public RequestItem search() {
        return Searches.search(alias, body -> {
            body.query(query)
                    .from(from)
                    .size(Math.min(size, FURTHEST - from))
                    .trackTotalHits(total -> total.enabled(true))
                    .sort(sort);
            if (narrowed != null) {
                body.postFilter(narrowed);
            }
            if (!excluded.isEmpty()) {
                body.source(source -> source.filter(filter -> filter.excludes(excluded)));
            }
            counted.forEach(field -> body.aggregations(field, byValueOf(field)));
            Query within = narrowed;
            if (within != null && !countedWithin.isEmpty()) {
                Map<String, Aggregation> fields = new LinkedHashMap<>();
                countedWithin.forEach(field -> fields.put(field, byValueOf(field)));
                body.aggregations(WITHIN, narrow -> narrow.filter(within).aggregations(fields));
            }
            return body;
        });
    }

    private static Aggregation byValueOf(String field) {
        return Aggregation.of(by -> by.terms(terms -> terms.field(field).size(VALUES)));
    }

    @Override
    public Found read(ResponseBody<ObjectNode> answer) {
        Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
        counted.forEach(field -> counts.put(field, Searches.counts(answer.aggregations(), field)));
        var within = answer.aggregations().get(WITHIN);
        if (within != null && within.isFilter()) {
            countedWithin.forEach(
                    field -> counts.put(field, Searches.counts(within.filter().aggregations(), field)));
        }
        return new Found(Searches.total(answer), from, Searches.documents(answer), counts);
    }
}
