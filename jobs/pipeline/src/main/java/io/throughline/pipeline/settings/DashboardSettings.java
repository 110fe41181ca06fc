package io.throughline.pipeline.settings;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may look at the dashboard, and what it looks at besides documents.
 *
 * @param roles role, viewer to admin, to the groups that have it; the group {@code *} is everybody who is named
 * @param publicUrl where people find it; null in local mode only
 * @param auditLog file that look-ups are appended to; null in local mode only
 * @param flinkUrl Flink's REST interface; null: how the jobs run is not shown
 */
public record DashboardSettings(
        Mode mode,
        @Nullable URI publicUrl,
        Map<String, List<String>> roles,
        Proxy proxy,
        Oidc oidc,
        @Nullable String auditLog,
        @Nullable URI flinkUrl) {

    /** How people are told apart. */
    public enum Mode {
        /** Not at all: this machine only. */
        LOCAL,
        /** A proxy in front says who it is. */
        PROXY,
        /** They log in at an OpenID Connect provider. */
        OIDC
    }

    /** @param trusted addresses and networks of the proxies */
    public record Proxy(List<String> trusted, String userHeader, String groupsHeader, @Nullable String secret) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Proxy[" + trusted + ", " + userHeader + ", " + groupsHeader + "]";
        }
    }

    /** @param sessionMs how long a login lasts */
    public record Oidc(
            @Nullable URI issuer,
            @Nullable String clientId,
            @Nullable String clientSecret,
            List<String> scopes,
            String groupsClaim,
            long sessionMs) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Oidc[" + issuer + ", " + clientId + "]";
        }
    }

    private static final List<String> ROLES = List.of("viewer", "agent", "lead", "admin");
    private static final String HEADER = "[A-Za-z0-9-]+";
    private static final long EIGHT_HOURS = 8L * 60 * 60 * 1_000;

    static DashboardSettings read(Section section) {
        Section access = section.section("access");
        Mode mode = access.choice("mode", Mode.class, Mode.LOCAL);
        String publicUrl = access.optionalText("public_url", null, Addresses::isUrl, "an http or https URL");
        Map<String, List<String>> roles = new LinkedHashMap<>();
        Section groups = access.section("roles");
        ROLES.forEach(role -> roles.put(role, groups.texts(role, List.of())));
        Proxy proxy = proxy(access.section("proxy"));
        Oidc oidc = oidc(access.section("oidc"), mode == Mode.OIDC);
        String auditLog = section.optionalText("audit_log", null);
        String flinkUrl = section.optionalText("flink_url", null, Addresses::isUrl, "an http or https URL");
        if (mode != Mode.LOCAL) {
            require(access, "public_url", publicUrl, "where people find the dashboard");
            require(section, "audit_log", auditLog, "a file: look-ups of customers are written down");
            if (roles.values().stream().allMatch(List::isEmpty)) {
                access.problem("roles", "must give at least one group a role, or nobody gets in");
            }
        }
        if (mode == Mode.PROXY && proxy.trusted().isEmpty()) {
            access.problem("proxy", "trusted must name the proxies' addresses, or nobody gets in");
        }
        return new DashboardSettings(
                mode,
                publicUrl == null ? null : URI.create(publicUrl),
                roles,
                proxy,
                oidc,
                auditLog,
                flinkUrl == null ? null : URI.create(flinkUrl));
    }

    private static Proxy proxy(Section section) {
        List<String> trusted = section.texts("trusted", List.of("127.0.0.1", "::1"));
        trusted.stream()
                .filter(each -> !Addresses.isNetwork(each))
                .forEach(each -> section.problem(
                        "trusted",
                        "must be addresses or networks like 10.0.0.0/8, all zero behind the prefix, was \"" + each
                                + "\""));
        return new Proxy(
                trusted,
                section.text("user_header", "X-Forwarded-User", text -> text.matches(HEADER), "the name of a header"),
                section.text(
                        "groups_header", "X-Forwarded-Groups", text -> text.matches(HEADER), "the name of a header"),
                section.secret("secret"));
    }

    private static Oidc oidc(Section section, boolean needed) {
        String issuer = section.optionalText("issuer", null, Addresses::isUrl, "an http or https URL");
        String clientId = section.optionalText("client_id", null);
        String clientSecret = section.secret("client_secret");
        if (needed) {
            require(section, "issuer", issuer, "the provider's issuer URL");
            require(section, "client_id", clientId, "the id the provider knows the dashboard by");
            require(section, "client_secret", clientSecret, "the secret that belongs to it");
        }
        return new Oidc(
                issuer == null ? null : URI.create(issuer),
                clientId,
                clientSecret,
                section.texts("scopes", List.of("openid", "profile")),
                section.text("groups_claim", "groups"),
                section.duration("session", EIGHT_HOURS));
    }

    private static void require(Section section, String name, @Nullable Object value, String what) {
        if (value == null) {
            section.problem(name, "must be set: " + what);
        }
    }
}
