package io.throughline.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;

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

            assertThat(run.mailbox(0).tellTheTime()).isTrue();
            CompletableFuture<Void> more = run.mailbox(0).available();
            run.heardTheTime();
            assertThat(more).isNotDone();
            assertThat(run.timeHasPassedThrough()).isFalse();
            run.heardTheTime();

            assertThat(more).isDone();
            assertThat(run.timeHasPassedThrough()).isTrue();
            assertThat(run.mailbox(0).tellTheTime()).as("once only").isFalse();
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
            run.mailbox(0).tellTheTime();
            run.sent();
            run.heardTheTime();

            assertThat(run.atRest()).isFalse();
            CompletableFuture<Void> more = run.mailbox(0).available();
            assertThat(more).isNotDone();
            run.settled();
            assertThat(more).isDone();
        }
    }
}
