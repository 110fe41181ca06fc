package io.throughline.intake;

/** Carries a rejection out of the reading; never leaves this package. */
final class Misfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final int LONGEST_QUOTE = 80;

    private final RejectReason reason;
    private final String detail;

    private Misfit(RejectReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
        this.detail = detail;
    }

    static Misfit malformed(String detail) {
        return new Misfit(RejectReason.MALFORMED, detail);
    }

    static Misfit missing(String detail) {
        return new Misfit(RejectReason.MISSING_FIELD, detail);
    }

    static Misfit invalid(String detail) {
        return new Misfit(RejectReason.INVALID_VALUE, detail);
    }

    static Misfit oversize(String detail) {
        return new Misfit(RejectReason.OVERSIZE, detail);
    }

    Outcome.Rejected rejected() {
        return new Outcome.Rejected(reason, detail);
    }

    /** In quotes, cut to what fits a line, control characters made visible. */
    static String quote(String value) {
        StringBuilder text = new StringBuilder(Math.min(value.length(), LONGEST_QUOTE) + 8).append('"');
        for (int i = 0; i < value.length(); i++) {
            if (i == LONGEST_QUOTE) {
                return text.append("...\"").toString();
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
