package io.throughline.pipeline.settings;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.measure.MeasureConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of alert rules: {@code rules:} with a rule under each name, as {@code schemas/alert-rules.schema.json} describes
 * them.
 */
public final class AlertRuleFile {

    private static final String LIBRARY_FILE = "alert-rules.yaml";

    private static final List<AlertRule> LIBRARY = readLibrary();

    /** The rules that hold where nobody says otherwise. */
    public static List<AlertRule> library() {
        return LIBRARY;
    }

    /**
     * @param beside which holds what matters to rules for a time; a rule that looks at more of the past is wrong. Null:
     *     whoever reads the rules looks at that
     * @param measure whose windows they may look at
     * @throws SettingsException listing everything that is wrong with it by line and column; also where it is missing
     */
    public static List<AlertRule> load(Path file, @Nullable AlertConfig beside, MeasureConfig measure) {
        return parse(file.toString(), SettingsFile.text(file), false, beside, measure);
    }

    /**
     * Reads rules one by one; none is taken from a text in which any is wrong.
     *
     * @param source what messages call the text
     */
    public static List<AlertRule> parse(String source, String yaml) {
        return parse(source, yaml, false, null, MeasureConfig.DEFAULTS);
    }

    private static List<AlertRule> parse(
            String source, String yaml, boolean ofThePast, @Nullable AlertConfig beside, MeasureConfig measure) {
        Reading reading = Reading.ofRules(ofThePast);
        Section root = reading.root(yaml);
        List<AlertRule> rules = new ArrayList<>();
        Map<String, Section> sections = root.sections("rules");
        sections.forEach((id, section) -> {
            AlertRule rule = AlertRuleSettings.read(id, section, null, measure);
            if (beside != null && beside.neededMs(rule) > beside.keepForMs()) {
                section.problem(
                        "",
                        "looks back " + DurationText.format(beside.neededMs(rule)) + ", "
                                + (rule.pattern() instanceof Pattern.Experience
                                        ? "the time in which touchpoints are corrected"
                                        : "cool_down")
                                + " included, more than alert.keep_for, " + DurationText.format(beside.keepForMs()));
            }
            rules.add(rule);
        });
        List<Problem> problems = reading.problems();
        if (problems.isEmpty() && sections.isEmpty()) {
            problems = List.of(new Problem("", "there is no rule under rules:", 0));
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(source, problems);
        }
        return List.copyOf(rules);
    }

    /**
     * Puts rules beside those there are. One that judges from a certain time on is a further version of the rule of its
     * name; one without such a time takes its place.
     */
    public static List<AlertRule> merged(List<AlertRule> rules, List<AlertRule> further) {
        Map<String, List<AlertRule>> byId = new LinkedHashMap<>();
        rules.forEach(rule ->
                byId.computeIfAbsent(rule.ruleId(), id -> new ArrayList<>()).add(rule));
        for (AlertRule rule : further) {
            List<AlertRule> versions = byId.computeIfAbsent(rule.ruleId(), id -> new ArrayList<>());
            if (rule.effectiveFrom() == AlertRule.ALWAYS) {
                versions.clear();
            } else {
                versions.removeIf(old -> old.version() == rule.version());
            }
            versions.add(rule);
            versions.sort(Comparator.comparingInt(AlertRule::version));
        }
        return byId.values().stream().flatMap(List::stream).toList();
    }

    /**
     * The one rule a text defines that was published, as a version that judges from a certain time on.
     *
     * @param source what messages call the text
     * @throws SettingsException listing everything that is wrong with it
     */
    public static AlertRule version(String source, String ruleId, int version, long effectiveFrom, String yaml) {
        if (version < 1) {
            throw new SettingsException(
                    source, List.of(new Problem("", "version must be at least 1, was " + version, 0)));
        }
        List<AlertRule> rules = parse(source, yaml, true, null, MeasureConfig.DEFAULTS);
        AlertRule rule = rules.get(0);
        if (rules.size() > 1 || !rule.ruleId().equals(ruleId)) {
            throw new SettingsException(
                    source,
                    List.of(new Problem(
                            "",
                            "must define " + ruleId + " and nothing else, it defines "
                                    + String.join(
                                            ", ",
                                            rules.stream()
                                                    .map(AlertRule::ruleId)
                                                    .toList()),
                            0)));
        }
        return rule.from(version, effectiveFrom, rule.mode());
    }

    private static List<AlertRule> readLibrary() {
        try (InputStream in = AlertRuleFile.class.getResourceAsStream("/settings/" + LIBRARY_FILE)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks /settings/" + LIBRARY_FILE);
            }
            return parse(LIBRARY_FILE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the jar cannot be read", e);
        }
    }

    private AlertRuleFile() {}
}
