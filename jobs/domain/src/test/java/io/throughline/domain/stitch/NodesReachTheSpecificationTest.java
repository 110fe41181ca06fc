package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever order messages take between nodes, the nodes end where the specification says. */
class NodesReachTheSpecificationTest {

    private static final StitchConfig CONFIG = RandomPeople.CONFIG;

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 12, 30})
    void inAnyOrderOfTouchpointsAndMessages(int size) {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed * 31L + size);
            List<Touchpoint> touchpoints = RandomPeople.touchpoints(random, size);
            Network network = new Network(random);
            List<Touchpoint> shuffled = new ArrayList<>(touchpoints);
            java.util.Collections.shuffle(shuffled, random);
            for (Touchpoint touchpoint : shuffled) {
                network.touch(new TouchpointChange(touchpoint, +1, 1));
                network.deliverSome();
            }
            network.deliverAll();
            assertThat(network.owners())
                    .as("seed %d: %s", seed, touchpoints)
                    .isEqualTo(new TreeMap<>(Customers.of(touchpoints, List.of(), CONFIG)));
        }
    }

    @Test
    void whenBetterDuplicatesReplaceTouchpoints() {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            List<Touchpoint> losers = RandomPeople.touchpoints(random, 12);
            List<Touchpoint> winners = new ArrayList<>(RandomPeople.touchpoints(random, 6));
            Network network = new Network(random);
            for (Touchpoint touchpoint : losers) {
                network.touch(new TouchpointChange(touchpoint, +1, 1));
                network.deliverSome();
            }
            Map<String, Touchpoint> surviving = new HashMap<>();
            losers.forEach(t -> surviving.put(t.touchpointId(), t));
            for (Touchpoint winner : winners) {
                Touchpoint loser = surviving.put(winner.touchpointId(), winner);
                if (winner.equals(loser)) {
                    continue;
                }
                network.touch(new TouchpointChange(loser, -1, 1));
                network.touch(new TouchpointChange(winner, +1, 2));
                network.deliverSome();
            }
            network.deliverAll();
            assertThat(network.owners())
                    .as("seed %d", seed)
                    .isEqualTo(new TreeMap<>(Customers.of(surviving.values(), List.of(), CONFIG)));
        }
    }

    /** Nodes and the messages between them, delivered in random order. */
    private static final class Network {
        private final Random random;
        private final NodeRule rule = new NodeRule(CONFIG);
        private final Map<Hash128, NodeState> states = new HashMap<>();
        private final List<InFlight> inFlight = new ArrayList<>();
        private final Map<String, Map<String, Integer>> counts = new TreeMap<>();

        private record InFlight(Hash128 from, StitchMessage message) {}

        Network(Random random) {
            this.random = random;
        }

        void touch(TouchpointChange change) {
            apply(NodeRule.homeOf(change.touchpoint(), CONFIG), new StitchInput.Touched(change));
        }

        void deliverSome() {
            int some = random.nextInt(4);
            for (int i = 0; i < some && !inFlight.isEmpty(); i++) {
                deliverOne();
            }
        }

        void deliverAll() {
            int steps = 0;
            while (!inFlight.isEmpty()) {
                deliverOne();
                assertThat(steps++).as("messages come to rest").isLessThan(1_000_000);
            }
        }

        /** The channel keeps the order of one sender's messages to one node, and may bring any of them again. */
        private void deliverOne() {
            InFlight chosen = inFlight.get(random.nextInt(inFlight.size()));
            for (int i = 0; ; i++) {
                InFlight next = inFlight.get(i);
                if (next.from().equals(chosen.from())
                        && next.message().to().equals(chosen.message().to())) {
                    inFlight.remove(i);
                    apply(next.message().to(), new StitchInput.Received(next.message()));
                    if (random.nextInt(10) == 0) {
                        apply(next.message().to(), new StitchInput.Received(next.message()));
                    }
                    return;
                }
            }
        }

        private void apply(Hash128 node, StitchInput input) {
            var step = rule.on(node, states.get(node), input);
            states.put(node, step.state());
            for (StitchOutput output : step.out()) {
                if (output instanceof StitchOutput.Sent sent) {
                    inFlight.add(new InFlight(node, sent.message()));
                } else if (output instanceof StitchOutput.Attributed attributed) {
                    Attribution a = attributed.attribution();
                    counts.computeIfAbsent(a.touchpoint().touchpointId(), k -> new TreeMap<>())
                            .merge(a.customerId(), a.sign(), Integer::sum);
                }
            }
        }

        Map<String, String> owners() {
            Map<String, String> result = new TreeMap<>();
            counts.forEach((touchpointId, customers) -> {
                customers.values().removeIf(n -> n == 0);
                assertThat(customers).as(touchpointId).hasSize(1).containsValue(1);
                result.put(touchpointId, customers.keySet().iterator().next());
            });
            return result;
        }
    }
}
