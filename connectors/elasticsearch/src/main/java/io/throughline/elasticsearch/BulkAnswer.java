package io.throughline.elasticsearch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came back for a bulk. */
public sealed interface BulkAnswer {

    /** One answer per document, in the order sent. */
    record PerDocument(List<Status> documents) implements BulkAnswer {}

    /** One answer for all: no document was looked at. */
    record Whole(Status status) implements BulkAnswer {}

    /** No answer. Some, all or none of the documents may have been taken. */
    record None(Exception cause) implements BulkAnswer {}

    /**
     * @param code HTTP status
     * @param type Elasticsearch's type of the error; null where there is none or the answer is not Elasticsearch's
     */
    record Status(int code, @Nullable String type, @Nullable String reason) {
        @Override
        public String toString() {
            return code + (type == null ? "" : " " + type) + (reason == null ? "" : ": " + reason);
        }
    }
}
