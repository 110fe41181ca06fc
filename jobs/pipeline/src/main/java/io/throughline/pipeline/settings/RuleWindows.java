package io.throughline.pipeline.settings;

import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The windows rules look at, beside those there are. */
public final class RuleWindows {

    /**
     * What is wrong with a rule that looks at a window nobody has. Rules may look at the windows measured by default though they are
     * not measured here: those of the library do, and {@code rules check} tells which have nothing to look at.
     */
    public static Optional<String> unknown(AlertRule rule, MeasureConfig measure) {
        List<String> known = names(measure);
        List<String> allowed = new ArrayList<>(names(MeasureConfig.DEFAULTS));
        allowed.addAll(known);
        return lookedAt(rule.pattern()).stream()
                .filter(window -> !allowed.contains(window))
                .findFirst()
                .map(window -> rule.ruleId() + " looks at window \"" + window + "\", which is none of measure.windows: "
                        + String.join(", ", known));
    }

    /**
     * Whether a baseline is the recent window itself or known to be no longer than it, so that something would be compared
     * with itself or backwards. Of a window that is neither measured nor there by default nothing is known.
     */
    static boolean isNoLonger(String baseline, String recent, MeasureConfig measure) {
        return baseline.equals(recent)
                || lengthMs(baseline, measure)
                        .flatMap(longer -> lengthMs(recent, measure).map(length -> longer <= length))
                        .orElse(false);
    }

    private static Optional<Long> lengthMs(String window, MeasureConfig measure) {
        return Stream.concat(measure.windows().stream(), MeasureConfig.DEFAULTS.windows().stream())
                .filter(known -> known.name().equals(window))
                .findFirst()
                .map(Window::lengthMs);
    }

    private static List<String> names(MeasureConfig measure) {
        return measure.windows().stream().map(Window::name).toList();
    }

    private static List<String> lookedAt(Pattern pattern) {
        if (pattern instanceof Pattern.Metric metric) {
            return List.of(metric.window());
        }
        return pattern instanceof Pattern.Worse worse ? List.of(worse.window(), worse.baseline()) : List.of();
    }

    private RuleWindows() {}
}
