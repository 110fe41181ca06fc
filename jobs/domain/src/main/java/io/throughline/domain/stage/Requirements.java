package io.throughline.domain.stage;

import java.util.ArrayList;
import java.util.List;

/** What is required of a configuration: what is wrong with it is told all at once. */
public final class Requirements {
    private final List<String> unmet = new ArrayList<>();

    /** @param otherwise what is wrong, beginning with the key it stands at */
    public void that(boolean holds, String otherwise) {
        if (!holds) {
            unmet.add(otherwise);
        }
    }

    /** @throws UnmetException if anything was required in vain */
    public void check() {
        if (!unmet.isEmpty()) {
            throw new UnmetException(unmet);
        }
    }

    /** Everything that is wrong with a configuration. */
    public static final class UnmetException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final ArrayList<String> problems;

        private UnmetException(List<String> problems) {
            super(String.join("\n", problems));
            this.problems = new ArrayList<>(problems);
        }

        public List<String> problems() {
            return List.copyOf(problems);
        }
    }
}
