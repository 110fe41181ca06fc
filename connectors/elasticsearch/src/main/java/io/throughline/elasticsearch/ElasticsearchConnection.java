package io.throughline.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;
import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.ElasticsearchTransport;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.message.BasicHeader;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Elasticsearch.
 *
 * @param urls nodes, for example {@code http://localhost:9200}
 * @param apiKey encoded API key; takes precedence over user and password
 * @param caCertificate file with the certificates to trust, PEM, on the machine that connects
 * @param connectTimeoutMillis until a connection is up
 * @param answerTimeoutMillis between two packets of an answer; then the request counts as unanswered
 */
public record ElasticsearchConnection(
        List<String> urls,
        @Nullable String apiKey,
        @Nullable String username,
        @Nullable String password,
        @Nullable String caCertificate,
        int connectTimeoutMillis,
        int answerTimeoutMillis)
        implements Serializable {

    public ElasticsearchConnection {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("at least one Elasticsearch URL is needed");
        }
        urls = List.copyOf(urls);
        urls.forEach(ElasticsearchConnection::hostOf);
    }

    /** Without credentials, with 5 s to connect and 60 s to answer. */
    public static ElasticsearchConnection to(String url) {
        return new ElasticsearchConnection(List.of(url), null, null, null, null, 5_000, 60_000);
    }

    /** A client; closing it closes its connections. */
    public ElasticsearchClient open() {
        return new ElasticsearchClient(transport());
    }

    /**
     * Something asked of Elasticsearch.
     *
     * @param <A> the answer
     */
    @FunctionalInterface
    public interface Question<A> {
        A ask(ElasticsearchClient client) throws IOException;
    }

    /**
     * Opens a client, looks who is there, asks, and closes it.
     *
     * @throws UnusableElasticsearchException if nobody answers, something else does, or it refuses
     */
    public <A> A ask(Question<A> question) {
        try (ElasticsearchClient client = open()) {
            return speaking(client, () -> {
                SupportedVersion.require(client);
                return question.ask(client);
            });
        } catch (IOException e) {
            throw new UnusableElasticsearchException("the connection to " + this + " could not be closed", e);
        }
    }

    /** Part of a conversation, for which {@link #speaking} finds words where it fails. */
    @FunctionalInterface
    interface Conversation<A> {
        A run() throws IOException;
    }

    static <A> A speaking(ElasticsearchClient client, Conversation<A> conversation) {
        String who = "Elasticsearch at " + SupportedVersion.addressOf(client);
        try {
            return conversation.run();
        } catch (ElasticsearchException e) {
            String what =
                    switch (e.status()) {
                        case 401, 403 -> " refuses the credentials or rights: " + e.getMessage();
                        case 404 ->
                            " lacks what was asked for: " + e.getMessage()
                                    + "; create what is missing with throughline provision";
                        default -> " refuses: " + e.getMessage();
                    };
            throw new UnusableElasticsearchException(who + what, e);
        } catch (IOException e) {
            throw new UnusableElasticsearchException(
                    who + " is unreachable (" + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")
                            + "); start it or correct elasticsearch.urls",
                    e);
        }
    }

    ElasticsearchAsyncClient openAsync() {
        return new ElasticsearchAsyncClient(transport());
    }

    private RequestConfig.Builder timeouts(RequestConfig.Builder request) {
        return request.setConnectTimeout(connectTimeoutMillis).setSocketTimeout(answerTimeoutMillis);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return String.join(",", urls);
    }

    private ElasticsearchTransport transport() {
        @Nullable SSLContext trust = caCertificate == null ? null : trusting(Path.of(caCertificate));
        RestClient client = RestClient.builder(
                        urls.stream().map(ElasticsearchConnection::hostOf).toArray(HttpHost[]::new))
                .setDefaultHeaders(authorization())
                .setRequestConfigCallback(this::timeouts)
                .setHttpClientConfigCallback(http -> trust == null ? http : http.setSSLContext(trust))
                .build();
        return new RestClientTransport(client, new JacksonJsonpMapper());
    }

    private Header[] authorization() {
        if (apiKey != null) {
            return new Header[] {new BasicHeader("Authorization", "ApiKey " + apiKey)};
        }
        if (username != null && password != null) {
            String pair =
                    Base64.getEncoder().encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
            return new Header[] {new BasicHeader("Authorization", "Basic " + pair)};
        }
        return new Header[0];
    }

    private static HttpHost hostOf(String url) {
        URI uri = URI.create(url);
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException(
                    "\"" + url + "\" is no Elasticsearch URL; expected for example http://localhost:9200");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 9200;
        return new HttpHost(uri.getHost(), port, uri.getScheme());
    }

    private static SSLContext trusting(Path certificates) {
        try (InputStream pem = Files.newInputStream(certificates)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            List<Certificate> all =
                    new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(pem));
            for (int i = 0; i < all.size(); i++) {
                store.setCertificateEntry("ca-" + i, all.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new UnusableElasticsearchException(
                    "cannot read the certificates to trust from " + certificates + ": " + e.getMessage(), e);
        }
    }
}
