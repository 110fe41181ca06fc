package io.throughline.dashboard.access;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.util.InetAddressSet;

/** Believes the headers of a proxy that is known by its address and, where one is set, by a secret. */
public final class ProxyAccess implements Access {

    public static final String SECRET_HEADER = "X-Throughline-Proxy-Secret";

    private final AccessSettings.Proxy settings;
    private final InetAddressSet trusted = new InetAddressSet();

    /** @throws IllegalArgumentException naming a trusted address that is none */
    public ProxyAccess(AccessSettings.Proxy settings) {
        this.settings = settings;
        settings.trusted().forEach(trusted::add);
    }

    @Override
    public Optional<Person> person(Context request) {
        String user = request.header(settings.userHeader());
        if (user == null || user.isBlank() || !comesFromTheProxy(request)) {
            return Optional.empty();
        }
        String groups = request.header(settings.groupsHeader());
        List<String> named = groups == null
                ? List.of()
                : Arrays.stream(groups.split(",")).map(String::strip).toList();
        Role role = AccessSettings.highest(named, settings.roles());
        return role == null ? Optional.empty() : Optional.of(new Person(user, user, role));
    }

    private boolean comesFromTheProxy(Context request) {
        try {
            // The address of the connection, never one that a header claims.
            if (!trusted.test(InetAddress.getByName(request.req().getRemoteAddr()))) {
                return false;
            }
        } catch (UnknownHostException impossible) {
            return false;
        }
        String expected = settings.secret();
        if (expected == null) {
            return true;
        }
        String given = request.header(SECRET_HEADER);
        return given != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String session(Context request) {
        return "proxy";
    }

    @Override
    public Set<String> hosts() {
        return Set.of(settings.publicUrl().getHost());
    }

    @Override
    public Optional<String> loginPath() {
        return Optional.empty();
    }

    @Override
    public String kind() {
        return "proxy";
    }
}
