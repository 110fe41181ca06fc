package io.throughline.domain.sessionize;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Words that settings name. Without anything static that is initialised: settings are made of others, each with defaults, so
 * what all of them call must not be within one of them.
 */
final class WordSet {

    /** In order, and looked up by their hash: every touchpoint of a customer asks at every turn. */
    static Set<String> of(Set<String> words) {
        return new LinkedHashSet<>(new TreeSet<>(words));
    }

    private WordSet() {}
}
