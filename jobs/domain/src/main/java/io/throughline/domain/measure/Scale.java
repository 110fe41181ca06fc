package io.throughline.domain.measure;

import io.throughline.domain.touchpoint.Survey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The scale and direction a survey was answered on. Answers on different scales are never averaged together.
 *
 * @param min lowest possible answer, from {@value #LOWEST} to {@value #HIGHEST}
 * @param max highest possible answer
 */
public record Scale(int min, int max, boolean higherIsBetter) {
    static final int LOWEST = -2048;
    static final int HIGHEST = 2047;
    static final Scale ONE_TO_FIVE = new Scale(1, 5, true);
    static final Scale ZERO_TO_TEN = new Scale(0, 10, true);
    static final double MICROS = 1_000_000;
    private static final String LOW_IS_GOOD = "_lower_is_better";
    private static final Pattern LABEL = Pattern.compile("(-?\\d{1,4})-(-?\\d{1,4})(" + LOW_IS_GOOD + ")?");

    /** Null where the ends are not whole numbers in range, or the wrong way round. */
    static @Nullable Scale of(Survey survey) {
        return of(survey.scaleMin(), survey.scaleMax(), survey.higherIsBetter());
    }

    /** Of a {@link #label}; null where the text is none, or its ends are as none may be. */
    public static @Nullable Scale ofLabel(String label) {
        Matcher parts = LABEL.matcher(label);
        return parts.matches()
                ? of(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), parts.group(3) == null)
                : null;
    }

    private static @Nullable Scale of(double min, double max, boolean higherIsBetter) {
        boolean usable = min >= LOWEST && max <= HIGHEST && min < max && min == Math.rint(min) && max == Math.rint(max);
        return usable ? new Scale((int) min, (int) max, higherIsBetter) : null;
    }

    /** Scale and answer in one integer; answers of one scale are adjacent and in order. */
    long bin(double score) {
        long scale = ((higherIsBetter ? 1L : 0L) << 24) | ((long) (min - LOWEST) << 12) | (max - LOWEST);
        return (scale << 32) | (Math.round(score * MICROS) - LOWEST * (long) MICROS);
    }

    static Scale ofBin(long bin) {
        return new Scale(
                (int) ((bin >>> 44) & 0xfff) + LOWEST, (int) ((bin >>> 32) & 0xfff) + LOWEST, (bin >>> 56 & 1) == 1);
    }

    /** Millionths. */
    static long microsOf(long bin) {
        return (bin & 0xffffffffL) + LOWEST * (long) MICROS;
    }

    /** {@code 1-7}; where low answers are the good ones {@code 1-5_lower_is_better}. */
    String label() {
        return min + "-" + max + (higherIsBetter ? "" : LOW_IS_GOOD);
    }

    Metric.Direction direction() {
        return higherIsBetter ? Metric.Direction.HIGHER_IS_BETTER : Metric.Direction.LOWER_IS_BETTER;
    }
}
