package io.throughline.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;
import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.elasticsearch._types.VersionType;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.transport.TransportException;
import co.elastic.clients.util.BinaryData;
import co.elastic.clients.util.ContentType;
import io.throughline.elasticsearch.BulkAnswer.Status;
import jakarta.json.JsonException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.elasticsearch.client.ResponseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bulks through the Elasticsearch Java client. */
final class ElasticsearchBulkTransport implements BulkTransport {

    private static final Logger LOG = LoggerFactory.getLogger(ElasticsearchBulkTransport.class);

    private final ElasticsearchConnection connection;
    private final ElasticsearchAsyncClient client;

    ElasticsearchBulkTransport(ElasticsearchConnection connection) {
        this.connection = connection;
        this.client = connection.openAsync();
    }

    @Override
    public void check() {
        try (ElasticsearchClient once = connection.open()) {
            SupportedVersion.require(once);
        } catch (IOException down) {
            LOG.warn("Elasticsearch at {} does not answer yet ({}); the first documents wait for it", connection, down);
        }
    }

    @Override
    public CompletionStage<BulkAnswer> send(List<IndexAction> actions) {
        try {
            return client.bulk(requestFor(actions))
                    .handle((response, failure) -> failure == null ? answerOf(response) : answerOf(unwrapped(failure)));
        } catch (RuntimeException e) {
            throw new IllegalStateException("the Elasticsearch client does not take requests any more", e);
        }
    }

    private static BulkRequest requestFor(List<IndexAction> actions) {
        List<BulkOperation> operations = new ArrayList<>(actions.size());
        for (IndexAction action : actions) {
            if (action.deletes()) {
                operations.add(BulkOperation.of(operation -> operation.delete(delete -> delete.index(action.index())
                        .id(action.id())
                        .version(action.version())
                        .versionType(VersionType.External))));
                continue;
            }
            BinaryData document = BinaryData.of(action.json(), ContentType.APPLICATION_JSON);
            operations.add(BulkOperation.of(operation -> operation.index(index -> index.index(action.index())
                    .id(action.id())
                    .version(action.version())
                    .versionType(VersionType.External)
                    .document(document))));
        }
        return BulkRequest.of(bulk -> bulk.operations(operations));
    }

    private static BulkAnswer answerOf(BulkResponse response) {
        return new BulkAnswer.PerDocument(response.items().stream()
                .map(item -> statusOf(item.status(), item.error()))
                .toList());
    }

    private static BulkAnswer answerOf(Throwable failure) {
        if (failure instanceof ElasticsearchException refused) {
            return new BulkAnswer.Whole(statusOf(refused.status(), refused.error()));
        }
        if (failure instanceof ResponseException bare) {
            // An IOException in spite of being an answer: how the client hands on statuses it has no use for, 413 among
            // them.
            int status = bare.getResponse().getStatusLine().getStatusCode();
            return new BulkAnswer.Whole(
                    new Status(status, null, bare.getResponse().getStatusLine().getReasonPhrase()));
        }
        if (failure instanceof TransportException undecodable && undecodable.statusCode() >= 300) {
            return new BulkAnswer.Whole(new Status(undecodable.statusCode(), null, undecodable.getMessage()));
        }
        if (failure instanceof IOException || failure instanceof TimeoutException || failure instanceof JsonException) {
            return new BulkAnswer.None((Exception) failure);
        }
        throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }

    private static Status statusOf(int code, @Nullable ErrorCause error) {
        if (error == null) {
            return new Status(code, null, null);
        }
        ErrorCause cause = error.causedBy();
        String reason = cause == null || cause.reason() == null
                ? error.reason()
                : error.reason() + "; caused by " + cause.reason();
        return new Status(code, error.type(), reason);
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
