package io.throughline.dashboard.access;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How people are told apart. Nobody is let in who is not named by one of these. */
public sealed interface AccessSettings {

    /** Whoever is on this machine is an admin: for the local demo. */
    record Local() implements AccessSettings {}

    /**
     * A proxy in front has asked for the name and says it in headers.
     *
     * @param trusted addresses and networks, such as 10.0.0.0/8, of the proxies; from anywhere else headers say nothing
     * @param userHeader who it is
     * @param groupsHeader their groups, with commas between
     * @param secret what the proxy must send in {@code X-Throughline-Proxy-Secret}; null: its address is enough
     * @param roles group to role; the group {@code *} is everybody the proxy names
     * @param publicUrl where people find the pages
     */
    record Proxy(
            Set<String> trusted,
            String userHeader,
            String groupsHeader,
            @Nullable String secret,
            Map<String, Role> roles,
            URI publicUrl)
            implements AccessSettings {}

    /**
     * Login at an OpenID Connect provider, by authorization code with PKCE.
     *
     * @param groupsClaim claim of the ID token that lists groups
     * @param roles group to role; the group {@code *} is everybody the provider names
     * @param publicUrl where people find the pages; the provider sends them back to {@code /login/callback} below it
     * @param sessionLength after which somebody has to log in again
     */
    record Oidc(
            URI issuer,
            String clientId,
            String clientSecret,
            List<String> scopes,
            String groupsClaim,
            Map<String, Role> roles,
            URI publicUrl,
            Duration sessionLength)
            implements AccessSettings {}

    /** The highest role of the groups; null where none of them has any. */
    static @Nullable Role highest(Iterable<String> groups, Map<String, Role> roles) {
        Role highest = roles.get("*");
        for (String group : groups) {
            Role role = roles.get(group);
            if (role != null && (highest == null || role.includes(highest))) {
                highest = role;
            }
        }
        return highest;
    }
}
