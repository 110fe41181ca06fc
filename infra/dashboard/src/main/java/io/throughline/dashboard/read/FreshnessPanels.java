package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How new the newest touchpoint and the newest metric are. */
final class FreshnessPanels {

    private FreshnessPanels() {}

    private static final Pattern GENERATION = Pattern.compile("-g(\\d+)(-|$)");

    /** @param generation which generation of indices is read; null while there is no touchpoint in it */
    record NewestTouchpoint(
            long touchpoints,
            @Nullable Instant eventTime,
            @Nullable Instant receivedTime,
            @Nullable Integer generation) {}

    static Panel<NewestTouchpoint> touchpoints() {
        return new Panel<>() {
            @Override
            public RequestItem search() {
                return Searches.search(Alias.TOUCHPOINTS, body -> body.size(0)
                        .trackTotalHits(total -> total.enabled(true))
                        .aggregations("event_time", newest -> newest.max(max -> max.field("event_time")))
                        .aggregations("received_time", newest -> newest.max(max -> max.field("received_time")))
                        .aggregations(
                                "index",
                                of -> of.terms(index -> index.field("_index").size(1))));
            }

            @Override
            public NewestTouchpoint read(ResponseBody<ObjectNode> answer) {
                return new NewestTouchpoint(
                        Searches.total(answer),
                        Searches.newest(answer, "event_time"),
                        Searches.newest(answer, "received_time"),
                        generation(answer));
            }
        };
    }

    private static @Nullable Integer generation(ResponseBody<ObjectNode> answer) {
        for (String index : Searches.counts(answer.aggregations(), "index").keySet()) {
            Matcher generation = GENERATION.matcher(index);
            if (generation.find()) {
                return Integer.valueOf(generation.group(1));
            }
        }
        return null;
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
