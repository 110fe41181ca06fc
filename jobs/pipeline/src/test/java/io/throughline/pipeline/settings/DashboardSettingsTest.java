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
    void aProxyIsAtAnAddressOrInANetworkThatThereIs() {
        SettingsException wrong = catchThrowableOfType(
                SettingsException.class,
                () -> Settings.parse(
                        "file",
                        """
                        dashboard:
                          access:
                            proxy:
                              trusted: [10.0.0.0/33, 10.0.0.0/999, 10.0.0.1/8, 300.0.0.1, 1, "1:2", "fe80::/129", "fe80::1/10"]
                        """,
                        Map.of()));

        assertThat(wrong.problems()).hasSize(8).allSatisfy(problem -> assertThat(problem.toString())
                .startsWith("dashboard.access.proxy.trusted: must be addresses or networks like 10.0.0.0/8, ")
                .endsWith(" (line 4)"));
        assertThat(Settings.parse(
                                "file",
                                "dashboard: {access: {proxy: {trusted: [10.0.0.0/8, 10.2.0.0/15, 10.0.0.5/32, 0.0.0.0/0, '::1',"
                                        + " 'fe80::/10', '::/0', '::ffff:10.0.0.1', 192.168.1.7]}}}",
                                Map.of())
                        .dashboard()
                        .proxy()
                        .trusted())
                .hasSize(9);
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
