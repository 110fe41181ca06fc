package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.sessionize.StitchedTouchpoint;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How far an erasure reaches where nodes have forgotten touchpoints or neighbours, and what it leaves behind. */
class ErasuresReachTest {

    private static final long NOON = 1_768_305_600_000L;
    private static final long MINUTE = 60_000L;
    private static final long LATER = NOON + StitchConfig.DEFAULTS.reattributionHorizonMs() * 2;
    private static final StitchConfig CONFIG = StitchConfig.DEFAULTS;

    private static final Identifier EMAIL = new Identifier("email", "ada");
    private static final Identifier COOKIE = new Identifier("cookie", "k-1");

    private final Nodes nodes = new Nodes(CONFIG);

    @Test
    void aLinkIsNoEvidenceAnyMoreAlsoWhereItsTouchpointWasForgotten() {
        nodes.touch("t1", NOON, EMAIL, COOKIE);
        nodes.wakeAll(LATER);
        nodes.touch("t2", LATER, COOKIE);
        assertThat(nodes.owner("t2")).isEqualTo(CustomerIds.of(EMAIL));

        nodes.erase(COOKIE, NOON);

        assertThat(nodes.owner("t2")).as("a cookie that nobody was seen with").isEqualTo(CustomerIds.of(COOKIE));
        assertThat(nodes.erased)
                .as("what is forgotten was counted and stays so")
                .isEmpty();
    }

    @Test
    void whatTheyShareWithNobodyElseIsErasedAndWhatCameLaterIsNot() {
        nodes.touch("t1", NOON, EMAIL, COOKIE);
        nodes.touch("t2", NOON + MINUTE, COOKIE);
        nodes.touch("t3", NOON + 2 * MINUTE, EMAIL, COOKIE);

        nodes.erase(EMAIL, NOON + MINUTE);

        assertThat(nodes.erased).containsOnlyKeys("t1");
        assertThat(nodes.owner("t2")).as("by the link that is left").isEqualTo(CustomerIds.of(EMAIL));
        nodes.erase(EMAIL, NOON + 2 * MINUTE);
        assertThat(nodes.erased).containsOnlyKeys("t1", "t3");
        assertThat(nodes.owner("t2")).isEqualTo(CustomerIds.of(COOKIE));
    }

    /** Beyond a thousand neighbours a super-node announces no new one; whoever places its touchpoints tells it. */
    @Test
    void aSuperNodeThatAnnouncesNobodyAnyMoreIsToldByWhoeverItHandedTheTouchpointTo() {
        Identifier junk = new Identifier("email", "none@shop.example");
        for (int i = 0; i < 1_600; i++) {
            nodes.touch("n" + i, NOON + i, new Identifier("customer_number", "" + i), junk);
        }
        for (int i = 0; i < 100; i++) {
            nodes.touch("t" + i, NOON + i, junk, new Identifier("cookie", "k" + i));
        }

        for (int i = 0; i < 100; i++) {
            nodes.erase(new Identifier("cookie", "k" + i), LATER);
        }

        assertThat(nodes.erased).hasSize(100);
        assertThat(nodes.states.values())
                .flatExtracting(state -> state.hosted.values())
                .extracting(hosted -> hosted.touchpoint)
                .filteredOn(touchpoint -> touchpoint.touchpointId().startsWith("t"))
                .as("what is remembered of them says nothing")
                .isNotEmpty()
                .allSatisfy(touchpoint -> assertThat(touchpoint.identifiers()).isEmpty());
        for (int i = 0; i < 100; i++) {
            assertThat(nodes.counts.get("t" + i).values()).allMatch(n -> n == 0);
        }
    }

    /** A node that once kept the login intervals of a shared device is not told: it must have nothing left of them. */
    @Test
    void whoKeptTheLoginsOfADeviceThatIsSharedNoMoreKeepsNothingOfItsTouchpoints() {
        Identifier device = new Identifier("device_id", "d-1");
        Identifier second = new Identifier("customer_number", "2");
        nodes.touch("t1", NOON, device, COOKIE);
        nodes.touch("t2", NOON + MINUTE, new Identifier("customer_number", "1"), COOKIE);
        nodes.touch("t3", NOON + 2 * MINUTE, second, device);
        nodes.touch("t4", NOON + 3 * MINUTE, COOKIE);
        nodes.erase(second, LATER);

        nodes.erase(COOKIE, LATER);

        assertThat(nodes.erased).containsOnlyKeys("t1", "t2", "t3", "t4");
        assertThat(nodes.states.values())
                .flatExtracting(state -> state.hosted.values())
                .noneMatch(hosted -> hosted.touchpoint.identifiers().contains(COOKIE));
    }

    @Test
    void aSupportThatWasAnnouncedBeforeABetterOneIsTakenBackAsWell() {
        Identifier number = new Identifier("customer_number", "7");
        nodes.touch("t1", NOON + MINUTE, number, EMAIL, COOKIE);
        nodes.touch("t2", NOON, number, EMAIL, COOKIE);
        nodes.touch("t3", NOON + 2 * MINUTE, COOKIE);

        nodes.erase(number, NOON + MINUTE);

        assertThat(nodes.erased).containsOnlyKeys("t1", "t2");
        assertThat(nodes.owner("t3")).isEqualTo(CustomerIds.of(COOKIE));
    }

    @Test
    void aSuperNodeThatIsReleasedWithNothingLeftIsNoEvidenceOfWhatItOnceBroughtTogether() {
        Nodes strict = new Nodes(new StitchConfig(
                List.copyOf(CONFIG.types().values()),
                3,
                CONFIG.maxComponentLinks(),
                CONFIG.reattributionHorizonMs(),
                CONFIG.gapMs(),
                CONFIG.defaultGapMs()));
        Identifier number = new Identifier("customer_number", "7");
        Identifier loyalty = new Identifier("loyalty_id", "l");
        strict.touch("t1", NOON, number, EMAIL, COOKIE);
        strict.touch(
                "t2",
                NOON,
                loyalty,
                new Identifier("phone", "p"),
                new Identifier("social_id", "s"),
                new Identifier("messaging_id", "m"),
                COOKIE);
        strict.touch("t3", NOON + MINUTE, COOKIE);
        assertThat(strict.owner("t3")).as("of a super-node nothing is known").startsWith("t-");

        strict.erase(number, NOON);
        strict.erase(loyalty, NOON);

        assertThat(strict.owner("t3")).isEqualTo(CustomerIds.of(COOKIE));
    }

    @Test
    void anErasedTouchpointIsCountedWhereTheRecordWasReadThatStandsForIt() {
        Touchpoint touchpoint = touchpoint("t1", NOON, EMAIL, COOKIE);
        nodes.touch(new TouchpointChange(touchpoint, +1, 1, "p2"));
        nodes.touch(new TouchpointChange(touchpoint, 0, 1, "p1", "p2"));
        nodes.erase(COOKIE, NOON);
        assertThat(nodes.fates).isEqualTo(Map.of("p1", 1));

        nodes.touch(new TouchpointChange(touchpoint, 0, 1, "p0", "p1"));
        assertThat(nodes.fates).as("read again after it was erased").isEqualTo(Map.of("p0", 1));

        nodes.touch(new TouchpointChange(touchpoint, -1, 1, "p0"));
        assertThat(nodes.fates).as("a better duplicate replaced it").isEmpty();
    }

    @Test
    void theMarkIsAboveEveryAttributionOfItsGenerationAndBelowTheNext() {
        nodes.touch("t1", NOON, EMAIL, COOKIE);
        nodes.touch("t2", NOON, new Identifier("customer_number", "7"), EMAIL);
        nodes.erase(EMAIL, NOON);

        long mark = nodes.erased.get("t1");
        assertThat(nodes.highest).isLessThan(mark);
        assertThat(mark).isLessThan(Attribution.firstSequence(2));
        Touchpoint touchpoint = touchpoint("t1", NOON, EMAIL, COOKIE);
        assertThat(StitchedTouchpoint.erasedAfter(touchpoint, nodes.highest << 20))
                .as("made of what was published, it is the same")
                .isEqualTo(StitchedTouchpoint.erased(touchpoint, mark));
    }

    private static Touchpoint touchpoint(String id, long time, Identifier... identifiers) {
        return Touchpoint.of(id, time, "web", "page_view")
                .identifiers(List.of(identifiers))
                .build();
    }

    /** Nodes whose messages come in the order in which they were sent. */
    private static final class Nodes {
        final Map<String, Map<String, Integer>> counts = new HashMap<>();
        final Map<String, Long> erased = new TreeMap<>();
        final Map<String, Integer> fates = new TreeMap<>();
        long highest;

        private final StitchConfig config;
        private final NodeRule rule;
        private final Map<Hash128, NodeState> states = new HashMap<>();
        private final ArrayDeque<StitchMessage> underWay = new ArrayDeque<>();

        Nodes(StitchConfig config) {
            this.config = config;
            this.rule = new NodeRule(config);
        }

        void touch(String id, long time, Identifier... identifiers) {
            touch(new TouchpointChange(touchpoint(id, time, identifiers), +1, 1, "p0"));
        }

        void touch(TouchpointChange change) {
            take(NodeRule.homeOf(change.touchpoint(), config), new StitchInput.Touched(change));
            settle();
        }

        void erase(Identifier identifier, long until) {
            underWay.add(new StitchMessage.Erased(identifier, identifier, until));
            settle();
        }

        void wakeAll(long now) {
            for (Hash128 node : new ArrayList<>(states.keySet())) {
                states.put(node, rule.wake(node, states.get(node), now).state());
            }
        }

        String owner(String touchpointId) {
            List<String> owners = new ArrayList<>();
            counts.getOrDefault(touchpointId, Map.of()).forEach((customer, n) -> {
                if (n != 0) {
                    owners.add(customer);
                }
            });
            assertThat(owners).hasSize(1);
            return owners.get(0);
        }

        private void settle() {
            for (StitchMessage next = underWay.poll(); next != null; next = underWay.poll()) {
                take(next.to(), new StitchInput.Received(next));
            }
        }

        private void take(Hash128 node, StitchInput input) {
            var step = rule.on(node, states.get(node), input);
            states.put(node, step.state());
            for (StitchOutput output : step.out()) {
                if (output instanceof StitchOutput.Sent sent) {
                    underWay.add(sent.message());
                } else if (output instanceof StitchOutput.Attributed attributed) {
                    Attribution a = attributed.attribution();
                    highest = Math.max(highest, a.sequence());
                    counts.computeIfAbsent(a.touchpoint().touchpointId(), k -> new HashMap<>())
                            .merge(a.customerId(), a.sign(), Integer::sum);
                } else if (output instanceof StitchOutput.Erased gone) {
                    TouchpointChange change = gone.change();
                    erased.put(change.touchpoint().touchpointId(), gone.sequence());
                    fates.merge(change.source(), change.sign(), Integer::sum);
                    fates.values().removeIf(n -> n == 0);
                }
            }
        }
    }
}
