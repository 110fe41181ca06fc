package io.throughline.pipeline.settings;

import io.throughline.domain.ingest.Cleaning;
import java.util.Set;

/** Names that touchpoints are compared with after they have been brought into snake_case. */
final class Names {

    /** Dimensions of metrics whose values are such names. */
    static final Set<String> ARE_VALUES_OF = Set.of("channel", "stage", "from_channel", "to_channel");

    /** Notes a problem where a name could never match. */
    static void check(Section section, String name) {
        if (!name.matches("[a-z0-9_]+")) {
            section.problem("", "must be snake_case: lower-case letters, digits and underscores");
        }
    }

    /** The name as touchpoints bear it; one that is blank stays, since it is no name. */
    static String spelled(String name) {
        String spelled = Cleaning.name(name);
        return spelled == null ? name : spelled;
    }

    private Names() {}
}
