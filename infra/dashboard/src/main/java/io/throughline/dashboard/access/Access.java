package io.throughline.dashboard.access;

import io.javalin.http.Context;
import java.util.Optional;
import java.util.Set;

/** Says who a request comes from. */
public interface Access {

    /** Empty where nobody is named, or where whoever is named has no role. */
    Optional<Person> person(Context request);

    /** What distinguishes two logins of one person, so that a token of one is worth nothing in the other. */
    String session(Context request);

    /** Names under which the server may be addressed. */
    Set<String> hosts();

    /** Where a browser without a person is sent; empty where there is nothing to log in to. */
    Optional<String> loginPath();

    /** As {@code /api/me} names it: local, proxy or oidc. */
    String kind();
}
