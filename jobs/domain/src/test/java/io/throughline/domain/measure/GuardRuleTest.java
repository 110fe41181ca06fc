package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardRuleTest {
    private static final long START = 1_795_392_000_000L;
    private static final int PLACES = 5;
    private static final MeasureConfig CONFIG = MeasureConfig.DEFAULTS.toBuilder()
            .maxValues(PLACES)
            .keptValues(Map.of("topic", List.of("billing")))
            .build()
            .exact();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void givesTheSameValuesAPlaceInAnyOrderAndLosesNothing(long seed) {
        Random random = new Random(seed);
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String topic = random.nextInt(10) == 0 ? "billing" : "topic " + random.nextInt(40);
            long time = START - random.nextInt(20 * 86_400_000);
            facts.add(new Fact(Family.NPS, Map.of("topic", topic), time, 1, random.nextInt(11)));
        }
        Map<String, MetricValue> first = standingAfter(facts, random);
        Collections.shuffle(facts, random);
        Map<String, MetricValue> other = standingAfter(facts, random);

        assertThat(first.keySet()).isEqualTo(other.keySet());
        first.forEach((id, value) -> {
            assertThat(other.get(id).value()).as(id).isEqualTo(value.value());
            assertThat(other.get(id).n()).as(id).isEqualTo(value.n());
        });
        Map<String, Long> ofTopics = first.values().stream()
                .filter(value ->
                        value.metricId().equals("nps") && value.window().equals("30d"))
                .collect(Collectors.toMap(value -> value.dimensions().get("topic"), MetricValue::n));
        assertThat(ofTopics).hasSize(PLACES + 2).containsKeys("billing", "(other)");
        assertThat(ofTopics.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(400);
        TreeMap<Long, String> byHash = new TreeMap<>(Long::compareUnsigned);
        facts.forEach(fact ->
                byHash.put(Places.hash(fact.dimensions()), fact.dimensions().get("topic")));
        byHash.values().remove("billing");
        assertThat(ofTopics.keySet())
                .as("those with the smallest hashes")
                .containsAll(byHash.values().stream().limit(PLACES).toList());
    }

    @Test
    void withdrawsWhatWasSaidOfASeriesThatLosesItsPlace() {
        List<String> byHash = new ArrayList<>();
        TreeMap<Long, String> topics = new TreeMap<>(Long::compareUnsigned);
        for (int i = 0; i < PLACES + 1; i++) {
            topics.put(Places.hash(Map.of("topic", "t" + i)), "t" + i);
        }
        byHash.addAll(topics.values());
        String last = byHash.get(PLACES);
        SeriesBench bench = new SeriesBench(
                        MeasureConfig.DEFAULTS.toBuilder().maxValues(PLACES).build())
                .advanceTo(START);
        bench.fold(List.of(nps(last, START - 1_000))).advanceTo(START + 5_000);
        assertThat(bench.standing()).containsKey("nps|topic=" + last + "|1h");
        byHash.subList(0, PLACES).forEach(topic -> bench.fold(List.of(nps(topic, START - 1_000))));
        bench.fold(List.of(nps(last, START - 2_000))).advanceTo(START + 10_000);

        assertThat(bench.standing()).doesNotContainKey("nps|topic=" + last + "|1h");
        assertThat(bench.standing().get("nps|topic=(other)|1h").n()).isEqualTo(2);
        assertThat(bench.published())
                .filteredOn(value -> value.seriesId().equals("nps|topic=" + last + "|1h"))
                .last()
                .satisfies(withdrawn -> {
                    assertThat(withdrawn.n()).isZero();
                    assertThat(withdrawn.revision()).isEqualTo(START + 10_000);
                });
    }

    @Test
    void leavesAloneWhatHasNothingToBound() {
        SeriesBench bench = new SeriesBench(CONFIG);
        for (int i = 0; i < 20; i++) {
            bench.fold(List.of(new Fact(Family.TRANSITIONS, Map.of("from_channel", "c" + i), START, 1, 0)));
            bench.fold(List.of(
                    new Fact(Family.PURCHASES, Map.of("currency", "EUR", "topic", "t" + i), START, 1, 1_000_000)));
        }
        bench.advanceTo(START);
        assertThat(bench.standing().values())
                .filteredOn(value -> value.metricId().equals("channel_transitions"))
                .hasSize(20 * 4);
        assertThat(bench.standing().get("revenue|currency=EUR|topic=(other)|1h").n())
                .isEqualTo(20 - PLACES);
    }

    @Test
    void whatOnlyFormulasKnowTakesNoPlaces() {
        SeriesBench bench = new SeriesBench(CONFIG);
        for (int i = 0; i < PLACES; i++) {
            bench.fold(List.of(nps("t" + i, START)));
            for (String currency : List.of("EUR", "USD", "GBP")) {
                bench.fold(List.of(new Fact(
                        Family.PURCHASES, Map.of("currency", currency, "topic", "t" + i), START, 1, 1_000_000)));
            }
        }
        bench.advanceTo(START);

        assertThat(bench.standing().values())
                .noneMatch(value -> value.dimensions().containsValue("(other)"))
                .filteredOn(value ->
                        value.metricId().equals("revenue") && value.window().equals("1h"))
                .hasSize(3 * PLACES);
    }

    @Test
    void whoHasAPlaceHasOneInEveryCurrency() {
        SeriesBench bench = new SeriesBench(CONFIG);
        for (int i = 0; i < 4 * PLACES; i++) {
            bench.fold(List.of(nps("t" + i, START)));
            for (String currency : List.of("EUR", "USD")) {
                bench.fold(List.of(new Fact(
                        Family.PURCHASES, Map.of("currency", currency, "topic", "t" + i), START, 1, 1_000_000)));
            }
        }
        bench.advanceTo(START);

        assertThat(topics(bench, "nps|", Map.of())).hasSize(PLACES + 1);
        assertThat(topics(bench, "revenue|", Map.of("currency", "EUR"))).isEqualTo(topics(bench, "nps|", Map.of()));
        assertThat(topics(bench, "revenue|", Map.of("currency", "USD"))).isEqualTo(topics(bench, "nps|", Map.of()));
    }

    private static Set<String> topics(SeriesBench bench, String series, Map<String, String> bearing) {
        return bench.standing().values().stream()
                .filter(value -> value.seriesId().startsWith(series)
                        && value.window().equals("1h")
                        && value.dimensions().entrySet().containsAll(bearing.entrySet()))
                .map(value -> value.dimensions().get("topic"))
                .collect(Collectors.toSet());
    }

    /** Half of it live, in ticks, half of it late. */
    private static Map<String, MetricValue> standingAfter(List<Fact> facts, Random random) {
        SeriesBench bench = new SeriesBench(CONFIG);
        for (Fact fact : facts) {
            bench.fold(List.of(fact));
            if (random.nextInt(20) == 0) {
                bench.advanceTo(START - 10_000);
            }
        }
        return bench.advanceTo(START).standing();
    }

    private static Fact nps(String topic, long time) {
        return new Fact(Family.NPS, Map.of("topic", topic), time, 1, 10);
    }
}
