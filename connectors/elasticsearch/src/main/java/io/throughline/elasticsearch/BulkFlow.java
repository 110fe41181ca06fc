package io.throughline.elasticsearch;

import io.throughline.elasticsearch.BulkAnswer.Status;
import io.throughline.elasticsearch.DeadLetter.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which documents go out when, and what each answer means. A document offered is kept until it is applied, found
 * stale, dead-lettered or replaced by a newer version of itself; nothing else makes it go away.
 *
 * <p>Belongs to one thread: answers are brought back to it by the executor handed in. It never blocks; its owner asks
 * {@link #full()} and {@link #idle()} and calls {@link #advance} at the latest at {@link #wakeUpAt()}.
 */
final class BulkFlow {

    private static final Logger LOG = LoggerFactory.getLogger(BulkFlow.class);

    /** No server or proxy in use refuses less. */
    private static final long SURELY_TAKEN_BYTES = 1 << 20;

    private final BulkLimits limits;
    private final BackOff backOff;
    private final BulkTransport transport;
    private final DeadLetters deadLetters;
    private final BulkCounts counts;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private final Executor owner;
    private final String preparation;

    private final Map<Document, Held> waiting = new LinkedHashMap<>();
    private long waitingBytes;
    private final Deque<Batch> again = new ArrayDeque<>();
    private final Set<Batch> inFlight = new LinkedHashSet<>();
    private long heldBytes;
    private int heldActions;

    /** Sinks below the configured one when the server finds a bulk too big. */
    private int bulkBytes;

    private volatile Circuit circuit = Circuit.CLOSED;
    private volatile long oldestSince = Long.MAX_VALUE;
    private long openUntil;
    private int failures;
    private boolean everAccepted;
    private boolean draining;

    /**
     * @param clock milliseconds that never go back
     * @param owner runs an answer on the thread this object belongs to
     * @param preparation command that creates templates and indices, for messages
     */
    BulkFlow(
            BulkLimits limits,
            BackOff backOff,
            BulkTransport transport,
            DeadLetters deadLetters,
            BulkCounts counts,
            LongSupplier clock,
            RandomGenerator random,
            Executor owner,
            String preparation) {
        this.limits = limits;
        this.backOff = backOff;
        this.transport = transport;
        this.deadLetters = deadLetters;
        this.counts = counts;
        this.clock = clock;
        this.random = random;
        this.owner = owner;
        this.preparation = preparation;
        this.bulkBytes = limits.bulkBytes();
    }

    private record Document(String index, String id) {
        static Document of(IndexAction action) {
            return new Document(action.index(), action.id());
        }
    }

    private record Held(IndexAction action, long since) {}

    /** Identity matters: two batches are never the same. */
    private static final class Batch {
        final List<Held> held;
        /** Since when its oldest document is kept, or earlier. */
        final long since;

        boolean unanswered;

        Batch(List<Held> held) {
            this.held = held;
            this.since = held.stream().mapToLong(Held::since).min().orElse(Long.MAX_VALUE);
        }

        List<IndexAction> actions() {
            List<IndexAction> actions = new ArrayList<>(held.size());
            for (Held each : held) {
                actions.add(each.action());
            }
            return actions;
        }

        long bytes() {
            return held.stream().mapToLong(each -> each.action().size()).sum();
        }
    }

    /** Takes a document over; of several versions waiting only the newest is kept. */
    void offer(IndexAction action) {
        if (action.json().length > limits.documentBytes()) {
            deadLetter(
                    action,
                    Reason.OVERSIZE_DOCUMENT,
                    "the document has " + action.json().length + " bytes, the limit is " + limits.documentBytes());
            return;
        }
        Document document = Document.of(action);
        Held earlier = waiting.get(document);
        if (earlier != null) {
            counts.coalesced.increment();
            if (earlier.action().version() < action.version()) {
                waiting.put(document, new Held(action, earlier.since()));
                int growth = action.size() - earlier.action().size();
                waitingBytes += growth;
                heldBytes += growth;
            }
            return;
        }
        waiting.put(document, new Held(action, clock.getAsLong()));
        waitingBytes += action.size();
        heldBytes += action.size();
        heldActions++;
        if (heldActions == 1) {
            observeOldest();
        }
    }

    /** Whether no more should be offered before an answer has come. */
    boolean full() {
        return heldBytes >= limits.bufferedBytes() || heldActions >= limits.bufferedActions();
    }

    /** Whether every document offered has found its end. */
    boolean idle() {
        return heldActions == 0;
    }

    /** Sends what is due. Draining, everything is due; stays so until {@link #drained}. */
    void drain() {
        draining = true;
        advance();
    }

    /** Ends what {@link #drain} began. */
    void drained() {
        draining = false;
    }

    /** Sends what is due and may go out. */
    void advance() {
        while (mayGoOut()) {
            Batch batch = nextBatch();
            if (batch == null) {
                return;
            }
            inFlight.add(batch);
            counts.bulks.increment();
            transport
                    .send(batch.actions())
                    .whenComplete((answer, failure) -> owner.execute(() -> {
                        if (failure != null) {
                            throw new IllegalStateException("the Elasticsearch client failed", failure);
                        }
                        answered(batch, answer);
                    }));
        }
    }

    /** When {@link #advance} has something to do even if no answer comes, on the clock's scale; never: MAX_VALUE. */
    long wakeUpAt() {
        if (heldActions == 0 || inFlight.size() >= limits.inFlight()) {
            return Long.MAX_VALUE;
        }
        if (circuit == Circuit.OPEN) {
            return openUntil;
        }
        return waiting.isEmpty() ? Long.MAX_VALUE : oldestWaiting() + limits.bulkDelayMillis();
    }

    /** Any thread. */
    Circuit circuit() {
        return circuit;
    }

    /** How long the oldest document has been kept, milliseconds; 0 if there is none. Any thread. */
    long oldestUnackedMillis() {
        long since = oldestSince;
        return since == Long.MAX_VALUE ? 0 : Math.max(0, clock.getAsLong() - since);
    }

    private boolean mayGoOut() {
        if (circuit == Circuit.OPEN && clock.getAsLong() >= openUntil) {
            circuit = Circuit.PROBING;
        }
        return switch (circuit) {
            case CLOSED -> inFlight.size() < limits.inFlight();
            case PROBING -> inFlight.isEmpty();
            case OPEN -> false;
        };
    }

    private @Nullable Batch nextBatch() {
        while (!again.isEmpty()) {
            Batch batch = again.removeFirst();
            dropSuperseded(batch.held);
            if (!batch.held.isEmpty()) {
                return batch;
            }
        }
        if (waiting.isEmpty()) {
            return null;
        }
        boolean due = draining
                || waitingBytes >= bulkBytes
                || waiting.size() >= limits.bulkActions()
                || clock.getAsLong() >= oldestWaiting() + limits.bulkDelayMillis();
        return due ? takeWaiting() : null;
    }

    private Batch takeWaiting() {
        List<Held> taken = new ArrayList<>();
        long bytes = 0;
        Iterator<Held> oldestFirst = waiting.values().iterator();
        while (oldestFirst.hasNext() && taken.size() < limits.bulkActions()) {
            Held next = oldestFirst.next();
            int size = next.action().size();
            if (!taken.isEmpty() && bytes + size > bulkBytes) {
                break;
            }
            taken.add(next);
            bytes += size;
            oldestFirst.remove();
        }
        waitingBytes -= bytes;
        return new Batch(taken);
    }

    private void dropSuperseded(List<Held> held) {
        held.removeIf(each -> {
            Held newer = waiting.get(Document.of(each.action()));
            boolean superseded =
                    newer != null && newer.action().version() >= each.action().version();
            if (superseded) {
                counts.coalesced.increment();
                release(each.action());
            }
            return superseded;
        });
    }

    private void answered(Batch batch, BulkAnswer answer) {
        inFlight.remove(batch);
        if (answer instanceof BulkAnswer.PerDocument perDocument
                && perDocument.documents().size() == batch.held.size()) {
            answeredEach(batch, perDocument.documents());
        } else if (answer instanceof BulkAnswer.Whole whole) {
            answeredWhole(batch, whole.status());
        } else {
            unanswered(
                    batch, answer instanceof BulkAnswer.None none ? none.cause().toString() : "cut-off answer");
        }
        observeOldest();
        advance();
    }

    private void answeredEach(Batch batch, List<Status> statuses) {
        List<Held> busy = new ArrayList<>();
        List<Held> unauthorised = new ArrayList<>();
        Status trouble = null;
        for (int i = 0; i < statuses.size(); i++) {
            Held held = batch.held.get(i);
            IndexAction action = held.action();
            Status status = statuses.get(i);
            switch (Verdict.ofDocument(status)) {
                case APPLIED -> {
                    counts.applied.increment();
                    release(action);
                }
                case STALE -> {
                    counts.stale.increment();
                    release(action);
                }
                case POISON -> {
                    deadLetter(action, Reason.POISON_DOCUMENT, status.toString());
                    release(action);
                }
                case TOO_BIG -> {
                    deadLetter(action, Reason.OVERSIZE_DOCUMENT, status.toString());
                    release(action);
                }
                case UNAUTHORISED -> {
                    unauthorised.add(held);
                    trouble = status;
                }
                case MISSING_INDEX -> throw missingIndex(action.index(), status);
                case BUSY, REFUSED, UNUSABLE -> {
                    busy.add(held);
                    trouble = status;
                }
            }
        }
        boolean progress = busy.size() + unauthorised.size() < statuses.size();
        everAccepted |= progress;
        if (trouble == null) {
            close();
            return;
        }
        if (!unauthorised.isEmpty()) {
            refuseAtStartUp(trouble);
            counts.unauthorised.increment();
        }
        boolean onlyUnauthorised = busy.isEmpty();
        busy.addAll(unauthorised);
        again.addFirst(new Batch(busy));
        counts.retries.add(busy.size());
        if (onlyUnauthorised) {
            waitUnauthorised(trouble);
        } else {
            open(progress, trouble.toString());
        }
    }

    private void answeredWhole(Batch batch, Status status) {
        switch (Verdict.ofRequest(status)) {
            case BUSY -> sendAgain(batch, false, status.toString());
            case TOO_BIG -> {
                close();
                bulkBytes = (int) Math.max(1, Math.min(bulkBytes, batch.bytes() / 2));
                splitOr(Reason.OVERSIZE_DOCUMENT, batch, status);
            }
            case REFUSED -> {
                close();
                splitOr(Reason.POISON_DOCUMENT, batch, status);
            }
            case UNAUTHORISED -> {
                refuseAtStartUp(status);
                counts.unauthorised.increment();
                again.addFirst(batch);
                counts.retries.add(batch.held.size());
                waitUnauthorised(status);
            }
            case MISSING_INDEX -> throw missingIndex(batch.held.get(0).action().index(), status);
            case APPLIED, STALE, POISON, UNUSABLE ->
                throw new UnusableElasticsearchException("what answers at elasticsearch.urls does not take bulks as"
                        + " Elasticsearch does: " + status + "; correct elasticsearch.urls");
        }
    }

    private void splitOr(Reason reason, Batch batch, Status status) {
        if (batch.held.size() == 1) {
            IndexAction action = batch.held.get(0).action();
            deadLetter(action, reason, status.toString());
            release(action);
            return;
        }
        split(batch);
    }

    private void split(Batch batch) {
        counts.splits.increment();
        int size = batch.held.size();
        again.addFirst(new Batch(new ArrayList<>(batch.held.subList(size / 2, size))));
        again.addFirst(new Batch(new ArrayList<>(batch.held.subList(0, size / 2))));
    }

    /**
     * A server that finds a body too big may close the connection before its answer is read, so that too big looks like
     * down. Halving after the second time tells them apart, and does no harm where it was down.
     */
    private void unanswered(Batch batch, String trouble) {
        if (batch.unanswered && batch.held.size() > 1 && batch.bytes() > SURELY_TAKEN_BYTES) {
            split(batch);
            counts.retries.add(batch.held.size());
            open(false, trouble);
        } else {
            batch.unanswered = true;
            sendAgain(batch, false, trouble);
        }
    }

    private void sendAgain(Batch batch, boolean progress, String trouble) {
        again.addFirst(batch);
        counts.retries.add(batch.held.size());
        open(progress, trouble);
    }

    /** Answers that were under way when the circuit opened tell nothing new. */
    private void open(boolean progress, String trouble) {
        if (circuit == Circuit.OPEN) {
            return;
        }
        failures = progress ? 1 : failures + 1;
        openFor(backOff.afterFailures(failures, random), trouble);
    }

    private void waitUnauthorised(Status status) {
        failures++;
        openFor(backOff.unauthorisedMillis(), status + "; renew the credentials, nothing is lost meanwhile");
    }

    private void openFor(long millis, String trouble) {
        circuit = Circuit.OPEN;
        openUntil = clock.getAsLong() + millis;
        LOG.warn(
                "Elasticsearch does not take documents ({}); {} kept, attempt {} failed, next in {} ms",
                trouble,
                heldActions,
                failures,
                millis);
    }

    private void close() {
        if (circuit == Circuit.PROBING) {
            LOG.info("Elasticsearch takes documents again; {} kept", heldActions);
            circuit = Circuit.CLOSED;
        }
        if (circuit == Circuit.CLOSED) {
            failures = 0;
        }
    }

    private void refuseAtStartUp(Status status) {
        if (!everAccepted) {
            throw new UnusableElasticsearchException("Elasticsearch refuses the credentials or rights: " + status
                    + "; correct elasticsearch.api_key or" + " elasticsearch.username and elasticsearch.password");
        }
    }

    private UnusableElasticsearchException missingIndex(String index, Status status) {
        return new UnusableElasticsearchException(
                "index " + index + " is missing (" + status + "); create templates and indices: " + preparation);
    }

    private void deadLetter(IndexAction action, Reason reason, String detail) {
        counts.deadLettered.increment();
        LOG.warn("dead letter {}: {}", action, detail);
        try {
            deadLetters.accept(new DeadLetter(action, reason, detail));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot dead-letter " + action, e);
        }
    }

    private void release(IndexAction action) {
        heldBytes -= action.size();
        heldActions--;
    }

    private long oldestWaiting() {
        return waiting.values().iterator().next().since();
    }

    private void observeOldest() {
        long oldest = waiting.isEmpty() ? Long.MAX_VALUE : oldestWaiting();
        for (Batch batch : inFlight) {
            oldest = Math.min(oldest, batch.since);
        }
        for (Batch batch : again) {
            oldest = Math.min(oldest, batch.since);
        }
        oldestSince = oldest;
    }
}
