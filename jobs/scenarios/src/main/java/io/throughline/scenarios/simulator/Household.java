package io.throughline.scenarios.simulator;

import org.jspecify.annotations.Nullable;

/** People under one roof: one landline, one tablet on the sofa that several of them use. */
final class Household {
    final String id;
    final int size;
    final @Nullable String landline;
    final Device tablet;

    Household(String id, int size, @Nullable String landline, Device tablet) {
        this.id = id;
        this.size = size;
        this.landline = landline;
        this.tablet = tablet;
    }
}
