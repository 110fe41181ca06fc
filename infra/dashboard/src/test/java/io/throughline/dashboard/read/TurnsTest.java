package io.throughline.dashboard.read;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.elasticsearch.SessionMoves;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final Turns.Reading reading =
            new Turns.Reading(SessionFilter.of(new Period(Window.DAY, Instant.parse("2026-03-01T12:00:00Z")), null));

    @Test
    void halfOfTheChangesTookAtMostTheMedian() {
        assertThat(withinMillis(4, Map.of("30000", 1L, "60000", 2L, "120000", 1L)))
                .isEqualTo(60_000);
    }

    @Test
    void aMedianOfTheMoreFrequentLengthsOnlyIsNotSaid() {
        assertThat(withinMillis(5, Map.of("60000", 2L, "120000", 2L))).isNull();
    }

    @Test
    void everyLengthOfEveryPairThatIsCountedIsAskedFor() {
        // Every second up to the longest, so that none is missed.
        long lengths = LongStream.rangeClosed(0, 86_400 * 31L)
                .map(second -> SessionMoves.within(second * 1_000))
                .distinct()
                .count();
        Map<String, Integer> sizes = new LinkedHashMap<>();
        reading.search().body().aggregations().forEach((name, aggregation) -> {
            if (aggregation.isTerms()) {
                sizes.put(name, aggregation.terms().size());
            }
        });

        assertThat(sizes.get("within")).isEqualTo((int) (sizes.get("turns") * lengths));
    }

    private Long withinMillis(long sessions, Map<String, Long> lengths) {
        Map<String, Long> within = new LinkedHashMap<>();
        lengths.forEach((length, count) -> within.put("web\tcall\t" + length, count));
        SearchResponse<ObjectNode> answer = SearchResponse.of(response -> response.took(1)
                .timedOut(false)
                .shards(shards -> shards.total(1).successful(1).failed(0))
                .hits(hits -> hits.hits(List.of()))
                .aggregations("turns", terms(Map.of("web\tcall", sessions)))
                .aggregations("within", terms(within)));
        return reading.read(answer).turns().get(0).withinMillis();
    }

    private static Aggregate terms(Map<String, Long> counts) {
        return Aggregate.of(
                aggregate -> aggregate.sterms(terms -> terms.buckets(buckets -> buckets.array(counts.entrySet().stream()
                        .map(count -> StringTermsBucket.of(
                                bucket -> bucket.key(count.getKey()).docCount(count.getValue())))
                        .toList()))));
    }
}
