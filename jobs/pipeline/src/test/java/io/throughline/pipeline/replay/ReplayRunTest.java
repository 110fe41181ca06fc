package io.throughline.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReplayRunTest {

    private static final long NOON = 1_772_366_400_000L;

    @Test
    void noSourceEndsBeforeTheTimeIsKnownEverywhere() {
        try (ReplayRun run = ReplayRun.start("story", 1, People.SILENT, NOON)) {
            run.keepers(2);
            run.inputEnded();
            run.inputEnded();
            run.inputEnded();
            assertThat(run.atRest()).isTrue();
            assertThat(run.mailbox(0).available()).as("the time can be told").isDone();

            assertThat(run.mailbox(0).tellTheTime(run.timeHasPassedThrough())).isEqualTo(NOON);
            CompletableFuture<Void> more = run.mailbox(0).available();
            run.heardTheTime();
            assertThat(more).isNotDone();
            assertThat(run.timeHasPassedThrough()).isFalse();
            run.heardTheTime();

            assertThat(more).isDone();
            assertThat(run.timeHasPassedThrough()).isTrue();
            assertThat(run.mailbox(0).tellTheTime(true)).as("once only").isNull();
        }
    }

    @Test
    void whereNothingCountsThereIsNoTimeToWaitFor() {
        try (ReplayRun run = ReplayRun.start("nothing", 1, People.SILENT, null)) {
            run.keepers(2);
            run.inputEnded();
            run.inputEnded();
            run.inputEnded();

            assertThat(run.asOf()).isNull();
            assertThat(run.timeHasPassedThrough()).isTrue();
        }
    }

    @Test
    void aMessageThatTheTimeCausedIsBroughtBeforeTheEnd() {
        try (ReplayRun run = ReplayRun.start("late word", 1, People.SILENT, NOON)) {
            run.keepers(1);
            run.inputEnded();
            run.inputEnded();
            run.inputEnded();
            run.mailbox(0).tellTheTime(false);
            run.sent();
            run.heardTheTime();

            assertThat(run.atRest()).isFalse();
            CompletableFuture<Void> more = run.mailbox(0).available();
            assertThat(more).isNotDone();
            run.settled();
            assertThat(more).isDone();
        }
    }

    @Test
    void atAPaceNoFurtherTimeIsToldBeforeTheFirstIsKnownEverywhere() {
        Pace pace = new Pace(5_000, 60_000, List.of());
        try (ReplayRun run = ReplayRun.start("paced", 1, People.SILENT, NOON + 70_000, pace)) {
            run.keepers(2);
            run.touched(new TouchpointChange(
                    Touchpoint.of("t", NOON + 1_000, "web", "visit").build(), 1, 1, "file:1"));
            run.settled();
            run.inputEnded();
            run.inputEnded();
            run.inputEnded();
            ReplayRun.Mailbox mailbox = run.mailbox(0);

            assertThat(mailbox.tellTheTime(false)).as("before anything counts").isEqualTo(NOON + 999);
            run.heardTheTime();
            assertThat(mailbox.tellTheTime(run.timeHasPassedThrough())).isNull();
            run.heardTheTime();

            assertThat(mailbox.tellTheTime(run.timeHasPassedThrough())).isEqualTo(NOON + 5_000);
            assertThat(mailbox.tellTheTime(true)).isEqualTo(NOON + 60_000);
            assertThat(mailbox.tellTheTime(true)).as("not beyond the end").isEqualTo(NOON + 70_000);
            assertThat(mailbox.tellTheTime(true)).isNull();
        }
    }
}
