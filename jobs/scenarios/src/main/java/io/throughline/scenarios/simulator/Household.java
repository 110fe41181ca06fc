package io.throughline.scenarios.simulator;

import org.jspecify.annotations.Nullable;

/**
 * People under one roof.
 *
 * @param first index of the first member; the others follow it
 * @param landline one number for all of them
 * @param tablet on the sofa; several of them use it
 * @param jointAccount of the first two members, who remain two customers
 */
record Household(
        String id, int first, int size, @Nullable String landline, Device tablet, @Nullable String jointAccount) {}
