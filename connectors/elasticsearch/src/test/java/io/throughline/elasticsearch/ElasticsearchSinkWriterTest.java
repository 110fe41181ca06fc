package io.throughline.elasticsearch;

import static io.throughline.elasticsearch.ElasticsearchDouble.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.throughline.elasticsearch.BulkAnswer.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailboxImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the task's thread sees: it waits, it goes on, it fails; it never hangs. */
@Timeout(60)
class ElasticsearchSinkWriterTest {

    private final List<IndexAction> arrived = Collections.synchronizedList(new ArrayList<>());
    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());

    @Test
    void a_checkpoint_waits_for_acknowledgements_and_then_for_dead_letters() throws Exception {
        try (ElasticsearchSinkWriter writer = writer(later(action -> {
            steps.add("answered " + action.id());
            return action.id().equals("poison")
                    ? new Status(400, "document_parsing_exception", "")
                    : new Status(201, null, null);
        }))) {
            writer.write(document("good"), null);
            writer.write(document("poison"), null);
            writer.flush(false);
        }

        assertThat(steps).containsExactly("answered good", "answered poison", "accepted poison", "flushed");
    }

    @Test
    void documents_leave_without_a_checkpoint_when_their_time_has_come() throws Exception {
        TaskMailboxImpl mails = new TaskMailboxImpl(Thread.currentThread());
        try (ElasticsearchSinkWriter writer = writer(later(action -> new Status(201, null, null)), mails)) {
            writer.write(document("a"), null);
            executorOf(mails).yield();
            assertThat(arrived).containsExactly(document("a"));
        }
    }

    @Test
    void a_full_buffer_holds_the_stream_back_until_something_is_acknowledged() throws Exception {
        List<Runnable> unanswered = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<Integer> written = new AtomicReference<>(0);
        Thread task = new Thread(() -> {
            try (ElasticsearchSinkWriter writer = writer(actions -> {
                CompletableFuture<BulkAnswer> answer = new CompletableFuture<>();
                unanswered.add(() -> answer.complete(each(actions, action -> new Status(201, null, null))));
                return answer;
            })) {
                for (int i = 0; i < 1_000; i++) {
                    writer.write(document(Integer.toString(i)), null);
                    written.set(i + 1);
                }
            } catch (Exception interrupted) {
                steps.add(interrupted.getClass().getSimpleName());
            }
        });
        task.start();

        await().forever()
                .until(() -> task.getState() == Thread.State.WAITING || task.getState() == Thread.State.TIMED_WAITING);
        assertThat(written.get()).isLessThan(30);
        int before = written.get();

        unanswered.get(0).run();
        await().forever().until(() -> written.get() > before);

        task.interrupt();
        task.join();
        assertThat(steps).contains("InterruptedException");
    }

    @Test
    void waiting_for_elasticsearch_that_is_down_can_be_interrupted() throws Exception {
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread task = new Thread(() -> {
            try (ElasticsearchSinkWriter writer = writer(actions ->
                    CompletableFuture.completedFuture(new BulkAnswer.None(new IOException("Connection refused"))))) {
                writer.write(document("a"), null);
                writer.flush(false);
            } catch (Exception e) {
                end.set(e);
            }
        });
        task.start();
        await().forever().until(() -> arrived.size() > 5);
        assertThat(end).hasNullValue();

        task.interrupt();
        task.join();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void a_missing_index_fails_the_checkpoint_with_the_command_to_run() throws Exception {
        try (ElasticsearchSinkWriter writer =
                writer(later(action -> new Status(404, "index_not_found_exception", "no such index")))) {
            writer.write(document("a"), null);

            assertThatThrownBy(() -> writer.flush(false))
                    .hasStackTraceContaining("create templates and indices: run prepare");
        }
    }

    @Test
    void a_broken_client_fails_the_checkpoint_instead_of_leaving_it_waiting() throws Exception {
        try (ElasticsearchSinkWriter writer = writer(actions -> CompletableFuture.failedFuture(
                new IllegalStateException("Request cannot be executed; I/O reactor status: STOPPED")))) {
            writer.write(document("a"), null);

            assertThatThrownBy(() -> writer.flush(false)).hasStackTraceContaining("I/O reactor status: STOPPED");
        }
    }

    private static IndexAction document(String id) {
        return new IndexAction("i", id, 1, "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static Function<List<IndexAction>, CompletionStage<BulkAnswer>> later(
            Function<IndexAction, Status> answer) {
        return actions -> CompletableFuture.supplyAsync(
                () -> each(actions, answer), CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
    }

    private ElasticsearchSinkWriter writer(Function<List<IndexAction>, CompletionStage<BulkAnswer>> elasticsearch) {
        return writer(elasticsearch, new TaskMailboxImpl(Thread.currentThread()));
    }

    private ElasticsearchSinkWriter writer(
            Function<List<IndexAction>, CompletionStage<BulkAnswer>> elasticsearch, TaskMailboxImpl mails) {
        return new ElasticsearchSinkWriter(
                new BulkTransport() {
                    @Override
                    public void check() {}

                    @Override
                    public CompletionStage<BulkAnswer> send(List<IndexAction> actions) {
                        arrived.addAll(actions);
                        return elasticsearch.apply(actions);
                    }

                    @Override
                    public void close() {}
                },
                new DeadLetters() {
                    @Override
                    public void accept(DeadLetter letter) {
                        steps.add("accepted " + letter.action().id());
                    }

                    @Override
                    public void flush() {
                        steps.add("flushed");
                    }

                    @Override
                    public void close() {}
                },
                new BulkLimits(20_000, 10, 10, 2, 20_000, 20, 10_000),
                new BackOff(1, 5, 20, 20),
                "run prepare",
                executorOf(mails),
                UnregisteredMetricsGroup.createSinkWriterMetricGroup());
    }

    private static MailboxExecutor executorOf(TaskMailboxImpl mails) {
        return new MailboxExecutorImpl(mails, 0, StreamTaskActionExecutor.IMMEDIATE);
    }
}
