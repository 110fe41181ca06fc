package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.delivery.Counts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeliveryMetricsTest {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @Test
    void prometheusReadsWhatIsCountedByTarget() throws Exception {
        try (DeliveryMetrics metrics =
                DeliveryMetrics.serve(new InetSocketAddress(HERE, 0), () -> Map.of("crm \"old\"", new Counts()))) {
            HttpResponse<String> answer = get(metrics.url());

            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
            assertThat(answer.body().lines())
                    .contains(
                            "# TYPE throughline_deliver_dead_letters_total counter",
                            "throughline_deliver_dead_letters_total{target=\"crm \\\"old\\\"\"} 0",
                            "throughline_deliver_delivered_total{target=\"crm \\\"old\\\"\"} 0");
            assertThat(get(metrics.url().replace("/metrics", "/health")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whoeverAsksSlowlyKeepsNobodyElseFromAnAnswer() throws Exception {
        try (DeliveryMetrics metrics = DeliveryMetrics.serve(new InetSocketAddress(HERE, 0), Map::of);
                Socket slow = new Socket(HERE, URI.create(metrics.url()).getPort())) {
            slow.getOutputStream().write("GET /hea".getBytes(StandardCharsets.US_ASCII));
            slow.getOutputStream().flush();

            assertThat(get(metrics.url()).statusCode()).isEqualTo(200);
            assertThat(get(metrics.url().replace("/metrics", "/health")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aTakenPortIsNamedWithTheWayOut() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, HERE)) {
            assertThatThrownBy(() ->
                            DeliveryMetrics.serve(new InetSocketAddress("127.0.0.1", taken.getLocalPort()), Map::of))
                    .isInstanceOf(UsageException.class)
                    .hasMessage("--metrics 127.0.0.1:" + taken.getLocalPort()
                            + " cannot be listened at (Address already in use): choose another, port 0 takes a free"
                            + " one");
        }
    }

    @Test
    void whatIsNoAddressOfThisMachineIsNotSaidToBeTaken() {
        // RFC 5737: nobody has it.
        assertThatThrownBy(() -> DeliveryMetrics.serve(new InetSocketAddress("192.0.2.1", 9251), Map::of))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--metrics 192.0.2.1:9251 cannot be listened at (")
                .hasMessageNotContaining("taken")
                .hasMessageNotContaining("in use");
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        assertThatThrownBy(() ->
                        DeliveryMetrics.serve(InetSocketAddress.createUnresolved("nohost.invalid", 9251), Map::of))
                .isInstanceOf(UsageException.class)
                .hasMessage("--metrics nohost.invalid:9251: no address is known of nohost.invalid");
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
