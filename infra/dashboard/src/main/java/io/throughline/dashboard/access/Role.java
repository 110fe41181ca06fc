package io.throughline.dashboard.access;

import io.javalin.security.RouteRole;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do; each role may do what those before it may. */
public enum Role implements RouteRole {
    /** Sees figures, sessions by pseudonym, alerts, rules and the pipeline. */
    VIEWER,
    /** Also finds customers by what they are known by, reads what they said, and works on alerts. */
    AGENT,
    /** Also takes data away as files, and works on many alerts at once. */
    LEAD,
    /** Also reads the audit log. */
    ADMIN;

    /** As configuration and JSON name it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** Empty where no role has that code. */
    public static Optional<Role> of(String code) {
        return Arrays.stream(values()).filter(role -> role.code().equals(code)).findFirst();
    }
}
