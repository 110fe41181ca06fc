package io.throughline.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.throughline.dashboard.read.Answer;
import io.throughline.dashboard.read.Outage;
import io.throughline.dashboard.read.Section;
import io.throughline.dashboard.read.View;
import io.throughline.dashboard.read.Window;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeedTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Section ALERTS = new Section(Section.Name.ALERTS, View.DEFAULT);
    private static final Section SESSIONS = new Section(Section.Name.SESSIONS, View.DEFAULT);

    private final Board board = new Board();
    private final Feed feed = new Feed(board, Clock.fixed(NOON, ZoneOffset.UTC), "run1");

    @AfterEach
    void close() {
        feed.close();
    }

    @Test
    void whoeverJoinsIsSentEverythingAndThenOnlyWhatChanges() {
        read(Map.of(ALERTS, data("a1"), SESSIONS, data("s1")));
        Browser browser = new Browser();
        feed.join(View.DEFAULT, browser, null);
        await().untilAsserted(
                        () -> assertThat(browser.names()).containsExactlyInAnyOrder("alerts", "sessions", "pulse"));

        read(Map.of(ALERTS, data("a2"), SESSIONS, data("s1")));
        feed.publish();

        await().untilAsserted(() -> assertThat(browser.events).hasSize(5));
        assertThat(browser.events.get(3).json()).isEqualTo("{\"data\":\"a2\"}");
        assertThat(browser.events.get(4).event()).isEqualTo("pulse");
    }

    @Test
    void whoeverComesBackIsSentWhatTheyMissed() {
        read(Map.of(ALERTS, data("a1"), SESSIONS, data("s1")));
        Browser before = new Browser();
        feed.join(View.DEFAULT, before, null);
        await().until(() -> before.names().contains("pulse"));
        String last = before.events.get(1).id();
        read(Map.of(SESSIONS, data("s2")));

        Browser after = new Browser();
        feed.join(View.DEFAULT, after, last);

        await().until(() -> after.names().contains("pulse"));
        assertThat(after.names()).containsExactly("sessions", "pulse");
    }

    @Test
    void anEventIdOfAnotherRunMeansNothing() {
        read(Map.of(ALERTS, data("a1")));
        for (String foreign : List.of("run0-99", "run1-", "run1-x", "", "run1-99999999999999999999")) {
            Browser browser = new Browser();
            feed.join(View.DEFAULT, browser, foreign);
            await().until(() -> browser.names().contains("pulse"));
            assertThat(browser.names()).as(foreign).containsExactly("alerts", "pulse");
        }
    }

    @Test
    void aBrowserThatDoesNotReadHoldsNobodyUpAndSkipsToTheNewest() {
        CountDownLatch stuck = new CountDownLatch(1);
        Browser slow = new Browser(stuck);
        Browser quick = new Browser();
        feed.join(View.DEFAULT, slow, null);
        feed.join(View.DEFAULT, quick, null);
        for (int i = 1; i <= 5; i++) {
            read(Map.of(ALERTS, data("a" + i)));
            String newest = "{\"data\":\"a" + i + "\"}";
            // A browser that is being written to just now is served with the next round, as in the running dashboard.
            await().untilAsserted(() -> {
                feed.publish();
                assertThat(quick.contents()).contains(newest);
            });
        }

        stuck.countDown();
        await().until(() -> slow.names().contains("pulse"));
        feed.publish();

        await().untilAsserted(() -> assertThat(slow.contents()).contains("{\"data\":\"a5\"}"));
        assertThat(slow.contents()).doesNotContain("{\"data\":\"a2\"}", "{\"data\":\"a3\"}", "{\"data\":\"a4\"}");
    }

    @Test
    void whoeverCannotBeWrittenToIsForgotten() {
        Browser gone = new Browser();
        gone.broken = true;
        feed.join(View.DEFAULT, gone, null);

        await().untilAsserted(() -> assertThat(feed.views()).isEmpty());
    }

    @Test
    void onlySoManyDifferentViewsAreServedAtATime() {
        for (int i = 0; i < Feed.MOST_VIEWS; i++) {
            feed.join(new View(Window.HOUR, "channel" + i), new Browser(), null);
        }

        assertThat(feed.hasRoomFor(new View(Window.HOUR, "channel0"))).isTrue();
        assertThat(feed.hasRoomFor(new View(Window.HOUR, "one too many"))).isFalse();
    }

    @Test
    void thePulseSaysWhetherTheDataStillMoves() {
        assertThat(feed.pulse()).isEqualTo("{\"server_time\":\"2026-03-01T12:00:00Z\",\"elasticsearch\":\"starting\"}");
        read(Map.of());
        assertThat(feed.pulse()).contains("\"as_of\":\"2026-03-01T12:00:00Z\"", "\"elasticsearch\":\"up\"");
        board.outage(NOON.plusSeconds(1), new Outage("refused", false));
        assertThat(feed.pulse()).contains("\"elasticsearch\":\"down\"", "\"outage\":\"refused\"", "\"late\":false");
    }

    private void read(Map<Section, Answer> answers) {
        board.update(NOON, Duration.ZERO, answers, List.of(View.DEFAULT));
    }

    private static Answer data(String data) {
        return new Answer(data, null);
    }

    private record Sent(String event, String json, @Nullable String id) {}

    private static final class Browser implements Feed.Connection {
        private final List<Sent> events = new CopyOnWriteArrayList<>();
        private final CountDownLatch mayRead;
        private volatile boolean broken;

        Browser() {
            this(new CountDownLatch(0));
        }

        Browser(CountDownLatch mayRead) {
            this.mayRead = mayRead;
        }

        @Override
        public void send(String event, String json, @Nullable String id) {
            if (broken) {
                throw new IllegalStateException("broken pipe");
            }
            try {
                mayRead.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            events.add(new Sent(event, json, id));
        }

        @Override
        public boolean gone() {
            return false;
        }

        @Override
        public void close() {
            broken = true;
        }

        List<String> names() {
            return events.stream().map(Sent::event).toList();
        }

        List<String> contents() {
            return new ArrayList<>(events.stream().map(Sent::json).toList());
        }
    }
}
