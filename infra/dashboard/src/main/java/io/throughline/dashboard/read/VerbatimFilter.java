package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Operator;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import org.jspecify.annotations.Nullable;

/**
 * Which answers in customers' own words somebody asks for.
 *
 * @param words all of these must occur; null: any verbatim
 * @param topic named by the answer
 * @param metric of answers to a question of this metric
 * @param scoreMin of answers of at least this
 * @param scoreMax of answers of at most this
 */
public record VerbatimFilter(
        Period period,
        @Nullable String words,
        @Nullable String topic,
        @Nullable String metric,
        @Nullable String channel,
        @Nullable String segment,
        @Nullable String customerId,
        @Nullable Double scoreMin,
        @Nullable Double scoreMax) {

    Query query() {
        BoolQuery.Builder query = new BoolQuery.Builder().filter(Searches.exists("survey.verbatim"));
        if (customerId == null) {
            query.filter(period.over("event_time"));
        } else {
            query.filter(Searches.term("customer_id", customerId));
        }
        if (words != null) {
            // A match query takes every sign for text; there is no syntax to inject.
            query.must(must -> must.match(
                    match -> match.field("survey.verbatim").query(words).operator(Operator.And)));
        }
        Searches.also(query, "topic", topic);
        Searches.also(query, "survey.metric", metric);
        Searches.also(query, "segment", segment);
        if (channel != null) {
            query.filter(Searches.about(channel));
        }
        if (scoreMin != null || scoreMax != null) {
            query.filter(filter -> filter.range(range -> range.number(number -> {
                number.field("survey.score");
                if (scoreMin != null) {
                    number.gte(scoreMin);
                }
                return scoreMax == null ? number : number.lte(scoreMax);
            })));
        }
        return Query.of(all -> all.bool(query.build()));
    }
}
