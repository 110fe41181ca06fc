package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a limit leaves out is counted and published, and every change says when what brought it about was true. */
class WhatIsLeftOutTest {

    private static final long NOON = 1_767_268_800_000L;
    private static final long MINUTE = 60_000L;

    private static final StitchConfig CONFIG = new StitchConfig(
            List.copyOf(StitchConfig.DEFAULTS.types().values()),
            20,
            10,
            StitchConfig.DEFAULTS.reattributionHorizonMs(),
            StitchConfig.DEFAULTS.gapMs(),
            StitchConfig.DEFAULTS.defaultGapMs());

    private final Nodes nodes = new Nodes();

    @Test
    void linksBeyondTheMostOfOneComponent() {
        for (int i = 0; i < 14; i++) {
            nodes.touch("t" + i, NOON + i * MINUTE, email(i), email(i + 1));
        }
        assertThat(nodes.capped.get(StitchOutput.Cap.COMPONENT)).isEqualTo(4);
        assertThat(nodes.changes("capped")).hasSize(3).allSatisfy(change -> {
            assertThat(change.survivor()).startsWith("c-");
            assertThat(change.rule()).isEqualTo("max-component-links");
            assertThat(change.eventTime()).isGreaterThanOrEqualTo(NOON);
        });
    }

    @Test
    void linksOfASuperNode() {
        for (int i = 0; i < 25; i++) {
            nodes.touch("t" + i, NOON + i * MINUTE, email(i), new Identifier("phone", "landline"));
        }
        assertThat(nodes.capped.get(StitchOutput.Cap.DEGREE)).isEqualTo(25);
        assertThat(nodes.changes("quarantine")).singleElement().satisfies(change -> assertThat(change.eventTime())
                .isEqualTo(NOON + 20 * MINUTE));
    }

    @Test
    void touchpointsThatAreTooOldToMove() {
        nodes.touch("t1", NOON, email(1));
        NodeRule rule = new NodeRule(CONFIG);
        NodeState state = nodes.states.get(email(1).hash());
        var early = rule.wake(email(1).hash(), state, NOON + CONFIG.reattributionHorizonMs());
        assertThat(early.out()).isEmpty();
        assertThat(early.state()).isNotNull();
        var due = rule.wake(email(1).hash(), state, early.wakeAt());
        assertThat(due.out()).containsExactly(new StitchOutput.Capped(StitchOutput.Cap.HORIZON, 1));
        assertThat(due.state()).as("a node that remembers nothing").isNull();
    }

    @Test
    void touchpointsOfOneTimeAreNotForgottenEverywhereAtOnce() {
        Set<Long> times = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            long forgotten = CONFIG.forgottenAt(NOON, email(i).hash());
            assertThat(forgotten)
                    .isGreaterThan(NOON + CONFIG.reattributionHorizonMs())
                    .isLessThanOrEqualTo(NOON + CONFIG.reattributionHorizonMs() + CONFIG.reattributionHorizonMs() / 32);
            times.add(forgotten / Duration.ofHours(1).toMillis());
        }
        assertThat(times).as("hours of a day").hasSizeGreaterThan(20);
    }

    @Test
    void aDecisionIsAsOldAsItsEffect() {
        nodes.touch("t1", NOON, email(1));
        nodes.touch("t2", NOON, email(2));
        nodes.decide(new Decision(Decision.Verdict.ALWAYS, email(1), email(2), NOON + MINUTE, "told us", "ada"));
        assertThat(nodes.changes("merge")).singleElement().satisfies(change -> {
            assertThat(change.eventTime()).isEqualTo(NOON + MINUTE);
            assertThat(change.touchpointId()).isNull();
        });
    }

    @Test
    void aDecisionIsAsOldAsItsEffectWhomeverItBringsAlong() {
        for (int i = 0; i < 16; i++) {
            Nodes people = new Nodes();
            Identifier phone = new Identifier("phone", "phone" + i);
            people.touch("t1", NOON, number("1-" + i), email(i));
            people.touch("t2", NOON, new Identifier("loyalty_id", "2-" + i), phone);
            int before = people.changes("merge").size();

            people.decide(new Decision(Decision.Verdict.ALWAYS, email(i), phone, NOON + MINUTE, "told us", "ada"));

            List<IdentityChange> merges = people.changes("merge");
            assertThat(merges.subList(before, merges.size())).singleElement().satisfies(change -> {
                assertThat(change.rule()).isEqualTo("decision-always");
                assertThat(change.eventTime()).isEqualTo(NOON + MINUTE);
                assertThat(change.touchpointId()).isNull();
            });
        }
    }

    /** The second was kept out because of the first, until the first was said not to be hers either. */
    @Test
    void aMergeThatANeverOnlyMadeRoomForIsOneByEvidence() {
        nodes.touch("t1", NOON, number("9"), email(1));
        nodes.decide(new Decision(Decision.Verdict.NEVER, email(1), email(2), NOON, "two people", "ada"));
        nodes.touch("t2", NOON + MINUTE, number("9"), email(2));
        int before = nodes.changes("merge").size();

        nodes.decide(new Decision(Decision.Verdict.NEVER, number("9"), email(1), NOON + 2 * MINUTE, "not hers", "ada"));

        List<IdentityChange> merges = nodes.changes("merge");
        assertThat(merges.subList(before, merges.size())).singleElement().satisfies(change -> {
            assertThat(change.rule()).isEqualTo("person-link");
            assertThat(change.evidence())
                    .extracting(IdentityChange.Evidence::touchpointId)
                    .contains("t2");
        });
    }

    @Test
    void aSplitThatSomebodyDecidedSaysSo() {
        nodes.touch("t1", NOON, email(1), email(2));

        nodes.decide(new Decision(Decision.Verdict.NEVER, email(1), email(2), NOON + MINUTE, "two people", "ada"));

        assertThat(nodes.changes("split")).singleElement().satisfies(change -> {
            assertThat(change.rule()).isEqualTo("decision-never");
            assertThat(change.touchpointId()).isNull();
            assertThat(change.eventTime()).isEqualTo(NOON + MINUTE);
            assertThat(change.evidence()).singleElement().satisfies(pair -> assertThat(
                            List.of(pair.left(), pair.right()))
                    .containsExactlyInAnyOrder(email(1), email(2)));
        });
    }

    @Test
    void aSplitBecauseADecisionWasTakenBackSaysSo() {
        nodes.touch("t1", NOON, email(1));
        nodes.touch("t2", NOON, email(2));
        nodes.decide(new Decision(Decision.Verdict.ALWAYS, email(1), email(2), NOON + MINUTE, "told us", "ada"));

        nodes.decide(new Decision(Decision.Verdict.WITHDRAWN, email(1), email(2), NOON + 2 * MINUTE, "no", "ada"));

        assertThat(nodes.changes("split")).singleElement().satisfies(change -> assertThat(change.rule())
                .isEqualTo("decision-withdrawn"));
    }

    /** Whichever of the identifiers comes to lead, and whether or not the two were brought together before. */
    @Test
    void aSplitBecauseOfAnAlwaysSaysSo() {
        for (int n = 0; n < 16; n++) {
            int i = n;
            for (boolean metBefore : List.of(false, true)) {
                Nodes people = new Nodes();
                Identifier first = number("1-" + i);
                Identifier second = number("2-" + i);
                Identifier phone = new Identifier("phone", "phone" + i);
                people.touch("t1", NOON, first, email(i));
                people.touch("t2", NOON + MINUTE, second, phone);
                if (metBefore) {
                    people.touch("t3", NOON + 2 * MINUTE, email(i), phone);
                }

                people.decide(
                        new Decision(Decision.Verdict.ALWAYS, email(i), second, NOON + 3 * MINUTE, "told us", "ada"));

                assertThat(people.changes("split"))
                        .as("%d, met before: %s", i, metBefore)
                        .singleElement()
                        .satisfies(change -> {
                            assertThat(change.rule()).isEqualTo("decision-always");
                            assertThat(change.touchpointId()).isNull();
                            assertThat(change.eventTime()).isEqualTo(NOON + 3 * MINUTE);
                            assertThat(change.evidence()).singleElement().satisfies(pair -> assertThat(
                                            List.of(pair.left(), pair.right()))
                                    .containsExactlyInAnyOrder(email(i), second));
                        });
            }
        }
    }

    @Test
    void aSplitBecauseANeverWasTakenBackSaysSo() {
        nodes.touch("t1", NOON, number("1"), email(1));
        nodes.touch("t2", NOON + MINUTE, number("2"), email(1));
        nodes.decide(new Decision(Decision.Verdict.NEVER, email(1), number("1"), NOON + MINUTE, "not hers", "ada"));
        int before = nodes.changes("split").size();

        nodes.decide(new Decision(Decision.Verdict.WITHDRAWN, email(1), number("1"), NOON + 2 * MINUTE, "no", "ada"));

        assertThat(nodes.changes("split").subList(before, nodes.changes("split").size()))
                .singleElement()
                .satisfies(change -> assertThat(change.rule()).isEqualTo("decision-withdrawn"));
    }

    @Test
    void ofSeveralDecisionsTheOneOnWhatCameApartIsToBlame() {
        Assignment one = Assignment.joined("c-1");
        Decision never = new Decision(Decision.Verdict.NEVER, email(1), email(2), NOON, "two people", "ada");
        Decision later = new Decision(Decision.Verdict.NEVER, email(1), email(3), NOON + MINUTE, "others", "ada");
        Map<Identifier, Assignment> before = Map.of(email(1), one, email(2), one);
        Map<Identifier, Assignment> after = Map.of(email(1), one, email(2), Assignment.joined("c-2"));

        Reasons reasons = new Reasons(
                before, after, List.of(never, later), List.of(), List.of(), List.of(), IdentityChanges.Cause.of(later));

        assertThat(reasons.ofSplit("c-1").decision()).isEqualTo(never);
    }

    @Test
    void aSplitByANewConflictSaysSo() {
        nodes.touch("t1", NOON, email(1), new Identifier("phone", "p"));
        nodes.touch("t2", NOON + MINUTE, number("2"), new Identifier("phone", "p"));
        nodes.touch("t3", NOON + 2 * MINUTE, number("1"), email(1));

        assertThat(nodes.changes("split")).singleElement().satisfies(change -> {
            assertThat(change.rule()).isEqualTo("unique-conflict");
            assertThat(change.touchpointId()).isEqualTo("t3");
        });
    }

    @Test
    void aSplitBecauseOfASuperNodeSaysSo() {
        Identifier landline = new Identifier("phone", "landline");
        Nodes roomy = new Nodes(new StitchConfig(
                List.copyOf(CONFIG.types().values()),
                CONFIG.maxLinks(),
                100,
                CONFIG.reattributionHorizonMs(),
                CONFIG.gapMs(),
                CONFIG.defaultGapMs()));
        for (int i = 0; i <= CONFIG.maxLinks(); i++) {
            roomy.touch("t" + i, NOON + i * MINUTE, email(i), landline);
        }
        assertThat(roomy.changes("quarantine")).hasSize(1);
        assertThat(roomy.changes("split")).isNotEmpty().allSatisfy(change -> {
            assertThat(change.rule()).isEqualTo("super-node");
            assertThat(change.evidence()).isEmpty();
        });
    }

    @Test
    void aSplitBecauseEvidenceWasErasedSaysSo() {
        nodes.touch("t1", NOON, email(1), email(2));
        nodes.touch("t2", NOON + MINUTE, email(2), email(3));

        nodes.erase(email(2), NOON + 2 * MINUTE);

        assertThat(nodes.changes("split")).isNotEmpty().allSatisfy(change -> {
            assertThat(change.rule()).isEqualTo("evidence-withdrawn");
            assertThat(change.touchpointId()).isNull();
            assertThat(change.evidence()).isEmpty();
        });
    }

    private static Identifier number(String value) {
        return new Identifier("customer_number", value);
    }

    private static Identifier email(int number) {
        return new Identifier("email", "person" + number);
    }

    /** Nodes whose messages come in the order in which they were sent. */
    private static final class Nodes {
        final Map<Hash128, NodeState> states = new HashMap<>();
        final Map<StitchOutput.Cap, Integer> capped = new HashMap<>();

        private final StitchConfig config;
        private final NodeRule rule;
        private final List<IdentityChange> changes = new ArrayList<>();
        private final ArrayDeque<StitchMessage> underWay = new ArrayDeque<>();

        Nodes() {
            this(CONFIG);
        }

        Nodes(StitchConfig config) {
            this.config = config;
            rule = new NodeRule(config);
        }

        void touch(String id, long time, Identifier... identifiers) {
            Touchpoint touchpoint = Touchpoint.of(id, time, "web", "page_view")
                    .identifiers(List.of(identifiers))
                    .build();
            take(
                    NodeRule.homeOf(touchpoint, config),
                    new StitchInput.Touched(new TouchpointChange(touchpoint, 1, 1, "p0")));
            settle();
        }

        void decide(Decision decision) {
            underWay.add(new StitchMessage.Decided(decision.one(), decision));
            underWay.add(new StitchMessage.Decided(decision.other(), decision));
            settle();
        }

        void erase(Identifier identifier, long until) {
            underWay.add(new StitchMessage.Erased(identifier, identifier, until));
            settle();
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
                } else if (output instanceof StitchOutput.Changed changed) {
                    changes.add(changed.change());
                } else if (output instanceof StitchOutput.Capped left) {
                    capped.merge(left.cap(), left.count(), Integer::sum);
                }
            }
        }

        List<IdentityChange> changes(String kind) {
            return changes.stream().filter(change -> change.kind().equals(kind)).toList();
        }
    }
}
