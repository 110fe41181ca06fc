package io.throughline.dashboard.read;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathsTest {

    private final Paths.Reading reading = new Paths.Reading(
            SessionFilter.of(new Period(Window.DAY, Instant.parse("2026-03-01T12:00:00Z")), null), Paths.By.TOUCHPOINT);

    @Test
    void sessionsWhoseStepsAreAmongTheRarestAreReadToo() {
        SearchResponse<ObjectNode> answer = SearchResponse.of(response -> response.took(1)
                .timedOut(false)
                .shards(shards -> shards.total(1).successful(1).failed(0))
                .hits(hits -> hits.hits(List.of()))
                // The first steps that came back are of 2 of the 5 sessions that have any.
                .aggregations(
                        "steps",
                        steps -> steps.sterms(terms -> terms.sumOtherDocCount(3L)
                                .buckets(buckets -> buckets.array(List.of(StringTermsBucket.of(
                                        bucket -> bucket.key("1\tcart\t").docCount(2)))))))
                .aggregations("read", read -> read.filter(filter -> filter.docCount(5))));

        Paths paths = reading.read(answer);

        assertThat(paths.read()).isEqualTo(5);
        assertThat(paths.steps()).containsExactly(new Paths.Step(0, "cart", 2, 2));
    }

    @Test
    void sessionsWithAWayOfTheKindAskedForAreRead() {
        assertThat(reading.search()
                        .body()
                        .aggregations()
                        .get("read")
                        .filter()
                        .exists()
                        .field())
                .isEqualTo("ways.touchpoint");
    }
}
