package io.throughline.domain.alert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What alerting remembers of one customer: the touchpoints that matter to rules, with every attribution counted, and
 * what was said.
 */
public final class AlertState {
    private final String customerId;
    /** By touchpoint_id, then sequence. */
    private final TreeMap<String, TreeMap<Long, Counted>> held = new TreeMap<>();
    /** By alert_id. */
    private final TreeMap<String, Said> said = new TreeMap<>();

    private boolean unjudged;

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

    /** A touchpoint that belongs to the customer now. */
    record Current(Signal signal, long sequence) implements Comparable<Current> {
        @Override
        public int compareTo(Current other) {
            return signal.compareTo(other.signal);
        }
    }

    public TreeMap<String, TreeMap<Long, Counted>> held() {
        return held;
    }

    public TreeMap<String, Said> said() {
        return said;
    }

    /** Whether something was folded that the rules have not seen. */
    public boolean unjudged() {
        return unjudged;
    }

    public void unjudged(boolean now) {
        unjudged = now;
    }

    void fold(Signal signal, long sequence, int sign) {
        TreeMap<Long, Counted> bySequence = held.computeIfAbsent(signal.touchpointId(), id -> new TreeMap<>());
        Counted before = bySequence.get(sequence);
        int count = (before == null ? 0 : before.count) + sign;
        if (count != 0) {
            bySequence.put(sequence, new Counted(signal, count));
            return;
        }
        bySequence.remove(sequence);
        if (bySequence.isEmpty()) {
            held.remove(signal.touchpointId());
        }
    }

    /** All that is held of one touchpoint. */
    List<Signal> heldUnder(String touchpointId) {
        TreeMap<Long, Counted> bySequence = held.get(touchpointId);
        return bySequence == null
                ? List.of()
                : bySequence.values().stream().map(Counted::signal).toList();
    }

    /** By event time, then touchpoint_id. */
    List<Current> current() {
        List<Current> current = new ArrayList<>();
        for (TreeMap<Long, Counted> bySequence : held.values()) {
            for (Map.Entry<Long, Counted> newest : bySequence.descendingMap().entrySet()) {
                if (newest.getValue().count > 0) {
                    current.add(new Current(newest.getValue().signal, newest.getKey()));
                    break;
                }
            }
        }
        current.sort(Comparator.naturalOrder());
        return current;
    }

    /** Event time of the oldest touchpoint or alert held; {@link Long#MAX_VALUE} without any. */
    long oldest() {
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
        held.values().removeIf(bySequence -> {
            bySequence.values().removeIf(counted -> counted.signal.eventTime() < time);
            return bySequence.isEmpty();
        });
        said.values().removeIf(of -> of.alert.openedAt() < time);
    }

    boolean isEmpty() {
        return held.isEmpty() && said.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AlertState that
                && that.customerId.equals(customerId)
                && that.held.equals(held)
                && that.said.equals(said)
                && that.unjudged == unjudged;
    }

    @Override
    public int hashCode() {
        return held.hashCode() * 31 + said.hashCode();
    }
}
