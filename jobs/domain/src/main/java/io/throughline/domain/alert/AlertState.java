package io.throughline.domain.alert;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What alerting remembers of one customer: the touchpoints that matter to rules, with every attribution counted, what
 * was said, what is waited for, and what the customer is worth.
 */
public final class AlertState {
    private final String customerId;
    /** By touchpoint_id, then sequence. */
    private final TreeMap<String, TreeMap<Long, Counted>> held = new TreeMap<>();
    /** By alert_id. */
    private final TreeMap<String, Said> said = new TreeMap<>();
    /** By rule and version: when it finds something missing unless it comes. */
    private final TreeMap<String, Long> waiting = new TreeMap<>();

    private final Totals totals = new Totals();

    private boolean unjudged;
    private long settledBefore = Long.MIN_VALUE;

    /** What {@link #current} says, kept while touchpoints come and go; null: not known, found when asked for. */
    private @Nullable ArrayList<Current> sorted;
    /** What {@link #scores} says; of most customers nobody asks. */
    private Map<String, TreeMap<Long, Integer>> scores = Map.of();

    private @Nullable RuleIndex scoredBy;
    /** What {@link #due} says; null: not known, found when asked for. */
    private @Nullable Long due;
    /** What {@link #oldest} says; null: not known, found when asked for. */
    private @Nullable Long oldest;

    public AlertState(String customerId) {
        this.customerId = customerId;
    }

    public String customerId() {
        return customerId;
    }

    /**
     * One attribution of a touchpoint.
     *
     * @param count 1: it belongs to the customer; -1: its end came before its beginning
     */
    public record Counted(Signal signal, int count) {}

    /**
     * An alert as it was published last.
     *
     * @param sequence the attribution of its first evidence by which it was this customer's
     * @param times how often it was published under that sequence
     */
    public record Said(Alert alert, long sequence, int times) {}

    /** All that a customer ever bought, and the segments they were seen in: sums, so any order will do. */
    public static final class Totals {
        private final TreeMap<String, Long> spent = new TreeMap<>();
        private final TreeMap<String, Integer> segments = new TreeMap<>();
        private int purchases;

        /** Millionths of the unit by currency. */
        public TreeMap<String, Long> spent() {
            return spent;
        }

        /** Touchpoints by segment. */
        public TreeMap<String, Integer> segments() {
            return segments;
        }

        public int purchases() {
            return purchases;
        }

        public void purchases(int now) {
            purchases = now;
        }

        void bought(int sign, @Nullable String currency, long micros) {
            purchases += sign;
            if (currency != null && micros != 0) {
                spent.merge(currency, sign * micros, (a, b) -> a + b == 0 ? null : (Long) (a + b));
            }
        }

        void seenIn(String segment, int sign) {
            segments.merge(segment, sign, (a, b) -> a + b == 0 ? null : (Integer) (a + b));
        }

        boolean isEmpty() {
            return spent.isEmpty() && segments.isEmpty() && purchases == 0;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Totals that
                    && that.spent.equals(spent)
                    && that.segments.equals(segments)
                    && that.purchases == purchases;
        }

        @Override
        public int hashCode() {
            return spent.hashCode() * 31 + segments.hashCode() + purchases;
        }
    }

    /** A touchpoint that belongs to the customer now. */
    static final class Current implements Comparable<Current> {
        private final Signal signal;
        private final long sequence;
        /** What looks at it, as found last: by which rules and at which value tier. */
        private RuleIndex.@Nullable Sight sight;

        private int @Nullable [] roles;
        private @Nullable RuleIndex seenBy;
        private @Nullable String rolesAt;

        Current(Signal signal, long sequence) {
            this.signal = signal;
            this.sequence = sequence;
        }

        Signal signal() {
            return signal;
        }

        long sequence() {
            return sequence;
        }

        /** Notes what looks at it, so that it need not be found again. */
        void seen(RuleIndex by, RuleIndex.Sight what, @Nullable String tier, int[] looking) {
            seenBy = by;
            sight = what;
            rolesAt = tier;
            roles = looking;
        }

        /** {@link RuleIndex#roles} of its signal, found once. */
        int[] roles(RuleIndex by, @Nullable String tier) {
            RuleIndex.Sight seen = seenBy == by ? sight : null;
            int[] known = seen == null || !Objects.equals(rolesAt, tier) ? null : roles;
            if (known == null) {
                seen = seen == null ? by.see(signal) : seen;
                known = by.roles(signal, seen, tier);
                seen(by, seen, tier, known);
            }
            return known;
        }

        @Override
        public int compareTo(Current other) {
            return signal.compareTo(other.signal);
        }
    }

    /** To be changed by this class, and by whoever restores a state before anything else is asked of it. */
    public TreeMap<String, TreeMap<Long, Counted>> held() {
        return held;
    }

    /** To be changed by this class, and by whoever restores a state before anything else is asked of it. */
    public TreeMap<String, Said> said() {
        return said;
    }

    void say(Said alert) {
        Said before = said.put(alert.alert.alertId(), alert);
        if (before == null) {
            youngerOrEqual(alert.alert.openedAt());
        } else if (before.alert.openedAt() != alert.alert.openedAt()) {
            oldest = null;
        }
    }

    private void youngerOrEqual(long time) {
        if (oldest != null) {
            oldest = Math.min(oldest, time);
        }
    }

    /** To be changed by this class, and by whoever restores a state before anything else is asked of it. */
    public TreeMap<String, Long> waiting() {
        return waiting;
    }

    /** Notes when a rule finds something missing. */
    void await(String rule, long until) {
        Long before = waiting.put(rule, until);
        Long first = due;
        if (before != null && first != null && before <= first && until > before) {
            due = null;
        } else if (first != null) {
            due = Math.min(first, until);
        }
    }

    void awaitNothing(String rule) {
        Long before = waiting.remove(rule);
        Long first = due;
        if (before != null && first != null && before <= first) {
            due = null;
        }
    }

    void awaitNothing() {
        waiting.clear();
        due = null;
    }

    public Totals totals() {
        return totals;
    }

    /** When the first of the rules finds something missing; {@link Long#MAX_VALUE}: none waits. */
    long due() {
        Long known = due;
        if (known != null) {
            return known;
        }
        long first = Long.MAX_VALUE;
        for (long each : waiting.values()) {
            first = Math.min(first, each);
        }
        due = first;
        return first;
    }

    /** The rules and versions that find something missing by then. */
    List<String> dueBy(long time) {
        List<String> due = new ArrayList<>();
        waiting.forEach((rule, at) -> {
            if (at <= time) {
                due.add(rule);
            }
        });
        return due;
    }

    /** Whether something was folded that the rules have not seen. */
    public boolean unjudged() {
        return unjudged;
    }

    public void unjudged(boolean now) {
        unjudged = now;
    }

    /** Event time before which everything is settled; {@link Long#MIN_VALUE}: nothing is. */
    public long settledBefore() {
        return settledBefore;
    }

    public void settledBefore(long time) {
        settledBefore = time;
    }

    /**
     * Experience scores as a rule saw them, by event time: to be added to, forgotten from the time on at which a touchpoint
     * comes or goes.
     */
    NavigableMap<Long, Integer> scores(String rule, RuleIndex by) {
        if (scoredBy != by) {
            scores = new TreeMap<>();
            scoredBy = by;
        }
        return scores.computeIfAbsent(rule, key -> new TreeMap<>());
    }

    void fold(Signal signal, long sequence, int sign) {
        long from = signal.eventTime();
        TreeMap<Long, Counted> bySequence = held.computeIfAbsent(signal.touchpointId(), id -> new TreeMap<>());
        for (Counted known : bySequence.values()) {
            from = Math.min(from, known.signal.eventTime());
        }
        Counted before = bySequence.get(sequence);
        int count = (before == null ? 0 : before.count) + sign;
        Current stood = sorted == null ? null : standing(bySequence);
        if (count != 0) {
            bySequence.put(sequence, new Counted(signal, count));
            youngerOrEqual(signal.eventTime());
            if (before != null && before.signal.eventTime() != signal.eventTime()) {
                oldest = null;
            }
        } else {
            bySequence.remove(sequence);
            oldest = null;
            if (bySequence.isEmpty()) {
                held.remove(signal.touchpointId());
            }
        }
        for (TreeMap<Long, Integer> known : scores.values()) {
            known.tailMap(from, true).clear();
        }
        if (sorted != null) {
            replace(sorted, stood, standing(bySequence));
        }
    }

    private static void replace(ArrayList<Current> sorted, @Nullable Current before, @Nullable Current after) {
        if (before != null) {
            sorted.remove(Collections.binarySearch(sorted, before));
        }
        if (after != null) {
            sorted.add(-1 - Collections.binarySearch(sorted, after), after);
        }
    }

    /** The newest attribution that has not been taken back; null: the touchpoint is no longer the customer's. */
    private static @Nullable Current standing(TreeMap<Long, Counted> bySequence) {
        for (Map.Entry<Long, Counted> newest : bySequence.descendingMap().entrySet()) {
            if (newest.getValue().count > 0) {
                return new Current(newest.getValue().signal, newest.getKey());
            }
        }
        return null;
    }

    /** All that is held of one touchpoint. */
    List<Signal> heldUnder(String touchpointId) {
        TreeMap<Long, Counted> bySequence = held.get(touchpointId);
        return bySequence == null
                ? List.of()
                : bySequence.values().stream().map(Counted::signal).toList();
    }

    /** Whether a touchpoint is held and is the customer's. */
    boolean holds(String touchpointId) {
        TreeMap<Long, Counted> bySequence = held.get(touchpointId);
        return bySequence != null && standing(bySequence) != null;
    }

    /** By event time, then touchpoint_id. Changes with this state. */
    List<Current> current() {
        ArrayList<Current> current = sorted;
        if (current == null) {
            current = new ArrayList<>(held.size());
            for (TreeMap<Long, Counted> bySequence : held.values()) {
                Current standing = standing(bySequence);
                if (standing != null) {
                    current.add(standing);
                }
            }
            current.sort(Comparator.naturalOrder());
            sorted = current;
        }
        return Collections.unmodifiableList(current);
    }

    /** Event time of the oldest touchpoint or alert held; {@link Long#MAX_VALUE} without any. */
    long oldest() {
        Long known = oldest;
        if (known == null) {
            known = oldestOfAll();
            oldest = known;
        }
        return known;
    }

    private long oldestOfAll() {
        long oldest = Long.MAX_VALUE;
        for (TreeMap<Long, Counted> bySequence : held.values()) {
            for (Counted counted : bySequence.values()) {
                oldest = Math.min(oldest, counted.signal.eventTime());
            }
        }
        for (Said alert : said.values()) {
            oldest = Math.min(oldest, alert.alert.openedAt());
        }
        return oldest;
    }

    /** Settles everything before a time: it stays as it was said and is not corrected any more. */
    void settleBefore(long time) {
        forgetWhatWasFound();
        settledBefore = Math.max(settledBefore, time);
        held.values().removeIf(bySequence -> {
            bySequence.values().removeIf(counted -> counted.signal.eventTime() < time);
            return bySequence.isEmpty();
        });
        said.values().removeIf(of -> of.alert.openedAt() < time);
    }

    /** Forgets touchpoints that no rule looks at any more. */
    void keepOnly(Predicate<Signal> wanted) {
        forgetWhatWasFound();
        held.values().removeIf(bySequence -> {
            bySequence.values().removeIf(counted -> !wanted.test(counted.signal));
            return bySequence.isEmpty();
        });
    }

    private void forgetWhatWasFound() {
        sorted = null;
        oldest = null;
        scores = Map.of();
        scoredBy = null;
    }

    boolean isEmpty() {
        return held.isEmpty() && said.isEmpty() && totals.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AlertState that
                && that.customerId.equals(customerId)
                && that.held.equals(held)
                && that.said.equals(said)
                && that.waiting.equals(waiting)
                && that.totals.equals(totals)
                && that.settledBefore == settledBefore
                && that.unjudged == unjudged;
    }

    @Override
    public int hashCode() {
        return held.hashCode() * 31 + said.hashCode();
    }
}
