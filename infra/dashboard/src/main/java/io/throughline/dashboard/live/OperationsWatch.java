package io.throughline.dashboard.live;

import io.throughline.dashboard.know.Operations;
import io.throughline.dashboard.read.Answer;
import io.throughline.dashboard.read.Section;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks how the jobs go, for everybody, on a thread of its own: what runs the jobs may be slow or away while documents can
 * be read. Each of the two parts keeps what it last knew, with the time it was known.
 */
public final class OperationsWatch implements AutoCloseable {

    private static final Duration REST = Duration.ofSeconds(5);
    private static final Duration REST_WHILE_NOBODY_LOOKS = Duration.ofSeconds(30);

    private final Operations operations;
    private final Board board;
    private final BooleanSupplier somebodyLooks;
    private final Runnable afterRound;
    private final Clock clock;
    private final Thread thread;
    private volatile Part<Operations.Job> jobs = new Part<>(List.of(), null, null);
    private Part<Operations.Lag> lag = new Part<>(List.of(), null, null);

    /**
     * One of the two things asked.
     *
     * @param asOf when it was last known; null: never
     * @param trouble why it is not known now; null: it is
     */
    record Part<T>(List<T> known, @Nullable Instant asOf, @Nullable String trouble) {}

    /** What the page is told. */
    record State(Part<Operations.Job> jobs, Part<Operations.Lag> lag) {}

    /** @param afterRound runs on the watch's thread after each round; must not block */
    public OperationsWatch(
            Operations operations, Board board, BooleanSupplier somebodyLooks, Runnable afterRound, Clock clock) {
        this.operations = operations;
        this.board = board;
        this.somebodyLooks = somebodyLooks;
        this.afterRound = afterRound;
        this.clock = clock;
        this.thread = new Thread(this::watch, "dashboard-operations");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** When the job that judges alerts was started, of several the first; null: none is known. */
    public @Nullable Instant judgedSince() {
        return jobs.known().stream()
                .filter(job ->
                        job.stages().stream().anyMatch(stage -> stage.name().equals("alert")))
                .map(Operations.Job::startedAt)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                round();
                afterRound.run();
                long rested = 0;
                while (rested < (somebodyLooks.getAsBoolean() ? REST : REST_WHILE_NOBODY_LOOKS).toMillis()) {
                    Thread.sleep(500);
                    rested += 500;
                }
            }
        } catch (InterruptedException closed) {
            // The server ends.
        }
    }

    /** Asks once and tells the board. */
    void round() throws InterruptedException {
        jobs = part(operations::jobs, jobs);
        lag = part(operations::lag, lag);
        board.told(Section.shared(Section.Name.OPERATIONS), Answer.of(new State(jobs, lag)));
    }

    @FunctionalInterface
    private interface Asking<T> {
        List<T> ask() throws IOException, InterruptedException;
    }

    private <T> Part<T> part(Asking<T> asking, Part<T> before) throws InterruptedException {
        try {
            return new Part<>(asking.ask(), clock.instant(), null);
        } catch (IOException | RuntimeException away) {
            return new Part<>(before.known(), before.asOf(), String.valueOf(away.getMessage()));
        }
    }
}
