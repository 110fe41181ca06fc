package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FlinkRestTest {

    /** As when a signal to all processes of a run has stopped the cluster before its jobs could be cancelled. */
    @Test
    void saysThatNobodyAnswers() throws IOException {
        String url;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + free.getLocalPort();
        }
        assertThatThrownBy(() -> new FlinkRest(url).jobs())
                .isInstanceOf(LocalServerException.class)
                .hasMessage("Flink does not answer");
    }
}
