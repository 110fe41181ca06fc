package io.throughline.dashboard.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.throughline.dashboard.access.AuditLog;
import io.throughline.dashboard.access.Everybody;
import io.throughline.dashboard.access.OidcAccess;
import io.throughline.dashboard.access.Role;

/** Login and logout, where people log in here. */
final class LoginRoutes {

    private final OidcAccess access;
    private final AuditLog audit;

    LoginRoutes(OidcAccess access, AuditLog audit) {
        this.access = access;
        this.audit = audit;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/login", this::begin, Everybody.EVERYBODY);
        routes.get("/login/callback", this::finish, Everybody.EVERYBODY);
        routes.post("/logout", this::logout, Role.VIEWER);
    }

    private void begin(Context context) {
        try {
            context.redirect(access.begin(context).toString());
        } catch (OidcAccess.LoginFailedException failed) {
            Gate.refuse(context, 502, String.valueOf(failed.getMessage()));
        }
    }

    private void finish(Context context) {
        try {
            OidcAccess.Login login = access.finish(context);
            audit.write(login.person(), "login", "", "logged in", context.ip());
            context.redirect(login.returnTo());
        } catch (OidcAccess.LoginFailedException failed) {
            Gate.refuse(context, 403, String.valueOf(failed.getMessage()));
        }
    }

    private void logout(Context context) {
        audit.write(Gate.personOf(context), "logout", "", "logged out", context.ip());
        access.logout(context);
        context.status(204);
    }
}
