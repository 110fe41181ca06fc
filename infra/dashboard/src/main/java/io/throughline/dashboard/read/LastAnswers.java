package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks Elasticsearch, a bounded number of questions at a time, and remembers the last good answer to each of the latest
 * ones: the same question within a second is not asked again, and while Elasticsearch is away the last answer stands.
 * Thread-safe.
 */
final class LastAnswers {

    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int MOST_REMEMBERED = 300;
    private static final int AT_A_TIME = 6;
    private static final long WAIT_MILLIS = 3_000;

    private final ElasticsearchClient elasticsearch;
    private final Clock clock;
    private final Semaphore places = new Semaphore(AT_A_TIME, true);
    private final Map<Object, Reply> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Reply> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /** Searches and what becomes of them. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Round round) throws IOException, UnansweredException;
    }

    LastAnswers(ElasticsearchClient elasticsearch, Clock clock) {
        this.elasticsearch = elasticsearch;
        this.clock = clock;
    }

    /**
     * @param key equal for equal questions
     * @throws UnansweredException where it cannot be asked and never was
     */
    Reply to(Object key, Question<?> question) throws UnansweredException {
        Instant now = clock.instant();
        Reply last = last(key);
        if (last != null && last.asOf().plus(FRESH).isAfter(now)) {
            return last;
        }
        try {
            Reply reply = new Reply(once(question), now, null);
            synchronized (remembered) {
                remembered.put(key, reply);
            }
            return reply;
        } catch (UnansweredException away) {
            return standing(last, away);
        }
    }

    /** The answer as it is now, or none. */
    <T> T once(Question<T> question) throws UnansweredException {
        try {
            if (!places.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new UnansweredException("Elasticsearch is busy with other questions.");
            }
            try {
                return question.ask(new Round(elasticsearch));
            } finally {
                places.release();
            }
        } catch (IOException away) {
            throw new UnansweredException(Outage.of(away).sentence(), away);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new UnansweredException("The server is stopping.", stopping);
        }
    }

    private static Reply standing(@Nullable Reply last, UnansweredException why) throws UnansweredException {
        if (last == null) {
            throw why;
        }
        return new Reply(last.data(), last.asOf(), why.getMessage());
    }

    private @Nullable Reply last(Object key) {
        synchronized (remembered) {
            return remembered.get(key);
        }
    }
}
