package io.throughline.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.throughline.dashboard.read.Answer;
import io.throughline.dashboard.read.Section;
import io.throughline.dashboard.read.View;
import io.throughline.dashboard.read.Window;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PollerTest {
    /** Waiting longer costs nothing when all is well. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final View CHAT = new View(Window.HOUR, "chat");
    private static final Section PIPELINE = new Section(Section.Name.PIPELINE, null);

    private final Board board = new Board();
    private final Set<View> looking = ConcurrentHashMap.newKeySet();
    private final AtomicInteger rounds = new AtomicInteger();
    private final Elasticsearch elasticsearch = new Elasticsearch();
    private final Poller poller = new Poller(
            elasticsearch,
            board,
            () -> Set.copyOf(looking),
            rounds::incrementAndGet,
            Clock.systemUTC(),
            "http://nowhere");

    @AfterEach
    void close() {
        poller.close();
    }

    @Test
    void readsTheUsualViewWhileNobodyLooks() {
        poller.start();

        await().atMost(PATIENCE).until(() -> board.changedSince(0, View.DEFAULT).size() == 1);
        assertThat(elasticsearch.asked.get(0)).containsExactly(View.DEFAULT);
    }

    @Test
    void aNewViewIsReadAtOnceAndNotAfterTheNextRest() {
        poller.start();
        await().atMost(PATIENCE).until(() -> rounds.get() > 0);

        looking.add(CHAT);
        poller.wake();

        // While nobody looks it rests for 5 s.
        await().atMost(Duration.ofSeconds(4))
                .until(() -> elasticsearch.asked.stream().anyMatch(views -> views.contains(CHAT)));
    }

    @Test
    void anOutageIsShownAndEndsByItself() {
        elasticsearch.outage = new IOException("wrapped", new IOException("Connection refused"));
        looking.add(View.DEFAULT);
        poller.start();
        await().atMost(PATIENCE)
                .until(() -> "Connection refused".equals(board.pulse().outage()));
        assertThat(rounds.get()).as("browsers are told of an outage too").isPositive();

        elasticsearch.outage = null;

        await().atMost(PATIENCE).until(() -> board.pulse().outage() == null);
        assertThat(board.changedSince(0, View.DEFAULT)).hasSize(1);
    }

    @Test
    void whatDoesNotAnswerInTimeIsNotToldInTheClientsWords() {
        elasticsearch.outage = new IOException(
                "wrapped",
                new SocketTimeoutException("5,000 milliseconds timeout on connection http-outgoing-2 [ACTIVE]"));
        poller.start();

        await().atMost(PATIENCE).until(() -> "no answer in time: it is busy, or hangs"
                .equals(board.pulse().outage()));
        assertThat(board.pulse().late()).isTrue();
    }

    private static final class Elasticsearch implements Poller.Reading {
        private final List<Collection<View>> asked = new CopyOnWriteArrayList<>();
        private volatile @Nullable IOException outage;

        @Override
        public Map<Section, Answer> read(Instant now, Collection<View> views) throws IOException {
            asked.add(List.copyOf(views));
            IOException failure = outage;
            if (failure != null) {
                throw failure;
            }
            return Map.of(PIPELINE, new Answer("data", null));
        }
    }
}
