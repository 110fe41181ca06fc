package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The newest alerts of a view: those that wait for somebody, or all. */
final class AlertsPanel implements Panel<AlertsPanel.Newest> {

    private static final int NEWEST = 30;
    private static final int EVIDENCE = 50;
    /** Statuses of alerts that wait for somebody. */
    static final List<String> ACTIVE = List.of("open", "acknowledged", "assigned", "escalated", "reopened");

    /** Of what a rule on trial would have raised: nobody is to act on it, so it is shown only to who asks for it. */
    static final String ON_TRIAL = "shadow";

    private final View view;
    private final boolean activeOnly;

    AlertsPanel(View view, boolean activeOnly) {
        this.view = view;
        this.activeOnly = activeOnly;
    }

    /** @param total how many match, of which {@code alerts} are the newest */
    record Newest(long total, Map<String, Long> bySeverity, List<Alerts.Alert> alerts) {}

    @Override
    public RequestItem search() {
        BoolQuery.Builder wanted = new BoolQuery.Builder();
        if (activeOnly) {
            wanted.filter(Searches.anyOf("status", ACTIVE));
        } else {
            wanted.mustNot(Searches.term("status", ON_TRIAL));
        }
        if (view.channel() != null) {
            wanted.filter(touches(view.channel()));
        }
        return Searches.search(Alias.ALERTS, body -> body.size(NEWEST)
                .trackTotalHits(total -> total.enabled(true))
                .query(query -> query.bool(wanted.build()))
                .sort(Searches.newestFirst("opened_at"), Searches.thenBy("alert_id"))
                .aggregations(
                        "severities",
                        aggregation -> aggregation.terms(
                                terms -> terms.field("severity").size(10))));
    }

    @Override
    public Newest read(ResponseBody<ObjectNode> answer) {
        Map<String, Long> bySeverity = new LinkedHashMap<>();
        var severities = answer.aggregations().get("severities");
        if (severities != null && severities.isSterms()) {
            severities
                    .sterms()
                    .buckets()
                    .array()
                    .forEach(bucket -> bySeverity.put(bucket.key().stringValue(), bucket.docCount()));
        }
        return new Newest(
                Searches.total(answer),
                bySeverity,
                Searches.documents(answer).stream().map(AlertsPanel::alert).toList());
    }

    /** Any evidence on it, indexed as objects or as nested documents, or a metric of it. */
    static Query touches(String channel) {
        Query evidence = Searches.term("evidence.channel", channel);
        return Query.of(query -> query.bool(bool -> bool.should(evidence, Searches.term("channel", channel))
                .should(should -> should.nested(
                        nested -> nested.path("evidence").ignoreUnmapped(true).query(evidence)))
                .minimumShouldMatch("1")));
    }

    private static Alerts.Alert alert(ObjectNode document) {
        List<Alerts.Evidence> evidence = new ArrayList<>();
        JsonNode touchpoints = document.path("evidence");
        for (JsonNode touchpoint : touchpoints) {
            if (evidence.size() == EVIDENCE) {
                break;
            }
            evidence.add(new Alerts.Evidence(
                    Searches.text(touchpoint, "touchpoint_id"),
                    Searches.instant(touchpoint, "event_time"),
                    Searches.text(touchpoint, "channel"),
                    Searches.text(touchpoint, "kind"),
                    Searches.optionalText(touchpoint, "detail")));
        }
        return new Alerts.Alert(
                Searches.text(document, "alert_id"),
                Searches.text(document, "rule_id"),
                Searches.number(document, "rule_version"),
                Searches.optionalText(document, "customer_id"),
                Searches.text(document, "status"),
                Searches.text(document, "severity"),
                Searches.instant(document, "opened_at"),
                Searches.instant(document, "resolved_at"),
                Searches.text(document, "reason"),
                Searches.optionalText(document, "retracted_because"),
                Searches.optionalText(document, "expectation"),
                Searches.optionalText(document, "topic"),
                touchpoints.size(),
                evidence);
    }
}
