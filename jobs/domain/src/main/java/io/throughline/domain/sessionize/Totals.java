package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sums over touchpoints of one customer. Money is added modulo 2^64 millionths, so that adding and subtracting commute
 * whatever the amounts.
 */
final class Totals {
    long touchpoints;
    long sessions;
    long firstSeen = Long.MAX_VALUE;
    long lastSeen = Long.MIN_VALUE;
    final SortedSet<String> channels = new TreeSet<>();
    final SortedMap<String, Long> micros = new TreeMap<>();

    @Nullable
    String segment;

    long segmentAt = Long.MIN_VALUE;

    final SortedMap<String, Consent> consents = new TreeMap<>();

    /** Of the identifiers that were the customer's when their touchpoints came here; before event time begins, of all. */
    final SortedMap<Identifier, Sighting> sightings = new TreeMap<>();

    boolean isEmpty() {
        return touchpoints == 0;
    }

    /** Nothing is kept of identifiers that are not the customer's any more: they may have been erased. */
    void keepSightingsOf(CustomerIdentity identity) {
        sightings.keySet().removeIf(identifier -> identity.known().stream()
                .noneMatch(known -> known.identifier().equals(identifier)));
    }

    /** Whose touchpoint it was, before it is known who the customer is. */
    void see(Touchpoint touchpoint) {
        for (Identifier identifier : touchpoint.identifiers()) {
            Sighting.note(sightings, identifier, touchpoint.eventTime());
        }
    }

    /** Whose touchpoint it was, as far as they are the customer's. */
    void see(Touchpoint touchpoint, @Nullable CustomerIdentity identity) {
        if (identity != null) {
            for (CustomerIdentity.Known known : identity.known()) {
                if (touchpoint.identifiers().contains(known.identifier())) {
                    Sighting.note(sightings, known.identifier(), touchpoint.eventTime());
                }
            }
        }
    }

    /** Adds what can no longer be corrected, in the order of the timeline: of several at one time the last names the segment. */
    void retire(Touchpoint touchpoint, SessionizeConfig config) {
        fold(1, touchpoint, config);
        String named = touchpoint.segment();
        if (named != null && touchpoint.eventTime() == segmentAt) {
            segment = named;
        }
    }

    /**
     * Adds or takes back, in any order: of several segments named at one time the greatest stands. Times and channels of what is
     * taken back stay until nothing is left, a consent and a segment do not: better none than somebody else's.
     */
    void fold(int sign, Touchpoint touchpoint, SessionizeConfig config) {
        touchpoints += sign;
        Money earned = config.earned(touchpoint);
        if (earned != null) {
            micros.merge(earned.currency(), sign * earned.micros(), Long::sum);
        }
        Consent said = Consent.in(touchpoint);
        if (said != null && sign < 0) {
            consents.remove(said.purpose(), said);
        }
        if (sign < 0 && touchpoint.eventTime() == segmentAt && Objects.equals(touchpoint.segment(), segment)) {
            segment = null;
            segmentAt = Long.MIN_VALUE;
        }
        if (touchpoints == 0) {
            clear();
        } else if (sign > 0) {
            firstSeen = Math.min(firstSeen, touchpoint.eventTime());
            lastSeen = Math.max(lastSeen, touchpoint.eventTime());
            channels.add(touchpoint.channel());
            String named = touchpoint.segment();
            if (named != null && isNamedLast(named, touchpoint.eventTime())) {
                segment = named;
                segmentAt = touchpoint.eventTime();
            }
            if (said != null) {
                Consent.note(said, consents);
            }
        }
    }

    private boolean isNamedLast(String named, long time) {
        return segment == null || time > segmentAt || (time == segmentAt && named.compareTo(segment) > 0);
    }

    List<Money> value() {
        return money(micros);
    }

    static List<Money> money(SortedMap<String, Long> micros) {
        if (micros.isEmpty()) {
            return List.of();
        }
        List<Money> sums = new ArrayList<>(micros.size());
        micros.forEach((currency, sum) -> sums.add(new Money(sum, currency)));
        return List.copyOf(sums);
    }

    private void clear() {
        sessions = 0;
        firstSeen = Long.MAX_VALUE;
        lastSeen = Long.MIN_VALUE;
        channels.clear();
        micros.clear();
        segment = null;
        segmentAt = Long.MIN_VALUE;
        consents.clear();
        sightings.clear();
    }
}
