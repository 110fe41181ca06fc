package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.throughline.domain.stitch.Fence.Run;
import io.throughline.domain.stitch.Fence.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which of the messages in the topic belong to the present history of a job. */
class FenceTest {

    private static final long JOB = 77;
    private static final Run FIRST = new Run(JOB, 0, 0);
    private static final Run RESTARTED = new Run(JOB, 5, 1);

    @Test
    void whatThePresentAttemptSendsCountsBeforeAndAfterItsSnapshots() {
        Fence sender = new Fence(FIRST, Map.of());
        Fence receiver = new Fence(FIRST, Map.of());
        Stamp before = sender.stamp();
        sender.snapshot(1);
        Stamp after = sender.stamp();

        assertThat(receiver.admits(before)).isTrue();
        assertThat(receiver.admits(after)).isTrue();
        receiver.snapshot(1);
        assertThat(receiver.admits(before)).isTrue();
        assertThat(receiver.admits(after)).isTrue();
    }

    @Test
    void ofAnAttemptThatEndedCountsWhatItSentBeforeTheSnapshotItsSuccessorStartedFrom() {
        Fence first = new Fence(FIRST, Map.of());
        Stamp atTheStart = first.stamp();
        first.snapshot(4);
        Stamp betweenSnapshots = first.stamp();
        Map<Run, Long> cuts = first.snapshot(5);
        Stamp afterIt = first.stamp();
        first.snapshot(6);
        Stamp afterOneThatNeverCompleted = first.stamp();

        Fence second = new Fence(RESTARTED, cuts);

        assertThat(second.admits(atTheStart)).isTrue();
        assertThat(second.admits(betweenSnapshots)).isTrue();
        assertThat(second.admits(afterIt)).isFalse();
        assertThat(second.admits(afterOneThatNeverCompleted)).isFalse();
        assertThat(second.admits(second.stamp())).isTrue();
    }

    @Test
    void nothingCountsOfAnAttemptThatFailedBeforeItsFirstSnapshot() {
        Stamp rolledBack = new Fence(FIRST, Map.of()).stamp();

        assertThat(new Fence(new Run(JOB, 0, 1), Map.of()).admits(rolledBack)).isFalse();
    }

    @Test
    void nothingCountsOfAnAttemptThatFailedBeforeItTookASnapshotOfItsOwn() {
        Map<Run, Long> cuts = new Fence(FIRST, Map.of()).snapshot(5);
        Stamp ofTheSecond = new Fence(RESTARTED, cuts).stamp();

        Fence third = new Fence(new Run(JOB, 5, 2), cuts);

        assertThat(third.admits(ofTheSecond)).isFalse();
        assertThat(third.admits(new Stamp(FIRST, 4))).isTrue();
    }

    @Test
    void attemptsAreRememberedFromOneToTheNext() {
        Map<Run, Long> ofTheFirst = new Fence(FIRST, Map.of()).snapshot(5);
        Map<Run, Long> ofTheSecond = new Fence(RESTARTED, ofTheFirst).snapshot(8);

        Fence third = new Fence(new Run(JOB, 8, 2), ofTheSecond);

        assertThat(third.admits(new Stamp(FIRST, 4))).isTrue();
        assertThat(third.admits(new Stamp(FIRST, 5))).isFalse();
        assertThat(third.admits(new Stamp(RESTARTED, 5))).isTrue();
        assertThat(third.admits(new Stamp(RESTARTED, 7))).isTrue();
        assertThat(third.admits(new Stamp(RESTARTED, 8))).isFalse();
    }

    @Test
    void aSavepointOfAnotherJobIsASnapshotLikeAnyOther() {
        Fence before = new Fence(FIRST, Map.of());
        Stamp sent = before.stamp();
        Map<Run, Long> cuts = before.snapshot(5);
        Stamp sentAfterTheSavepoint = before.stamp();

        Fence rescaled = new Fence(new Run(JOB + 1, 5, 0), cuts);

        assertThat(rescaled.admits(sent)).isTrue();
        assertThat(rescaled.admits(sentAfterTheSavepoint)).isFalse();
    }

    @Test
    void nothingCountsOfAnAttemptThatIsNotKnown() {
        Fence fence = new Fence(RESTARTED, Map.of(FIRST, 5L));

        assertThat(fence.admits(new Stamp(new Run(JOB + 1, 0, 0), 0))).isFalse();
        assertThat(fence.admits(new Stamp(new Run(JOB, 3, 1), 3))).isFalse();
    }

    @Test
    void aMessageOfAnAttemptThatCannotHaveBegunYetIsAnError() {
        Fence left = new Fence(FIRST, Map.of());
        Stamp restartedAlone = new Stamp(new Run(JOB, 0, 1), 0);

        assertThatIllegalStateException()
                .isThrownBy(() -> left.admits(restartedAlone))
                .withMessageContaining("a message of attempt 1 reached a task of attempt 0")
                .withMessageContaining("jobmanager.scheduler");
    }

    @Test
    void onlyTheNewestAttemptsAreRemembered() {
        List<Map.Entry<Run, Long>> remembered = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            // Every task remembers the same.
            remembered.add(Map.entry(new Run(JOB, number, number), 10L + number));
            remembered.add(Map.entry(new Run(JOB, number, number), 10L + number));
        }

        assertThat(Fence.newest(remembered, 2)).isEqualTo(Map.of(new Run(JOB, 4, 4), 14L, new Run(JOB, 3, 3), 13L));
    }
}
