package io.throughline.dashboard.read;

import java.net.SocketTimeoutException;

/**
 * Why Elasticsearch did not answer.
 *
 * @param reason in one line
 * @param late whether it was reached and did not answer in time
 */
public record Outage(String reason, boolean late) {

    private static final int LONGEST_REASON = 200;

    public static Outage of(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        if (root instanceof SocketTimeoutException) {
            // The client's own words name its connection and say nothing of who is meant.
            return new Outage("no answer in time: it is busy, or hangs", true);
        }
        String message = root.getMessage();
        String first = message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
        return new Outage(first.length() > LONGEST_REASON ? first.substring(0, LONGEST_REASON) + "..." : first, false);
    }

    /** The same where it is not said beside it who is meant. */
    String sentence() {
        return "Elasticsearch " + (late ? "gave " : "does not answer: ") + reason;
    }
}
