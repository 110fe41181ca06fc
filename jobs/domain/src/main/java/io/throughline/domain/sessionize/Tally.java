package io.throughline.domain.sessionize;

import io.throughline.domain.experience.ExperienceScore;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sums over the touchpoints on a timeline, kept as they come and go so that a customer document need not look at all. */
final class Tally {
    private static final class Sum {
        long micros;
        int touchpoints;
    }

    private final Map<String, Integer> channels = new TreeMap<>();
    private final Map<String, Sum> sums = new TreeMap<>();
    private int segments;
    private int subjects;
    private int consents;

    /** Touchpoints that may be an experience, in any order. */
    private final List<Touchpoint> experiences = new ArrayList<>(0);

    /** Null after one went: times of sightings cannot be taken back, only looked for again. */
    private @Nullable Map<Identifier, Sighting> sightings = new HashMap<>();

    void add(Touchpoint touchpoint) {
        channels.merge(touchpoint.channel(), 1, Integer::sum);
        Money value = touchpoint.value();
        if (value != null) {
            Sum sum = sums.computeIfAbsent(value.currency(), currency -> new Sum());
            sum.micros += value.micros();
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
        if (sightings != null) {
            see(sightings, touchpoint);
        }
    }

    void remove(Touchpoint touchpoint) {
        channels.computeIfPresent(touchpoint.channel(), (channel, count) -> count == 1 ? null : count - 1);
        Money value = touchpoint.value();
        if (value != null) {
            sums.computeIfPresent(value.currency(), (currency, sum) -> {
                sum.micros -= value.micros();
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
        sightings = null;
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

    void addChannels(SortedSet<String> to) {
        to.addAll(channels.keySet());
    }

    void addMoney(SortedMap<String, Long> to) {
        sums.forEach((currency, sum) -> to.merge(currency, sum.micros, Long::sum));
    }

    /** The segment named last on a timeline this is the tally of. */
    @Nullable
    String segment(List<Held> timeline) {
        for (int i = timeline.size() - 1; segments > 0 && i >= 0; i--) {
            String named = timeline.get(i).touchpoint().segment();
            if (named != null) {
                return named;
            }
        }
        return null;
    }

    /** Identifiers borne on a timeline this is the tally of, in the order of their types, then by value. */
    List<Known> identifiers(List<Held> timeline, List<String> order) {
        Map<Identifier, Sighting> seen = sightings(timeline);
        List<Known> known = new ArrayList<>(seen.size());
        seen.forEach((identifier, sighting) ->
                known.add(new Known(identifier, sighting.first(), sighting.last(), "joined")));
        known.sort(Comparator.comparingInt(
                        (Known one) -> place(order, one.identifier().type()))
                .thenComparing(Known::identifier));
        return List.copyOf(known);
    }

    /** When the identifiers borne on a timeline this is the tally of were. */
    Map<Identifier, Sighting> sightings(List<Held> timeline) {
        Map<Identifier, Sighting> seen = sightings;
        if (seen == null) {
            seen = new HashMap<>();
            for (Held held : timeline) {
                see(seen, held.touchpoint());
            }
            sightings = seen;
        }
        return seen;
    }

    private static void see(Map<Identifier, Sighting> seen, Touchpoint touchpoint) {
        for (Identifier identifier : touchpoint.identifiers()) {
            Sighting.note(seen, identifier, touchpoint.eventTime());
        }
    }

    private static int place(List<String> order, String type) {
        int place = order.indexOf(type);
        return place < 0 ? order.size() : place;
    }
}
