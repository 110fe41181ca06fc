package io.throughline.dashboard.read;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import org.apache.http.HttpHost;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.Test;

class LastAnswersTest {

    @Test
    void whatDoesNotAnswerInTimeIsNotToldInTheClientsWords() throws IOException {
        assertThatThrownBy(() -> ask(new SocketTimeoutException(
                        "5,000 milliseconds timeout on connection http-outgoing-2 [ACTIVE]")))
                .isInstanceOf(UnansweredException.class)
                .hasMessage("Elasticsearch gave no answer in time: it is busy, or hangs");
        assertThatThrownBy(() -> ask(new ConnectException("Connection refused\nat all")))
                .hasMessage("Elasticsearch does not answer: Connection refused");
    }

    private static void ask(IOException failure) throws Exception {
        try (RestClientTransport nowhere = new RestClientTransport(
                RestClient.builder(new HttpHost("127.0.0.1", 1)).build(), new JacksonJsonpMapper())) {
            new LastAnswers(new ElasticsearchClient(nowhere), Clock.systemUTC()).once(round -> {
                throw new IOException("wrapped", failure);
            });
        }
    }
}
