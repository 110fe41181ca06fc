package io.throughline.domain.sessionize;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The order of stages on a journey; stages beyond the known ones come after them, by name. */
final class Stages {
    private static final List<String> KNOWN =
            List.of("awareness", "acquisition", "onboarding", "engagement", "support");

    static List<String> inOrder(Set<String> stages) {
        List<String> ordered = new ArrayList<>(stages.size());
        for (String known : KNOWN) {
            if (stages.contains(known)) {
                ordered.add(known);
            }
        }
        if (ordered.size() < stages.size()) {
            stages.stream().filter(stage -> !KNOWN.contains(stage)).sorted().forEach(ordered::add);
        }
        return List.copyOf(ordered);
    }

    /** Whether going from one to the other is a step back; false where either is not a known stage. */
    static boolean isBack(String from, String to) {
        return place(from) < KNOWN.size() && place(to) < place(from);
    }

    /** Whether a customer there is at the beginning of a journey. */
    static boolean isEarly(@Nullable String stage) {
        return "awareness".equals(stage) || "acquisition".equals(stage);
    }

    /** Of stages in journey order the last one known; null: none is. */
    static @Nullable String furthest(List<String> ordered) {
        String furthest = null;
        for (String stage : ordered) {
            if (place(stage) < KNOWN.size()) {
                furthest = stage;
            }
        }
        return furthest;
    }

    private static int place(String stage) {
        int place = KNOWN.indexOf(stage);
        return place < 0 ? KNOWN.size() : place;
    }

    private Stages() {}
}
