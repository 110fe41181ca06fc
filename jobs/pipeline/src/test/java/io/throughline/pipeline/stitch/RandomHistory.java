package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Customers;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Decision.Verdict;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.IdentifierType;
import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.stitch.Scope;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.stitch.StitchInput;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.stitch.World.Topic;
import io.throughline.pipeline.wire.DecisionLayout;
import io.throughline.pipeline.wire.ErasureLayout;
import io.throughline.pipeline.wire.TouchpointChangeLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A small dense world in which everything that can go wrong with identities does, and how it came to be known: seeded,
 * so that each can be played again.
 */
final class RandomHistory {

    /** Few values of each type, so that conflicts, shared devices and super-nodes are the rule. */
    static final StitchConfig CONFIG = new StitchConfig(
            List.of(
                    new IdentifierType("customer_number", 0, true, 0, 0, Scope.PERSON, 3),
                    new IdentifierType("account_id", 1, false, 2, 0, Scope.PERSON, 3),
                    new IdentifierType("email", 2, false, 0, 0, Scope.PERSON, 3),
                    new IdentifierType("device_id", 3, false, 0, 0, Scope.DEVICE, 3),
                    new IdentifierType("cookie", 4, false, 0, 0, Scope.DEVICE, 3),
                    new IdentifierType("visit", 5, false, 0, 0, Scope.SESSION, 3)),
            6,
            StitchConfig.DEFAULTS.maxComponentLinks(),
            StitchConfig.DEFAULTS.reattributionHorizonMs(),
            StitchConfig.DEFAULTS.gapMs(),
            StitchConfig.DEFAULTS.defaultGapMs());

    private static final String[] TYPES = {"customer_number", "account_id", "email", "device_id", "cookie", "visit"};
    private static final int PERSON_TYPES = 3;
    private static final int PERSON_OR_DEVICE_TYPES = 5;
    private static final String[] CHANNELS = {"web", "store", "call"};
    private static final long TEN_MINUTES = 10L * 60 * 1000;

    /** What is told next: a word on a touchpoint, or a person's word. */
    private record Told(List<TouchpointChange> changes, List<Decision> decisions, List<Erasure> erasures) {}

    private final Random random;
    private final int values;
    private final List<Told> story = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Erasure> erasures = new ArrayList<>();
    private final Map<String, TouchpointChange> counting = new TreeMap<>();
    private int told;

    RandomHistory(Random random) {
        this.random = random;
        this.values = 2 + random.nextInt(5);
        int length = 15 + random.nextInt(30);
        for (int i = 0; i < length; i++) {
            int what = random.nextInt(10);
            if (what == 0) {
                decide();
            } else if (i % 9 == 8) {
                erase();
            } else if (what < 3 && !counting.isEmpty()) {
                replace();
            } else {
                begin();
            }
        }
    }

    private void begin() {
        Touchpoint touchpoint = touchpoint("t" + counting.size());
        TouchpointChange change = new TouchpointChange(touchpoint, +1, 1, "p0");
        counting.put(touchpoint.touchpointId(), change);
        story.add(new Told(List.of(change), List.of(), List.of()));
    }

    /** A better duplicate takes a touchpoint's place. */
    private void replace() {
        String id = List.copyOf(counting.keySet()).get(random.nextInt(counting.size()));
        TouchpointChange loser = counting.get(id);
        TouchpointChange winner = new TouchpointChange(touchpoint(id), +1, loser.generation() + 1, "p0");
        counting.put(id, winner);
        story.add(new Told(
                List.of(new TouchpointChange(loser.touchpoint(), -1, loser.generation(), "p0"), winner),
                List.of(),
                List.of()));
    }

    private void decide() {
        Identifier one = identifier(PERSON_TYPES);
        Identifier other = identifier(PERSON_TYPES);
        if (!one.equals(other)) {
            Verdict[] verdicts = Verdict.values();
            Decision decision = new Decision(
                    verdicts[random.nextInt(verdicts.length)], one, other, random.nextInt(5), "because", "ada");
            decisions.add(decision);
            story.add(new Told(List.of(), List.of(decision), List.of()));
        }
    }

    /** Somebody asks to be forgotten, up to any time. */
    private void erase() {
        Erasure erasure = new Erasure(
                identifier(PERSON_OR_DEVICE_TYPES), random.nextInt(10) * TEN_MINUTES, "asked for it", "ada");
        erasures.add(erasure);
        story.add(new Told(List.of(), List.of(), List.of(erasure)));
    }

    private Touchpoint touchpoint(String id) {
        List<Identifier> identifiers = new ArrayList<>();
        int howMany = 1 + random.nextInt(3);
        for (int i = 0; i < howMany; i++) {
            Identifier identifier = identifier(TYPES.length);
            if (!identifiers.contains(identifier)) {
                identifiers.add(identifier);
            }
        }
        return Touchpoint.of(
                        id,
                        random.nextInt(8) * TEN_MINUTES,
                        CHANNELS[random.nextInt(CHANNELS.length)],
                        random.nextInt(6) == 0 ? "logout" : "page_view")
                .receivedTime(random.nextInt(1000))
                .identifiers(identifiers)
                .build();
    }

    private Identifier identifier(int types) {
        return new Identifier(TYPES[random.nextInt(types)], Integer.toString(random.nextInt(values)));
    }

    /** Tells at most so much more of the history. */
    void tell(World world, int some) {
        int end = Math.min(told + some, story.size());
        for (; told < end; told++) {
            Told next = story.get(told);
            for (TouchpointChange change : next.changes()) {
                int key = change.touchpoint().touchpointId().hashCode();
                world.append(Topic.CHANGES, key, change, TouchpointChangeLayout.INSTANCE);
            }
            for (Decision decision : next.decisions()) {
                world.append(Topic.DECISIONS, decision.pair().hashCode(), decision, DecisionLayout.INSTANCE);
            }
            for (Erasure erasure : next.erasures()) {
                world.append(Topic.ERASURES, erasure.identifier().hashCode(), erasure, ErasureLayout.INSTANCE);
            }
        }
    }

    /** Everything that is told, for the nodes it is told to. */
    List<Map.Entry<Hash128, StitchInput>> inputs() {
        List<Map.Entry<Hash128, StitchInput>> inputs = new ArrayList<>();
        for (Told next : story) {
            for (TouchpointChange change : next.changes()) {
                inputs.add(Map.entry(NodeRule.homeOf(change.touchpoint(), CONFIG), new StitchInput.Touched(change)));
            }
            for (Decision decision : next.decisions()) {
                for (Identifier identifier : List.of(decision.one(), decision.other())) {
                    StitchMessage message = new StitchMessage.Decided(identifier, decision);
                    inputs.add(Map.entry(message.to(), new StitchInput.Received(message)));
                }
            }
            for (Erasure erasure : next.erasures()) {
                StitchMessage message =
                        new StitchMessage.Erased(erasure.identifier(), erasure.identifier(), erasure.until());
                inputs.add(Map.entry(message.to(), new StitchInput.Received(message)));
            }
        }
        return inputs;
    }

    void tellTheRest(World world) {
        tell(world, story.size());
    }

    int length() {
        return story.size();
    }

    /** Whose each touchpoint is by the specification. */
    Map<String, String> customers() {
        List<Touchpoint> all =
                counting.values().stream().map(TouchpointChange::touchpoint).toList();
        return new TreeMap<>(Customers.of(Erasure.remaining(all, erasures), decisions, CONFIG));
    }
}
