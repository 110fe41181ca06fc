package io.throughline.domain.alert;

import io.throughline.domain.stage.Origin;
import java.util.ArrayList;
import java.util.Collections;
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
    private final @Nullable Origin origin;
    /** In the order of {@link Held#compareTo}, so that mostly one comes behind all others. */
    private final ArrayList<Held> held = new ArrayList<>();
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
        this(customerId, null);
    }

    /** @param origin see {@link #origin} */
    public AlertState(String customerId, @Nullable Origin origin) {
        this.customerId = customerId;
        this.origin = origin;
    }

    public String customerId() {
        return customerId;
    }

    /** What this was read from; null: it was made. */
    public @Nullable Origin origin() {
        return origin;
    }

    /**
     * One attribution of a touchpoint.
     *
     * @param count 1: it belongs to the customer; -1: its end came before its beginning
     */
    public record Counted(long sequence, Signal signal, int count) {}

    /**
     * What is held of one touchpoint. It never changes, another takes its place: so what is the same object is as it was. The
     * order is by event time, then touchpoint_id, of the attribution that holds, or of the first where none does.
     */
    public static final class Held implements Comparable<Held> {
        private final List<Counted> attributions;
        private final @Nullable Current standing;

        /** @param attributions at least one, by sequence, all of one touchpoint */
        public Held(List<Counted> attributions) {
            this.attributions = List.copyOf(attributions);
            this.standing = standing(this.attributions);
        }

        /** By sequence. */
        public List<Counted> attributions() {
            return attributions;
        }

        public String touchpointId() {
            return attributions.get(0).signal.touchpointId();
        }

        /** The newest attribution that has not been taken back; null: the touchpoint is no longer the customer's. */
        private static @Nullable Current standing(List<Counted> attributions) {
            for (int i = attributions.size() - 1; i >= 0; i--) {
                Counted counted = attributions.get(i);
                if (counted.count > 0) {
                    return new Current(counted.signal, counted.sequence);
                }
            }
            return null;
        }

        private Signal place() {
            return standing != null ? standing.signal : attributions.get(0).signal;
        }

        private int compareTo(long eventTime, String touchpointId) {
            int byTime = Long.compare(place().eventTime(), eventTime);
            return byTime != 0 ? byTime : touchpointId().compareTo(touchpointId);
        }

        /** With this in its order, or in place of what there is of the same sequence. */
        private Held with(Counted counted) {
            List<Counted> changed = without(counted.sequence);
            int at = 0;
            while (at < changed.size() && changed.get(at).sequence < counted.sequence) {
                at++;
            }
            changed.add(at, counted);
            return new Held(changed);
        }

        private List<Counted> without(long sequence) {
            List<Counted> left = new ArrayList<>(attributions);
            left.removeIf(counted -> counted.sequence == sequence);
            return left;
        }

        private @Nullable Counted under(long sequence) {
            for (int i = 0; i < attributions.size(); i++) {
                if (attributions.get(i).sequence == sequence) {
                    return attributions.get(i);
                }
            }
            return null;
        }

        private long oldest() {
            long oldest = Long.MAX_VALUE;
            for (int i = 0; i < attributions.size(); i++) {
                oldest = Math.min(oldest, attributions.get(i).signal.eventTime());
            }
            return oldest;
        }

        @Override
        public int compareTo(Held other) {
            return place().compareTo(other.place());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Held that && that.attributions.equals(attributions);
        }

        @Override
        public int hashCode() {
            return attributions.hashCode();
        }

        @Override
        public String toString() {
            return attributions.toString();
        }
    }

    /** An alert as it was published last. It never changes. */
    public static final class Said {
        private final String alertId;
        private final String ruleId;
        private final int ruleVersion;
        private final Alert.Status status;
        private final long openedAt;
        private final long sequence;
        private final int times;
        private final @Nullable Source source;
        /** Read when it is asked for. */
        private @Nullable Alert alert;

        /** Where an alert is read from. */
        public interface Source {
            Alert alert();
        }

        /**
         * @param sequence the attribution of its first evidence by which it was this customer's
         * @param times how often it was published under that sequence
         */
        public Said(Alert alert, long sequence, int times) {
            this(
                    alert.alertId(),
                    alert.ruleId(),
                    alert.ruleVersion(),
                    alert.status(),
                    alert.openedAt(),
                    sequence,
                    times,
                    null);
            this.alert = alert;
        }

        /** One that is not read before it is asked for: most of what it says nobody asks at most turns. */
        public Said(
                String alertId,
                String ruleId,
                int ruleVersion,
                Alert.Status status,
                long openedAt,
                long sequence,
                int times,
                @Nullable Source source) {
            this.alertId = alertId;
            this.ruleId = ruleId;
            this.ruleVersion = ruleVersion;
            this.status = status;
            this.openedAt = openedAt;
            this.sequence = sequence;
            this.times = times;
            this.source = source;
        }

        public Alert alert() {
            Alert known = alert;
            if (known == null) {
                known = Objects.requireNonNull(source).alert();
                alert = known;
            }
            return known;
        }

        public String alertId() {
            return alertId;
        }

        String ruleId() {
            return ruleId;
        }

        int ruleVersion() {
            return ruleVersion;
        }

        Alert.Status status() {
            return status;
        }

        long openedAt() {
            return openedAt;
        }

        public long sequence() {
            return sequence;
        }

        public int times() {
            return times;
        }

        /** Where it is read from; null: it was made. */
        public @Nullable Source source() {
            return source;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Said that
                    && that.sequence == sequence
                    && that.times == times
                    && that.alert().equals(alert());
        }

        @Override
        public int hashCode() {
            return alertId.hashCode();
        }

        @Override
        public String toString() {
            return alert() + " said " + times + " times under " + sequence;
        }
    }

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

    /** In their order. */
    public List<Held> held() {
        return Collections.unmodifiableList(held);
    }

    /** Holds these as well; for whoever restores a state, before anything else is asked of it. */
    public void hold(List<Held> more) {
        held.addAll(more);
        held.sort(null);
    }

    /** To be changed by this class, and by whoever restores a state before anything else is asked of it. */
    public TreeMap<String, Said> said() {
        return said;
    }

    void say(Said alert) {
        Said before = said.put(alert.alertId, alert);
        if (before == null) {
            youngerOrEqual(alert.openedAt);
        } else if (before.openedAt != alert.openedAt) {
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

    /** Adds one attribution, or takes it back, and says what was held of its touchpoint before. */
    List<Counted> fold(Signal signal, long sequence, int sign) {
        int place = placeOf(signal.touchpointId(), signal.eventTime());
        Held before = place < 0 ? null : held.get(place);
        Counted counted = before == null ? null : before.under(sequence);
        int count = (counted == null ? 0 : counted.count) + sign;
        Held after;
        if (count != 0) {
            Counted changed = new Counted(sequence, signal, count);
            after = before == null ? new Held(List.of(changed)) : before.with(changed);
            youngerOrEqual(signal.eventTime());
            if (counted != null && counted.signal.eventTime() != signal.eventTime()) {
                oldest = null;
            }
        } else {
            List<Counted> left = before == null ? List.of() : before.without(sequence);
            after = left.isEmpty() ? null : new Held(left);
            oldest = null;
        }
        if (before != null) {
            held.remove(place);
        }
        if (after != null) {
            held.add(-1 - Collections.binarySearch(held, after), after);
        }
        long from = before == null ? signal.eventTime() : Math.min(signal.eventTime(), before.oldest());
        for (TreeMap<Long, Integer> known : scores.values()) {
            known.tailMap(from, true).clear();
        }
        if (sorted != null) {
            replace(sorted, before == null ? null : before.standing, after == null ? null : after.standing);
        }
        return before == null ? List.of() : before.attributions;
    }

    /**
     * -1: nothing is held of it.
     *
     * @param eventTime where it mostly is; another attribution of it may have another
     */
    private int placeOf(String touchpointId, long eventTime) {
        int from = 0;
        int to = held.size() - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = held.get(middle).compareTo(eventTime, touchpointId);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return placeAtAnyTime(touchpointId);
    }

    /** The newest first: what is taken back was mostly given lately. */
    private int placeAtAnyTime(String touchpointId) {
        for (int i = held.size() - 1; i >= 0; i--) {
            if (held.get(i).touchpointId().equals(touchpointId)) {
                return i;
            }
        }
        return -1;
    }

    private static void replace(ArrayList<Current> sorted, @Nullable Current before, @Nullable Current after) {
        if (before != null) {
            sorted.remove(Collections.binarySearch(sorted, before));
        }
        if (after != null) {
            sorted.add(-1 - Collections.binarySearch(sorted, after), after);
        }
    }

    /**
     * Whether a touchpoint is held and is the customer's.
     *
     * @param eventTime when it was, as far as is known: it is found at once there, and otherwise among all
     */
    boolean holds(String touchpointId, long eventTime) {
        int place = placeOf(touchpointId, eventTime);
        return place >= 0 && held.get(place).standing != null;
    }

    /** By event time, then touchpoint_id. Changes with this state. */
    List<Current> current() {
        ArrayList<Current> current = sorted;
        if (current == null) {
            current = new ArrayList<>(held.size() + 1);
            for (Held each : held) {
                if (each.standing != null) {
                    current.add(each.standing);
                }
            }
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
        for (Held each : held) {
            oldest = Math.min(oldest, each.oldest());
        }
        for (Said alert : said.values()) {
            oldest = Math.min(oldest, alert.openedAt);
        }
        return oldest;
    }

    /** Settles everything before a time: it stays as it was said and is not corrected any more. */
    void settleBefore(long time) {
        forgetWhatWasFound();
        settledBefore = Math.max(settledBefore, time);
        holdOnly(signal -> signal.eventTime() >= time);
        said.values().removeIf(of -> of.openedAt < time);
    }

    /** Forgets touchpoints that no rule looks at any more. */
    void keepOnly(Predicate<Signal> wanted) {
        forgetWhatWasFound();
        holdOnly(wanted);
    }

    private void holdOnly(Predicate<Signal> wanted) {
        List<Held> left = new ArrayList<>(held.size());
        for (Held each : held) {
            List<Counted> attributions = new ArrayList<>(each.attributions);
            attributions.removeIf(counted -> !wanted.test(counted.signal));
            if (attributions.size() == each.attributions.size()) {
                left.add(each);
            } else if (!attributions.isEmpty()) {
                left.add(new Held(attributions));
            }
        }
        held.clear();
        held.addAll(left);
        held.sort(null);
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
