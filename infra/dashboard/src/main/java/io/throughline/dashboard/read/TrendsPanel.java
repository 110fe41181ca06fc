package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The history of the metrics the page draws. */
final class TrendsPanel implements Panel<Trends> {

    /** What the page draws a trend of. */
    static final List<String> METRICS = List.of(
            "nps",
            "csat",
            "csat_mean",
            "ces",
            "wait_p50",
            "wait_p90",
            "wait_p95",
            "handle_p50",
            "handle_p90",
            "abandonment_rate",
            "service_level",
            "repeat_contact_rate",
            "fcr_gross",
            "fcr_net",
            "fcr_behavioural",
            "channel_switches_mean",
            "first_response_p50",
            "containment_rate",
            "failed_self_service_rate",
            "promise_kept_rate",
            "complaint_rate",
            "touchpoints",
            "customers",
            "sessions",
            "expectation_speed_flexibility",
            "expectation_reliability_transparency",
            "expectation_interaction_attention",
            "expectation_dissatisfaction_closure");

    /** Elasticsearch's own limit for one page; 28 metrics x 336 slots fit. Newest first, so that a cut loses the oldest. */
    private static final int POINTS = 10_000;

    private final View view;
    private final Instant newest;

    TrendsPanel(View view, Instant newest) {
        this.view = view;
        this.newest = newest;
    }

    @Override
    public RequestItem search() {
        Query shown = Query.of(query -> query.terms(terms -> terms.field("metric_id")
                .terms(values ->
                        values.value(METRICS.stream().map(FieldValue::of).toList()))));
        return Searches.search(Alias.METRICS, body -> body.size(POINTS)
                .query(query -> query.bool(MetricsPanel.series(view)
                        .filter(shown)
                        .filter(Searches.within(
                                "as_of", newest.minus(view.window().trend()), newest))
                        .build()))
                .source(source -> source.filter(filter -> filter.includes(
                        "metric_id", "as_of", "value", "n", "ci_low", "ci_high", "complete", "dimensions")))
                .sort(Searches.newestFirst("as_of")));
    }

    @Override
    public Trends read(ResponseBody<ObjectNode> answer) {
        Map<String, List<Trends.Point>> trends = new TreeMap<>();
        for (ObjectNode document : Searches.documents(answer)) {
            Instant asOf = Searches.instant(document, "as_of");
            Double value = Searches.optionalNumber(document, "value");
            if (asOf != null && value != null && MetricsPanel.isOf(view, document)) {
                trends.computeIfAbsent(MetricsPanel.seriesOf(document), series -> new ArrayList<>())
                        .add(new Trends.Point(
                                asOf,
                                value,
                                Searches.number(document, "n"),
                                Searches.optionalNumber(document, "ci_low"),
                                Searches.optionalNumber(document, "ci_high"),
                                document.path("complete").asBoolean(false)));
            }
        }
        trends.values().forEach(Collections::reverse);
        return new Trends(trends);
    }
}
