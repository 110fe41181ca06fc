package io.throughline.domain.ingest;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A record that cannot count.
 *
 * @param detail names the field and, unless it is an identifier's, the value; safe to log
 */
public record Refused(RejectReason reason, String detail) implements Decoded, Verdict {

    private static final int LONGEST_QUOTE = 80;

    /**
     * For all that is wrong with something: the reason of the first problem, all of them in words.
     *
     * @throws IllegalStateException where there is no problem
     */
    static Refused because(List<DecisionValidation.Problem> problems) {
        if (problems.isEmpty()) {
            throw new IllegalStateException("nothing is refused without a problem");
        }
        return new Refused(
                problems.get(0).reason(),
                problems.stream().map(DecisionValidation.Problem::toString).collect(Collectors.joining("; ")));
    }

    /** The value in quotes, cut to a length fit for a log line, control characters made visible. */
    public static String quote(String value) {
        StringBuilder text = new StringBuilder(Math.min(value.length(), LONGEST_QUOTE) + 8).append('"');
        for (int i = 0; i < value.length(); i++) {
            if (i == LONGEST_QUOTE) {
                return text.append("...\" (")
                        .append(value.length())
                        .append(" characters)")
                        .toString();
            }
            char c = value.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }
}
