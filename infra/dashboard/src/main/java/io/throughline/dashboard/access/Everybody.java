package io.throughline.dashboard.access;

import io.javalin.security.RouteRole;

/** Marks what is served before anybody is known: the page's own files hold no data. */
public enum Everybody implements RouteRole {
    EVERYBODY
}
