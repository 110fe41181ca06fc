package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * When the oldest figure of some series is of. History has one figure for each slot of event time, so up to an end that
 * somebody chose there may be none although there was something to measure.
 */
final class FirstKept implements Panel<Optional<Instant>> {

    private final BoolQuery series;

    private FirstKept(BoolQuery series) {
        this.series = series;
    }

    static FirstKept of(View view) {
        return new FirstKept(MetricsPanel.series(view).build());
    }

    /** Of the series by channel. */
    static FirstKept byChannel(Window window) {
        return new FirstKept(ChannelMatrix.series(window).build());
    }

    @Override
    public RequestItem search() {
        return Searches.search(Alias.METRICS, body -> body.size(0)
                .query(query -> query.bool(series))
                .aggregations("as_of", oldest -> oldest.min(min -> min.field("as_of"))));
    }

    @Override
    public Optional<Instant> read(ResponseBody<ObjectNode> answer) {
        return Optional.ofNullable(Searches.oldest(answer, "as_of"));
    }
}
