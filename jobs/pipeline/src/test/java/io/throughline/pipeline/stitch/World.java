package io.throughline.pipeline.stitch;

import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutBytes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is outside of a job and survives its failures: append-only logs as Kafka's topics are, and what an onlooker sees.
 * A job reaches it by name.
 */
public final class World {

    /** What a job reads, and where its messages go. */
    public enum Topic {
        RECORDS(3),
        CHANGES(3),
        DECISIONS(2),
        ERASURES(2),
        RULES(1),
        ACTIONS(1),
        LETTERS(6);

        final int partitions;

        Topic(int partitions) {
            this.partitions = partitions;
        }
    }

    /** What a test asked for. */
    static final class PlannedFailure extends RuntimeException {
        private static final long serialVersionUID = 1;

        PlannedFailure() {
            super("planned");
        }
    }

    private static final Map<String, World> WORLDS = new ConcurrentHashMap<>();

    private final Map<Topic, List<List<byte[]>>> logs = new EnumMap<>(Topic.class);
    private final Map<Topic, int[]> read = new EnumMap<>(Topic.class);
    private final Map<Long, Map<Topic, int[]>> readAtSnapshot = new HashMap<>();
    private final Map<Long, Map<Integer, Map<Ledger.Account, Integer>>> ledgers = new HashMap<>();
    private CompletableFuture<Void> more = new CompletableFuture<>();
    private int untilFailure;
    private int reads;

    private World() {
        for (Topic topic : Topic.values()) {
            List<List<byte[]>> partitions = new ArrayList<>();
            for (int i = 0; i < topic.partitions; i++) {
                partitions.add(new ArrayList<>());
            }
            logs.put(topic, partitions);
            read.put(topic, new int[topic.partitions]);
        }
    }

    public static World create(String name) {
        World world = new World();
        WORLDS.put(name, world);
        return world;
    }

    public static World named(String name) {
        return WORLDS.get(name);
    }

    public static void forget(String name) {
        WORLDS.remove(name);
    }

    // ---- the logs

    public <T> void append(Topic topic, int key, T record, Layout<T> layout) {
        byte[] bytes = LayoutBytes.write(record, layout);
        CompletableFuture<Void> awaited;
        synchronized (this) {
            logs.get(topic).get(Math.floorMod(key, topic.partitions)).add(bytes);
            awaited = awaited();
        }
        awaited.complete(null);
    }

    /** The record at a position of a partition; null: none yet. */
    synchronized byte[] next(Topic topic, int partition, int position) {
        if (untilFailure < 0) {
            untilFailure = 0;
            throw new PlannedFailure();
        }
        List<byte[]> log = logs.get(topic).get(partition);
        if (position == log.size()) {
            return null;
        }
        if (untilFailure > 0 && --untilFailure == 0) {
            throw new PlannedFailure();
        }
        reads++;
        read.get(topic)[partition] = position + 1;
        return log.get(position);
    }

    /** Completes when there is more to read, or a reader has to look. */
    synchronized CompletableFuture<Void> more(Topic topic, Map<Integer, Integer> positions) {
        boolean now = untilFailure < 0
                || positions.entrySet().stream()
                        .anyMatch(at ->
                                at.getValue() < logs.get(topic).get(at.getKey()).size());
        return now ? CompletableFuture.completedFuture(null) : more;
    }

    void wake() {
        CompletableFuture<Void> awaited;
        synchronized (this) {
            awaited = awaited();
        }
        awaited.complete(null);
    }

    private CompletableFuture<Void> awaited() {
        CompletableFuture<Void> awaited = more;
        more = new CompletableFuture<>();
        return awaited;
    }

    synchronized void readFrom(Topic topic, int partition, int position) {
        read.get(topic)[partition] = position;
    }

    // ---- failures

    /** The job shall fail at this record from now. */
    public synchronized void failAt(int record) {
        untilFailure = record;
    }

    public synchronized boolean failed() {
        return untilFailure == 0;
    }

    /** Fails the job that has nothing left to read before it came to the record. */
    public void failIfNothingIsLeft() {
        synchronized (this) {
            if (untilFailure > 0 && everythingRead(read)) {
                untilFailure = -1;
            }
        }
        wake();
    }

    // ---- what an onlooker sees

    public synchronized int reads() {
        return reads;
    }

    public synchronized boolean everythingRead() {
        return everythingRead(read);
    }

    synchronized void snapshotOfReader(long snapshot, Topic topic, Map<Integer, Integer> positions) {
        int[] at = readAtSnapshot
                .computeIfAbsent(snapshot, s -> new EnumMap<>(Topic.class))
                .computeIfAbsent(topic, t -> new int[topic.partitions]);
        positions.forEach((partition, position) -> at[partition] = position);
    }

    synchronized void snapshotOfLedger(long snapshot, int task, Map<Ledger.Account, Integer> counts) {
        ledgers.computeIfAbsent(snapshot, s -> new HashMap<>()).put(task, Map.copyOf(counts));
    }

    /** A job begins, whose snapshots may have the numbers of its predecessor's. */
    public synchronized void forgetSnapshots() {
        readAtSnapshot.clear();
        ledgers.clear();
    }

    /**
     * Whether nothing was left to read at a completed snapshot: what had been read by then had caused all that it ever
     * would before the snapshot passed.
     */
    public synchronized boolean atRest(long completed) {
        return everythingRead(readAtSnapshot.getOrDefault(completed, Map.of()));
    }

    private boolean everythingRead(Map<Topic, int[]> positions) {
        for (Topic topic : Topic.values()) {
            int[] at = positions.getOrDefault(topic, new int[topic.partitions]);
            for (int partition = 0; partition < topic.partitions; partition++) {
                if (at[partition] < logs.get(topic).get(partition).size()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What a transactional sink would have published up to a snapshot: how often each touchpoint is whose. */
    synchronized Map<String, Map<String, Integer>> ledger(long completed) {
        Map<String, Map<String, Integer>> result = new TreeMap<>();
        ledgers.getOrDefault(completed, Map.of())
                .values()
                .forEach(counts -> counts.forEach(
                        (account, count) -> result.computeIfAbsent(account.touchpointId(), t -> new TreeMap<>())
                                .merge(account.customerId(), count, Integer::sum)));
        result.values().forEach(customers -> customers.values().removeIf(count -> count == 0));
        return result;
    }
}
