package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that nodes spare each other, and that they are none that anybody needs. */
class FewMessagesTest {
    private static final long NOON = 1_768_305_600_000L;

    private final NodeRule rule = new NodeRule(StitchConfig.DEFAULTS);
    private final Map<Hash128, NodeState> nodes = new HashMap<>();
    private final Queue<StitchMessage> underWay = new ArrayDeque<>();
    private final Map<String, String> owners = new HashMap<>();
    private int messages;
    private int touchpoints;

    /** Announced and answered, and that is all: whoever is new need not become the root for being the smallest. */
    @ParameterizedTest
    @ValueSource(strings = {"phone", "device_id"})
    void whoeverIsNewCostsTwoMessages(String type) {
        int smallest = 0;
        for (int customer = 0; customer < 100; customer++) {
            Identifier number = new Identifier("customer_number", "" + customer);
            Identifier email = new Identifier("email", "" + customer);
            Identifier added = new Identifier(type, "" + customer);
            touch(number, email);
            int before = messages;
            touch(number, added);
            assertThat(messages - before).as("%s", added).isEqualTo(2);
            assertThat(touch(added)).isEqualTo(CustomerIds.of(number));
            smallest +=
                    added.hash().compareTo(number.hash()) < 0 && added.hash().compareTo(email.hash()) < 0 ? 1 : 0;
        }
        assertThat(smallest).isBetween(15, 60);
    }

    /** As after a message of a build before: a node that points at a larger one is pointed at by that one. */
    @Test
    void noMessageGoesRoundInACircle() {
        int circles = 0;
        for (int customer = 0; customer < 100; customer++) {
            Identifier number = new Identifier("customer_number", "" + customer);
            Identifier email = new Identifier("email", "" + customer);
            Identifier added = new Identifier("phone", "" + customer);
            touch(number, email);
            touch(number, added);
            Hash128 root = root(number);
            if (!root.equals(added.hash()) && root.compareTo(added.hash()) > 0) {
                circles++;
                deliver(new StitchMessage.Union(Layer.PERSONS, root, added.hash()));
                assertThat(root(number)).isEqualTo(added.hash());
            }
            Identifier last = new Identifier("loyalty_id", "" + customer);
            touch(email, last);
            touch(added, last);
            assertThat(List.of(root(number), root(email), root(added))).containsOnly(root(last));
            assertThat(touch(last)).isEqualTo(CustomerIds.of(number));
        }
        assertThat(circles).isGreaterThan(10);
    }

    @Test
    void oneTurnSaysToANodeAtOnceWhatItHasToSay() {
        Random random = new Random(5);
        NodeRule dense = new NodeRule(RandomPeople.CONFIG);
        Map<Hash128, NodeState> states = new HashMap<>();
        int several = 0;
        for (Touchpoint touchpoint : RandomPeople.touchpoints(random, 400, 4)) {
            Queue<StitchMessage> way = new ArrayDeque<>();
            Hash128 at = NodeRule.homeOf(touchpoint, RandomPeople.CONFIG);
            StitchInput input = new StitchInput.Touched(new TouchpointChange(touchpoint, +1, 1, ""));
            while (true) {
                var step = dense.on(at, states.get(at), input);
                states.put(at, step.state());
                Set<Hash128> told = new HashSet<>();
                for (StitchOutput output : step.out()) {
                    if (output instanceof StitchOutput.Sent sent) {
                        way.add(sent.message());
                        if (sent.message() instanceof StitchMessage.Several all) {
                            several++;
                            assertThat(all.all()).hasSizeBetween(2, 8).allMatch(one -> one.to()
                                    .equals(all.to()));
                        }
                        if (step.out().size() < 8 && !(sent.message() instanceof StitchMessage.Host)) {
                            assertThat(told.add(sent.message().to()))
                                    .as("%s", step.out())
                                    .isTrue();
                        }
                    }
                }
                StitchMessage next = way.poll();
                if (next == null) {
                    break;
                }
                at = next.to();
                input = new StitchInput.Received(next);
            }
        }
        assertThat(several).isGreaterThan(50);
    }

    private Hash128 root(Identifier identifier) {
        Hash128 at = identifier.hash();
        List<Hash128> way = new ArrayList<>();
        while (true) {
            assertThat(way).doesNotContain(at);
            way.add(at);
            NodeState state = nodes.get(at);
            Hash128 parent = state == null ? null : state.persons.parent;
            if (parent == null) {
                return at;
            }
            at = parent;
        }
    }

    /** @return whose it is once everything has come to rest */
    private String touch(Identifier... identifiers) {
        Touchpoint touchpoint = Touchpoint.of("t-" + touchpoints, NOON + touchpoints, "web", "page_view")
                .identifiers(List.of(identifiers))
                .build();
        touchpoints++;
        take(
                NodeRule.homeOf(touchpoint, StitchConfig.DEFAULTS),
                new StitchInput.Touched(new TouchpointChange(touchpoint, +1, 1, "")));
        settle();
        return owners.getOrDefault(touchpoint.touchpointId(), "nobody's");
    }

    private void deliver(StitchMessage message) {
        take(message.to(), new StitchInput.Received(message));
        settle();
    }

    private void settle() {
        int steps = 0;
        for (StitchMessage next = underWay.poll(); next != null; next = underWay.poll()) {
            assertThat(steps++).as("messages come to rest").isLessThan(1_000);
            take(next.to(), new StitchInput.Received(next));
        }
    }

    private void take(Hash128 self, StitchInput input) {
        var step = rule.on(self, nodes.get(self), input);
        nodes.put(self, step.state());
        for (StitchOutput output : step.out()) {
            if (output instanceof StitchOutput.Sent sent) {
                messages++;
                underWay.add(sent.message());
            } else if (output instanceof StitchOutput.Attributed attributed) {
                Attribution a = attributed.attribution();
                if (a.sign() > 0) {
                    owners.put(a.touchpoint().touchpointId(), a.customerId());
                }
            }
        }
    }
}
