package io.throughline.pipeline.alert;

import io.throughline.pipeline.rules.CelCondition;
import io.throughline.pipeline.wire.RuleError;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * How often conditions of rules could not be evaluated in one task. Rules are looked at only when some condition of this process
 * failed, and what they come to is said at most every ten seconds.
 */
final class FailingRules {

    private static final long PAUSE_MS = 10_000;

    private final int task;

    /** By rule: its conditions; read by gauges. */
    private final Map<String, List<CelCondition>> conditions = new ConcurrentSkipListMap<>();

    /** By what they ask: all conditions that ask it in the same words, of whichever rule; read by gauges. */
    private final Map<CelCondition, List<CelCondition>> alike = new ConcurrentHashMap<>();

    private final Map<String, RuleError> said = new TreeMap<>();

    /** Rules of which what was said counts what is counted no more. */
    private final Set<String> outdated = new HashSet<>();

    private long seen;
    private long sayAgainAt = Long.MIN_VALUE;

    FailingRules(int task) {
        this.task = task;
        this.seen = CelCondition.failuresOfAll();
    }

    /** Forgets all conditions; {@link #add} is to say what there are from now on. */
    void clear() {
        conditions.clear();
        alike.clear();
        said.values().stream()
                .filter(error -> error.failures() > 0)
                .map(RuleError::ruleId)
                .forEach(outdated::add);
        sayAgainAt = Long.MIN_VALUE;
        seen = -1;
    }

    void add(String ruleId, CelCondition condition) {
        conditions.computeIfAbsent(ruleId, id -> new CopyOnWriteArrayList<>()).add(condition);
        alike.computeIfAbsent(condition, same -> new CopyOnWriteArrayList<>()).add(condition);
    }

    /** The rules that have conditions. */
    Set<String> rules() {
        return conditions.keySet();
    }

    /**
     * How often a condition of the rule could not be evaluated. One that several rules have is evaluated once for all of them,
     * and fails for each: also on a touchpoint that only the match of another of them admits.
     */
    long failures(String ruleId) {
        return failing(ruleId).stream().mapToLong(CelCondition::failures).sum();
    }

    private List<CelCondition> failing(String ruleId) {
        return conditions.getOrDefault(ruleId, List.of()).stream()
                .distinct()
                .flatMap(condition -> alike.getOrDefault(condition, List.of()).stream())
                .filter(condition -> condition.failures() > 0)
                .toList();
    }

    /**
     * Says what has changed since it was said last.
     *
     * @param now the machine's clock, epoch milliseconds; not before the last time's
     */
    void say(long now, Consumer<RuleError> out) {
        if (now < sayAgainAt) {
            return;
        }
        seen = CelCondition.failuresOfAll();
        Set<String> rules = new HashSet<>(conditions.keySet());
        rules.addAll(said.keySet());
        for (String ruleId : rules) {
            List<CelCondition> failing = failing(ruleId);
            long failures = failing.stream().mapToLong(CelCondition::failures).sum();
            RuleError before = said.get(ruleId);
            boolean anew = outdated.remove(ruleId);
            long known = before == null || anew ? 0 : before.failures();
            if (failures == known && !anew) {
                continue;
            }
            long since = before == null || known == 0 ? now : before.since();
            String last = failing.isEmpty() ? "" : String.valueOf(failing.get(0).lastFailure());
            RuleError error = new RuleError(ruleId, task, failures, since, now, last);
            said.put(ruleId, error);
            out.accept(error);
        }
        sayAgainAt = now + PAUSE_MS;
    }

    /** Whether there may be something to say; cheap, to be asked of every record. */
    boolean some() {
        return seen != CelCondition.failuresOfAll();
    }
}
