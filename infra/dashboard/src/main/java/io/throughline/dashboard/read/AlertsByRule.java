package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rule to status to alerts opened in a period. */
final class AlertsByRule implements Panel<Map<String, Map<String, Long>>> {

    private static final int RULES = 500;
    private static final int STATUSES = 20;

    private final AlertFilter filter;

    AlertsByRule(Period period, @Nullable String channel) {
        this.filter = new AlertFilter("all", period, null, null, channel, null, null, null);
    }

    @Override
    public RequestItem search() {
        return Searches.search(
                Alias.ALERTS, body -> body.size(0).query(filter.query()).aggregations("rules", rules -> rules.terms(
                                terms -> terms.field("rule_id").size(RULES))
                        .aggregations(
                                "statuses",
                                statuses -> statuses.terms(
                                        terms -> terms.field("status").size(STATUSES)))));
    }

    @Override
    public Map<String, Map<String, Long>> read(ResponseBody<ObjectNode> answer) {
        Map<String, Map<String, Long>> byRule = new LinkedHashMap<>();
        var rules = answer.aggregations().get("rules");
        if (rules != null && rules.isSterms()) {
            rules.sterms()
                    .buckets()
                    .array()
                    .forEach(rule ->
                            byRule.put(rule.key().stringValue(), Searches.counts(rule.aggregations(), "statuses")));
        }
        return byRule;
    }
}
