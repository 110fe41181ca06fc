package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How new the newest touchpoint and the newest metric are. */
final class FreshnessPanels {

    private FreshnessPanels() {}

    record NewestTouchpoint(long touchpoints, @Nullable Instant eventTime, @Nullable Instant receivedTime) {}

    static Panel<NewestTouchpoint> touchpoints() {
        return new Panel<>() {
            @Override
            public RequestItem search() {
                return Searches.search(Alias.TOUCHPOINTS, body -> body.size(0)
                        .trackTotalHits(total -> total.enabled(true))
                        .aggregations("event_time", newest -> newest.max(max -> max.field("event_time")))
                        .aggregations("received_time", newest -> newest.max(max -> max.field("received_time"))));
            }

            @Override
            public NewestTouchpoint read(ResponseBody<ObjectNode> answer) {
                return new NewestTouchpoint(
                        Searches.total(answer),
                        Searches.newest(answer, "event_time"),
                        Searches.newest(answer, "received_time"));
            }
        };
    }

    static Panel<Optional<Instant>> metrics() {
        return new Panel<>() {
            @Override
            public RequestItem search() {
                return Searches.search(Alias.METRICS, body -> body.size(0)
                        .aggregations("as_of", newest -> newest.max(max -> max.field("as_of"))));
            }

            @Override
            public Optional<Instant> read(ResponseBody<ObjectNode> answer) {
                return Optional.ofNullable(Searches.newest(answer, "as_of"));
            }
        };
    }
}
