package io.throughline.intake;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record, whatever its vocabulary, as values at paths. */
interface Facts {

    /** The value at a path, trimmed; null where there is none, it is blank, or it is no single value. */
    @Nullable
    String text(String path);

    /**
     * Every value at a path and below, by its own path without that of where it was looked for.
     *
     * @throws Misfit if all that is longer than any record may be
     */
    Map<String, Value> below(String path);

    /** @param isList whether it is a list written as text, with all that is in its elements */
    record Value(String text, boolean isList) {}

    /** Trimmed, halves of surrogate pairs as U+FFFD, which no encoding can carry; null where nothing is left. */
    static @Nullable String clean(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return null;
        }
        for (int i = 0; i < stripped.length(); i++) {
            if (Character.isSurrogate(stripped.charAt(i))) {
                return wellFormed(stripped);
            }
        }
        return stripped;
    }

    private static String wellFormed(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                .forEach(result::appendCodePoint);
        return result.toString();
    }
}
