package io.throughline.kafka;

import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a registry again and again until it answers: exponential back-off with full jitter, for as long as the thread is
 * not interrupted. It logs at the first failure, then once a minute, and when the registry is back.
 */
final class Patience {

    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOGS = Duration.ofMinutes(1);

    private final SplittableRandom jitter = new SplittableRandom();
    private final long longestPauseMillis;

    Patience() {
        this(LONGEST_PAUSE);
    }

    Patience(Duration longestPause) {
        this.longestPauseMillis = longestPause.toMillis();
    }

    /** Something that fails while the registry is away. */
    @FunctionalInterface
    interface Attempt<A> {
        A make() throws RegistryUnavailableException;
    }

    <A> A until(Attempt<A> attempt) throws InterruptedException {
        long waitingSince = 0;
        long loggedAt = 0;
        @Nullable RegistryUnavailableException last = null;
        for (int failures = 0; ; failures++) {
            try {
                A answer = attempt.make();
                if (last != null) {
                    LOG.info("the Schema Registry answers again after {} s", secondsSince(waitingSince));
                }
                return answer;
            } catch (RegistryUnavailableException e) {
                if (last == null) {
                    waitingSince = System.nanoTime();
                    loggedAt = waitingSince;
                    LOG.warn("waiting for the Schema Registry: {}", e.getMessage());
                } else if (secondsSince(loggedAt) >= BETWEEN_LOGS.toSeconds()) {
                    loggedAt = System.nanoTime();
                    LOG.warn("waiting for {} s: {}", secondsSince(waitingSince), e.getMessage());
                }
                last = e;
                Thread.sleep(pause(failures));
            }
        }
    }

    private long pause(int failures) {
        long bound = Math.min(longestPauseMillis, FIRST_PAUSE.toMillis() << Math.min(failures, 20));
        return 1 + jitter.nextLong(Math.max(1, bound));
    }

    private static long secondsSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toSeconds();
    }
}
