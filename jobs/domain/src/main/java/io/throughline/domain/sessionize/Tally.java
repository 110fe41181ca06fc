package io.throughline.domain.sessionize;

import io.throughline.domain.experience.ExperienceScore;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Sums over the touchpoints on a timeline, kept as they come and go so that a customer document need not look at all. */
final class Tally {
    private static final class Sum {
        long micros;
        int touchpoints;
    }

    /** When one identifier was borne. */
    private static final class Borne {
        final Identifier identifier;
        long first;
        long last;

        Borne(Identifier identifier, long time) {
            this.identifier = identifier;
            this.first = time;
            this.last = time;
        }

        void at(long time) {
            first = Math.min(first, time);
            last = Math.max(last, time);
        }
    }

    private final SessionizeConfig config;

    /** Few enough to be looked through. */
    private String[] channels = new String[4];

    private int[] touchpointsOn = new int[channels.length];
    private int channelCount;

    private SortedMap<String, Sum> sums = Collections.emptySortedMap();
    private int segments;
    private int subjects;
    private int consents;

    /** Touchpoints that may be an experience, in any order. */
    private final List<Touchpoint> experiences = new ArrayList<>(0);

    /** Answers that name the touchpoint they are about, in any order. */
    private final List<Touchpoint> answers = new ArrayList<>(0);

    /** Null after one went: times of sightings cannot be taken back, only looked for again. */
    private @Nullable Map<Identifier, Borne> borne = new HashMap<>();

    /** Those of the touchpoint that was added last, in its order: the next mostly bears the same. */
    private final @Nullable Borne[] borneLast = new Borne[2];

    Tally(SessionizeConfig config) {
        this.config = config;
    }

    void add(Touchpoint touchpoint) {
        int channel = placeOf(touchpoint.channel());
        if (channel == channelCount) {
            if (channelCount == channels.length) {
                channels = Arrays.copyOf(channels, 2 * channelCount);
                touchpointsOn = Arrays.copyOf(touchpointsOn, 2 * channelCount);
            }
            channels[channelCount++] = touchpoint.channel();
        }
        touchpointsOn[channel]++;
        Money earned = config.earned(touchpoint);
        if (earned != null) {
            if (sums.isEmpty()) {
                sums = new TreeMap<>();
            }
            Sum sum = sums.computeIfAbsent(earned.currency(), currency -> new Sum());
            sum.micros += earned.micros();
            sum.touchpoints++;
        }
        if (touchpoint.segment() != null) {
            segments++;
        }
        if (IssueWalk.concerns(touchpoint)) {
            subjects++;
        }
        if (Consent.concerns(touchpoint)) {
            consents++;
        }
        if (ExperienceScore.concerns(touchpoint)) {
            experiences.add(touchpoint);
        }
        if (AnswerPlaces.concerns(touchpoint)) {
            answers.add(touchpoint);
        }
        if (borne != null) {
            see(borne, touchpoint);
        }
    }

    /** Of one that no touchpoint is on behind the last. */
    private int placeOf(String channel) {
        int place = 0;
        while (place < channelCount && !channels[place].equals(channel)) {
            place++;
        }
        return place;
    }

    void remove(Touchpoint touchpoint) {
        int channel = placeOf(touchpoint.channel());
        if (--touchpointsOn[channel] == 0) {
            channelCount--;
            channels[channel] = channels[channelCount];
            touchpointsOn[channel] = touchpointsOn[channelCount];
            touchpointsOn[channelCount] = 0;
        }
        Money earned = config.earned(touchpoint);
        if (earned != null) {
            sums.computeIfPresent(earned.currency(), (currency, sum) -> {
                sum.micros -= earned.micros();
                sum.touchpoints--;
                return sum.touchpoints == 0 ? null : sum;
            });
        }
        if (touchpoint.segment() != null) {
            segments--;
        }
        if (IssueWalk.concerns(touchpoint)) {
            subjects--;
        }
        if (Consent.concerns(touchpoint)) {
            consents--;
        }
        if (ExperienceScore.concerns(touchpoint)) {
            experiences.remove(touchpoint);
        }
        if (AnswerPlaces.concerns(touchpoint)) {
            answers.remove(touchpoint);
        }
        borne = null;
        Arrays.fill(borneLast, null);
    }

    /** Whether any touchpoint names a topic or a case. */
    boolean namesSubjects() {
        return subjects > 0;
    }

    /** Whether any touchpoint gives or withdraws consent. */
    boolean speaksOfConsent() {
        return consents > 0;
    }

    List<Touchpoint> experiences() {
        return experiences;
    }

    List<Touchpoint> answers() {
        return answers;
    }

    /** Together with these, in order. */
    List<String> channelsAnd(SortedSet<String> further) {
        String[] own = Arrays.copyOf(channels, channelCount);
        if (further.isEmpty()) {
            Arrays.sort(own);
            return List.of(own);
        }
        SortedSet<String> all = new TreeSet<>(further);
        all.addAll(Arrays.asList(own));
        return List.copyOf(all);
    }

    /** Together with these. */
    List<Money> moneyAnd(SortedMap<String, Long> further) {
        if (sums.isEmpty()) {
            return Totals.money(further);
        }
        SortedMap<String, Long> micros = new TreeMap<>(further);
        sums.forEach((currency, sum) -> micros.merge(currency, sum.micros, Long::sum));
        return Totals.money(micros);
    }

    /** The touchpoint that names a segment last on a timeline this is the tally of. */
    @Nullable
    Touchpoint namesSegment(List<Held> timeline) {
        for (int i = timeline.size() - 1; segments > 0 && i >= 0; i--) {
            Touchpoint touchpoint = timeline.get(i).touchpoint();
            if (touchpoint.segment() != null) {
                return touchpoint;
            }
        }
        return null;
    }

    /**
     * Identifiers borne on a timeline this is the tally of, in the order of their types, then by value.
     *
     * @param further seen on touchpoints that are not on the timeline
     */
    List<Known> identifiers(List<Held> timeline, Map<Identifier, Sighting> further, List<String> order) {
        Map<Identifier, Sighting> all = new HashMap<>(further);
        for (Borne one : borne(timeline).values()) {
            Sighting.note(all, one.identifier, one.first);
            Sighting.note(all, one.identifier, one.last);
        }
        List<Known> known = new ArrayList<>(all.size());
        all.forEach((identifier, seen) -> known.add(new Known(identifier, seen.first(), seen.last(), "joined")));
        known.sort(Comparator.comparingInt(
                        (Known one) -> place(order, one.identifier().type()))
                .thenComparing(Known::identifier));
        return List.copyOf(known);
    }

    /** When an identifier was borne on a timeline this is the tally of; null: never. */
    @Nullable
    Sighting sighting(List<Held> timeline, Identifier identifier) {
        Borne found = borne(timeline).get(identifier);
        return found == null ? null : new Sighting(found.first, found.last);
    }

    private Map<Identifier, Borne> borne(List<Held> timeline) {
        Map<Identifier, Borne> all = borne;
        if (all == null) {
            all = new HashMap<>();
            for (Held held : timeline) {
                see(all, held.touchpoint());
            }
            borne = all;
        }
        return all;
    }

    private void see(Map<Identifier, Borne> all, Touchpoint touchpoint) {
        List<Identifier> identifiers = touchpoint.identifiers();
        long time = touchpoint.eventTime();
        for (int i = 0; i < identifiers.size(); i++) {
            Identifier identifier = identifiers.get(i);
            Borne known = i < borneLast.length ? borneLast[i] : null;
            if (known == null || !known.identifier.equals(identifier)) {
                known = all.computeIfAbsent(identifier, one -> new Borne(one, time));
                if (i < borneLast.length) {
                    borneLast[i] = known;
                }
            }
            known.at(time);
        }
    }

    private static int place(List<String> order, String type) {
        int place = order.indexOf(type);
        return place < 0 ? order.size() : place;
    }
}
