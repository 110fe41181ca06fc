package io.throughline.dashboard.live;

import io.throughline.dashboard.read.Answer;
import io.throughline.dashboard.read.Json;
import io.throughline.dashboard.read.Outage;
import io.throughline.dashboard.read.Section;
import io.throughline.dashboard.read.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest good state of every section, with the version at which it last changed. A version counts changes of the
 * whole board, so "everything after version v" is what somebody who saw v has missed. Thread-safe.
 */
public final class Board {

    private final Map<Section, Held> held = new HashMap<>();
    private long version;
    private @Nullable Instant asOf;
    private @Nullable Long readMillis;
    private @Nullable Outage outage;
    private @Nullable Instant outageSince;

    private record Held(long version, @Nullable Object data, @Nullable String error, String json) {}

    /** A section as it goes over the wire: {@code {"data": ..., "error": ...}}, either may be absent. */
    public record Published(Section.Name name, long version, String json) {}

    /**
     * How the reading goes.
     *
     * @param asOf when Elasticsearch last answered; null: never
     * @param readMillis how long the last round took
     * @param outage why it does not answer; null: it does
     * @param late whether it was reached and did not answer in time; null: it answers
     * @param outageSince when it was first found not answering
     */
    public record Pulse(
            @Nullable Instant asOf,
            @Nullable Long readMillis,
            @Nullable String outage,
            @Nullable Boolean late,
            @Nullable Instant outageSince) {}

    /** Takes a round of readings. A section that failed keeps its last data, marked with the error. */
    synchronized void update(Instant now, Duration took, Map<Section, Answer> answers, Collection<View> views) {
        answers.forEach(this::put);
        held.keySet().removeIf(section -> section.view() != null && !views.contains(section.view()));
        asOf = now;
        readMillis = took.toMillis();
        outage = null;
        outageSince = null;
    }

    /** Takes what one section is told apart from the rounds. */
    synchronized void told(Section section, Answer answer) {
        put(section, answer);
    }

    synchronized void outage(Instant now, Outage why) {
        outage = why;
        if (outageSince == null) {
            outageSince = now;
        }
    }

    private void put(Section section, Answer answer) {
        Held before = held.get(section);
        Object data = answer.error() != null && before != null ? before.data() : answer.data();
        String json = Json.text(new Answer(data, answer.error()));
        if (before == null || !before.json().equals(json)) {
            held.put(section, new Held(++version, data, answer.error(), json));
        }
    }

    /** Sections of the view, and those for everybody, that changed after a version; in the order they changed. */
    public synchronized List<Published> changedSince(long seen, View view) {
        return held.entrySet().stream()
                .filter(entry -> entry.getValue().version() > seen)
                .filter(entry -> entry.getKey().view() == null
                        || view.equals(entry.getKey().view()))
                .map(entry -> new Published(
                        entry.getKey().name(),
                        entry.getValue().version(),
                        entry.getValue().json()))
                .sorted(Comparator.comparingLong(Published::version))
                .toList();
    }

    public synchronized Pulse pulse() {
        Outage why = outage;
        return why == null
                ? new Pulse(asOf, readMillis, null, null, null)
                : new Pulse(asOf, readMillis, why.reason(), why.late(), outageSince);
    }
}
