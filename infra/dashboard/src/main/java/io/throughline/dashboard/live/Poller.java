package io.throughline.dashboard.live;

import io.throughline.dashboard.read.Answer;
import io.throughline.dashboard.read.Outage;
import io.throughline.dashboard.read.Section;
import io.throughline.dashboard.read.View;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads Elasticsearch for everybody, on one thread. It rests three times as long as a round took, so that it never uses
 * more than a quarter of one search thread, and hardly reads at all while nobody looks.
 */
public final class Poller implements AutoCloseable {

    private static final Duration SHORTEST_REST = Duration.ofMillis(500);
    private static final Duration REST_WHILE_NOBODY_LOOKS = Duration.ofSeconds(5);
    private static final Duration REST_WHILE_DOWN = Duration.ofSeconds(1);

    private final Reading reading;
    private final Board board;
    private final Supplier<Set<View>> looking;
    private final Runnable afterRound;
    private final Clock clock;
    private final String target;
    private final Thread thread;
    private final Object rest = new Object();
    private boolean wanted;
    private volatile boolean closed;

    /** One round of reading everything. */
    @FunctionalInterface
    public interface Reading {
        /**
         * What changed; a section not contained has not.
         *
         * @throws IOException when Elasticsearch does not answer
         */
        Map<Section, Answer> read(Instant now, Collection<View> views) throws IOException;
    }

    /**
     * A poller that does nothing until it is started.
     *
     * @param looking views somebody looks at now
     * @param afterRound runs on the poller's thread after each round, also a failed one; must not block
     * @param target how to name Elasticsearch in messages
     */
    public Poller(
            Reading reading,
            Board board,
            Supplier<Set<View>> looking,
            Runnable afterRound,
            Clock clock,
            String target) {
        this.reading = reading;
        this.board = board;
        this.looking = looking;
        this.afterRound = afterRound;
        this.clock = clock;
        this.target = target;
        this.thread = new Thread(this::poll, "dashboard-poller");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Ends the current rest: somebody came to look at something. */
    public void wake() {
        synchronized (rest) {
            wanted = true;
            rest.notifyAll();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void poll() {
        while (!closed) {
            long started = System.nanoTime();
            Set<View> views = looking.get();
            boolean answered = round(views);
            afterRound.run();
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            rest(restAfter(took, views, answered));
        }
    }

    private boolean round(Collection<View> views) {
        Set<View> wantedViews = new LinkedHashSet<>(views);
        wantedViews.add(View.DEFAULT);
        Instant now = clock.instant();
        boolean wasDown = board.pulse().outage() != null;
        try {
            long started = System.nanoTime();
            Map<Section, Answer> answers = reading.read(now, wantedViews);
            board.update(now, Duration.ofNanos(System.nanoTime() - started), answers, wantedViews);
            if (wasDown) {
                System.err.println("Elasticsearch at " + target + " answers again.");
            }
            return true;
        } catch (IOException | RuntimeException unanswered) {
            if (closed) {
                return false;
            }
            Outage outage = Outage.of(unanswered);
            board.outage(now, outage);
            if (!wasDown) {
                System.err.println(
                        "Elasticsearch at " + target + " does not answer (" + outage.reason() + "); trying on.");
            }
            return false;
        }
    }

    private static Duration restAfter(Duration took, Set<View> views, boolean answered) {
        if (!answered) {
            return REST_WHILE_DOWN;
        }
        Duration polite = took.multipliedBy(3);
        Duration shortest = views.isEmpty() ? REST_WHILE_NOBODY_LOOKS : SHORTEST_REST;
        return polite.compareTo(shortest) > 0 ? polite : shortest;
    }

    private void rest(Duration rest) {
        long until = System.nanoTime() + rest.toNanos();
        synchronized (this.rest) {
            try {
                for (long left = rest.toMillis(); left > 0 && !wanted && !closed; ) {
                    this.rest.wait(left);
                    left = (until - System.nanoTime()) / 1_000_000;
                }
            } catch (InterruptedException stopped) {
                closed = true;
            }
            wanted = false;
        }
    }
}
