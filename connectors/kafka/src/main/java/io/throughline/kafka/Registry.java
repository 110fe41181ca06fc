package io.throughline.kafka;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How this module opens a Schema Registry and what it makes of its refusals. */
final class Registry {

    private static final int SCHEMAS_REMEMBERED = 1_000;

    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;
    private static final int UNPROCESSABLE = 422;
    /** Subject, version and schema not found, as a registry says them. */
    private static final Set<Integer> NOT_FOUND_CODES = Set.of(40401, 40402, 40403);

    private Registry() {}

    /** Opens a client; asks nothing yet. Timeouts are short because every caller knows how to wait. */
    static SchemaRegistryClient open(String url, Map<String, String> clientProperties) {
        Map<String, String> properties = new HashMap<>(Map.of(
                SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, "5000",
                SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, "10000"));
        properties.putAll(clientProperties);
        return new CachedSchemaRegistryClient(url, SCHEMAS_REMEMBERED, properties);
    }

    /** Whether the registry understood the question and has no such thing. */
    static boolean saysThereIsNone(RestClientException answer) {
        return answer.getStatus() == NOT_FOUND && NOT_FOUND_CODES.contains(answer.getErrorCode())
                || answer.getStatus() == BAD_REQUEST
                || answer.getStatus() == UNPROCESSABLE;
    }

    /** A 404 that no registry gives means a wrong address; everything else not about the data is a sick registry. */
    static RegistryUnavailableException unavailable(Exception cause) {
        if (cause instanceof RestClientException answer) {
            String hint = answer.getStatus() == NOT_FOUND
                    ? ": the address does not lead to a registry's interface, check kafka.registry_url"
                    : "";
            return new RegistryUnavailableException(
                    "the Schema Registry answered " + answer.getStatus() + " (" + answer.getMessage() + ")" + hint,
                    cause);
        }
        return new RegistryUnavailableException("the Schema Registry is not reachable (" + cause + ")", cause);
    }

    /** Something asked of a registry. */
    @FunctionalInterface
    interface Question<A> {
        A ask() throws IOException, RestClientException;
    }
}
