package io.throughline.intake;

import java.util.regex.Pattern;

/**
 * How values are written where all are text.
 *
 * @param decimalComma whether numbers are written 1.234,56, the points being optional
 * @param durationMs milliseconds in a unit of durations
 */
public record ValueFormat(TimeFormat time, boolean decimalComma, int durationMs) {

    /** ISO 8601, decimal points, milliseconds. */
    public static final ValueFormat PLAIN = new ValueFormat(TimeFormat.ISO, false, 1);

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]{1,40}(\\.[0-9]{0,40})?|\\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?");
    private static final Pattern COMMA_NUMBER =
            Pattern.compile("[+-]?([0-9]{1,40}|[0-9]{1,3}(\\.[0-9]{3}){1,12})(,[0-9]{0,40})?");

    /** @throws NumberFormatException if the text is no number, or one beyond all bounds */
    double number(String text) {
        if (!(decimalComma ? COMMA_NUMBER : NUMBER).matcher(text).matches()) {
            throw new NumberFormatException("no number");
        }
        double number = Double.parseDouble(decimalComma ? text.replace(".", "").replace(',', '.') : text);
        if (!Double.isFinite(number)) {
            throw new NumberFormatException("too large");
        }
        return number;
    }
}
