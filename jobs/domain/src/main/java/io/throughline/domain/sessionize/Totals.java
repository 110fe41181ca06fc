package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.CustomerState.Memory.Sums;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Collections;
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
    private static final Sums NOTHING = new Totals().everything();

    long touchpoints;
    long sessions;
    long firstSeen = Long.MAX_VALUE;
    long lastSeen = Long.MIN_VALUE;
    SortedSet<String> channels = Collections.emptySortedSet();
    SortedMap<String, Long> micros = Collections.emptySortedMap();

    @Nullable
    String segment;

    long segmentAt = Long.MIN_VALUE;

    SortedMap<String, Consent> consents = Collections.emptySortedMap();

    /** Of the identifiers that were the customer's when their touchpoints came here; before event time begins, of all. */
    SortedMap<Identifier, Sighting> sightings = Collections.emptySortedMap();

    Totals() {}

    /** Goes on from what was written. */
    Totals(Sums before) {
        touchpoints = before.touchpoints();
        sessions = before.sessions();
        firstSeen = before.firstSeen();
        lastSeen = before.lastSeen();
        segment = before.segment();
        segmentAt = before.segmentAt();
        if (!before.channels().isEmpty()) {
            channels = new TreeSet<>(before.channels());
        }
        if (!before.value().isEmpty()) {
            micros = new TreeMap<>();
            before.value().forEach(sum -> micros.put(sum.currency(), sum.micros()));
        }
        if (!before.consents().isEmpty()) {
            consents = new TreeMap<>();
            before.consents().forEach(consent -> consents.put(consent.purpose(), consent));
        }
        if (!before.sightings().isEmpty()) {
            sightings = new TreeMap<>(before.sightings());
        }
    }

    /** To be written; mostly nothing was ever totalled. */
    Sums sums() {
        boolean nothing = touchpoints == 0
                && sessions == 0
                && firstSeen == Long.MAX_VALUE
                && lastSeen == Long.MIN_VALUE
                && channels.isEmpty()
                && micros.isEmpty()
                && segment == null
                && segmentAt == Long.MIN_VALUE
                && consents.isEmpty()
                && sightings.isEmpty();
        return nothing ? NOTHING : everything();
    }

    private Sums everything() {
        return new Sums(
                touchpoints,
                sessions,
                firstSeen,
                lastSeen,
                List.copyOf(channels),
                value(),
                segment,
                segmentAt,
                List.copyOf(consents.values()),
                sightings.isEmpty()
                        ? Collections.emptySortedMap()
                        : Collections.unmodifiableSortedMap(new TreeMap<>(sightings)));
    }

    boolean isEmpty() {
        return touchpoints == 0;
    }

    /** Nothing is kept of identifiers that are not the customer's any more: they may have been erased. */
    void keepSightingsOf(CustomerIdentity identity) {
        if (sightings.isEmpty()) {
            return;
        }
        sightings.keySet().removeIf(identifier -> identity.known().stream()
                .noneMatch(known -> known.identifier().equals(identifier)));
    }

    /** Whose touchpoint it was, before it is known who the customer is. */
    void see(Touchpoint touchpoint) {
        for (Identifier identifier : touchpoint.identifiers()) {
            note(identifier, touchpoint.eventTime());
        }
    }

    /** Whose touchpoint it was, as far as they are the customer's. */
    void see(Touchpoint touchpoint, @Nullable CustomerIdentity identity) {
        if (identity != null) {
            for (CustomerIdentity.Known known : identity.known()) {
                if (touchpoint.identifiers().contains(known.identifier())) {
                    note(known.identifier(), touchpoint.eventTime());
                }
            }
        }
    }

    private void note(Identifier identifier, long time) {
        sightings = sightings.isEmpty() ? new TreeMap<>() : sightings;
        Sighting.note(sightings, identifier, time);
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
            micros = micros.isEmpty() ? new TreeMap<>() : micros;
            micros.merge(earned.currency(), sign * earned.micros(), Long::sum);
        }
        Consent said = Consent.in(touchpoint);
        if (said != null && sign < 0 && !consents.isEmpty()) {
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
            channels = channels.isEmpty() ? new TreeSet<>() : channels;
            channels.add(touchpoint.channel());
            String named = touchpoint.segment();
            if (named != null && isNamedLast(named, touchpoint.eventTime())) {
                segment = named;
                segmentAt = touchpoint.eventTime();
            }
            if (said != null) {
                consents = consents.isEmpty() ? new TreeMap<>() : consents;
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
        channels = Collections.emptySortedSet();
        micros = Collections.emptySortedMap();
        segment = null;
        segmentAt = Long.MIN_VALUE;
        consents = Collections.emptySortedMap();
        sightings = Collections.emptySortedMap();
    }
}
