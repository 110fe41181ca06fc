package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of every metric by channel.
 *
 * @param cells one for each channel and series
 */
public record ChannelMatrix(List<Cell> cells) {

    /** One value; fields as in the metric document. */
    public record Cell(
            String channel,
            String metricId,
            @Nullable String scale,
            double value,
            String unit,
            long n,
            @Nullable Double ciLow,
            @Nullable Double ciHigh,
            boolean complete,
            String direction,
            Instant asOf) {}

    static BoolQuery.Builder series(Window window) {
        BoolQuery.Builder series = new BoolQuery.Builder()
                .filter(Searches.term("window", window.code()))
                .filter(Searches.exists("dimensions.channel"));
        MetricsPanel.DIMENSIONS.stream()
                .filter(dimension -> !dimension.equals("channel"))
                .forEach(dimension -> series.mustNot(Searches.exists("dimensions." + dimension)));
        return series;
    }

    /** Reads it as it stood at the end of a period. */
    static final class Reading implements Panel<ChannelMatrix> {
        private static final int CELLS = 2_000;

        private final Period period;

        Reading(Period period) {
            this.period = period;
        }

        @Override
        public RequestItem search() {
            BoolQuery.Builder series = series(period.window()).filter(period.over("as_of"));
            return Searches.search(Alias.METRICS, body -> body.size(CELLS)
                    .query(query -> query.bool(series.build()))
                    .collapse(collapse -> collapse.field("series_id"))
                    .sort(Searches.newestFirst("as_of")));
        }

        @Override
        public ChannelMatrix read(ResponseBody<ObjectNode> answer) {
            List<Cell> cells = new ArrayList<>();
            for (ObjectNode document : Searches.documents(answer)) {
                Double value = Searches.optionalNumber(document, "value");
                Instant asOf = Searches.instant(document, "as_of");
                if (value != null && asOf != null && Searches.number(document, "n") > 0) {
                    cells.add(new Cell(
                            Searches.text(document.path("dimensions"), "channel"),
                            Searches.text(document, "metric_id"),
                            Searches.optionalText(document.path("dimensions"), "scale"),
                            value,
                            Searches.text(document, "unit"),
                            Searches.number(document, "n"),
                            Searches.optionalNumber(document, "ci_low"),
                            Searches.optionalNumber(document, "ci_high"),
                            document.path("complete").asBoolean(false),
                            Searches.text(document, "direction"),
                            asOf));
                }
            }
            return new ChannelMatrix(cells);
        }
    }
}
