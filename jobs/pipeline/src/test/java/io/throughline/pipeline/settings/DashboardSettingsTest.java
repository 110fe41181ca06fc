package io.throughline.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DashboardSettingsTest {

    @Test
    void thisMachineOnlyUnlessTheFileSaysSo() {
        assertThat(Settings.defaults().dashboard().mode()).isEqualTo(DashboardSettings.Mode.LOCAL);
    }

    @Test
    void aProviderIsNamedWithItsGroups() {
        DashboardSettings dashboard = Settings.parse(
                        "file",
                        """
                        dashboard:
                          audit_log: /var/log/throughline/audit.ndjson
                          access:
                            mode: oidc
                            public_url: https://cx.example.com/
                            roles: {viewer: ["*"], agent: [service], admin: [it, cx-leads]}
                            oidc: {issuer: "https://login.example.com", client_id: throughline, client_secret: "${env:S}"}
                        """,
                        Map.of("S", "hush"))
                .dashboard();

        assertThat(dashboard.mode()).isEqualTo(DashboardSettings.Mode.OIDC);
        assertThat(dashboard.roles()).containsEntry("admin", java.util.List.of("it", "cx-leads"));
        assertThat(dashboard.oidc().clientSecret()).isEqualTo("hush");
        assertThat(dashboard.toString()).doesNotContain("hush");
    }

    @Test
    void everythingThatIsMissingIsSaidAtOnce() {
        SettingsException wrong = catchThrowableOfType(
                SettingsException.class,
                () -> Settings.parse(
                        "file",
                        """
                        dashboard:
                          access:
                            mode: oidc
                            proxy: {trusted: [everybody]}
                        """,
                        Map.of()));

        assertThat(wrong)
                .hasMessageContaining("dashboard.audit_log")
                .hasMessageContaining("dashboard.access.public_url")
                .hasMessageContaining("dashboard.access.roles")
                .hasMessageContaining("dashboard.access.oidc.issuer")
                .hasMessageContaining("dashboard.access.oidc.client_id")
                .hasMessageContaining("dashboard.access.oidc.client_secret")
                .hasMessageContaining("dashboard.access.proxy.trusted");
    }
}
