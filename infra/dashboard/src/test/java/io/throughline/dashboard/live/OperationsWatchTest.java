package io.throughline.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.throughline.dashboard.know.Operations;
import io.throughline.dashboard.read.View;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperationsWatchTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final Systems systems = new Systems();
    private final Board board = new Board();
    private final AtomicInteger rounds = new AtomicInteger();
    private final OperationsWatch watch =
            new OperationsWatch(systems, board, () -> true, rounds::incrementAndGet, Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void tellsWhatIsKnownWithTheTimeItWasKnown() throws InterruptedException {
        watch.round();

        assertThat(told())
                .contains("\"name\":\"experience\"", "\"state\":\"RUNNING\"", "\"records\":7")
                .contains("\"as_of\":\"2026-03-01T12:00:00Z\"")
                .doesNotContain("trouble");
    }

    @Test
    void whatCannotBeAskedKeepsWhatWasKnownAndSaysWhyWhileTheOtherGoesOn() throws InterruptedException {
        watch.round();
        systems.flinkTrouble = "Flink is not reachable at http://nowhere";
        systems.waiting = 9;
        watch.round();

        assertThat(told()).contains("\"state\":\"RUNNING\"", "Flink is not reachable", "\"records\":9");
    }

    @Test
    void whatWasNeverKnownIsEmptyAndSaysWhy() throws InterruptedException {
        systems.flinkTrouble = "not said";
        watch.round();

        assertThat(told()).contains("{\"jobs\":{\"known\":[],\"trouble\":\"not said\"}");
    }

    @Test
    void theJobThatJudgesAlertsIsKnownByItsStage() throws InterruptedException {
        assertThat(watch.judgedSince()).isNull();

        watch.round();

        assertThat(watch.judgedSince()).isEqualTo(NOON);
    }

    @Test
    void asksByItselfUntilClosed() {
        watch.start();
        await().until(() -> rounds.get() > 0);
        watch.close();

        assertThat(told()).contains("experience");
    }

    private String told() {
        return board.changedSince(0, View.DEFAULT).stream()
                .filter(section -> section.name().code().equals("operations"))
                .map(Board.Published::json)
                .findFirst()
                .orElse("");
    }

    private static final class Systems implements Operations {
        private @Nullable String flinkTrouble;
        private long waiting = 7;

        @Override
        public List<Job> jobs() throws IOException {
            if (flinkTrouble != null) {
                throw new IOException(flinkTrouble);
            }
            return List.of(
                    new Job("0", "index", "RUNNING", NOON.minusSeconds(60), 0L, List.of(), null),
                    new Job(
                            "1",
                            "experience",
                            "RUNNING",
                            NOON,
                            0L,
                            List.of(new Stage("ingest", 2, 2, null), new Stage("alert", 2, 2, null)),
                            null));
        }

        @Override
        public List<Lag> lag() {
            return List.of(new Lag("throughline-experience", "touchpoints", waiting, 4));
        }
    }
}
