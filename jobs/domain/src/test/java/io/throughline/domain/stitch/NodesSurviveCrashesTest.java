package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.throughline.domain.stitch.Fence.Run;
import io.throughline.domain.stitch.Fence.Stamp;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks that take aligned snapshots, crash and go on from the last complete one, at any parallelism, while the messages
 * they exchange are in no snapshot and survive or are lost as it happens: the nodes end where the specification says.
 *
 * <p>{@code -Dthroughline.soak=N} plays N times as many histories.
 */
class NodesSurviveCrashesTest {

    private static final StitchConfig CONFIG = RandomPeople.CONFIG;
    private static final int HISTORIES = 200 * Integer.getInteger("throughline.soak", 1);

    @ParameterizedTest
    @ValueSource(ints = {4, 12, 30})
    void whereverTheyCrash(int size) {
        crashAt(size);
    }

    private static void crashAt(int size) {
        int crashes = 0;
        int rolledBack = 0;
        int handedOver = 0;
        int erased = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed * 41L + size);
            Cluster cluster = new Cluster(random);
            Map<String, Touchpoint> surviving = tellStory(random, size, cluster);
            List<Decision> decisions = RandomPeople.decisions(random, random.nextInt(4));
            decisions.forEach(cluster::tell);
            List<Erasure> erasures = seed % 2 == 0 ? List.of() : RandomPeople.erasures(random, 1 + random.nextInt(5));
            erasures.forEach(cluster::tellAtAnyTime);
            cluster.play();
            Map<String, String> expected = StitchingOracleTest.oracle(surviving.values(), decisions, erasures, CONFIG);
            assertThat(cluster.owners("seed " + seed)).as("seed %d", seed).isEqualTo(expected);
            Set<String> gone = new TreeSet<>(surviving.keySet());
            gone.removeAll(expected.keySet());
            assertThat(cluster.erased()).as("seed %d", seed).isEqualTo(gone);
            assertThat(cluster.travelling()).as("seed %d", seed).isZero();
            erased += gone.size();
            crashes += cluster.crashes;
            rolledBack += cluster.rolledBack;
            handedOver += cluster.handedOver;
        }
        assertThat(crashes).as("crashes").isGreaterThan(HISTORIES / 2);
        assertThat(erased).as("erased touchpoints").isGreaterThan(HISTORIES / 10);
        assertThat(rolledBack).as("messages of rolled-back attempts kept out").isPositive();
        assertThat(handedOver).as("messages handed over within a task").isPositive();
    }

    /** Touchpoints in random order, some replaced by better duplicates; returns those that count in the end. */
    private static Map<String, Touchpoint> tellStory(Random random, int size, Cluster cluster) {
        List<Touchpoint> touchpoints = new ArrayList<>(RandomPeople.touchpoints(random, size, 2 + random.nextInt(6)));
        Collections.shuffle(touchpoints, random);
        Map<String, Touchpoint> surviving = new HashMap<>();
        for (Touchpoint touchpoint : touchpoints) {
            surviving.put(touchpoint.touchpointId(), touchpoint);
            cluster.tell(new TouchpointChange(touchpoint, +1, 1, "p0"));
        }
        for (Touchpoint winner : RandomPeople.touchpoints(random, random.nextInt(1 + size / 3))) {
            Touchpoint loser = surviving.put(winner.touchpointId(), winner);
            if (!winner.equals(loser)) {
                cluster.tell(new TouchpointChange(loser, -1, 1, "p0"));
                cluster.tell(new TouchpointChange(winner, +1, 2, "p0"));
            }
        }
        return surviving;
    }

    /** Records on their way to a node: read again after a crash, or sent by a node and stamped. */
    private record Letter(Hash128 to, StitchInput input, Stamp stamp) {}

    /** Says that a snapshot divides what comes before it from what comes after. */
    private record Barrier(long snapshot) {}

    /** What is remembered; a node as the inputs that made it. */
    private record Snapshot(
            long id,
            int[] positions,
            Map<Hash128, List<StitchInput>> nodes,
            Map<Run, Long> cuts,
            List<Vicinity.Passage> passages) {}

    /** One node, and everything that ever came to it in the present history. */
    private static final class Node {
        final List<StitchInput> inputs = new ArrayList<>();
        final List<Attribution> attributed = new ArrayList<>();
        final List<TouchpointChange> erased = new ArrayList<>();
        NodeState state;
    }

    /** Reads one log: what belongs to the present history, and nothing before its time. */
    private static final class Reader {
        final Fence fence;
        /** Sent after a snapshot this reader has yet to take part in. */
        final List<Letter> early = new ArrayList<>();

        int position;

        Reader(Fence fence, int position) {
            this.fence = fence;
            this.position = position;
        }
    }

    /** One task of the job. */
    private static final class Task {
        final Fence fence;
        final Vicinity vicinity;
        final List<Deque<Object>> channels = new ArrayList<>();
        final Map<Hash128, Node> nodes = new HashMap<>();
        /** Sent and not yet in a log. */
        final Deque<Letter> sent = new ArrayDeque<>();
        /** Sources whose barrier has come while others' has not. */
        final Set<Integer> blocked = new HashSet<>();

        long aligning;

        Task(Fence fence, Vicinity vicinity, int sources) {
            this.fence = fence;
            this.vicinity = vicinity;
            for (int i = 0; i < sources; i++) {
                channels.add(new ArrayDeque<>());
            }
        }
    }

    /** Logs that survive everything, and a job that does not. */
    private static final class Cluster {
        private static final int INPUT_LOGS = 2;
        private static final int LOGS = 5;
        private static final int MOST_CRASHES = 5;
        private static final int GROUPS = 12;

        private final Random random;
        private final NodeRule rule = new NodeRule(CONFIG);
        private final List<List<Letter>> logs = new ArrayList<>();
        private final Deque<Letter> untold = new ArrayDeque<>();

        private long job = 1;
        private int attempt;
        private long snapshots;
        private Snapshot last = new Snapshot(0, new int[LOGS], Map.of(), Map.of(), List.of());
        private List<Task> tasks = new ArrayList<>();
        private List<Reader> readers = new ArrayList<>();

        private long taking;
        private final Set<Integer> barrierDue = new HashSet<>();
        private int[] positionsAtBarrier = new int[LOGS];
        private Map<Hash128, List<StitchInput>> nodesTaken = new HashMap<>();
        private Map<Run, Long> cutsTaken = Map.of();
        private List<Vicinity.Passage> passagesTaken = new ArrayList<>();
        private int tasksTaken;

        int crashes;
        int rolledBack;
        int handedOver;

        Cluster(Random random) {
            this.random = random;
            for (int i = 0; i < LOGS; i++) {
                logs.add(new ArrayList<>());
            }
            begin(1 + random.nextInt(4));
        }

        void tell(TouchpointChange change) {
            untold.add(new Letter(NodeRule.homeOf(change.touchpoint(), CONFIG), new StitchInput.Touched(change), null));
        }

        void tell(Decision decision) {
            for (var identifier : List.of(decision.one(), decision.other())) {
                StitchMessage message = new StitchMessage.Decided(identifier, decision);
                untold.add(new Letter(message.to(), new StitchInput.Received(message), null));
            }
        }

        /** Before, among or after what was told so far. */
        void tellAtAnyTime(Erasure erasure) {
            StitchMessage message =
                    new StitchMessage.Erased(erasure.identifier(), erasure.identifier(), erasure.until());
            List<Letter> all = new ArrayList<>(untold);
            all.add(random.nextInt(all.size() + 1), new Letter(message.to(), new StitchInput.Received(message), null));
            untold.clear();
            untold.addAll(all);
        }

        /** Everything happens in random order until nothing is left to happen. */
        void play() {
            for (int steps = 0; ; steps++) {
                if (steps > 1_000_000) {
                    fail("messages do not come to rest");
                }
                boolean happened =
                        switch (random.nextInt(8)) {
                            case 0 -> tellOne();
                            case 1, 2 -> readOne();
                            case 3, 4 -> processOne();
                            case 5 -> writeOne();
                            case 6 -> passBarrier();
                            default -> somethingRare();
                        };
                if (!happened && atRest()) {
                    return;
                }
            }
        }

        private boolean atRest() {
            return untold.isEmpty()
                    && unread().isEmpty()
                    && readers.stream().allMatch(reader -> reader.early.isEmpty())
                    && tasks.stream()
                            .allMatch(task -> task.sent.isEmpty()
                                    && task.channels.stream().allMatch(Deque::isEmpty));
        }

        // ---- what happens

        private boolean somethingRare() {
            int what = random.nextInt(12);
            if (what < 4 && taking == 0) {
                take();
            } else if (what == 4 && taking != 0) {
                abort();
            } else if (what == 5 && crashes < MOST_CRASHES) {
                crashes++;
                crash();
            } else if (what > 5) {
                return passOnWhatIsNoLongerEarly(random.nextInt(LOGS));
            } else {
                return false;
            }
            return true;
        }

        private boolean tellOne() {
            Letter letter = untold.poll();
            if (letter != null) {
                // One log, so that what is said of a touchpoint keeps its order.
                logs.get(letter.input() instanceof StitchInput.Touched ? 0 : 1).add(letter);
            }
            return letter != null;
        }

        private List<Integer> unread() {
            List<Integer> unread = new ArrayList<>();
            for (int log = 0; log < LOGS; log++) {
                if (readers.get(log).position < logs.get(log).size()) {
                    unread.add(log);
                }
            }
            return unread;
        }

        private boolean readOne() {
            List<Integer> unread = unread();
            if (unread.isEmpty()) {
                return false;
            }
            int log = unread.get(random.nextInt(unread.size()));
            Reader reader = readers.get(log);
            Letter letter = logs.get(log).get(reader.position++);
            Stamp stamp = letter.stamp();
            if (stamp != null && reader.fence.isEarly(stamp)) {
                reader.early.add(letter);
            } else if (stamp == null || reader.fence.admits(stamp)) {
                passOnWhatIsNoLongerEarly(log);
                passOn(log, letter);
            } else {
                rolledBack++;
            }
            return true;
        }

        private boolean passOnWhatIsNoLongerEarly(int log) {
            Reader reader = readers.get(log);
            return passOnEarly(log, letter -> !reader.fence.isEarly(letter.stamp()));
        }

        private boolean passOnEarly(int log, Predicate<Letter> which) {
            List<Letter> early = readers.get(log).early;
            List<Letter> now = early.stream().filter(which).toList();
            early.removeAll(now);
            now.forEach(letter -> passOn(log, letter));
            return !now.isEmpty();
        }

        private void passOn(int log, Letter letter) {
            tasks.get(taskOf(letter.to(), tasks.size())).channels.get(log).add(letter);
        }

        private static int groupOf(Hash128 node) {
            return Math.floorMod(node.hashCode(), GROUPS);
        }

        private static int taskOf(Hash128 node, int parallelism) {
            return groupOf(node) * parallelism / GROUPS;
        }

        private boolean processOne() {
            Task task = tasks.get(random.nextInt(tasks.size()));
            int log = random.nextInt(LOGS);
            Deque<Object> channel = task.channels.get(log);
            if (channel.isEmpty() || task.blocked.contains(log)) {
                return false;
            }
            Object next = channel.remove();
            if (next instanceof Barrier barrier) {
                align(task, log, barrier.snapshot());
            } else if (next instanceof Letter letter) {
                give(task, letter);
            }
            return true;
        }

        private void give(Task task, Letter letter) {
            if (letter.stamp() != null) {
                task.vicinity.takenIn();
            }
            Deque<StitchMessage> near = new ArrayDeque<>();
            turn(task, letter.to(), letter.input(), near);
            for (StitchMessage next = near.poll(); next != null; next = near.poll()) {
                handedOver++;
                turn(task, next.to(), new StitchInput.Received(next), near);
            }
        }

        private void turn(Task task, Hash128 self, StitchInput input, Deque<StitchMessage> near) {
            Node node = task.nodes.computeIfAbsent(self, k -> new Node());
            for (StitchOutput output : apply(self, node, input)) {
                if (output instanceof StitchOutput.Sent sent) {
                    Hash128 to = sent.message().to();
                    if (task.vicinity.isNear(groupOf(self), groupOf(to))) {
                        near.add(sent.message());
                    } else {
                        task.vicinity.sent();
                        task.sent.add(new Letter(to, new StitchInput.Received(sent.message()), task.fence.stamp()));
                    }
                }
            }
        }

        private List<StitchOutput> apply(Hash128 self, Node node, StitchInput input) {
            var step = rule.on(self, node.state, input);
            node.state = step.state();
            node.inputs.add(input);
            for (StitchOutput output : step.out()) {
                if (output instanceof StitchOutput.Attributed attributed) {
                    node.attributed.add(attributed.attribution());
                } else if (output instanceof StitchOutput.Erased gone) {
                    node.erased.add(gone.change());
                }
            }
            return step.out();
        }

        private boolean writeOne() {
            Task task = tasks.get(random.nextInt(tasks.size()));
            Letter letter = task.sent.poll();
            if (letter != null) {
                write(letter);
            }
            return letter != null;
        }

        private void write(Letter letter) {
            int log = INPUT_LOGS + Math.floorMod(letter.to().hashCode(), LOGS - INPUT_LOGS);
            logs.get(log).add(letter);
        }

        // ---- snapshots

        private void take() {
            taking = ++snapshots;
            positionsAtBarrier = new int[LOGS];
            nodesTaken = new HashMap<>();
            passagesTaken = new ArrayList<>();
            tasksTaken = 0;
            for (int log = 0; log < LOGS; log++) {
                barrierDue.add(log);
            }
        }

        private boolean passBarrier() {
            if (barrierDue.isEmpty()) {
                return false;
            }
            List<Integer> due = List.copyOf(barrierDue);
            int log = due.get(random.nextInt(due.size()));
            barrierDue.remove(log);
            // Where snapshots were given up, what waited for them was sent before this one and belongs to it.
            passOnEarly(log, letter -> letter.stamp().epoch() < taking);
            positionsAtBarrier[log] = readers.get(log).position;
            cutsTaken = readers.get(log).fence.snapshot(taking);
            tasks.forEach(task -> task.channels.get(log).add(new Barrier(taking)));
            return true;
        }

        private void align(Task task, int log, long snapshot) {
            if (snapshot != taking) {
                return;
            }
            if (task.aligning != snapshot) {
                task.aligning = snapshot;
                task.blocked.clear();
            }
            task.blocked.add(log);
            if (task.blocked.size() == LOGS) {
                task.blocked.clear();
                snapshot(task);
            }
        }

        private void snapshot(Task task) {
            task.sent.forEach(this::write);
            task.sent.clear();
            task.nodes.forEach((key, node) -> nodesTaken.put(key, List.copyOf(node.inputs)));
            passagesTaken.add(task.vicinity.snapshot());
            task.fence.snapshot(taking);
            tasksTaken++;
            if (tasksTaken == tasks.size()) {
                last = new Snapshot(taking, positionsAtBarrier, nodesTaken, cutsTaken, passagesTaken);
                taking = 0;
            }
        }

        private void abort() {
            taking = 0;
            barrierDue.clear();
            tasks.forEach(task -> task.blocked.clear());
        }

        // ---- crashes

        /** Of what was sent and not yet written the first may still arrive, the rest is lost. */
        private void crash() {
            for (Task task : tasks) {
                int arrive = random.nextInt(task.sent.size() + 1);
                for (int i = 0; i < arrive; i++) {
                    write(task.sent.remove());
                }
            }
            abort();
            if (last.id() > 0 && random.nextInt(3) == 0) {
                job++;
                attempt = 0;
                begin(1 + random.nextInt(4));
            } else {
                attempt++;
                begin(tasks.size());
            }
        }

        private void begin(int parallelism) {
            tasks = new ArrayList<>();
            for (int i = 0; i < parallelism; i++) {
                Vicinity vicinity = last.id() == 0
                        ? Vicinity.ofNew(GROUPS, parallelism)
                        : Vicinity.ofRestored(GROUPS, parallelism, last.passages(), i == 0);
                tasks.add(new Task(new Fence(new Run(job, last.id(), attempt), Map.of()), vicinity, LOGS));
            }
            readers = new ArrayList<>();
            for (int log = 0; log < LOGS; log++) {
                readers.add(
                        new Reader(new Fence(new Run(job, last.id(), attempt), last.cuts()), last.positions()[log]));
            }
            last.nodes().forEach((key, inputs) -> {
                Node node = new Node();
                inputs.forEach(input -> apply(key, node, input));
                tasks.get(taskOf(key, parallelism)).nodes.put(key, node);
            });
        }

        // ---- what came of it

        /** What all tasks together take to be under way. */
        long travelling() {
            return tasks.stream()
                    .mapToLong(task -> task.vicinity.snapshot().sent())
                    .sum();
        }

        Set<String> erased() {
            Map<String, Integer> counts = new TreeMap<>();
            for (Task task : tasks) {
                for (Node node : task.nodes.values()) {
                    node.erased.forEach(
                            change -> counts.merge(change.touchpoint().touchpointId(), change.sign(), Integer::sum));
                }
            }
            counts.values().removeIf(n -> n == 0);
            assertThat(counts.values()).as("no touchpoint is erased twice").allMatch(n -> n == 1);
            return counts.keySet();
        }

        Map<String, String> owners(String name) {
            Map<String, Map<String, Integer>> counts = new TreeMap<>();
            for (Task task : tasks) {
                for (Node node : task.nodes.values()) {
                    for (Attribution attribution : node.attributed) {
                        counts.computeIfAbsent(attribution.touchpoint().touchpointId(), k -> new TreeMap<>())
                                .merge(attribution.customerId(), attribution.sign(), Integer::sum);
                    }
                }
            }
            Map<String, String> result = new TreeMap<>();
            counts.forEach((touchpointId, customers) -> {
                customers.values().removeIf(n -> n == 0);
                if (customers.isEmpty() && erased().contains(touchpointId)) {
                    return;
                }
                assertThat(customers)
                        .as("%s: %s", name, touchpointId)
                        .hasSize(1)
                        .containsValue(1);
                result.put(touchpointId, customers.keySet().iterator().next());
            });
            return result;
        }
    }
}
