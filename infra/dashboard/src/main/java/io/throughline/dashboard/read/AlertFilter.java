package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which alerts somebody asks for. The status is apart, since the inbox counts by it.
 *
 * @param status {@code waiting}, {@code all} that were raised, or a status as in the document
 * @param period opened within; null: whenever
 */
public record AlertFilter(
        String status,
        @Nullable Period period,
        @Nullable String severity,
        @Nullable String ruleId,
        @Nullable String channel,
        @Nullable String expectation,
        @Nullable String customerId,
        @Nullable String assignee) {

    Query query() {
        BoolQuery.Builder query = new BoolQuery.Builder();
        if (period != null) {
            query.filter(period.over("opened_at"));
        }
        Searches.also(query, "severity", severity);
        Searches.also(query, "rule_id", ruleId);
        Searches.also(query, "expectation", expectation);
        Searches.also(query, "customer_id", customerId);
        Searches.also(query, "assignee", assignee);
        if (channel != null) {
            query.filter(AlertsPanel.touches(channel));
        }
        return Query.of(all -> all.bool(query.build()));
    }

    /** Applied after counting by status. */
    Query statusQuery() {
        return switch (status) {
            case "waiting" -> Searches.anyOf("status", AlertsPanel.ACTIVE);
            case "all" ->
                Query.of(query -> query.bool(all -> all.mustNot(Searches.term("status", AlertsPanel.ON_TRIAL))));
            default -> Searches.anyOf("status", List.of(status));
        };
    }
}
