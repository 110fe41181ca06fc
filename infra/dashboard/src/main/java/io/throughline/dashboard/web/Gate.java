package io.throughline.dashboard.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.throughline.dashboard.access.Access;
import io.throughline.dashboard.access.AuditLog;
import io.throughline.dashboard.access.CsrfTokens;
import io.throughline.dashboard.access.Everybody;
import io.throughline.dashboard.access.Person;
import io.throughline.dashboard.access.RateLimits;
import io.throughline.dashboard.access.Role;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * What every request has to pass: an address that is ours, a person, a role that the route asks for, a token where
 * something is done, and a limit. A route that names no role is closed to everybody.
 */
final class Gate {

    static final String CSRF_HEADER = "X-CSRF-Token";
    private static final String PERSON = "throughline.person";

    private final Access access;
    private final CsrfTokens tokens;
    private final RateLimits limits;
    private final AuditLog audit;
    private final String contentSecurityPolicy;

    Gate(Access access, CsrfTokens tokens, RateLimits limits, AuditLog audit, String contentSecurityPolicy) {
        this.access = access;
        this.tokens = tokens;
        this.limits = limits;
        this.audit = audit;
        this.contentSecurityPolicy = contentSecurityPolicy;
    }

    void addTo(RoutesConfig routes) {
        routes.before(this::address);
        routes.beforeMatched(this::person);
    }

    /** Refuses names other than ours, so that a foreign page cannot reach the data by re-pointing its own name. */
    private void address(Context context) {
        String host = context.host();
        String name = host == null ? "" : host.replaceFirst(":\\d+$", "");
        context.header("Content-Security-Policy", contentSecurityPolicy)
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
                .header("Cache-Control", "no-store");
        if (!access.hosts().contains(name)) {
            refuse(
                    context,
                    421,
                    access.kind().equals("local")
                            ? "This dashboard answers only to 127.0.0.1 and localhost."
                            : "This dashboard answers only to " + String.join(", ", access.hosts()) + ".");
        }
    }

    private void person(Context context) {
        Set<?> roles = context.routeRoles();
        if (roles.contains(Everybody.EVERYBODY)) {
            return;
        }
        Optional<Person> known = access.person(context);
        if (known.isEmpty()) {
            unknown(context);
            return;
        }
        Person person = known.get();
        Optional<Role> needed = roles.stream()
                .filter(Role.class::isInstance)
                .map(Role.class::cast)
                .findFirst();
        if (needed.isEmpty() || !person.role().includes(needed.get())) {
            audit.write(person, "denied", context.method() + " " + context.path(), "role", context.ip());
            refuse(
                    context,
                    403,
                    needed.isEmpty()
                            ? "This is closed."
                            : "This takes the role " + needed.get().code() + "; yours is "
                                    + person.role().code() + ".");
            return;
        }
        if (context.method() == HandlerType.POST && !comesFromOurPage(context, person)) {
            audit.write(person, "denied", context.method() + " " + context.path(), "token", context.ip());
            refuse(context, 403, "This request does not come from this dashboard's page. Load the page anew.");
            return;
        }
        if (context.path().startsWith("/api/") && !limits.admits(person, RateLimits.Kind.READ)) {
            tooMuch(context);
            return;
        }
        context.attribute(PERSON, person);
    }

    private void unknown(Context context) {
        Optional<String> login = access.loginPath();
        if (login.isPresent() && !context.path().startsWith("/api/") && context.method() == HandlerType.GET) {
            String query = context.queryString();
            String to = context.path() + (query == null ? "" : "?" + query);
            context.redirect(login.get() + "?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));
            context.skipRemainingHandlers();
        } else {
            refuse(
                    context,
                    401,
                    login.isPresent()
                            ? "You are not logged in."
                            : "Nobody vouches for you here: come through the company's proxy, and with a group that"
                                    + " has a role.");
        }
    }

    private boolean comesFromOurPage(Context context, Person person) {
        String site = context.header("Sec-Fetch-Site");
        return (site == null || site.equals("same-origin"))
                && tokens.isValid(context.header(CSRF_HEADER), person, access.session(context));
    }

    String csrfToken(Context context) {
        return tokens.token(personOf(context), access.session(context));
    }

    String accessKind() {
        return access.kind();
    }

    /** Who asks; known on every route that takes a role. */
    static Person personOf(Context context) {
        Person person = context.attribute(PERSON);
        if (person == null) {
            throw new IllegalStateException("a route without a role asked for its person: " + context.path());
        }
        return person;
    }

    /** Counts one more of a kind; answers 429 and says false where it is too many. */
    boolean admits(Context context, RateLimits.Kind kind) {
        if (limits.admits(personOf(context), kind)) {
            return true;
        }
        tooMuch(context);
        return false;
    }

    private static void tooMuch(Context context) {
        context.header("Retry-After", "10");
        refuse(context, 429, "That is more than one person can look at. Wait a moment.");
    }

    void audit(Context context, String action, String subject, String outcome) {
        audit.write(personOf(context), action, subject, outcome, context.ip());
    }

    static void refuse(Context context, int status, String why) {
        context.status(status)
                .contentType("text/plain; charset=utf-8")
                .result(why + "\n")
                .skipRemainingHandlers();
    }
}
