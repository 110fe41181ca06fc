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
import org.jspecify.annotations.Nullable;

/** Bulks through the Elasticsearch Java client. */
final class ElasticsearchBulkTransport implements BulkTransport {

    private final ElasticsearchConnection connection;
    private final ElasticsearchAsyncClient client;

    ElasticsearchBulkTransport(ElasticsearchConnection connection) {
        this.connection = connection;
        this.client = connection.openAsync();
    }

    @Override
    public void check() {
        try (ElasticsearchClient once = connection.open()) {
            SupportedVersion.require(once.info().version().number(), connection.toString());
        } catch (ElasticsearchException e) {
            if (e.status() == 401 || e.status() == 403) {
                throw new UnusableElasticsearchException(
                        "Elasticsearch at " + connection + " refuses the credentials: " + e.getMessage(), e);
            }
        } catch (IOException down) {
            // Down is no reason to fail: the first bulk waits for it as any other does.
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
