package io.throughline.domain.alert;

import io.throughline.domain.alert.AlertState.Current;
import io.throughline.domain.experience.ExperienceScore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Walks what matches one rule in order of event time and finds the causes that are complete. */
final class Causes {

    /**
     * A complete cause.
     *
     * @param evidence the touchpoints that completed it, then those that came while it cooled down
     * @param completedBy how many of them completed it
     * @param endedAt when what was missing came after all, or null
     * @param measured the figure that reached the bound, or null
     * @param bound what it was measured against; of a score that fell the one it fell from, or null
     */
    record Cause(
            AlertRule rule,
            List<Current> evidence,
            int completedBy,
            long openedAt,
            @Nullable Long endedAt,
            @Nullable Double measured,
            @Nullable Double bound) {

        Current first() {
            return evidence.get(0);
        }

        Current last() {
            return evidence.get(evidence.size() - 1);
        }

        /** Event time of the earliest touchpoint behind it. */
        long begins() {
            return evidence.stream()
                    .mapToLong(current -> current.signal().eventTime())
                    .min()
                    .orElse(openedAt);
        }

        /** Event time from which on what was looked at counted; a score is made of more than its evidence. */
        long looksFrom() {
            return rule.pattern() instanceof Pattern.Experience
                    ? openedAt - rule.pattern().spanMs()
                    : begins();
        }

        /** Event time after which nothing later belongs to it. */
        long ends() {
            return Math.max(openedAt + rule.coolDownMs(), last().signal().eventTime());
        }

        private boolean cools(long time) {
            return time <= openedAt + rule.coolDownMs();
        }
    }

    /**
     * What one rule comes to.
     *
     * @param complete causes that are complete
     * @param due when the next one will be unless something happens; {@link Long#MAX_VALUE}: none
     * @param spans what is only understood together, and so is to be forgotten together
     */
    record Found(List<Cause> complete, long due, List<Span> spans) {}

    /** From one touchpoint to another, event times. */
    record Span(long begins, long ends) {}

    /** No score is higher. */
    private static final int HIGHEST = 100;

    private final AlertRule rule;
    private final long now;
    private final long longestWaitMs;
    private final long unknownBefore;
    private final NavigableSet<Long> settled;
    private final NavigableMap<Long, Integer> knownScores;
    private final List<Cause> complete = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();
    private long due = Long.MAX_VALUE;

    private Causes(
            AlertRule rule,
            long now,
            long longestWaitMs,
            long unknownBefore,
            NavigableSet<Long> settled,
            NavigableMap<Long, Integer> knownScores) {
        this.rule = rule;
        this.now = now;
        this.longestWaitMs = longestWaitMs;
        this.unknownBefore = unknownBefore;
        this.settled = settled;
        this.knownScores = knownScores;
    }

    /**
     * @param byRole what matches each role of the rule's pattern, by event time, then touchpoint_id
     * @param now event time reached: what is due later is not missing yet
     * @param longestWaitMs what is promised for later than this after the promise is not waited for
     * @param unknownBefore event time before which touchpoints may not be held; {@link Long#MIN_VALUE}: all are
     * @param settled when alerts of the rule opened that are not looked for any more, but cool down as ever
     * @param knownScores scores of the customer by this rule as of event times, as far as they are known; further ones are added
     */
    static Found of(
            AlertRule rule,
            List<List<Current>> byRole,
            long now,
            long longestWaitMs,
            long unknownBefore,
            NavigableSet<Long> settled,
            NavigableMap<Long, Integer> knownScores) {
        Causes causes = new Causes(rule, now, longestWaitMs, unknownBefore, settled, knownScores);
        String linkedBy = rule.pattern().linkedBy();
        if (linkedBy == null || rule.pattern() instanceof Pattern.Absence absence && absence.due() != null) {
            causes.walk(byRole);
            return causes.found();
        }
        TreeMap<String, List<List<Current>>> groups = new TreeMap<>();
        for (int role = 0; role < byRole.size(); role++) {
            for (Current current : byRole.get(role)) {
                String link = Pattern.link(linkedBy, current.signal());
                if (link != null) {
                    groups.computeIfAbsent(link, key -> empty(byRole.size()))
                            .get(role)
                            .add(current);
                }
            }
        }
        groups.values().forEach(causes::walk);
        return causes.found();
    }

    private Found found() {
        return new Found(complete, due, spans);
    }

    private static List<List<Current>> empty(int roles) {
        List<List<Current>> lists = new ArrayList<>(roles);
        for (int i = 0; i < roles; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    private void walk(List<List<Current>> byRole) {
        Pattern pattern = rule.pattern();
        if (pattern instanceof Pattern.Count count) {
            count(count, byRole.get(0));
        } else if (pattern instanceof Pattern.Aggregate aggregate) {
            aggregate(aggregate, byRole.get(0));
        } else if (pattern instanceof Pattern.Experience experience) {
            experience(experience, byRole.get(0));
        } else if (pattern instanceof Pattern.Sequence sequence) {
            sequence(sequence, byRole);
        } else if (pattern instanceof Pattern.Absence absence) {
            absence(absence, byRole.get(0), byRole.get(1));
        }
    }

    private void count(Pattern.Count pattern, List<Current> matches) {
        // Where the occurrences begin that may still complete a cause, from first to end; each goes on to the next.
        int[] begins = new int[matches.size()];
        int first = 0;
        int end = 0;
        Cause cooling = null;
        long previous = Long.MIN_VALUE;
        for (int i = 0; i < begins.length; i++) {
            Current match = matches.get(i);
            long time = match.signal().eventTime();
            if (cooling != null && cooling.cools(time)) {
                cooling.evidence().add(match);
                continue;
            }
            if (cooling != null) {
                cooling = null;
                previous = Long.MIN_VALUE;
            }
            boolean continues = previous != Long.MIN_VALUE
                    && pattern.separateByMs() > 0
                    && time - previous <= pattern.separateByMs();
            previous = time;
            while (first < end && matches.get(begins[first]).signal().eventTime() < time - pattern.withinMs()) {
                first++;
            }
            if (continues) {
                continue;
            }
            begins[end++] = i;
            if (end - first >= pattern.count()) {
                cooling = opened(new ArrayList<>(matches.subList(begins[first], i + 1)), time, null);
                first = end;
            }
        }
    }

    private void aggregate(Pattern.Aggregate pattern, List<Current> matches) {
        Deque<Current> recent = new ArrayDeque<>();
        Cause cooling = null;
        for (Current match : matches) {
            if (pattern.of().of(match.signal()) == null) {
                continue;
            }
            long time = match.signal().eventTime();
            if (cooling != null && cooling.cools(time)) {
                cooling.evidence().add(match);
                continue;
            }
            cooling = null;
            while (!recent.isEmpty() && recent.peekFirst().signal().eventTime() < time - pattern.withinMs()) {
                recent.removeFirst();
            }
            recent.addLast(match);
            double value = figure(pattern, recent);
            if (recent.size() >= pattern.minimum() && pattern.reached(value)) {
                cooling = opened(new ArrayList<>(recent), time, null, value, pattern.bound());
                recent.clear();
            }
        }
    }

    /** Looks at the score as of every bad experience, where all that counts then is still held. */
    private void experience(Pattern.Experience pattern, List<Current> matches) {
        List<ExperienceScore.Moment> moments = matches.stream()
                .map(match -> Pattern.Experience.moment(match.signal()))
                .toList();
        Scores scores = new Scores(pattern, moments, knownScores);
        Cause cooling = null;
        int last = -1;
        // What the version before saw is no evidence, although it counts for the score.
        long from = rule.effectiveFrom();
        for (int i = 0; i < matches.size(); i++) {
            Current match = matches.get(i);
            long time = match.signal().eventTime();
            boolean bad = scores.bad(i);
            if (cooling != null && cooling.cools(time)) {
                if (bad) {
                    cooling.evidence().add(match);
                    last = i;
                }
                continue;
            }
            cooling = null;
            if (!bad || time < rule.effectiveFrom() || beyondJudging(rule, time, unknownBefore)) {
                continue;
            }
            Long opened = settled.floor(time);
            if (opened != null) {
                if (time <= opened + rule.coolDownMs()) {
                    continue;
                }
                from = Math.max(from, opened + rule.coolDownMs() + 1);
            }
            int score = scores.at(time);
            boolean low = pattern.isLow(score);
            if (low || (pattern.fallsBy() != null && scores.reached(score + pattern.fallsBy(), time))) {
                List<Current> evidence = new ArrayList<>();
                for (int j = Math.max(last + 1, scores.after(time - pattern.withinMs())); j <= i; j++) {
                    if (matches.get(j).signal().eventTime() >= from && scores.bad(j)) {
                        evidence.add(matches.get(j));
                    }
                }
                int bound = low && pattern.atMost() != null ? pattern.atMost() : scores.highestBefore(time);
                cooling = opened(evidence, time, null, (double) score, (double) bound);
                last = i;
            }
        }
    }

    /** Whether not all that counts for a score as of a time is held. */
    static boolean beyondJudging(AlertRule rule, long time, long unknownBefore) {
        return rule.pattern() instanceof Pattern.Experience
                && unknownBefore != Long.MIN_VALUE
                && time - rule.pattern().spanMs() < unknownBefore;
    }

    /**
     * Scores as of times, each made once, of only what counts for it, and kept for the next judging: what came last changes none
     * before it. So a touchpoint in order costs what counts for two scores, however many are judged.
     */
    private static final class Scores {
        private final Pattern.Experience pattern;
        /** By event time. */
        private final List<ExperienceScore.Moment> moments;

        private final long[] times;
        private final boolean[] bad;
        private final NavigableMap<Long, Integer> known;
        /** Places of moments before the time asked for last, each where the score was higher than at those after it. */
        private final ArrayDeque<Integer> highest = new ArrayDeque<>();

        private int next;

        Scores(Pattern.Experience pattern, List<ExperienceScore.Moment> moments, NavigableMap<Long, Integer> known) {
            this.pattern = pattern;
            this.moments = moments;
            this.known = known;
            this.times = new long[moments.size()];
            this.bad = new boolean[moments.size()];
            for (int i = 0; i < times.length; i++) {
                times[i] = moments.get(i).eventTime();
                bad[i] = ExperienceScore.movedBy(moments.get(i), pattern.scale()) < 0;
            }
        }

        boolean bad(int place) {
            return bad[place];
        }

        int at(long time) {
            Integer score = known.get(time);
            if (score == null) {
                List<ExperienceScore.Moment> counting = moments.subList(after(time - pattern.countsMs()), after(time));
                score = ExperienceScore.of(counting, time, pattern.scale()).score();
                known.put(time, score);
            }
            return score;
        }

        /**
         * Whether it was at least so high within the time before.
         *
         * @param time no earlier than the one asked for last
         */
        boolean reached(int least, long time) {
            if (least > HIGHEST) {
                return false;
            }
            long begin = time - pattern.withinMs();
            while (!highest.isEmpty() && times[highest.peekFirst()] <= begin) {
                highest.removeFirst();
            }
            for (next = Math.max(next, after(begin)); next < times.length && times[next] < time; next++) {
                int score = around(next);
                while (!highest.isEmpty() && around(highest.peekLast()) <= score) {
                    highest.removeLast();
                }
                highest.addLast(next);
            }
            return (!highest.isEmpty() && around(highest.peekFirst()) >= least)
                    || at(begin) >= least
                    || at(Math.max(begin, time - 1)) >= least;
        }

        /** The highest within the time before, of a time of which it was said that something was reached. */
        int highestBefore(long time) {
            long begin = time - pattern.withinMs();
            int edges = Math.max(at(begin), at(Math.max(begin, time - 1)));
            return highest.isEmpty() ? edges : Math.max(edges, around(highest.peekFirst()));
        }

        /** The higher of the scores right before a moment and as of it: between moments what was bad fades or ceases to count. */
        private int around(int place) {
            return Math.max(at(times[place] - 1), at(times[place]));
        }

        /** The place of the first moment after a time. */
        int after(long time) {
            int low = 0;
            int high = times.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (times[middle] > time) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }
    }

    private static double figure(Pattern.Aggregate pattern, Deque<Current> recent) {
        double sum = 0;
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (Current current : recent) {
            double value = value(pattern, current);
            sum += value;
            lowest = Math.min(lowest, value);
            highest = Math.max(highest, value);
        }
        return switch (pattern.figure()) {
            case SUM -> sum;
            case AVERAGE -> sum / recent.size();
            case LOWEST -> lowest;
            case HIGHEST -> highest;
            case CHANGE -> value(pattern, recent.getLast()) - value(pattern, recent.getFirst());
        };
    }

    private static double value(Pattern.Aggregate pattern, Current current) {
        Double value = pattern.of().of(current.signal());
        return value == null ? 0 : value;
    }

    /**
     * From each possible beginning to the earliest end: if something unwanted lies between them, it lies between the
     * beginning and every later end too.
     */
    private void sequence(Pattern.Sequence pattern, List<List<Current>> byRole) {
        int steps = pattern.steps().size();
        List<Current> ends = byRole.get(steps - 1);
        Cause cooling = null;
        for (Current begin : byRole.get(0)) {
            if (cooling != null
                    && (cooling.cools(begin.signal().eventTime()) || begin.compareTo(cooling.last()) <= 0)) {
                continue;
            }
            List<Current> chain = new ArrayList<>();
            chain.add(begin);
            for (int step = 1; step < steps && chain.size() == step; step++) {
                Current next = firstAfter(byRole.get(step), chain.get(step - 1));
                if (next != null && next.signal().eventTime() <= begin.signal().eventTime() + pattern.withinMs()) {
                    chain.add(next);
                }
            }
            if (chain.size() < steps) {
                continue;
            }
            Current end = chain.get(steps - 1);
            Current unwanted = pattern.without() == null ? null : firstAfter(byRole.get(steps), begin);
            if (unwanted != null && unwanted.compareTo(end) < 0) {
                continue;
            }
            cooling = opened(chain, end.signal().eventTime(), null);
            for (Current further = firstAfter(ends, end);
                    further != null && cooling.cools(further.signal().eventTime());
                    further = firstAfter(ends, further)) {
                chain.add(further);
            }
        }
    }

    private record Missing(Current after, long deadline, @Nullable Long cameAt) {}

    private void absence(Pattern.Absence pattern, List<Current> triggers, List<Current> expected) {
        String dueProperty = pattern.due();
        if (dueProperty != null) {
            owed(new OwedPromises(pattern, dueProperty, longestWaitMs, triggers, expected));
            return;
        }
        List<Missing> missing = new ArrayList<>();
        for (Current after : triggers) {
            expect(after, after.signal().eventTime() + pattern.withinMs(), firstAfter(expected, after), missing);
        }
        alertOf(missing);
    }

    /** Promises of one name cool down together, and so do those without any. */
    private void owed(OwedPromises promises) {
        spans.addAll(promises.spans());
        TreeMap<String, List<Missing>> byName = new TreeMap<>();
        for (OwedPromises.Owed owed : promises.all()) {
            Long deadline = promises.deadline(owed);
            if (deadline != null) {
                List<Missing> missing =
                        byName.computeIfAbsent(owed.name == null ? "" : owed.name, name -> new ArrayList<>());
                expect(owed.said, deadline, owed.kept, missing);
            }
        }
        byName.values().forEach(this::alertOf);
    }

    /** What did not come in time is missing; what may still come is waited for. */
    private void expect(Current after, long deadline, @Nullable Current came, List<Missing> missing) {
        if (came != null && came.signal().eventTime() <= deadline) {
            return;
        }
        if (deadline > now) {
            due = Math.min(due, deadline);
        } else {
            missing.add(new Missing(
                    after, deadline, came == null ? null : came.signal().eventTime()));
        }
    }

    private void alertOf(List<Missing> missing) {
        missing.sort(Comparator.comparingLong(Missing::deadline).thenComparing(Missing::after));
        Cause cooling = null;
        for (Missing each : missing) {
            if (cooling != null && cooling.cools(each.deadline)) {
                cooling.evidence().add(each.after);
                Long came = cooling.endedAt() == null || each.cameAt == null
                        ? null
                        : (Long) Math.max(cooling.endedAt(), each.cameAt);
                complete.remove(complete.size() - 1);
                cooling = new Cause(rule, cooling.evidence(), 1, cooling.openedAt(), came, null, null);
                complete.add(cooling);
            } else {
                List<Current> evidence = new ArrayList<>();
                evidence.add(each.after);
                cooling = opened(evidence, each.deadline, each.cameAt);
            }
        }
    }

    private Cause opened(List<Current> evidence, long openedAt, @Nullable Long endedAt) {
        return opened(evidence, openedAt, endedAt, null, null);
    }

    private Cause opened(
            List<Current> evidence,
            long openedAt,
            @Nullable Long endedAt,
            @Nullable Double measured,
            @Nullable Double bound) {
        Cause cause = new Cause(rule, evidence, evidence.size(), openedAt, endedAt, measured, bound);
        complete.add(cause);
        return cause;
    }

    /** The first of a sorted list that comes strictly after another. */
    private static @Nullable Current firstAfter(List<Current> sorted, Current other) {
        int low = 0;
        int high = sorted.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted.get(middle).compareTo(other) > 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == sorted.size() ? null : sorted.get(low);
    }
}
