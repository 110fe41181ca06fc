package io.throughline.elasticsearch;

import io.throughline.elasticsearch.BulkAnswer.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Keeps documents by external version as Elasticsearch does, and misbehaves on request. */
final class ElasticsearchDouble implements BulkTransport {

    /** Every bulk that arrived, answered or not. */
    final List<List<IndexAction>> bulks = new ArrayList<>();

    final List<Long> arrivals = new ArrayList<>();
    final Map<String, IndexAction> documents = new LinkedHashMap<>();

    private final LongSupplier clock;
    private final Deque<Runnable> unanswered = new ArrayDeque<>();
    private Function<List<IndexAction>, BulkAnswer> mood = this::take;
    private boolean holding;
    private int mostUnanswered;

    ElasticsearchDouble(LongSupplier clock) {
        this.clock = clock;
    }

    /** From now on every bulk is answered so. */
    void behave(Function<List<IndexAction>, BulkAnswer> mood) {
        this.mood = mood;
    }

    void recover() {
        behave(this::take);
    }

    /** Answers only when {@link #answer} is called. */
    void hold() {
        holding = true;
    }

    void answer() {
        unanswered.removeFirst().run();
    }

    int mostUnanswered() {
        return mostUnanswered;
    }

    BulkAnswer take(List<IndexAction> bulk) {
        return each(bulk, this::takeOne);
    }

    Status takeOne(IndexAction action) {
        String key = action.index() + "/" + action.id();
        IndexAction present = documents.get(key);
        if (present != null && present.version() >= action.version()) {
            return new Status(409, "version_conflict_engine_exception", "current version is higher or equal");
        }
        documents.put(key, action);
        return new Status(present == null ? 201 : 200, null, null);
    }

    static BulkAnswer each(List<IndexAction> bulk, Function<IndexAction, Status> answer) {
        return new BulkAnswer.PerDocument(bulk.stream().map(answer).toList());
    }

    static BulkAnswer whole(int code, String type) {
        return new BulkAnswer.Whole(new Status(code, type, "on request"));
    }

    @Override
    public void check() {}

    @Override
    public CompletionStage<BulkAnswer> send(List<IndexAction> actions) {
        bulks.add(actions);
        arrivals.add(clock.getAsLong());
        CompletableFuture<BulkAnswer> answer = new CompletableFuture<>();
        unanswered.add(() -> answer.complete(mood.apply(actions)));
        mostUnanswered = Math.max(mostUnanswered, unanswered.size());
        if (!holding) {
            answer();
        }
        return answer;
    }

    @Override
    public void close() {}
}
