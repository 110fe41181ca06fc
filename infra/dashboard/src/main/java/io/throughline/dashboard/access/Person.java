package io.throughline.dashboard.access;

/**
 * Somebody who looks at the pages.
 *
 * @param id what tells people apart; written to the audit log
 * @param name what the page calls them
 */
public record Person(String id, String name, Role role) {}
