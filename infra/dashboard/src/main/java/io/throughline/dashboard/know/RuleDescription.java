package io.throughline.dashboard.know;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule of alerts in words.
 *
 * @param state enabled, shadow or disabled
 * @param condition what has to happen
 * @param expressions those of the condition that somebody wrote for the engine, as they are written
 * @param coolDown how long further matches belong to the same alert; null: not said
 * @param source where the rule comes from
 */
public record RuleDescription(
        String ruleId,
        int version,
        String state,
        String title,
        String severity,
        String expectation,
        String condition,
        List<String> expressions,
        @Nullable String coolDown,
        String source) {}
