package io.throughline.pipeline.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stitch.Assignment;
import io.throughline.domain.stitch.Holding;
import io.throughline.domain.stitch.Hosts;
import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.NodeState.HostKey;
import io.throughline.domain.stitch.NodeState.Hosted;
import io.throughline.domain.stitch.Stated;
import io.throughline.domain.stitch.StitchInput;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.stitch.StitchOutput;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.CompactInput;
import io.throughline.pipeline.kit.CompactOutput;
import io.throughline.pipeline.kit.LayoutBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that was packed between two of its turns goes on as if it had not been. */
class KeptNodeTest {

    private static final Identifier EMAIL = new Identifier("email", "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    private static final Identifier DEVICE = new Identifier("device_id", "123e4567-e89b-12d3-a456-426614174000");

    @Test
    void nodesPackedAfterEveryTurnReachTheSpecification() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            RandomHistory history = new RandomHistory(random);
            Nodes nodes = new Nodes(random);
            for (Map.Entry<Hash128, StitchInput> input : history.inputs()) {
                nodes.take(input.getKey(), input.getValue());
                nodes.deliver(random.nextInt(4));
            }
            nodes.deliver(Integer.MAX_VALUE);
            assertThat(nodes.owners()).as("seed %d", seed).isEqualTo(history.customers());
        }
    }

    @Test
    void aTouchpointThatSaysEverythingIsKeptWhole() {
        Touchpoint touchpoint = Touchpoint.of("t-1", 1_700_000_000_000L, "web", "survey_response")
                .receivedTime(1_700_000_000_900L)
                .sentTime(1_699_999_999_000L)
                .outbound(true)
                .actor("agent")
                .identifiers(List.of(EMAIL, DEVICE))
                .touchpoint("checkout")
                .stage("support")
                .topic("delivery")
                .caseId("case-7")
                .location("Berlin")
                .brand("north")
                .product("tariff")
                .segment("gold")
                .outcome("resolved")
                .waitMs(12L)
                .handleMs(13L)
                .value(new Money(-9_990_000, "EUR"))
                .survey(new Survey(
                        "csat", 1, 5, true, 4.5, "very nïce", new Survey.About("t-0", "call", "hotline", "case-6")))
                .sentiment(-0.25)
                .experiments(Map.of("header", "b", "footer", "a"))
                .captureMethod("online")
                .properties(Map.of("page", "/cart", "k", ""))
                .build();
        NodeState state = new NodeState();
        state.identifier = EMAIL;
        state.hosted.put(new HostKey("t-1", EMAIL.hash()), new Hosted(touchpoint, false, 0, true, 1 << 28));
        Hosted kept = packed(state, EMAIL.hash()).hosted.values().iterator().next();
        assertThat(kept.touchpoint).isEqualTo(touchpoint);
    }

    @Test
    void whatIsStatedOfMembersAndOfOthersComesBack() {
        Assignment joined = new Assignment(Assignment.Kind.JOINED, "c-0123456789abcdef01234567", null);
        Holding holding = new Holding();
        holding.assigned = Map.of(EMAIL, joined, DEVICE, joined);
        holding.stated = Stated.nothing(2);
        holding.stated.put(EMAIL, new Hash128(1, 2));
        holding.stated.put(DEVICE, Holding.absorbedInto(joined.customerId()));
        holding.stated.put(joined.customerId(), new Hash128(3, 4));
        NodeState state = new NodeState();
        state.identifier = EMAIL;
        state.persons.hold(holding);

        Stated stated = packed(state, EMAIL.hash()).persons.holding().stated;

        assertThat(stated.byMember()).isEqualTo(holding.stated.byMember());
        assertThat(stated.others()).isEqualTo(holding.stated.others());
        holding.stated = Stated.of(holding.stated.byCustomer());
        assertThat(packed(state, EMAIL.hash()).persons.holding().stated.byCustomer())
                .as("ids of members that were taken over as texts")
                .isEqualTo(stated.byCustomer());
    }

    @Test
    void whatCameSinceJoinsWhatIsStillPacked() {
        NodeState state = new NodeState();
        state.identifier = EMAIL;
        for (int i = 0; i < 10; i++) {
            Touchpoint touchpoint = Touchpoint.of("t-" + i % 7, 1_700_000_000_000L + i, "web", "page_view")
                    .identifiers(List.of(EMAIL, DEVICE))
                    .build();
            state.hosted.put(
                    new HostKey(touchpoint.touchpointId(), EMAIL.hash()),
                    new Hosted(touchpoint, false, 0, true, (long) i << 28));
            state = packed(state, EMAIL.hash());
            assertThat(state.hosted.written()).isNotNull();
        }
        assertThat(state.hosted.values())
                .extracting(hosted -> hosted.touchpoint.eventTime() - 1_700_000_000_000L)
                .as("of two with one id the newer")
                .containsExactlyInAnyOrder(7L, 8L, 9L, 3L, 4L, 5L, 6L);
    }

    @Test
    void whatIsStillPackedIsAskedForATouchpointWithoutBeingRead() {
        List<String> ids = List.of(
                "t1", "tp-1", "17", "0123456789abcdef", UUID.randomUUID().toString(), "web", "");
        NodeState state = new NodeState();
        for (String id : ids) {
            Touchpoint touchpoint = Touchpoint.of(id, 1_768_305_600_000L, "web", "login")
                    .identifiers(List.of(EMAIL))
                    .build();
            state.hosted.put(
                    new HostKey(id, EMAIL.hash()),
                    new Hosted(touchpoint, false, 0, true, Attribution.firstSequence(1)));
        }
        Hosts.Written written = packed(state, EMAIL.hash()).hosted.written();

        assertThat(ids).allMatch(written::mayHold);
        assertThat(List.of(
                        "t2",
                        "tp-2",
                        "18",
                        "fedcba9876543210",
                        UUID.randomUUID().toString()))
                .noneMatch(written::mayHold);
    }

    @Test
    void aCopyGoesOnWithWhatIsOpenAndTheOriginalStaysWhatItWas() {
        NodeState state = new NodeState();
        state.identifier = EMAIL;
        KeptNode original = new KeptNode(state);
        byte[] before = original.bytes();

        KeptNode copy = original.copy();
        assertThat(copy.open(EMAIL.hash())).isSameAs(state);
        assertThat(copy.bytes()).isEqualTo(before);
        assertThat(copy.packedSize()).isEqualTo(before.length);

        copy.open(EMAIL.hash()).identifier = DEVICE;
        assertThat(original.bytes()).isEqualTo(before);
        assertThat(copy.bytes()).isNotEqualTo(before);
        assertThat(original.open(EMAIL.hash())).isNotSameAs(state);
        assertThat(original.open(EMAIL.hash()).identifier).isEqualTo(EMAIL);
    }

    private static NodeState packed(NodeState state, Hash128 self) {
        KeptNode node = new KeptNode(state);
        node.close();
        return LayoutBytes.copy(node, NodeStateLayout.INSTANCE).open(self);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "email",
                "x",
                "007",
                "7",
                "0",
                "999999999999999999",
                "1234567890123456789",
                "-5",
                "+4930123456",
                "c-0123456789abcdef01234567",
                "t-0123456789abcdef01234567",
                "x-0123456789abcdef01234567",
                "c-0123456789ABCDEF01234567",
                "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
                "0F1e2d3c4b5a69788796a5b4c3d2e1f0",
                "123e4567-e89b-12d3-a456-426614174000",
                "123e4567-e89b-12d3-a456-42661417400-",
                "123e4567ae89b-12d3-a456-426614174000",
                "abcdef01",
                "abcdef0",
                "größer",
                "a text that is longer than a hundred and twenty bytes, which is where a text no longer says its length in"
                        + " its first byte, as this one does not"
            })
    void everyTextComesBack(String text) {
        CompactOutput out = new CompactOutput();
        out.text(text);
        CompactInput in = new CompactInput(out.toBytes(), 0);
        assertThat(in.text()).isEqualTo(text);
        assertThat(in.position()).as("everything was read").isEqualTo(out.size());
    }

    /** Nodes that are packed whenever they are at rest, and the messages between them. */
    private static final class Nodes {
        private record Sent(Hash128 from, StitchMessage message) {}

        private final Random random;
        private final NodeRule rule = new NodeRule(RandomHistory.CONFIG);
        private final Map<Hash128, KeptNode> nodes = new HashMap<>();
        private final List<Sent> underWay = new ArrayList<>();
        private final Map<String, Map<String, Integer>> counts = new TreeMap<>();

        Nodes(Random random) {
            this.random = random;
        }

        /** One sender's messages to one node keep their order. */
        void deliver(int some) {
            for (int i = 0; i < some && !underWay.isEmpty(); i++) {
                Sent any = underWay.get(random.nextInt(underWay.size()));
                Sent first = underWay.stream()
                        .filter(sent -> sent.from().equals(any.from())
                                && sent.message().to().equals(any.message().to()))
                        .findFirst()
                        .orElseThrow();
                underWay.remove(first);
                take(first.message().to(), new StitchInput.Received(first.message()));
            }
        }

        void take(Hash128 self, StitchInput input) {
            KeptNode kept = nodes.get(self);
            var step = rule.on(self, kept == null ? null : kept.open(self), input);
            NodeState after = step.state();
            if (after != null) {
                KeptNode node = new KeptNode(after);
                node.close();
                nodes.put(self, node);
            }
            for (StitchOutput output : step.out()) {
                if (output instanceof StitchOutput.Sent sent) {
                    underWay.add(new Sent(self, LayoutBytes.copy(sent.message(), StitchMessageLayout.INSTANCE)));
                } else if (output instanceof StitchOutput.Attributed attributed) {
                    Attribution a = attributed.attribution();
                    counts.computeIfAbsent(a.touchpoint().touchpointId(), k -> new TreeMap<>())
                            .merge(a.customerId(), a.sign(), Integer::sum);
                }
            }
        }

        Map<String, String> owners() {
            Map<String, String> owners = new TreeMap<>();
            counts.forEach((touchpoint, customers) -> {
                customers.values().removeIf(n -> n == 0);
                if (customers.isEmpty()) {
                    return;
                }
                assertThat(customers).as(touchpoint).hasSize(1).containsValue(1);
                owners.put(touchpoint, customers.keySet().iterator().next());
            });
            return owners;
        }
    }
}
