package io.throughline.pipeline.replay;

import io.throughline.domain.alert.Action;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.stitch.Letter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of one replay share in this process: the messages between identifier nodes, whether everything has
 * come to rest, and the documents. Found by its id, because Flink ships functions by serializing them.
 */
final class ReplayRun implements AutoCloseable {
    private static final Map<String, ReplayRun> RUNNING = new ConcurrentHashMap<>();

    private final String id;
    private final @Nullable Long askedAsOf;
    private final @Nullable Pace pace;
    private final Mailbox[] mailboxes;
    /** Touchpoints, decisions, erasures and messages on their way to a node. */
    private final AtomicLong underWay = new AtomicLong();

    private final AtomicInteger openInputs;
    /** Tasks that keep documents and have not heard yet what time it is. */
    private final AtomicInteger behind = new AtomicInteger();

    final List<Decision> decisions;
    final List<Action> actions;
    final List<Erasure> erasures;
    private final Map<Identifier, Long> erasedUntil;
    private final NavigableMap<Long, Integer> eventTimes = new ConcurrentSkipListMap<>();
    final Map<String, Map<String, Document>> documents = new ConcurrentHashMap<>();

    /** The newest version of one document. */
    record Document(long revision, byte[] json, boolean gone) {}

    /** Messages for the nodes of one feedback task, in the order they were sent. */
    final class Mailbox {
        private final Queue<Letter> messages = new ArrayDeque<>();
        private CompletableFuture<Void> arrival = new CompletableFuture<>();
        private boolean toldTheTime;
        private @Nullable Long told;

        synchronized void put(Letter letter) {
            messages.add(letter);
            arrival.complete(null);
        }

        synchronized @Nullable Letter poll() {
            return messages.poll();
        }

        synchronized CompletableFuture<Void> available() {
            if (!messages.isEmpty() || atRest() && (!toldTheTime || timeHasPassedThrough())) {
                return CompletableFuture.completedFuture(null);
            }
            if (arrival.isDone()) {
                arrival = new CompletableFuture<>();
            }
            return arrival;
        }

        /**
         * What is to be told now, null: nothing any more, or not yet. To be asked at rest.
         *
         * <p>The first time has to be known everywhere before any further is told: where another stream has not ended yet,
         * time would stand still, and go on by several at once.
         *
         * @param passedThrough whether {@link #timeHasPassedThrough()}
         */
        synchronized @Nullable Long tellTheTime(boolean passedThrough) {
            if (toldTheTime && !passedThrough) {
                return null;
            }
            toldTheTime = true;
            Long next = timeAfter(told);
            if (next != null) {
                told = next;
            }
            return next;
        }

        synchronized void wake() {
            arrival.complete(null);
        }
    }

    private ReplayRun(String id, int parallelism, People people, @Nullable Long askedAsOf, @Nullable Pace pace) {
        this.id = id;
        this.askedAsOf = askedAsOf;
        this.pace = pace;
        this.decisions = people.decisions();
        this.actions = people.actions();
        this.erasures = people.erasures();
        this.erasedUntil = Erasure.holding(people.erasures());
        // Every task that touchpoints come from, and the ones that decisions and erasures come from.
        this.openInputs = new AtomicInteger(parallelism + 2);
        this.mailboxes = new Mailbox[parallelism];
        for (int i = 0; i < parallelism; i++) {
            mailboxes[i] = new Mailbox();
        }
    }

    static ReplayRun start(String id, int parallelism, People people, @Nullable Long askedAsOf) {
        return start(id, parallelism, people, askedAsOf, null);
    }

    /** @param pace null: all of event time passes at once */
    static ReplayRun start(String id, int parallelism, People people, @Nullable Long askedAsOf, @Nullable Pace pace) {
        ReplayRun run = new ReplayRun(id, parallelism, people, askedAsOf, pace);
        if (RUNNING.putIfAbsent(id, run) != null) {
            throw new IllegalStateException("a replay named " + id + " is running");
        }
        return run;
    }

    static ReplayRun named(String id) {
        ReplayRun run = RUNNING.get(id);
        if (run == null) {
            throw new IllegalStateException("no replay named " + id + " is running in this process");
        }
        return run;
    }

    @Override
    public void close() {
        RUNNING.remove(id);
    }

    Mailbox mailbox(int task) {
        return mailboxes[task];
    }

    void deliver(Letter letter) {
        mailboxes[Math.floorMod(letter.to().hashCode(), mailboxes.length)].put(letter);
    }

    /** A touchpoint is about to reach its node. */
    void touched(TouchpointChange change) {
        underWay.incrementAndGet();
        if (change.sign() == 0 || Erasure.erases(erasedUntil, change.touchpoint())) {
            return;
        }
        eventTimes.merge(
                change.touchpoint().eventTime(), change.sign(), (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }

    void sent() {
        underWay.incrementAndGet();
    }

    void settled() {
        if (underWay.decrementAndGet() == 0) {
            wakeIfAtRest();
        }
    }

    /** One task that touchpoints or decisions come from has seen its last. */
    void inputEnded() {
        openInputs.decrementAndGet();
        wakeIfAtRest();
    }

    boolean atRest() {
        return openInputs.get() == 0 && underWay.get() == 0;
    }

    /** So many more tasks will keep documents. */
    void keepers(int tasks) {
        behind.addAndGet(tasks);
    }

    /** One of them has heard the time, and with it everything that was due by then. */
    void heardTheTime() {
        if (behind.decrementAndGet() == 0) {
            wakeIfAtRest();
        }
    }

    /**
     * Whether the time at rest is known everywhere. Before that no source may end: where two streams meet, time is the
     * smaller of both, and if one of them ended before the other's end has arrived, it would go from nothing to the end at
     * once, and what was due in between would never have been due.
     */
    boolean timeHasPassedThrough() {
        return behind.get() == 0 || asOf() == null;
    }

    private void wakeIfAtRest() {
        if (atRest()) {
            for (Mailbox mailbox : mailboxes) {
                mailbox.wake();
            }
        }
    }

    /**
     * The time everything is evaluated at: as asked, else the largest event time that counts; null where nothing
     * counts. Meaningful at rest.
     */
    @Nullable
    Long asOf() {
        if (askedAsOf != null) {
            return askedAsOf;
        }
        return eventTimes.isEmpty() ? null : eventTimes.lastKey();
    }

    /**
     * The time to tell next, null where the last has been told. The first is told before anything counts, and has to be known
     * everywhere before the second is told. Meaningful at rest.
     *
     * @param told what was told last, null: nothing yet
     */
    @Nullable
    Long timeAfter(@Nullable Long told) {
        Long last = asOf();
        if (last == null || told != null && told >= last) {
            return null;
        }
        if (pace == null || eventTimes.isEmpty()) {
            return last;
        }
        return Math.min(last, told == null ? eventTimes.firstKey() - 1 : pace.after(told, eventTimes));
    }

    /** Keeps the newest version of a document; safe in any order. */
    void keep(String kind, String documentId, Document document) {
        documents
                .computeIfAbsent(kind, k -> new ConcurrentHashMap<>())
                .merge(documentId, document, (a, b) -> b.revision() >= a.revision() ? b : a);
    }
}
