package io.throughline.elasticsearch;

import static io.throughline.elasticsearch.ElasticsearchDouble.each;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.elasticsearch.BulkAnswer.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sink inside a job. What it decides is told in {@link BulkFlowTest}. */
@Timeout(60)
class ElasticsearchSinkTest {

    private static final BulkLimits LIMITS = new BulkLimits(20_000, 100, 20, 2, 40_000, 300, 10_000);
    private static final BackOff SOON = new BackOff(1, 5, 20, 20);

    /** Reached from tasks, which only get serialised factories. */
    private static final ConcurrentHashMap<String, IndexAction> DOCUMENTS = new ConcurrentHashMap<>();

    private static final ConcurrentHashMap<String, String> DEAD = new ConcurrentHashMap<>();
    private static final AtomicInteger BULKS = new AtomicInteger();

    @BeforeEach
    void forget() {
        DOCUMENTS.clear();
        DEAD.clear();
        BULKS.set(0);
    }

    @Test
    void a_bounded_job_ends_when_its_last_document_is_acknowledged() throws Exception {
        environment(2_000, Wayward::new).execute();

        assertThat(DOCUMENTS).hasSize(1_999);
        assertThat(DEAD).containsOnlyKeys("i/42");
        assertThat(BULKS.get()).isGreaterThan(20);
    }

    private static StreamExecutionEnvironment environment(int documents, BulkTransport.Factory transport) {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        environment.setParallelism(2);
        environment.enableCheckpointing(50);
        environment
                .fromSequence(0, documents - 1)
                .map(ElasticsearchSinkTest::document)
                .returns(IndexActionType.INSTANCE)
                .sinkTo(new ElasticsearchSink(transport, DeadLetterShelf::new, LIMITS, SOON, "run prepare"));
        return environment;
    }

    private static IndexAction document(long number) {
        return new IndexAction("i", Long.toString(number), 1, "{}".getBytes(StandardCharsets.UTF_8));
    }

    /** Answers from another thread, out of order, and fails every fifth bulk; finds document 42 poisonous. */
    private static final class Wayward implements BulkTransport {

        private final Executor later = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);

        @Override
        public void check() {}

        @Override
        public CompletionStage<BulkAnswer> send(List<IndexAction> actions) {
            int bulk = BULKS.incrementAndGet();
            return CompletableFuture.supplyAsync(
                    () -> bulk % 5 == 0
                            ? new BulkAnswer.None(new IOException("Connection reset by peer"))
                            : each(actions, Wayward::take),
                    bulk % 2 == 0 ? later : Runnable::run);
        }

        private static Status take(IndexAction action) {
            if (action.id().equals("42")) {
                return new Status(400, "document_parsing_exception", "poison");
            }
            DOCUMENTS.put(action.index() + "/" + action.id(), action);
            return new Status(201, null, null);
        }

        @Override
        public void close() {}
    }

    /** Durable when flushed, not before: what is only accepted is lost with the task. */
    private static final class DeadLetterShelf implements DeadLetters {

        private final ConcurrentHashMap<String, String> accepted = new ConcurrentHashMap<>();

        @Override
        public void accept(DeadLetter letter) {
            accepted.put(letter.action().index() + "/" + letter.action().id(), letter.detail());
        }

        @Override
        public void flush() {
            DEAD.putAll(accepted);
        }

        @Override
        public void close() {}
    }
}
