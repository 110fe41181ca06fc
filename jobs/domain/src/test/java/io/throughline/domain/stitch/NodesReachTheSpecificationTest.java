package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever order messages take between nodes, the nodes end where the specification says.
 *
 * <p>{@code -Dthroughline.soak=N} plays N times as many histories.
 */
class NodesReachTheSpecificationTest {

    private static final StitchConfig CONFIG = RandomPeople.CONFIG;
    private static final int SOAK = Integer.getInteger("throughline.soak", 1);

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 12, 30})
    void inAnyOrderOfTouchpointsAndMessages(int size) {
        for (int seed = 0; seed < 400 * SOAK; seed++) {
            Random random = new Random(seed * 31L + size);
            List<Touchpoint> touchpoints = RandomPeople.touchpoints(random, size);
            Network network = new Network(random);
            List<Touchpoint> shuffled = new ArrayList<>(touchpoints);
            java.util.Collections.shuffle(shuffled, random);
            for (Touchpoint touchpoint : shuffled) {
                network.touch(new TouchpointChange(touchpoint, +1, 1, "p0"));
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
        for (int seed = 0; seed < 400 * SOAK; seed++) {
            Random random = new Random(seed);
            List<Touchpoint> losers = RandomPeople.touchpoints(random, 12);
            List<Touchpoint> winners = new ArrayList<>(RandomPeople.touchpoints(random, 6));
            Network network = new Network(random);
            for (Touchpoint touchpoint : losers) {
                network.touch(new TouchpointChange(touchpoint, +1, 1, "p0"));
                network.deliverSome();
            }
            Map<String, Touchpoint> surviving = new HashMap<>();
            losers.forEach(t -> surviving.put(t.touchpointId(), t));
            for (Touchpoint winner : winners) {
                Touchpoint loser = surviving.put(winner.touchpointId(), winner);
                if (winner.equals(loser)) {
                    continue;
                }
                network.touch(new TouchpointChange(loser, -1, 1, "p0"));
                network.touch(new TouchpointChange(winner, +1, 2, "p0"));
                network.deliverSome();
            }
            network.deliverAll();
            assertThat(network.owners())
                    .as("seed %d", seed)
                    .isEqualTo(new TreeMap<>(Customers.of(surviving.values(), List.of(), CONFIG)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 8, 20, 60})
    void whenCustomersAreErasedInBetween(int size) {
        int erasedInAll = 0;
        for (int seed = 0; seed < 400 * SOAK; seed++) {
            Random random = new Random(seed * 37L + size);
            List<Touchpoint> losers = RandomPeople.touchpoints(random, size, 2 + random.nextInt(5));
            List<Erasure> erasures = RandomPeople.erasures(random, 1 + random.nextInt(6));
            List<Runnable> story = new ArrayList<>();
            Network network = new Network(random);
            Map<String, Touchpoint> surviving = new HashMap<>();
            for (Touchpoint touchpoint : losers) {
                surviving.put(touchpoint.touchpointId(), touchpoint);
                story.add(() -> network.touch(new TouchpointChange(touchpoint, +1, 1, "p0")));
            }
            for (Touchpoint winner : RandomPeople.touchpoints(random, random.nextInt(1 + size / 2))) {
                Touchpoint loser = surviving.put(winner.touchpointId(), winner);
                if (!winner.equals(loser)) {
                    story.add(() -> network.touch(new TouchpointChange(loser, -1, 1, "p0")));
                    story.add(() -> network.touch(new TouchpointChange(winner, +1, 2, "p1")));
                }
            }
            for (Erasure erasure : erasures) {
                story.add(random.nextInt(story.size() + 1), () -> network.erase(erasure));
            }
            for (Runnable next : story) {
                next.run();
                network.deliverSome();
            }
            network.deliverAll();
            Map<String, Touchpoint> remaining = new HashMap<>();
            Erasure.remaining(surviving.values(), erasures).forEach(t -> remaining.put(t.touchpointId(), t));
            assertThat(network.owners())
                    .as("seed %d", seed)
                    .isEqualTo(new TreeMap<>(Customers.of(remaining.values(), List.of(), CONFIG)));
            Set<String> gone = new TreeSet<>(surviving.keySet());
            gone.removeAll(remaining.keySet());
            assertThat(network.erased()).as("seed %d", seed).isEqualTo(gone);
            assertThat(network.fates())
                    .as("seed %d: each record counted erased where it was read", seed)
                    .isEqualTo(fatesOf(gone, losers, surviving));
            erasedInAll += gone.size();
        }
        assertThat(erasedInAll).isGreaterThan(150);
    }

    /**
     * Histories in which words on one touchpoint overtook each other: of what was replaced, at home where the better duplicate was
     * handed over to; and of super-nodes that were told of the keeper of a shared device before the root knew what they are.
     */
    @ParameterizedTest
    @ValueSource(longs = {100_415, 101_699, 102_767})
    void whenMuchIsReplacedErasedAndDecidedOnSharedDevices(long seed) {
        for (int order = 0; order < 25; order++) {
            Random random = new Random(seed);
            List<Touchpoint> touchpoints = RandomPeople.touchpoints(random, 120, 2 + random.nextInt(6));
            List<Decision> decisions =
                    random.nextInt(3) == 0 ? RandomPeople.decisions(random, random.nextInt(4)) : List.of();
            List<Erasure> erasures =
                    random.nextInt(3) == 0 ? RandomPeople.erasures(random, 1 + random.nextInt(4)) : List.of();
            boolean replaces = random.nextInt(3) == 0;
            List<Touchpoint> better =
                    replaces ? RandomPeople.touchpoints(random, random.nextInt(1 + 120 / 3)) : List.of();

            Random any = new Random(order * 77L + 5);
            Network network = new Network(any);
            Map<String, Touchpoint> surviving = new HashMap<>();
            List<Runnable> story = new ArrayList<>();
            for (Touchpoint touchpoint : touchpoints) {
                surviving.put(touchpoint.touchpointId(), touchpoint);
                story.add(() -> network.touch(new TouchpointChange(touchpoint, +1, 1, "p0")));
            }
            java.util.Collections.shuffle(story, any);
            for (Touchpoint winner : better) {
                Touchpoint loser = surviving.put(winner.touchpointId(), winner);
                if (loser != null && !winner.equals(loser)) {
                    story.add(() -> network.touch(new TouchpointChange(loser, -1, 1, "p0")));
                }
                if (!winner.equals(loser)) {
                    story.add(() -> network.touch(new TouchpointChange(winner, +1, 2, "p0")));
                }
            }
            for (Decision decision : decisions) {
                story.add(any.nextInt(story.size() + 1), () -> network.decide(decision));
            }
            for (Erasure erasure : erasures) {
                story.add(any.nextInt(story.size() + 1), () -> network.erase(erasure));
            }
            for (Runnable next : story) {
                next.run();
                network.deliverSome();
            }
            network.deliverAll();
            assertThat(network.owners())
                    .as("order %d", order)
                    .isEqualTo(new TreeMap<>(
                            Customers.of(Erasure.remaining(surviving.values(), erasures), decisions, CONFIG)));
        }
    }

    /** The identifiers that a customer's document lists, when they were seen and what is noted of them. */
    @ParameterizedTest
    @CsvSource({"3, 1000", "7, 1000", "12, 1000", "40, 250", "60, 250"})
    void theSameIsStatedOfCustomersInAnyOrder(int size, int usual) {
        int stated = 0;
        int seeds = usual * SOAK;
        for (int seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed * 41L + size);
            List<Touchpoint> touchpoints = RandomPeople.touchpoints(random, size, 2 + random.nextInt(5));
            List<Erasure> erasures = RandomPeople.erasures(random, random.nextInt(3));
            Map<String, String> first = statements(touchpoints, erasures, random);
            assertThat(statements(touchpoints, erasures, random))
                    .as("seed %d", seed)
                    .isEqualTo(first);
            stated += first.size();
        }
        assertThat(stated).isGreaterThan(seeds);
    }

    /**
     * The customer number is quarantined while an e-mail address is known that was erased, and a customer's again afterwards:
     * the component it has left must not have the last word.
     */
    @Test
    void whatWasErasedIsStatedOfNobodyInAnyOrder() {
        Identifier number = new Identifier("customer_number", "0");
        Identifier erased = new Identifier("email", "2");
        List<Touchpoint> touchpoints = List.of(
                touchpoint("t20", 4, number, new Identifier("customer_number", "2"), new Identifier("account_id", "1")),
                touchpoint("t24", 5, new Identifier("customer_number", "1"), new Identifier("account_id", "2"), number),
                touchpoint("t28", 3, new Identifier("email", "0"), erased, number),
                touchpoint("t61", 4, number, new Identifier("account_id", "0")));
        inManyOrders(4_000, touchpoints, new Erasure(erased, minute(5), "asked for it", "ada"))
                .forEach(statements -> assertThat(statements.toString()).doesNotContain("email"));
    }

    /** While the customer number is quarantined its touchpoint is the account's, which notes the cookie on it. */
    @Test
    void aDeviceIsNotedOfWhomItIsSeenWithInTheEnd() {
        Identifier number = new Identifier("customer_number", "0");
        Identifier account = new Identifier("account_id", "1");
        Identifier erased = new Identifier("email", "2");
        List<Touchpoint> touchpoints = List.of(
                touchpoint("t20", 4, number, new Identifier("customer_number", "2"), account),
                touchpoint("t21", 2, account, new Identifier("customer_number", "2"), new Identifier("cookie", "2")),
                touchpoint("t24", 5, new Identifier("customer_number", "1"), new Identifier("account_id", "2"), number),
                touchpoint("t28", 3, new Identifier("email", "0"), erased, number),
                touchpoint("t61", 4, number, new Identifier("account_id", "0")),
                touchpoint("t73", 2, new Identifier("cookie", "0"), account, number));
        Set<Map<String, String>> all =
                inManyOrders(200, touchpoints, new Erasure(erased, minute(5), "asked for it", "ada"));
        assertThat(all).singleElement().satisfies(statements -> assertThat(statements.values())
                .filteredOn(said -> said.contains("cookie:0"))
                .singleElement()
                .asString()
                .contains("customer_number:0"));
    }

    /** What the device announced while it was handed the quarantined account's touchpoint goes when that is handed back. */
    @Test
    void aHandOverThatIsOverLeavesNothing() {
        Identifier account = new Identifier("account_id", "1");
        Identifier tablet = new Identifier("device_id", "0");
        Identifier phone = new Identifier("device_id", "2");
        Identifier erased = new Identifier("cookie", "1");
        List<Touchpoint> touchpoints = List.of(
                touchpoint("t5", 0, phone, account, tablet),
                touchpoint("t6", 2, erased, account, new Identifier("customer_number", "4")),
                touchpoint(
                        "t68", 4, new Identifier("account_id", "0"), new Identifier("customer_number", "0"), account),
                touchpoint("t74", 0, account, new Identifier("customer_number", "1")),
                touchpoint(
                        "t77", 5, new Identifier("customer_number", "3"), account, new Identifier("account_id", "4")),
                touchpoint("t99", 7, phone, tablet));
        assertThat(inManyOrders(200, touchpoints, new Erasure(erased, minute(4), "asked for it", "ada")))
                .singleElement()
                .satisfies(statements -> assertThat(statements.values())
                        .anyMatch(said -> said.contains("device_id:2, firstSeen=0, lastSeen=0")
                                || said.contains("device_id:2], firstSeen=0, lastSeen=0")));
    }

    /** What the customer number announced of the pair before it was quarantined is of a later time than what is known anyway. */
    @Test
    void whatASuperNodeAnnouncedBeforeChangesNoTimes() {
        Identifier number = new Identifier("customer_number", "0");
        Identifier account = new Identifier("account_id", "1");
        Identifier cookie = new Identifier("cookie", "0");
        List<Touchpoint> touchpoints = List.of(
                touchpoint("t1", 1, new Identifier("customer_number", "5"), cookie),
                touchpoint("t2", 2, new Identifier("customer_number", "6"), cookie),
                touchpoint("t3", 3, account, cookie),
                touchpoint("t0", 2, number, cookie),
                touchpoint("t4", 9, number, account, cookie),
                touchpoint("t5", 4, number, new Identifier("customer_number", "1")),
                touchpoint("t6", 4, number, new Identifier("customer_number", "2")),
                touchpoint("t7", 4, number, new Identifier("customer_number", "3")),
                touchpoint("t8", 4, number, new Identifier("customer_number", "4")),
                touchpoint("t9", 90, cookie));
        assertThat(inManyOrders(200, touchpoints, new Erasure(new Identifier("email", "9"), 0, "asked for it", "ada")))
                .hasSize(1);
    }

    @Test
    void whoIsAloneBesideASharedDeviceIsStatedToo() {
        Identifier one = new Identifier("customer_number", "1");
        Identifier other = new Identifier("customer_number", "2");
        Identifier tablet = new Identifier("device_id", "0");
        Network network = new Network(new Random(1));
        network.touch(new TouchpointChange(touchpoint("t1", 1, one, tablet), +1, 1, "p0"));
        network.touch(new TouchpointChange(touchpoint("t2", 2, other, tablet), +1, 1, "p0"));
        network.deliverAll();

        Map<String, String> statements = network.statements();
        assertThat(statements.get(CustomerIds.of(one))).contains("customer_number:1", "device_id:0");
        assertThat(statements.get(CustomerIds.of(other))).contains("customer_number:2", "device_id:0");
    }

    @Test
    void anIdentifierWhoseLinkWasRefusedIsStatedOfItsOwnCustomerOnly() {
        Identifier one = new Identifier("customer_number", "1");
        Identifier other = new Identifier("customer_number", "2");
        Identifier email = new Identifier("email", "0");
        Network network = new Network(new Random(1));
        network.touch(new TouchpointChange(touchpoint("t1", 1, one, email), +1, 1, "p0"));
        network.touch(new TouchpointChange(touchpoint("t2", 2, other, email), +1, 1, "p0"));
        network.deliverAll();

        Map<String, String> statements = network.statements();
        assertThat(statements.get(CustomerIds.of(one))).contains("customer_number:1", "email:0");
        assertThat(statements.get(CustomerIds.of(other)))
                .contains("customer_number:2")
                .doesNotContain("email:0");
    }

    /** Two who are one only because people said so: the customer's document lists what its touchpoints bear. */
    @Test
    void whatPeopleJoinedIsStatedToBeTheCustomers() {
        Identifier email = new Identifier("email", "0");
        Identifier account = new Identifier("account_id", "1");
        Network network = new Network(new Random(1));
        network.touch(new TouchpointChange(touchpoint("t1", 1, email), +1, 1, "p0"));
        network.touch(new TouchpointChange(touchpoint("t2", 2, account), +1, 1, "p0"));
        network.decide(new Decision(Decision.Verdict.ALWAYS, email, account, 0, "told us", "grace"));
        network.deliverAll();

        assertThat(network.statements().values()).singleElement().asString().contains("account_id", "email");
    }

    /**
     * The cookie is handed a touchpoint by the quarantined customer number and hands it on to the keeper of the shared device;
     * the number's word that it is erased comes after that, and counts.
     */
    @Test
    void aTouchpointThatWasHandedOnTwiceIsErased() {
        Identifier number = new Identifier("customer_number", "0");
        Identifier other = new Identifier("customer_number", "2");
        Identifier account = new Identifier("account_id", "3");
        Identifier cookie = new Identifier("cookie", "2");
        List<Touchpoint> touchpoints = List.of(
                touchpoint("t0", 7, number, new Identifier("email", "0"), new Identifier("device_id", "0")),
                touchpoint("t1", 4, new Identifier("cookie", "0"), account, cookie),
                touchpoint("t5", 6, other, account),
                touchpoint("t13", 0, number, new Identifier("account_id", "0")),
                touchpoint("t27", 3, cookie, number),
                touchpoint("t33", 2, new Identifier("customer_number", "1"), number),
                touchpoint("t46", 4, new Identifier("account_id", "1"), cookie),
                touchpoint("t48", 7, new Identifier("email", "1"), number, new Identifier("email", "2")),
                touchpoint("t52", 7, other, new Identifier("account_id", "2"), number),
                touchpoint("t59", 6, other, cookie, number));
        List<Erasure> erasures = List.of(new Erasure(cookie, minute(3), "asked for it", "ada"));
        Map<String, String> expected =
                new TreeMap<>(Customers.of(Erasure.remaining(touchpoints, erasures), List.of(), CONFIG));
        assertThat(expected).doesNotContainKey("t27");
        for (int order = 0; order < 500; order++) {
            assertThat(afterwards(touchpoints, erasures, new Random(order * 7919L))
                            .owners())
                    .as("order %d", order)
                    .isEqualTo(expected);
        }
    }

    /**
     * The address is handed the quarantined account's touchpoint, so that a later one of the same pair is no news; what is erased
     * is the former, and the address still hosts it when it hears of that.
     */
    @Test
    void whatIsLeftOfAPairIsAnnouncedWhenTheEarlierTouchpointIsErased() {
        Identifier account = new Identifier("account_id", "0");
        Identifier one = new Identifier("email", "0");
        Identifier two = new Identifier("email", "1");
        boolean oneIsStronger = CONFIG.byStrength().compare(one, two) < 0;
        Identifier address = oneIsStronger ? one : two;
        Identifier other = oneIsStronger ? two : one;
        List<Touchpoint> touchpoints = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            touchpoints.add(touchpoint("t" + i, i, new Identifier("customer_number", Integer.toString(i)), account));
        }
        touchpoints.add(touchpoint("handed over", 50, account, address, other));
        touchpoints.add(touchpoint("later", 70, address, other));
        touchpoints.add(touchpoint("other", 80, other));
        Erasure erasure = new Erasure(address, minute(60), "asked for it", "ada");
        Network network = new Network(new Random(1));
        for (Touchpoint touchpoint : touchpoints) {
            network.touch(new TouchpointChange(touchpoint, +1, 1, "p0"));
            network.deliverAll();
        }
        network.erase(erasure);
        network.deliverAll();

        Map<String, String> owners = network.owners();
        assertThat(owners.get("other")).isEqualTo(owners.get("later"));
        assertThat(owners)
                .isEqualTo(new TreeMap<>(
                        Customers.of(Erasure.remaining(touchpoints, List.of(erasure)), List.of(), CONFIG)));
    }

    private static Set<Map<String, String>> inManyOrders(int orders, List<Touchpoint> touchpoints, Erasure erasure) {
        Set<Map<String, String>> all = new HashSet<>();
        for (int order = 0; order < orders; order++) {
            all.add(statements(touchpoints, List.of(erasure), new Random(order * 7919L)));
        }
        return all;
    }

    private static long minute(int minute) {
        return minute * 60_000L;
    }

    private static Touchpoint touchpoint(String id, int minute, Identifier... identifiers) {
        return Touchpoint.of(id, minute(minute), "call", "page_view")
                .identifiers(List.of(identifiers))
                .build();
    }

    private static Map<String, String> statements(List<Touchpoint> touchpoints, List<Erasure> erasures, Random random) {
        return afterwards(touchpoints, erasures, random).statements();
    }

    private static Network afterwards(List<Touchpoint> touchpoints, List<Erasure> erasures, Random random) {
        Network network = new Network(random);
        List<Runnable> story = new ArrayList<>();
        touchpoints.forEach(
                touchpoint -> story.add(() -> network.touch(new TouchpointChange(touchpoint, +1, 1, "p0"))));
        erasures.forEach(erasure -> story.add(() -> network.erase(erasure)));
        java.util.Collections.shuffle(story, random);
        for (Runnable next : story) {
            next.run();
            network.deliverSome();
        }
        network.deliverAll();
        return network;
    }

    private static Map<String, Integer> fatesOf(
            Set<String> gone, List<Touchpoint> losers, Map<String, Touchpoint> surviving) {
        Map<String, Integer> fates = new TreeMap<>();
        for (String id : gone) {
            boolean replaced =
                    losers.stream().anyMatch(t -> t.touchpointId().equals(id) && !t.equals(surviving.get(id)));
            fates.merge(replaced ? "p1" : "p0", 1, Integer::sum);
        }
        return fates;
    }

    /** Nodes and the messages between them, delivered in random order. */
    private static final class Network {
        private final Random random;
        private final NodeRule rule = new NodeRule(CONFIG);
        private final Map<Hash128, NodeState> states = new HashMap<>();
        private final List<InFlight> inFlight = new ArrayList<>();
        private final Map<String, Map<String, Integer>> counts = new TreeMap<>();

        private final Map<String, Integer> erased = new TreeMap<>();
        private final Map<String, Integer> fates = new TreeMap<>();
        private final Map<String, CustomerIdentity> stated = new HashMap<>();

        private record InFlight(Hash128 from, StitchMessage message) {}

        Network(Random random) {
            this.random = random;
        }

        void touch(TouchpointChange change) {
            apply(NodeRule.homeOf(change.touchpoint(), CONFIG), new StitchInput.Touched(change));
        }

        void erase(Erasure erasure) {
            StitchMessage message =
                    new StitchMessage.Erased(erasure.identifier(), erasure.identifier(), erasure.until());
            apply(message.to(), new StitchInput.Received(message));
        }

        void decide(Decision decision) {
            for (Identifier identifier : List.of(decision.one(), decision.other())) {
                StitchMessage message = new StitchMessage.Decided(identifier, decision);
                apply(message.to(), new StitchInput.Received(message));
            }
        }

        void deliverSome() {
            int some = random.nextInt(4);
            for (int i = 0; i < some && !inFlight.isEmpty(); i++) {
                deliverOne();
            }
        }

        void deliverAll() {
            for (int steps = 0; !inFlight.isEmpty(); steps++) {
                if (steps > 1_000_000) {
                    fail("messages do not come to rest");
                }
                deliverOne();
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
                } else if (output instanceof StitchOutput.Stated known) {
                    stated.merge(
                            known.identity().customerId(),
                            known.identity(),
                            (a, b) -> b.version() > a.version() ? b : a);
                } else if (output instanceof StitchOutput.Erased gone) {
                    TouchpointChange change = gone.change();
                    erased.merge(change.touchpoint().touchpointId(), change.sign(), Integer::sum);
                    fates.merge(change.source(), change.sign(), Integer::sum);
                }
            }
        }

        Set<String> erased() {
            erased.values().removeIf(n -> n == 0);
            assertThat(erased.values()).as("no touchpoint is erased twice").allMatch(n -> n == 1);
            return erased.keySet();
        }

        Map<String, Integer> fates() {
            fates.values().removeIf(n -> n == 0);
            return fates;
        }

        /** Of customers who have touchpoints: the newest that was stated of each. */
        Map<String, String> statements() {
            Map<String, String> result = new TreeMap<>();
            for (String customer : new TreeSet<>(owners().values())) {
                CustomerIdentity identity = stated.get(customer);
                result.put(customer, identity == null ? "[]" : identity.known().toString());
            }
            return result;
        }

        Map<String, String> owners() {
            Map<String, String> result = new TreeMap<>();
            counts.forEach((touchpointId, customers) -> {
                customers.values().removeIf(n -> n == 0);
                if (customers.isEmpty() && erased().contains(touchpointId)) {
                    return;
                }
                assertThat(customers).as(touchpointId).hasSize(1).containsValue(1);
                result.put(touchpointId, customers.keySet().iterator().next());
            });
            return result;
        }
    }
}
