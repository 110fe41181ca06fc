package io.throughline.bench;

import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.stitch.Feedback;
import io.throughline.pipeline.stitch.Letter;
import io.throughline.pipeline.stitch.LetterLayout;
import io.throughline.pipeline.stitch.Progress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;

/** Messages between nodes through a queue in this process, one job at a time; and the touchpoints that job reads. */
final class InMemory implements Feedback, Progress {
    private static final long serialVersionUID = 1;

    private static final Queue<Letter> LETTERS = new ConcurrentLinkedQueue<>();
    private static final AtomicLong UNDER_WAY = new AtomicLong();
    private static final AtomicLong MESSAGES = new AtomicLong();
    private static final AtomicInteger READ = new AtomicInteger();

    private static volatile Touchpoint[] touchpoints = new Touchpoint[0];
    private static volatile boolean counted;
    private static volatile int mark;
    private static volatile int tasks = 1;
    private static volatile long cpuAtMark;
    private static volatile long messagesAtMark;
    private static volatile long messagesSinceMark;

    /** @param markAt CPU time and messages count from the touchpoint that is read as this number */
    static void start(Touchpoint[] all, int markAt, boolean stitched, int parallelism) {
        LETTERS.clear();
        UNDER_WAY.set(0);
        MESSAGES.set(0);
        READ.set(0);
        touchpoints = all;
        mark = markAt;
        tasks = parallelism;
        counted = stitched;
    }

    /** The same for a job that has its touchpoints from elsewhere and never comes to rest by itself. */
    static void start(int markAt) {
        start(new Touchpoint[0], markAt, true, 1);
    }

    /** One more touchpoint has been read. */
    static void read() {
        int read = READ.incrementAndGet();
        if (read == mark) {
            cpuAtMark = Cpu.ofProcess();
            messagesAtMark = MESSAGES.get();
        }
        if (counted) {
            UNDER_WAY.incrementAndGet();
        }
    }

    /** How many touchpoints were read. */
    static int hasRead() {
        return READ.get();
    }

    static TouchpointChange touchpoint(long number) {
        read();
        // Each task reads a stretch of numbers; together they go through the touchpoints from first to last.
        int each = touchpoints.length / tasks;
        return new TouchpointChange(touchpoints[(int) (number % each) * tasks + (int) (number / each)], +1, 1, "p0");
    }

    /** What nobody says here. */
    static <T> DataStream<T> none(StreamExecutionEnvironment env, TypeInformation<T> type) {
        return env.fromSequence(0, 0)
                .filter(number -> false)
                .map(InMemory::<T>never)
                .returns(type);
    }

    private static <T> T never(Long number) {
        throw new IllegalStateException("nobody says anything here");
    }

    static long cpuAtMark() {
        return cpuAtMark;
    }

    /** Of the last job that stitched. */
    static long messagesSinceMark() {
        return messagesSinceMark;
    }

    private static boolean atRest() {
        return READ.get() == touchpoints.length && UNDER_WAY.get() == 0;
    }

    @Override
    @SuppressWarnings("deprecation")
    public DataStream<Letter> receive(StreamExecutionEnvironment env) {
        return env.addSource(new Letters(), "feedback", LetterLayout.TYPE);
    }

    @Override
    public void send(DataStream<Letter> messages) {
        messages.sinkTo(new Delivery());
    }

    @Override
    public Progress progress() {
        return this;
    }

    @Override
    public void sent() {
        UNDER_WAY.incrementAndGet();
        MESSAGES.incrementAndGet();
    }

    @Override
    public void settled() {
        UNDER_WAY.decrementAndGet();
    }

    private static final class Letters extends RichParallelSourceFunction<Letter> {
        private static final long serialVersionUID = 1;
        private static final long WAIT_NANOS = 2_000_000;

        private volatile boolean cancelled;

        @Override
        public void run(SourceContext<Letter> context) {
            context.markAsTemporarilyIdle();
            while (!cancelled) {
                Letter letter = LETTERS.poll();
                if (letter != null) {
                    context.collect(letter);
                } else if (atRest()) {
                    messagesSinceMark = MESSAGES.get() - messagesAtMark;
                    return;
                } else {
                    // As messages over Kafka, these hold nobody's time back.
                    context.markAsTemporarilyIdle();
                    LockSupport.parkNanos(WAIT_NANOS);
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private static final class Delivery implements Sink<Letter> {
        private static final long serialVersionUID = 1;

        @Override
        public SinkWriter<Letter> createWriter(WriterInitContext context) {
            return new SinkWriter<>() {
                @Override
                public void write(Letter letter, Context writing) {
                    LETTERS.add(letter);
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}
