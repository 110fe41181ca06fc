package io.throughline.delivery;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RateLimiter;
import dev.failsafe.RetryPolicy;
import io.throughline.delivery.Answer.Delivered;
import io.throughline.delivery.Answer.Refused;
import io.throughline.delivery.Answer.TryLater;
import io.throughline.delivery.Undelivered.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings notifications to one target: so many requests a second, so many at once, again and again with growing pauses
 * while the target does not take them, and to the dead letters when it never will. Notifications about one alert, or one
 * group of them, keep their order.
 */
final class Courier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final Duration LONGEST_QUEUE = Duration.ofDays(1);

    /** A negative pause stands for the policy's own. */
    private static final Duration AS_CONFIGURED = Duration.ofNanos(-1);

    private final Target target;
    private final TargetConfig config;
    private final DeadLetters deadLetters;
    private final InstantSource clock;
    private final CircuitBreaker<Answer> breaker;
    private final RateLimiter<Answer> limiter;
    private final ExecutorService lanes;
    private final Counts counts = new Counts();

    Courier(Target target, TargetConfig config, DeadLetters deadLetters, InstantSource clock) {
        this.target = target;
        this.config = config;
        this.deadLetters = deadLetters;
        this.clock = clock;
        this.breaker = CircuitBreaker.<Answer>builder()
                .handleResultIf(answer -> answer instanceof TryLater)
                .withFailureThreshold(config.openAfter())
                .withDelay(config.maxBackOff())
                .onOpen(opened -> LOG.warn(
                        "{}: {} failures in a row; trying again in {} s",
                        config.name(),
                        config.openAfter(),
                        config.maxBackOff().toSeconds()))
                .onClose(closed -> LOG.info("{}: takes notifications again", config.name()))
                .build();
        this.limiter = RateLimiter.<Answer>smoothBuilder(config.perSecond(), Duration.ofSeconds(1))
                .withMaxWaitTime(LONGEST_QUEUE)
                .build();
        AtomicInteger lane = new AtomicInteger();
        this.lanes = Executors.newFixedThreadPool(config.concurrency(), work -> {
            Thread thread = new Thread(work, "deliver-" + config.name() + "-" + lane.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @param publishedAt when the brokers took it */
    record Waiting(Notification notification, Instant publishedAt) {}

    /**
     * Brings a batch. The future ends when each of it was delivered or is among the dead letters; with an exception where
     * that could not be reached, and then everything has to be brought again.
     */
    CompletableFuture<Void> bring(List<Waiting> batch) {
        List<List<Waiting>> dealt = new ArrayList<>();
        for (int i = 0; i < config.concurrency(); i++) {
            dealt.add(new ArrayList<>());
        }
        for (Waiting waiting : batch) {
            if (config.wants(waiting.notification())) {
                dealt.get(Math.floorMod(waiting.notification().subject().hashCode(), config.concurrency()))
                        .add(waiting);
            } else {
                counts.unwanted.increment();
            }
        }
        return CompletableFuture.allOf(dealt.stream()
                .filter(lane -> !lane.isEmpty())
                .map(lane -> CompletableFuture.runAsync(() -> bringInOrder(lane), lanes))
                .toArray(CompletableFuture<?>[]::new));
    }

    Counts counts() {
        return counts;
    }

    private void bringInOrder(List<Waiting> lane) {
        try {
            List<Notification> fresh = new ArrayList<>();
            Instant oldest = Instant.MAX;
            for (Waiting waiting : lane) {
                Instant deadline = waiting.publishedAt().plus(config.giveUpAfter());
                if (deadline.isBefore(clock.instant())) {
                    dead(waiting.notification(), Reason.EXPIRED, "published " + waiting.publishedAt(), 0);
                } else {
                    fresh.add(waiting.notification());
                    oldest = deadline.isBefore(oldest) ? deadline : oldest;
                }
            }
            for (Parcel parcel : fresh.isEmpty() ? List.<Parcel>of() : target.pack(fresh)) {
                bring(parcel, Duration.between(clock.instant(), oldest));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void bring(Parcel parcel, Duration patience) throws InterruptedException {
        Attempts attempts = new Attempts();
        Answer answer;
        try {
            answer = patiently(patience).get(() -> attempts.make(parcel));
        } catch (CircuitBreakerOpenException e) {
            answer = attempts.last;
        } catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException(e.getMessage());
            }
            throw e;
        }
        if (answer instanceof Delivered) {
            counts.delivered.add(parcel.contents().size());
            return;
        }
        Reason reason = answer instanceof Refused ? Reason.REFUSED : Reason.GAVE_UP;
        for (Notification notification : parcel.contents()) {
            dead(notification, reason, said(answer), attempts.made);
        }
    }

    private static String said(Answer answer) {
        if (answer instanceof Refused refused) {
            return refused.detail();
        }
        return answer instanceof TryLater later ? later.detail() : "";
    }

    /** While the circuit is open nothing is tried; what the target said before that is what is worth knowing. */
    private final class Attempts {
        private int made;
        private Answer last = new TryLater("not tried: the target failed for others before", null);

        Answer make(Parcel parcel) throws InterruptedException {
            made++;
            try {
                last = target.deliver(parcel);
            } catch (IOException e) {
                last = new TryLater("no answer: " + e, null);
            }
            return last;
        }
    }

    private FailsafeExecutor<Answer> patiently(Duration patience) {
        RetryPolicy<Answer> retry = RetryPolicy.<Answer>builder()
                .handle(CircuitBreakerOpenException.class)
                .handleResultIf(answer -> answer instanceof TryLater)
                .withMaxRetries(-1)
                .withMaxDuration(patience.isNegative() ? Duration.ofMillis(1) : patience)
                .withBackoff(config.backOff(), config.maxBackOff())
                .withJitter(0.5)
                .withDelayFn(context -> asked(context.getLastResult()))
                .onRetry(event -> counts.retries.increment())
                .build();
        return Failsafe.with(retry, breaker, limiter);
    }

    private static Duration asked(@Nullable Answer answer) {
        return answer instanceof TryLater later && later.after() != null ? later.after() : AS_CONFIGURED;
    }

    private void dead(Notification notification, Reason reason, String detail, int attempts)
            throws InterruptedException {
        LOG.warn("{}: {} not delivered ({}): {}", config.name(), notification.id(), reason, detail);
        deadLetters.put(new Undelivered(config.name(), notification, reason, detail, attempts, clock.instant()));
        counts.deadLetters.increment();
        if (!notification.event().leavesItStanding()) {
            // A target that repeats what stands would do so for ever.
            target.remind(notification);
        }
    }

    /** Stops in the middle of whatever is under way. */
    @Override
    public void close() {
        lanes.shutdownNow();
        target.close();
    }
}
