package io.throughline.pipeline.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is kept, in the hands of the task and of the thread that writes its snapshot. */
class KeptTest {

    @Test
    void aCopyIsMadeOnlyOnceTheSnapshotHasWrittenTheOriginal() throws Exception {
        Diary diary = new Diary();
        diary.day.set(7);
        CountDownLatch isWriting = new CountDownLatch(1);
        CountDownLatch mayWrite = new CountDownLatch(1);
        Layout<Diary> layout = new SlowLayout(isWriting, mayWrite);
        Kept<Diary> original = new Kept<>(diary, layout);
        FutureTask<byte[]> snapshot = new FutureTask<>(original::bytes);
        FutureTask<Kept<Diary>> task = new FutureTask<>(original::copy);

        started(snapshot);
        isWriting.await();
        Thread copying = started(task);
        await().until(() -> copying.getState() == Thread.State.BLOCKED);
        mayWrite.countDown();
        byte[] written = snapshot.get();
        Kept<Diary> copy = task.get();

        assertThat(copy.opened()).isSameAs(diary);
        assertThat(copy.bytes()).isEqualTo(written);
        assertThat(copy.packedSize()).isEqualTo(written.length);
        diary.day.set(8);
        assertThat(original.bytes()).isEqualTo(written);
        assertThat(copy.bytes()).isNotEqualTo(written);
        assertThat(original.open(layout).day).hasValue(7);
    }

    private static Thread started(FutureTask<?> task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static final class Diary {
        private final AtomicInteger day = new AtomicInteger();
    }

    /** Says that it is writing, and waits. */
    private record SlowLayout(CountDownLatch isWriting, CountDownLatch mayWrite) implements Layout<Diary> {
        private static final long serialVersionUID = 1;

        @Override
        public void write(Diary diary, DataOutput out) throws IOException {
            isWriting.countDown();
            try {
                mayWrite.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            out.writeInt(diary.day.get());
        }

        @Override
        public Diary read(DataInput in, int version) throws IOException {
            Diary diary = new Diary();
            diary.day.set(in.readInt());
            return diary;
        }
    }
}
