package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.FieldSort;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.mapping.FieldType;
import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.msearch.MultisearchBody;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The words all panels' searches and readings are made of. */
final class Searches {

    /** Elasticsearch gives up a search after this long; the panel then says so instead of showing half an answer. */
    private static final String TIMEOUT = "2s";

    private Searches() {}

    /** A search over one alias that answers empty while the alias does not exist. */
    static RequestItem search(String alias, UnaryOperator<MultisearchBody.Builder> body) {
        return RequestItem.of(item -> item.header(
                        header -> header.index(alias).ignoreUnavailable(true).allowNoIndices(true))
                .body(builder -> body.apply(builder.timeout(TIMEOUT).trackTotalHits(total -> total.enabled(false)))));
    }

    static Query term(String field, String value) {
        return Query.of(query -> query.term(term -> term.field(field).value(value)));
    }

    static Query beginning(String keyword, String with) {
        return Query.of(query -> query.prefix(prefix -> prefix.field(keyword).value(with)));
    }

    static Query anyOf(String field, List<String> values) {
        return Query.of(query -> query.terms(terms -> terms.field(field)
                .terms(given -> given.value(values.stream().map(FieldValue::of).toList()))));
    }

    static Query moreThanNone(String field) {
        return Query.of(query ->
                query.range(range -> range.number(number -> number.field(field).gt(0.0))));
    }

    static Query exists(String field) {
        return Query.of(query -> query.exists(exists -> exists.field(field)));
    }

    static Query either(Query one, Query other) {
        return Query.of(all -> all.bool(bool -> bool.should(one).should(other).minimumShouldMatch("1")));
    }

    /** Narrows the query to the value, where one is asked for. */
    static void also(BoolQuery.Builder query, String field, @Nullable String value) {
        if (value != null) {
            query.filter(term(field, value));
        }
    }

    /** Answers that count for the channel: an answer counts where it says that it belongs. */
    static Query about(String channel) {
        Query own = Query.of(
                all -> all.bool(bool -> bool.filter(term("channel", channel)).mustNot(exists("survey.about.channel"))));
        return either(term("survey.about.channel", channel), own);
    }

    /** Instants in (after, until]; no upper bound where until is null. */
    static Query within(String field, Instant after, @Nullable Instant until) {
        return Query.of(query -> query.range(range -> range.date(date -> {
            date.field(field).gt(after.toString());
            return until == null ? date : date.lte(until.toString());
        })));
    }

    static SortOptions newestFirst(String field) {
        return sort(field, SortOrder.Desc, FieldType.Date);
    }

    static SortOptions oldestFirst(String field) {
        return sort(field, SortOrder.Asc, FieldType.Date);
    }

    /** Breaks ties, so that equal documents come in the same order every time. */
    static SortOptions thenBy(String keyword) {
        return sort(keyword, SortOrder.Asc, FieldType.Keyword);
    }

    /** The same documents, scored by the place of a keyword among these: the first highest, any other 0. */
    static Query scoredBy(Query query, String keyword, List<String> first) {
        return Query.of(all -> all.bool(bool -> {
            bool.filter(query).minimumShouldMatch("0");
            for (int i = 0; i < first.size(); i++) {
                Query named = term(keyword, first.get(i));
                float score = first.size() - i;
                bool.should(should ->
                        should.constantScore(constant -> constant.filter(named).boost(score)));
            }
            return bool;
        }));
    }

    static SortOptions highestScoreFirst() {
        return SortOptions.of(options -> options.score(score -> score.order(SortOrder.Desc)));
    }

    static SortOptions sort(String field, SortOrder order, FieldType type) {
        FieldSort sort = FieldSort.of(by -> by.field(field).order(order).unmappedType(type));
        return SortOptions.of(options -> options.field(sort));
    }

    static List<ObjectNode> documents(ResponseBody<ObjectNode> answer) {
        List<ObjectNode> documents = new ArrayList<>();
        answer.hits().hits().forEach(hit -> {
            ObjectNode source = hit.source();
            if (source != null) {
                documents.add(source);
            }
        });
        return documents;
    }

    static long total(ResponseBody<ObjectNode> answer) {
        var total = answer.hits().total();
        return total == null ? 0 : total.value();
    }

    /** How many documents have each value, most first; empty where the aggregation found nothing. */
    static Map<String, Long> counts(Map<String, Aggregate> aggregations, String aggregation) {
        Map<String, Long> counts = new LinkedHashMap<>();
        var found = aggregations.get(aggregation);
        if (found != null && found.isSterms()) {
            found.sterms()
                    .buckets()
                    .array()
                    .forEach(bucket -> counts.put(bucket.key().stringValue(), bucket.docCount()));
        }
        return counts;
    }

    /** Newest instant a max aggregation found; null where no document has the field. */
    static @Nullable Instant newest(ResponseBody<ObjectNode> answer, String aggregation) {
        var found = answer.aggregations().get(aggregation);
        if (found == null || !found.isMax()) {
            return null;
        }
        return instant(found.max().value());
    }

    /** Oldest instant a min aggregation found; null where no document has the field. */
    static @Nullable Instant oldest(ResponseBody<ObjectNode> answer, String aggregation) {
        var found = answer.aggregations().get(aggregation);
        return found == null || !found.isMin() ? null : instant(found.min().value());
    }

    private static @Nullable Instant instant(double millis) {
        return Double.isFinite(millis) && millis > 0 ? Instant.ofEpochMilli((long) millis) : null;
    }

    static String text(JsonNode document, String field) {
        return document.path(field).asText("");
    }

    static @Nullable String optionalText(JsonNode document, String field) {
        JsonNode value = document.path(field);
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }

    static long number(JsonNode document, String field) {
        return document.path(field).asLong(0);
    }

    static @Nullable Double optionalNumber(JsonNode document, String field) {
        JsonNode value = document.path(field);
        return value.isNumber() ? value.doubleValue() : null;
    }

    /** ISO-8601 text or epoch milliseconds; null where it is neither. */
    static @Nullable Instant instant(JsonNode document, String field) {
        JsonNode value = document.path(field);
        if (value.isNumber()) {
            return Instant.ofEpochMilli(value.longValue());
        }
        try {
            return value.isTextual() ? Instant.parse(value.textValue()) : null;
        } catch (DateTimeException notAnInstant) {
            return null;
        }
    }

    static List<String> texts(JsonNode document, String field) {
        List<String> texts = new ArrayList<>();
        document.path(field).forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
