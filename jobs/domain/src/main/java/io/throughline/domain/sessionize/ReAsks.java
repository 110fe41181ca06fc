package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Touchpoint;
import java.util.Set;

/**
 * Counts how often a customer had to say again what had been said before: touchpoints that say so ({@code
 * properties.asked_again} is {@code true}), and those of {@code sessionize.re_ask_kinds} after the first.
 */
final class ReAsks {
    private final Set<String> kinds;
    private boolean asked;
    private int count;

    ReAsks(Set<String> kinds) {
        this.kinds = kinds;
    }

    void add(Touchpoint next) {
        boolean asks = kinds.contains(next.kind());
        if ((asks && asked) || "true".equals(next.properties().get("asked_again"))) {
            count++;
        }
        asked |= asks;
    }

    int count() {
        return count;
    }
}
