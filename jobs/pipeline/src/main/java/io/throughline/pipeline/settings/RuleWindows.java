package io.throughline.pipeline.settings;

import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
