package io.throughline.dashboard.access;

import io.javalin.http.Context;
import java.util.Optional;
import java.util.Set;

/** Everybody on this machine is its admin; the server then listens on the loopback interface only. */
public final class LocalAccess implements Access {

    static final Set<String> LOCAL_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Person LOCAL = new Person("local", "Local demo", Role.ADMIN);

    @Override
    public Optional<Person> person(Context request) {
        return Optional.of(LOCAL);
    }

    @Override
    public String session(Context request) {
        return "local";
    }

    @Override
    public Set<String> hosts() {
        return LOCAL_NAMES;
    }

    @Override
    public Optional<String> loginPath() {
        return Optional.empty();
    }

    @Override
    public String kind() {
        return "local";
    }
}
