package io.throughline.elasticsearch;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;

/**
 * Runs a {@link BulkFlow} on the task's own thread: answers and wake-ups come as mails, and waiting for room or for the last
 * acknowledgement means handling mails.
 */
final class ElasticsearchSinkWriter implements SinkWriter<IndexAction> {

    private final BulkTransport transport;
    private final DeadLetters deadLetters;
    private final BulkFlow flow;
    private final MailboxExecutor mailbox;
    private final Counter sent;

    /** Not the task's timers: those end before the last flush of a bounded input does. */
    private final ScheduledExecutorService alarm = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "elasticsearch-sink-alarm");
        thread.setDaemon(true);
        return thread;
    });

    private long alarmAt = Long.MAX_VALUE;

    ElasticsearchSinkWriter(
            BulkTransport transport,
            DeadLetters deadLetters,
            BulkLimits limits,
            BackOff backOff,
            String preparation,
            MailboxExecutor mailbox,
            SinkWriterMetricGroup metrics) {
        this.transport = transport;
        this.deadLetters = deadLetters;
        this.mailbox = mailbox;
        BulkCounts counts = new BulkCounts();
        this.flow = new BulkFlow(
                limits,
                backOff,
                transport,
                deadLetters,
                counts,
                ElasticsearchSinkWriter::now,
                new SplittableRandom(),
                answer -> mailbox.execute(
                        () -> {
                            answer.run();
                            setAlarm();
                        },
                        "elasticsearch answer"),
                preparation);
        this.sent = metrics.getNumRecordsSendCounter();
        metrics.gauge(SinkMetrics.DOCS_OK, (Gauge<Long>) counts.applied::sum);
        metrics.gauge(SinkMetrics.DOCS_STALE, (Gauge<Long>) counts.stale::sum);
        metrics.gauge(SinkMetrics.DOCS_DLQ, (Gauge<Long>) counts.deadLettered::sum);
        metrics.gauge(SinkMetrics.DOCS_COALESCED, (Gauge<Long>) counts.coalesced::sum);
        metrics.gauge(SinkMetrics.BULK_TOTAL, (Gauge<Long>) counts.bulks::sum);
        metrics.gauge(SinkMetrics.BULK_SPLIT, (Gauge<Long>) counts.splits::sum);
        metrics.gauge(SinkMetrics.RETRY_TOTAL, (Gauge<Long>) counts.retries::sum);
        metrics.gauge(SinkMetrics.AUTH_ERRORS, (Gauge<Long>) counts.unauthorised::sum);
        metrics.gauge(
                SinkMetrics.CIRCUIT_STATE, (Gauge<Integer>) () -> flow.circuit().ordinal());
        metrics.gauge(SinkMetrics.OLDEST_UNACKED_MS, (Gauge<Long>) flow::oldestUnackedMillis);
    }

    @Override
    public void write(IndexAction action, Context context) throws InterruptedException {
        sent.inc();
        flow.offer(action);
        flow.advance();
        setAlarm();
        while (flow.full()) {
            mailbox.yield();
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        flow.drain();
        setAlarm();
        while (!flow.idle()) {
            mailbox.yield();
        }
        flow.drained();
        deadLetters.flush();
    }

    @Override
    public void close() throws Exception {
        alarm.shutdownNow();
        try (deadLetters) {
            transport.close();
        }
    }

    private void setAlarm() {
        long wakeUpAt = flow.wakeUpAt();
        if (wakeUpAt < alarmAt) {
            alarmAt = wakeUpAt;
            alarm.schedule(
                    () -> mailbox.execute(this::wakeUp, "elasticsearch wake-up"),
                    Math.max(1, wakeUpAt - now()),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void wakeUp() {
        alarmAt = Long.MAX_VALUE;
        flow.advance();
        setAlarm();
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
