package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.elasticsearch.core.msearch.MultiSearchResponseItem;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Where the reading of one search lands. */
final class Slot<T> {
    private static final int LONGEST_REASON = 200;

    private @Nullable T value;
    private @Nullable String error = "was not asked";

    T get() {
        T read = value;
        if (read == null) {
            throw new IllegalStateException("read before it was answered: " + error);
        }
        return read;
    }

    /**
     * What was read.
     *
     * @throws UnansweredException where this search was not answered, with what Elasticsearch says
     */
    T required() throws UnansweredException {
        T read = value;
        if (read == null) {
            throw new UnansweredException("Elasticsearch says: " + error);
        }
        return read;
    }

    @Nullable
    String error() {
        return error;
    }

    Answer answer() {
        return error == null ? Answer.of(get()) : Answer.failed(error);
    }

    void read(Panel<T> panel, MultiSearchResponseItem<ObjectNode> item) {
        value = null;
        error = null;
        if (item.isFailure()) {
            error = reason(item.failure().error());
        } else if (item.result().timedOut() || item.result().shards().failed().intValue() > 0) {
            error = item.result().timedOut() ? "took longer than 2 s" : "part of the index did not answer";
        } else {
            try {
                value = panel.read(item.result());
            } catch (RuntimeException unexpected) {
                error = "the answer could not be read: " + unexpected;
            }
        }
    }

    private static String reason(ErrorCause cause) {
        ErrorCause root =
                cause.rootCause().isEmpty() ? cause : cause.rootCause().get(0);
        String reason = root.reason() == null ? root.type() : root.reason();
        int sentence = reason.indexOf(". ");
        String first = sentence < 0 ? reason : reason.substring(0, sentence);
        return first.length() > LONGEST_REASON ? first.substring(0, LONGEST_REASON) + "..." : first;
    }
}
