package io.throughline.domain.ingest;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Brings text into the one form in which it is compared and stored. */
public final class Cleaning {

    /**
     * Without white space, control and invisible characters at its ends; halves of surrogate pairs, which no encoding
     * can carry, become U+FFFD. Everything else stays as it is.
     *
     * @return null for null and for blank text
     */
    static @Nullable String text(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int start = 0;
        int end = text.length();
        while (start < end && isPadding(text.charAt(start))) {
            start++;
        }
        while (end > start && isPadding(text.charAt(end - 1))) {
            end--;
        }
        return start == end ? null : wellFormed(text.substring(start, end));
    }

    /**
     * A name from an open set: cleaned, in lower case, spaces and hyphens as underscores. Camel case is not taken
     * apart, since {@code WhatsApp} means {@code whatsapp}.
     *
     * @return null for null and for blank text
     */
    public static @Nullable String name(@Nullable String text) {
        String clean = text(text);
        if (clean == null) {
            return null;
        }
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_')) {
                return clean.toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
            }
        }
        return clean;
    }

    /** The text with every half of a surrogate pair replaced by U+FFFD. */
    static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return repaired(text);
            }
        }
        return text;
    }

    private static String repaired(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                .forEach(result::appendCodePoint);
        return result.toString();
    }

    private static boolean isPadding(char c) {
        if (c > ' ' && c < 0x7f) {
            return false;
        }
        return c <= ' '
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || c == '\ufeff'
                || (c >= '\u200b' && c <= '\u200f');
    }

    private Cleaning() {}
}
