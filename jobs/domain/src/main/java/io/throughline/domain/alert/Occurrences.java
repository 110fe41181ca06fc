package io.throughline.domain.alert;

import io.throughline.domain.alert.AlertState.Current;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/** Walks the matches of one rule in order of event time and finds the causes that are complete. */
final class Occurrences {

    /**
     * A complete cause.
     *
     * @param evidence the touchpoints that completed it, then those that came while it cooled down
     * @param completedBy how many of them completed it
     */
    record Cause(AlertRule rule, List<Current> evidence, int completedBy) {

        Current first() {
            return evidence.get(0);
        }

        Current last() {
            return evidence.get(evidence.size() - 1);
        }

        long openedAt() {
            return evidence.get(completedBy - 1).signal().eventTime();
        }

        /** Event time after which nothing later belongs to it. */
        long ends() {
            return Math.max(openedAt() + rule.coolDownMs(), last().signal().eventTime());
        }
    }

    /** @param all by event time, then touchpoint_id */
    static List<Cause> of(AlertRule rule, List<Current> all) {
        TreeMap<String, List<Current>> groups = new TreeMap<>();
        for (Current current : all) {
            Signal signal = current.signal();
            if (rule.match().test(signal) && (!rule.sameTopic() || signal.topic() != null)) {
                String group = rule.sameTopic() ? signal.topic() : "";
                groups.computeIfAbsent(group == null ? "" : group, topic -> new ArrayList<>())
                        .add(current);
            }
        }
        List<Cause> causes = new ArrayList<>();
        groups.values().forEach(matches -> walk(rule, matches, causes));
        return causes;
    }

    private static void walk(AlertRule rule, List<Current> matches, Collection<Cause> causes) {
        Deque<List<Current>> recent = new ArrayDeque<>();
        Cause cooling = null;
        long previous = Long.MIN_VALUE;
        for (Current match : matches) {
            long time = match.signal().eventTime();
            if (cooling != null && time <= cooling.openedAt() + rule.coolDownMs()) {
                cooling.evidence().add(match);
                continue;
            }
            if (cooling != null) {
                cooling = null;
                previous = Long.MIN_VALUE;
            }
            boolean continues =
                    previous != Long.MIN_VALUE && rule.separateByMs() > 0 && time - previous <= rule.separateByMs();
            previous = time;
            while (!recent.isEmpty() && recent.peekFirst().get(0).signal().eventTime() < time - rule.withinMs()) {
                recent.removeFirst();
            }
            if (continues) {
                if (!recent.isEmpty()) {
                    recent.peekLast().add(match);
                }
                continue;
            }
            List<Current> occurrence = new ArrayList<>();
            occurrence.add(match);
            recent.addLast(occurrence);
            if (recent.size() >= rule.count()) {
                List<Current> evidence = new ArrayList<>();
                recent.forEach(evidence::addAll);
                recent.clear();
                cooling = new Cause(rule, evidence, evidence.size());
                causes.add(cooling);
            }
        }
    }

    private Occurrences() {}
}
