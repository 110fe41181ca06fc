package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The specification in the product says what a second one says, written from the design's text alone. */
class StitchingOracleTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 12, 30})
    void customersAreTheSame(int size) {
        for (int seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed * 37L + size);
            List<Touchpoint> touchpoints = RandomPeople.touchpoints(random, size, 2 + random.nextInt(6));
            List<Decision> decisions = RandomPeople.decisions(random, random.nextInt(4));
            assertThat(new TreeMap<>(Customers.of(touchpoints, decisions, RandomPeople.CONFIG)))
                    .as("seed %d: %s %s", seed, touchpoints, decisions)
                    .isEqualTo(oracle(touchpoints, decisions, List.of(), RandomPeople.CONFIG));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 12})
    void whoIsErasedNeverWasThere(int size) {
        int left = 0;
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed * 43L + size);
            List<Touchpoint> touchpoints = RandomPeople.touchpoints(random, size, 2 + random.nextInt(6));
            List<Decision> decisions = RandomPeople.decisions(random, random.nextInt(4));
            List<Erasure> erasures = RandomPeople.erasures(random, random.nextInt(8));
            List<Touchpoint> remaining = Erasure.remaining(touchpoints, erasures);
            left += remaining.size();
            assertThat(new TreeMap<>(Customers.of(remaining, decisions, RandomPeople.CONFIG)))
                    .as("seed %d: %s %s %s", seed, touchpoints, decisions, erasures)
                    .isEqualTo(oracle(touchpoints, decisions, erasures, RandomPeople.CONFIG));
        }
        assertThat(left).isBetween(500 * size / 4, 500 * size * 9 / 10);
    }

    /** What the oracle says, its labels written as customer ids. */
    static Map<String, String> oracle(
            Collection<Touchpoint> touchpoints,
            Collection<Decision> decisions,
            Collection<Erasure> erasures,
            StitchConfig config) {
        List<NaiveStitching.Type> types = config.types().values().stream()
                .map(t -> new NaiveStitching.Type(
                        t.name(),
                        t.priority(),
                        t.unique(),
                        t.maxPerCustomer(),
                        t.windowMs(),
                        NaiveStitching.Scope.valueOf(t.scope().name()),
                        t.maxCustomers()))
                .toList();
        List<NaiveStitching.Event> events = touchpoints.stream()
                .map(t -> new NaiveStitching.Event(
                        t.touchpointId(),
                        t.eventTime(),
                        config.gapOf(t.channel()),
                        t.kind().equals("logout"),
                        t.identifiers().stream().map(StitchingOracleTest::id).toList()))
                .toList();
        List<NaiveStitching.Word> words = decisions.stream()
                .map(d -> new NaiveStitching.Word(
                        d.verdict() == Decision.Verdict.ALWAYS, id(d.one()), id(d.other()), d.effectiveFrom()))
                .toList();
        Map<String, String> result = new TreeMap<>();
        List<NaiveStitching.Forgotten> forgotten = erasures.stream()
                .map(e -> new NaiveStitching.Forgotten(id(e.identifier()), e.until()))
                .toList();
        NaiveStitching.customers(
                        NaiveStitching.withoutForgotten(events, forgotten),
                        words,
                        new NaiveStitching.Config(types, config.maxLinks()),
                        id -> identifier(id).hash().hex())
                .forEach((touchpoint, label) -> result.put(touchpoint, customerId(label)));
        return result;
    }

    private static String customerId(String label) {
        String[] parts = label.split(":", 3);
        return parts[0].equals("t")
                ? CustomerIds.ofTouchpoint(parts[1])
                : CustomerIds.of(new Identifier(parts[1], parts[2]));
    }

    private static NaiveStitching.Id id(Identifier identifier) {
        return new NaiveStitching.Id(identifier.type(), identifier.value());
    }

    private static Identifier identifier(NaiveStitching.Id id) {
        return new Identifier(id.type(), id.value());
    }
}
