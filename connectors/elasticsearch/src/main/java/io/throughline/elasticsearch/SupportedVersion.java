package io.throughline.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Collectors;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;

/** Asks who is there before anything is written. Versions 8 and 9 are those the sink and the templates were tried with. */
final class SupportedVersion {

    private SupportedVersion() {}

    /**
     * @throws UnusableElasticsearchException if the version is another one, the credentials are refused or something else
     *     is listening
     * @throws IOException if nobody answers, or an Elasticsearch that is not ready
     */
    static void require(ElasticsearchClient client) throws IOException {
        RestClient rest = ((RestClientTransport) client._transport()).restClient();
        String where = addressOf(client);
        try (InputStream greeting =
                rest.performRequest(new Request("GET", "/")).getEntity().getContent()) {
            String version = new ObjectMapper()
                    .readTree(greeting)
                    .path("version")
                    .path("number")
                    .asText();
            if (!version.startsWith("8.") && !version.startsWith("9.")) {
                throw new UnusableElasticsearchException("Elasticsearch at " + where + " is of version "
                        + (version.isEmpty() ? "unknown" : version) + ", which is not supported; use version 8 or 9");
            }
        } catch (ResponseException e) {
            int status = e.getResponse().getStatusLine().getStatusCode();
            if (status == 401 || status == 403) {
                throw new UnusableElasticsearchException(
                        "Elasticsearch at " + where + " refuses the credentials (" + status
                                + "); correct elasticsearch.api_key or elasticsearch.username and elasticsearch.password",
                        e);
            }
            if (status < 500 && status != 408 && status != 429) {
                throw somethingElse(where, e);
            }
            throw e;
        } catch (JsonProcessingException e) {
            throw somethingElse(where, e);
        }
    }

    /** Where a client connects to, for messages. */
    static String addressOf(ElasticsearchClient client) {
        return ((RestClientTransport) client._transport())
                .restClient().getNodes().stream()
                        .map(node -> node.getHost().toURI())
                        .collect(Collectors.joining(","));
    }

    private static UnusableElasticsearchException somethingElse(String where, Exception e) {
        return new UnusableElasticsearchException(
                "what answers at " + where + " is not Elasticsearch; correct elasticsearch.urls", e);
    }
}
