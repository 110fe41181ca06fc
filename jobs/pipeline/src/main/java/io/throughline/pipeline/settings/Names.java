package io.throughline.pipeline.settings;

/** Names that touchpoints are compared with after they have been brought into snake_case. */
final class Names {

    /** Notes a problem where a name could never match. */
    static void check(Section section, String name) {
        if (!name.matches("[a-z0-9_]+")) {
            section.problem("", "must be snake_case: lower-case letters, digits and underscores");
        }
    }

    private Names() {}
}
