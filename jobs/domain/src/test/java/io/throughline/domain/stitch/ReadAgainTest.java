package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.Arrival;
import io.throughline.domain.ingest.DeduplicateRule;
import io.throughline.domain.ingest.Deduplicated;
import io.throughline.domain.ingest.Fate;
import io.throughline.domain.ingest.Winner;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A record whose id de-duplication has forgotten, read again although it is late. */
class ReadAgainTest {

    private static final StitchConfig CONFIG = StitchConfig.DEFAULTS;
    private static final long DAY = 24 * 60 * 60_000L;
    private static final long NOON = 1_768_305_600_000L;
    private static final Identifier EMAIL = new Identifier("email", "ada");
    private static final Identifier COOKIE = new Identifier("cookie", "k-1");
    private static final Identifier NUMBER = new Identifier("customer_number", "7");

    private final Pipeline pipeline = new Pipeline();

    @Test
    void whatCountsAlreadyIsADuplicateAndCountsOnce() {
        pipeline.read(sent("t-1", NOON, NOON), "p0");
        pipeline.forgetIds(NOON + 9 * DAY);
        pipeline.read(sent("t-1", NOON, NOON + 9 * DAY), "p1");

        assertThat(pipeline.counts("t-1")).isEqualTo(Map.of(CustomerIds.of(EMAIL), 1));
        assertThat(pipeline.fates).isEqualTo(Map.of("p0 PROCESSED", 1, "p1 DUPLICATE", 1));
    }

    @Test
    void ofTwoLateCopiesOneCounts() {
        Touchpoint late = sent("t-1", NOON, NOON + 9 * DAY);
        pipeline.forgetIds(NOON + 9 * DAY);
        pipeline.read(late, "p0");
        pipeline.forgetIds(NOON + 9 * DAY);
        pipeline.read(late, "p1");

        assertThat(pipeline.counts("t-1")).isEqualTo(Map.of(CustomerIds.of(EMAIL), 1));
        assertThat(pipeline.fates).isEqualTo(Map.of("p0 PROCESSED", 1, "p1 DUPLICATE", 1));
    }

    @Test
    void itMovesAndIsErasedAsOne() {
        pipeline.read(sent("t-1", NOON, NOON), "p0");
        pipeline.forgetIds(NOON + 9 * DAY);
        pipeline.read(sent("t-1", NOON, NOON + 9 * DAY), "p0");

        pipeline.read(
                Touchpoint.of("t-2", NOON + 9 * DAY, "web", "page_view")
                        .identifiers(List.of(NUMBER, EMAIL))
                        .build(),
                "p0");
        assertThat(pipeline.counts("t-1")).isEqualTo(Map.of(CustomerIds.of(NUMBER), 1));

        pipeline.erase(EMAIL, NOON);
        assertThat(pipeline.counts("t-1")).isEmpty();
        assertThat(pipeline.fates).isEqualTo(Map.of("p0 PROCESSED", 1, "p0 DUPLICATE", 1, "p0 ERASED", 1));
    }

    @Test
    void oneThatReplacedAnotherStaysWhateverIsReadAgainAndReplacedAgain() {
        Touchpoint worse = sent("t-1", NOON, NOON + 2);
        Touchpoint counts = sent("t-1", NOON, NOON + 1);
        pipeline.read(worse, "p0");
        pipeline.read(counts, "p0");
        pipeline.forgetIds(NOON + 9 * DAY);
        pipeline.read(worse, "p1");
        pipeline.read(counts, "p1");
        pipeline.read(sent("t-1", NOON, NOON), "p1");

        assertThat(pipeline.counts("t-1")).isEqualTo(Map.of(CustomerIds.of(EMAIL), 1));
        assertThat(pipeline.total(Fate.PROCESSED)).isEqualTo(1);
        assertThat(pipeline.total(Fate.DUPLICATE)).isEqualTo(4);
    }

    /** Between two watermarks de-duplication still knows the copy that stitching left out, and replaces it. */
    @Test
    void whatCountsStaysWhereABetterCopyReplacesTheOneLeftOut() {
        pipeline.read(sent("t-1", NOON, NOON + 5), "p0");
        pipeline.forgetIds(NOON + 9 * DAY);
        pipeline.read(sent("t-1", NOON, NOON + 4), "p0");
        pipeline.read(sent("t-1", NOON, NOON + 3), "p0");

        assertThat(pipeline.counts("t-1")).isEqualTo(Map.of(CustomerIds.of(EMAIL), 1));
        assertThat(pipeline.fates).isEqualTo(Map.of("p0 PROCESSED", 1, "p0 DUPLICATE", 2));
    }

    private static Touchpoint sent(String id, long time, long received) {
        return Touchpoint.of(id, time, "web", "page_view")
                .receivedTime(received)
                .identifiers(List.of(EMAIL, COOKIE))
                .build();
    }

    /** De-duplication and the nodes behind it; messages come in the order in which they were sent. */
    private static final class Pipeline {
        /** By where they were read and what became of them. */
        final Map<String, Integer> fates = new TreeMap<>();

        private final DeduplicateRule deduplicate = new DeduplicateRule(7 * DAY);
        private final NodeRule rule = new NodeRule(CONFIG);
        private final Map<String, Winner> winners = new HashMap<>();
        private final Map<Hash128, NodeState> states = new HashMap<>();
        private final Map<String, Map<String, Integer>> byCustomer = new HashMap<>();
        private final Map<String, Integer> bySequence = new HashMap<>();
        private final ArrayDeque<StitchMessage> underWay = new ArrayDeque<>();

        void read(Touchpoint touchpoint, String source) {
            String id = touchpoint.touchpointId();
            Step<Winner, Deduplicated> step = deduplicate.on(winners.get(id), new Arrival(touchpoint, source), 0);
            remember(id, step.state());
            for (Deduplicated each : step.out()) {
                if (each instanceof Deduplicated.Counted counted) {
                    count(counted.source(), counted.fate(), counted.delta());
                } else if (each instanceof Deduplicated.Changed changed) {
                    take(
                            NodeRule.homeOf(changed.change().touchpoint(), CONFIG),
                            new StitchInput.Touched(changed.change()));
                    settle();
                }
            }
        }

        void forgetIds(long watermark) {
            for (String id : List.copyOf(winners.keySet())) {
                remember(id, deduplicate.wake(winners.get(id), watermark).state());
            }
            assertThat(winners).as("nothing is on time any more").isEmpty();
        }

        void erase(Identifier identifier, long until) {
            underWay.add(new StitchMessage.Erased(identifier, identifier, until));
            settle();
        }

        /** How often a touchpoint counts, by customer; of those where it counts at all. */
        Map<String, Integer> counts(String touchpointId) {
            Map<String, Integer> counts = new TreeMap<>(byCustomer.getOrDefault(touchpointId, Map.of()));
            counts.values().removeIf(n -> n == 0);
            return counts;
        }

        int total(Fate fate) {
            return fates.entrySet().stream()
                    .filter(each -> each.getKey().endsWith(" " + fate))
                    .mapToInt(Map.Entry::getValue)
                    .sum();
        }

        private void remember(String id, @Nullable Winner winner) {
            if (winner == null) {
                winners.remove(id);
            } else {
                winners.put(id, winner);
            }
        }

        private void count(String source, Fate fate, int delta) {
            fates.merge(source + " " + fate, delta, Integer::sum);
            fates.values().removeIf(n -> n == 0);
        }

        private void settle() {
            for (StitchMessage next = underWay.poll(); next != null; next = underWay.poll()) {
                take(next.to(), new StitchInput.Received(next));
            }
        }

        private void take(Hash128 node, StitchInput input) {
            Step<NodeState, StitchOutput> step = rule.on(node, states.get(node), input);
            states.put(node, step.state());
            for (StitchOutput output : step.out()) {
                if (output instanceof StitchOutput.Sent sent) {
                    underWay.add(sent.message());
                } else if (output instanceof StitchOutput.Attributed attributed) {
                    var a = attributed.attribution();
                    String id = a.touchpoint().touchpointId();
                    byCustomer.computeIfAbsent(id, k -> new HashMap<>()).merge(a.customerId(), a.sign(), Integer::sum);
                    assertThat(bySequence.merge(id + " " + a.sequence(), a.sign(), Integer::sum))
                            .as("said once under its sequence")
                            .isBetween(0, 1);
                } else if (output instanceof StitchOutput.Duplicate duplicate) {
                    count(duplicate.source(), Fate.PROCESSED, -duplicate.sign());
                    count(duplicate.source(), Fate.DUPLICATE, duplicate.sign());
                } else if (output instanceof StitchOutput.Erased gone) {
                    TouchpointChange change = gone.change();
                    count(change.source(), Fate.PROCESSED, -change.sign());
                    count(change.source(), Fate.ERASED, change.sign());
                }
            }
        }
    }
}
