package io.throughline.domain.alert;

import io.throughline.domain.experience.ExperienceConfig;
import java.io.Serializable;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * When someone is told, and when it is over. Keys are {@code alert.*}. Durations in milliseconds of event time.
 *
 * @param rules judged one by one, independent of each other
 * @param resolvedByKinds kinds that resolve a customer's alerts
 * @param resolvedBySatisfaction an answer at least this satisfied, percent from worst to best, does too
 * @param resolveWithinMs how long after its last evidence an alert can be resolved
 * @param keepForMs how long touchpoints that matter to rules are held; at least what each rule needs
 * @param correctableMs how long touchpoints can be corrected: lateness horizon + re-attribution horizon
 * @param maxSignals most touchpoints that matter to rules held for one customer; of more the oldest are settled
 * @param maxEvidence most touchpoints listed on one alert, the earliest
 * @param worth what makes a customer's alerts more urgent
 * @param cases how alerts are taken care of
 * @param notifications how people are told
 * @param experience how the score that rules look at is made
 */
public record AlertConfig(
        List<AlertRule> rules,
        Set<String> resolvedByKinds,
        int resolvedBySatisfaction,
        long resolveWithinMs,
        long keepForMs,
        long correctableMs,
        int maxSignals,
        int maxEvidence,
        Worth worth,
        CaseConfig cases,
        NotifyConfig notifications,
        ExperienceConfig experience)
        implements Serializable {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    public static final AlertConfig DEFAULTS = new AlertConfig(
            List.of(
                    AlertRule.once(
                            "low-satisfaction",
                            "Low satisfaction",
                            "error",
                            "interaction",
                            Match.answer("csat", null, 25),
                            DAY),
                    AlertRule.once(
                            "strong-detractor",
                            "Strong detractor",
                            "error",
                            "interaction",
                            Match.answer("nps", null, 30),
                            DAY),
                    AlertRule.once(
                            "detractor", "Detractor", "warning", "interaction", Match.answer("nps", 30, 60), DAY),
                    AlertRule.once(
                            "high-effort", "High effort", "warning", "speed", Match.answer("ces", null, 34), DAY),
                    AlertRule.once("complaint", "Complaint", "error", "closure", Match.anyOf("complaint"), DAY),
                    new AlertRule(
                            "repeated-errors",
                            1,
                            "Repeated errors",
                            "error",
                            "reliability",
                            Match.anyOf("error"),
                            3,
                            10 * MINUTE,
                            0,
                            false,
                            HOUR),
                    AlertRule.once(
                            "long-wait", "Long wait", "warning", "speed", Match.waitAbove(10 * MINUTE), 4 * HOUR),
                    AlertRule.once(
                            "gave-up-waiting",
                            "Gave up waiting",
                            "warning",
                            "speed",
                            Match.anyOf(
                                            "call_queued",
                                            "call_ended",
                                            "chat_queued",
                                            "chat_ended",
                                            "video_queued",
                                            "video_ended")
                                    .withOutcomes(Set.of("abandoned")),
                            4 * HOUR),
                    AlertRule.once(
                            "left-queue",
                            "Left the queue",
                            "warning",
                            "speed",
                            Match.anyOf("call_abandoned", "chat_abandoned", "video_abandoned"),
                            4 * HOUR),
                    new AlertRule(
                            "negative-sentiment",
                            1,
                            "Negative sentiment",
                            "warning",
                            "interaction",
                            Match.sentiment(-0.5),
                            3,
                            DAY,
                            0,
                            false,
                            DAY),
                    new AlertRule(
                            "repeat-contacts",
                            1,
                            "Repeat contacts about one topic",
                            "error",
                            "closure",
                            Match.anyOf(
                                    "call_answered",
                                    "call_queued",
                                    "case_opened",
                                    "chat_answered",
                                    "chat_queued",
                                    "complaint",
                                    "message",
                                    "video_answered",
                                    "video_queued",
                                    "visit"),
                            3,
                            7 * DAY,
                            HOUR,
                            true,
                            7 * DAY)),
            Set.of("case_resolved"),
            75,
            7 * DAY,
            45 * DAY,
            37 * DAY,
            1_000,
            100,
            Worth.DEFAULTS,
            CaseConfig.DEFAULTS,
            NotifyConfig.DEFAULTS,
            ExperienceConfig.DEFAULTS);

    public AlertConfig {
        rules = rules.stream()
                .map(rule -> rule.pattern() instanceof Pattern.Experience score
                        ? rule.looking(score.scoredBy(experience))
                        : rule)
                .toList();
        resolvedByKinds = new TreeSet<>(resolvedByKinds);
        Map<String, AlertRule> newest = new HashMap<>();
        Set<String> ids = new HashSet<>();
        for (AlertRule rule : rules) {
            require(
                    ids.add(RuleIndex.key(rule.ruleId(), rule.version())),
                    "alert.rules names " + rule.ruleId() + " twice");
            AlertRule before = newest.put(rule.ruleId(), rule);
            require(
                    before == null
                            || (before.version() < rule.version() && before.effectiveFrom() < rule.effectiveFrom()),
                    "alert.rules." + rule.ruleId() + ": version " + rule.version()
                            + " must judge from a later time than the version before it");
        }
        requireHeld(rules, keepForMs, correctableMs);
        require(
                resolvedBySatisfaction >= 0 && resolvedBySatisfaction <= 100,
                "alert.resolved_by_satisfaction must be from 0 to 100, was " + resolvedBySatisfaction);
        require(resolveWithinMs >= 0, "alert.resolve_within must not be negative, was " + resolveWithinMs + " ms");
        require(keepForMs >= 1, "alert.keep_for must be positive, was " + keepForMs + " ms");
        require(
                cases.keepForMs() >= keepForMs,
                "alert.act_within must be at least alert.keep_for, " + AlertRule.exactly(keepForMs) + ", was "
                        + AlertRule.exactly(cases.keepForMs()));
        require(maxSignals >= 10, "alert.max_signals must be at least 10, was " + maxSignals);
        require(maxEvidence >= 1, "alert.max_evidence must be at least 1, was " + maxEvidence);
    }

    /** Names the rule that needs the most: what is enough for it is enough. */
    private static void requireHeld(List<AlertRule> rules, long keepForMs, long correctableMs) {
        AlertRule dearest = rules.stream()
                .max(Comparator.comparingLong(rule -> neededMs(rule, correctableMs)))
                .orElse(null);
        if (dearest != null) {
            require(
                    neededMs(dearest, correctableMs) <= keepForMs,
                    "alert.keep_for must be at least " + AlertRule.exactly(neededMs(dearest, correctableMs)) + " for "
                            + dearest.ruleId() + ": "
                            + (dearest.pattern() instanceof Pattern.Experience
                                    ? "the time in which touchpoints are corrected, and the rule's within and counts"
                                    : "the rule's within and cool_down")
                            + "; was " + AlertRule.exactly(keepForMs));
        }
    }

    /** How long touchpoints must be held for a rule; zero for one that looks at metrics. */
    public long neededMs(AlertRule rule) {
        return neededMs(rule, correctableMs);
    }

    private static long neededMs(AlertRule rule, long correctableMs) {
        Pattern pattern = rule.pattern();
        if (!(pattern instanceof Pattern.OfCustomer)) {
            return 0;
        }
        // A score is all that counted: with less, a late correction would be judged without some of it.
        return pattern.spanMs()
                + (pattern instanceof Pattern.Experience
                        ? Math.max(correctableMs, rule.coolDownMs())
                        : rule.coolDownMs());
    }

    /** The same with other rules: versions of one rule in their order. */
    public AlertConfig withRules(List<AlertRule> others) {
        return new AlertConfig(
                others,
                resolvedByKinds,
                resolvedBySatisfaction,
                resolveWithinMs,
                keepForMs,
                correctableMs,
                maxSignals,
                maxEvidence,
                worth,
                cases,
                notifications,
                experience);
    }

    /** What is promised for later than this after the promise cannot be waited for. */
    long longestWaitMs(AlertRule rule) {
        return keepForMs - rule.coolDownMs();
    }

    boolean resolves(Signal signal) {
        Double satisfaction = signal.satisfaction();
        return resolvedByKinds.contains(signal.kind())
                || (satisfaction != null && 100 * satisfaction >= resolvedBySatisfaction - 1e-9);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
