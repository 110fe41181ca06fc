package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small dense worlds in which everything that can go wrong with identities does: seeded, so that each can be replayed. */
final class RandomPeople {

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
    private static final String[] CHANNELS = {"web", "store", "call"};
    private static final long TEN_MINUTES = 10L * 60 * 1000;

    /** At most three identifiers each, of six values per type. */
    static List<Touchpoint> touchpoints(Random random, int count) {
        return touchpoints(random, count, 6);
    }

    static List<Touchpoint> touchpoints(Random random, int count, int values) {
        List<Touchpoint> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Identifier> identifiers = new ArrayList<>();
            int howMany = 1 + random.nextInt(3);
            for (int j = 0; j < howMany; j++) {
                Identifier identifier = identifier(random, values, TYPES.length);
                if (!identifiers.contains(identifier)) {
                    identifiers.add(identifier);
                }
            }
            result.add(Touchpoint.of(
                            "t" + i,
                            random.nextInt(8) * TEN_MINUTES,
                            CHANNELS[random.nextInt(CHANNELS.length)],
                            random.nextInt(6) == 0 ? "logout" : "page_view")
                    .receivedTime(random.nextInt(1000))
                    .identifiers(identifiers)
                    .build());
        }
        return result;
    }

    /** Words on persons, at most one on each pair. */
    static List<Decision> decisions(Random random, int count) {
        Map<Decision.Pair, Decision> result = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Identifier one = identifier(random, 6, 3);
            Identifier other = identifier(random, 6, 3);
            if (!one.equals(other)) {
                Decision decision = new Decision(
                        random.nextInt(3) == 0 ? Decision.Verdict.ALWAYS : Decision.Verdict.NEVER,
                        one,
                        other,
                        random.nextInt(3),
                        "because",
                        "ada");
                result.putIfAbsent(decision.pair(), decision);
            }
        }
        return List.copyOf(result.values());
    }

    /** Wishes to be forgotten: of few persons and devices, up to any time, so that some of them are erased more than once. */
    static List<Erasure> erasures(Random random, int count) {
        List<Erasure> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            result.add(new Erasure(identifier(random, 3, 5), random.nextInt(10) * TEN_MINUTES, "asked for it", "ada"));
        }
        return result;
    }

    private static Identifier identifier(Random random, int values, int types) {
        return new Identifier(TYPES[random.nextInt(types)], Integer.toString(random.nextInt(values)));
    }

    private RandomPeople() {}
}
