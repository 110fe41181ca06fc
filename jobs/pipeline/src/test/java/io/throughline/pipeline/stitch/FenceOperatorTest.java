package io.throughline.pipeline.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stitch.Fence.Run;
import io.throughline.domain.stitch.Fence.Stamp;
import io.throughline.domain.stitch.Layer;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.touchpoint.Hash128;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for a snapshot passes in order, and in no case after a snapshot that it belongs to. */
class FenceOperatorTest {

    private final FenceOperator fence = new FenceOperator();
    private OneInputStreamOperatorTestHarness<Letter, Letter> task;
    private Run run;

    @BeforeEach
    void start() throws Exception {
        task = new OneInputStreamOperatorTestHarness<>(fence);
        task.setup(LetterLayout.TYPE.createSerializer(task.getExecutionConfig().getSerializerConfig()));
        task.open();
        run = FenceOperator.run(fence.getRuntimeContext(), 0);
    }

    @AfterEach
    void stop() throws Exception {
        task.close();
    }

    @Test
    void whatWasSentAfterASnapshotWaitsForIt() throws Exception {
        take(letter(1, 1));
        assertThat(passed()).isEmpty();

        snapshot(1);
        task.setProcessingTime(1);

        assertThat(passed()).containsExactly(letter(1, 1));
    }

    @Test
    void whatCameAfterTheSnapshotDoesNotOvertakeWhatWaitedForIt() throws Exception {
        take(letter(1, 1));
        snapshot(1);

        take(letter(2, 1));
        task.setProcessingTime(1);

        assertThat(passed()).containsExactly(letter(1, 1), letter(2, 1));
    }

    @Test
    void whatWaitedForASnapshotThatWasGivenUpPassesBeforeTheNextWhichItBelongsTo() throws Exception {
        take(letter(1, 2));
        take(letter(2, 1));

        // Of snapshot 1, which others had taken part in, nothing came here.
        task.prepareSnapshotPreBarrier(2);
        assertThat(passed()).containsExactly(letter(2, 1));
        task.snapshot(2, 0);
        task.setProcessingTime(1);

        assertThat(passed()).containsExactly(letter(2, 1), letter(1, 2));
    }

    private void take(Letter letter) throws Exception {
        task.processElement(new StreamRecord<>(letter));
    }

    private void snapshot(long id) throws Exception {
        task.prepareSnapshotPreBarrier(id);
        task.snapshot(id, 0);
    }

    private List<Letter> passed() {
        return task.extractOutputValues();
    }

    private Letter letter(int which, long epoch) {
        return new Letter(
                new StitchMessage.Union(Layer.PERSONS, new Hash128(which, which), new Hash128(0, 0)),
                new Stamp(run, epoch));
    }
}
