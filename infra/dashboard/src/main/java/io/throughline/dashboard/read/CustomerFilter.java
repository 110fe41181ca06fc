package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which customers somebody asks for.
 *
 * @param tier of lifetime value; {@code any}: whoever has one
 * @param standing one of {@link #standings}: how their experience stands
 */
public record CustomerFilter(
        @Nullable String channel, @Nullable String segment, @Nullable String tier, @Nullable String standing) {

    private static final String ANY_TIER = "any";
    private static final String SCORE = "experience_score";

    /** Below and from these scores, as the page of a customer says it. */
    private static final Map<String, Query> STANDINGS = Map.of(
            "at_risk",
                    Query.of(score -> score.range(
                            range -> range.number(number -> number.field(SCORE).lt(40.0)))),
            "neutral",
                    Query.of(score -> score.range(range ->
                            range.number(number -> number.field(SCORE).gte(40.0).lt(60.0)))),
            "good",
                    Query.of(score -> score.range(
                            range -> range.number(number -> number.field(SCORE).gte(60.0)))));

    public static List<String> standings() {
        return STANDINGS.keySet().stream().sorted().toList();
    }

    /** Of whom it is counted how many are of each tier and segment. */
    Query query() {
        BoolQuery.Builder query = new BoolQuery.Builder().mustNot(Searches.term("status", "absorbed"));
        Searches.also(query, "channels", channel);
        Query stands = standing == null ? null : STANDINGS.get(standing);
        if (stands != null) {
            query.filter(stands);
        }
        return Query.of(all -> all.bool(query.build()));
    }

    /** Applied after counting. */
    Query ofWhomQuery() {
        BoolQuery.Builder query = new BoolQuery.Builder();
        Searches.also(query, "segment", segment);
        if (ANY_TIER.equals(tier)) {
            query.filter(Searches.exists("value_tier"));
        } else {
            Searches.also(query, "value_tier", tier);
        }
        return Query.of(all -> all.bool(query.build()));
    }
}
