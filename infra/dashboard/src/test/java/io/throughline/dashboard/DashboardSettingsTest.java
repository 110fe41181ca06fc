package io.throughline.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardSettingsTest {

    private static final URI ELASTICSEARCH = URI.create("http://127.0.0.1:9200");

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::"})
    void refusesToServeTheNetworkWithoutALogin(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DashboardSettings(ELASTICSEARCH, host, 0))
                .withMessageContaining("--host " + host)
                .withMessageContaining("without a login")
                .withMessageContaining("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    void servesThisMachine(String host) {
        assertThat(new DashboardSettings(ELASTICSEARCH, host, 0).host()).isEqualTo(host);
    }

    @Test
    void neverRepeatsAPassword() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DashboardSettings(URI.create("http://me:secret@localhost:9200"), "127.0.0.1", 0))
                .withMessageNotContaining("secret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DashboardSettings(URI.create("ftp://me:secret@localhost"), "127.0.0.1", 0))
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:9200", "/elasticsearch", "http:///", "file:///tmp"})
    void namesWhatAnAddressOfElasticsearchLooksLike(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DashboardSettings(URI.create(address), "127.0.0.1", 0))
                .withMessageContaining("http://127.0.0.1:9200")
                .withMessageContaining(address);
    }

    @Test
    void portsEndAt65535() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DashboardSettings(ELASTICSEARCH, "127.0.0.1", 65_536))
                .withMessageContaining("65536");
    }
}
