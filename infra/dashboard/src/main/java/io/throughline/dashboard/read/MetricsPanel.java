package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest value of every metric of a view. A series silent for a whole window has nothing in it and is left out, and so
 * is one whose newest document says that nothing is behind it any more.
 */
final class MetricsPanel implements Panel<Metrics> {

    /** Dimensions metrics are published by; a series of a view has the view's and no other. */
    static final List<String> DIMENSIONS =
            List.of("channel", "touchpoint", "stage", "topic", "segment", "location", "product", "brand", "experiment");

    /** Values of one survey scale carry it as a dimension of their own. */
    private static final String SCALE = "scale";

    /** Dimensions that only formulas know; there are too many such series to be read with a view's. */
    private static final List<String> PARTS =
            List.of("channels_used", "currency", "factor", "from_channel", "stages", "to_channel");

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
            if (asOf != null && value != null && Searches.number(document, "n") > 0 && isOf(view, document)) {
                metrics.add(metric(document, asOf, value));
            }
        }
        return new Metrics(metrics);
    }

    private Metrics.Metric metric(ObjectNode document, Instant asOf, double value) {
        String series = seriesOf(document);
        return new Metrics.Metric(
                series,
                Searches.text(document, "metric_id"),
                Searches.optionalText(document.path("dimensions"), SCALE),
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
                trends.at(
                        series,
                        newest.minus(view.window().length()),
                        view.window().length()));
    }

    static BoolQuery.Builder series(View view) {
        BoolQuery.Builder series = new BoolQuery.Builder()
                .filter(Searches.term("window", view.window().code()));
        PARTS.forEach(part -> series.mustNot(Searches.exists("dimensions." + part)));
        Map<String, String> wanted = view.dimensions();
        for (String dimension : DIMENSIONS) {
            String value = wanted.get(dimension);
            if (value == null) {
                series.mustNot(Searches.exists("dimensions." + dimension));
            } else {
                series.filter(Searches.term("dimensions." + dimension, value));
            }
        }
        return series;
    }

    static boolean isOf(View view, JsonNode document) {
        Map<String, String> dimensions = new HashMap<>();
        document.path("dimensions")
                .properties()
                .forEach(dimension ->
                        dimensions.put(dimension.getKey(), dimension.getValue().asText()));
        dimensions.remove(SCALE);
        return dimensions.equals(view.dimensions());
    }

    static String seriesOf(JsonNode document) {
        String id = Searches.text(document, "metric_id");
        String scale = Searches.optionalText(document.path("dimensions"), SCALE);
        return scale == null ? id : id + "/" + scale;
    }
}
