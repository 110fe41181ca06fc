package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest value of every metric of a view. A series silent for a whole window has nothing in it and is left out. */
final class MetricsPanel implements Panel<Metrics> {

    /** Dimensions metrics are published by; a series of a view has the view's and no other. */
    static final List<String> DIMENSIONS =
            List.of("channel", "touchpoint", "stage", "topic", "segment", "location", "product", "brand", "experiment");

    private static final int METRICS = 200;

    private final View view;
    private final Instant newest;
    private final Trends trends;

    /** @param newest largest as_of of all metrics: the windows end there, which in a replay is long ago */
    MetricsPanel(View view, Instant newest, Trends trends) {
        this.view = view;
        this.newest = newest;
        this.trends = trends;
    }

    @Override
    public RequestItem search() {
        return Searches.search(Alias.METRICS, body -> body.size(METRICS)
                .query(query -> query.bool(series(view)
                        .filter(Searches.within(
                                "as_of", newest.minus(view.window().length()), newest))
                        .build()))
                .collapse(collapse -> collapse.field("series_id"))
                .sort(Searches.newestFirst("as_of")));
    }

    @Override
    public Metrics read(ResponseBody<ObjectNode> answer) {
        List<Metrics.Metric> metrics = new ArrayList<>();
        for (ObjectNode document : Searches.documents(answer)) {
            Instant asOf = Searches.instant(document, "as_of");
            Double value = Searches.optionalNumber(document, "value");
            if (asOf != null && value != null && isOf(view, document)) {
                String id = Searches.text(document, "metric_id");
                metrics.add(new Metrics.Metric(
                        id,
                        (int) Searches.number(document, "formula_version"),
                        view.window().code(),
                        value,
                        Searches.text(document, "unit"),
                        Searches.number(document, "n"),
                        Searches.optionalNumber(document, "ci_low"),
                        Searches.optionalNumber(document, "ci_high"),
                        document.path("complete").asBoolean(false),
                        Searches.text(document, "direction"),
                        asOf,
                        document.path("restated").asBoolean(false),
                        previous(id, asOf)));
            }
        }
        return new Metrics(metrics);
    }

    private Trends.@Nullable Point previous(String metricId, Instant asOf) {
        // History has one point per slot, so the point before an instant may be as old as two slots.
        return trends.at(
                metricId,
                asOf.minus(view.window().length()),
                view.window().slot().multipliedBy(2));
    }

    static BoolQuery.Builder series(View view) {
        BoolQuery.Builder series = new BoolQuery.Builder()
                .filter(Searches.term("window", view.window().code()));
        if (view.channel() != null) {
            series.filter(Searches.term("dimensions.channel", view.channel()));
        }
        for (String dimension : DIMENSIONS) {
            if (view.channel() == null || !dimension.equals("channel")) {
                series.mustNot(Searches.exists("dimensions." + dimension));
            }
        }
        return series;
    }

    static boolean isOf(View view, JsonNode document) {
        JsonNode dimensions = document.path("dimensions");
        return view.channel() == null
                ? dimensions.isEmpty()
                : dimensions.size() == 1
                        && view.channel().equals(dimensions.path("channel").asText());
    }
}
