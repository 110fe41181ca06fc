package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How sessions go from one thing to the next, computed from their paths: of the newest {@link #MOST} sessions where there
 * are more.
 *
 * @param total sessions that match
 * @param read of how many of them the paths were read
 * @param steps places on the way, by step
 * @param links from a place to one of the next step
 * @param common the most frequent ways
 * @param switches from each value to each other one, wherever on the way
 */
public record Paths(
        long total, long read, List<Step> steps, List<Link> links, List<Way> common, List<Switch> switches) {

    /** Sessions whose paths are read. */
    static final int MOST = 500;
    /** Steps that are told apart; what comes after is left out. */
    static final int DEEPEST = 6;

    private static final int WAYS = 12;

    /** No path was read. */
    static final Paths NONE = new Paths(0, 0, List.of(), List.of(), List.of(), List.of());

    /** @param ended sessions that went no further */
    public record Step(int step, String name, long sessions, long ended) {}

    /** @param step of the place it leads from */
    public record Link(int step, String from, String to, long sessions) {}

    /** @param troubled sessions with a complaint or an error among them */
    public record Way(List<String> names, boolean longer, long sessions, long troubled) {}

    /**
     * @param sessions in which it happened
     * @param count how often it happened
     * @param medianMillis half of the times from the last touchpoint there to the first one here were at most this; null: not
     *     in the paths that were read
     */
    public record Switch(String from, String to, long sessions, long count, @Nullable Long medianMillis) {}

    /** What a path is read as. */
    public enum By {
        CHANNEL("channel"),
        STAGE("stage"),
        TOUCHPOINT("touchpoint");

        private final String field;

        By(String field) {
            this.field = field;
        }

        /** As the address names it, and the field of a path's element. */
        public String code() {
            return field;
        }
    }

    /** Reads and computes them. */
    static final class Reading implements Panel<Paths> {
        private final SessionFilter filter;
        private final By by;
        private final int most;

        /** @param most sessions to read, the newest */
        Reading(SessionFilter filter, By by, int most) {
            this.filter = filter;
            this.by = by;
            this.most = most;
        }

        @Override
        public RequestItem search() {
            return Searches.search(Alias.SESSIONS, body -> body.size(most)
                    .trackTotalHits(total -> total.enabled(true))
                    .query(filter.query())
                    .source(source -> source.filter(
                            fields -> fields.includes("path." + by.field, "path.event_time", "complaints", "errors")))
                    .sort(Searches.newestFirst("start"), Searches.thenBy("session_id")));
        }

        @Override
        public Paths read(ResponseBody<ObjectNode> answer) {
            Gathering gathering = new Gathering();
            List<ObjectNode> sessions = Searches.documents(answer);
            sessions.forEach(session -> gathering.add(
                    visits(session.path("path")),
                    Searches.number(session, "complaints") + Searches.number(session, "errors") > 0));
            return gathering.paths(Searches.total(answer), sessions.size());
        }

        /** Neighbours with the same name are one visit. */
        private List<Visit> visits(JsonNode path) {
            List<Visit> visits = new ArrayList<>();
            for (JsonNode element : path) {
                String name = Searches.text(element, by.field);
                Instant at = Searches.instant(element, "event_time");
                if (name.isEmpty()) {
                    continue;
                }
                if (visits.isEmpty() || !visits.get(visits.size() - 1).name().equals(name)) {
                    visits.add(new Visit(name, at, at));
                } else {
                    Visit last = visits.remove(visits.size() - 1);
                    visits.add(new Visit(name, last.first(), at));
                }
            }
            return visits;
        }
    }

    private record Visit(String name, @Nullable Instant first, @Nullable Instant last) {}

    private record Place(int step, String name) {}

    private record Edge(int step, String from, String to) {}

    private record Turn(String from, String to) {}

    /** Counts paths one by one. */
    private static final class Gathering {
        private final Map<Place, long[]> places =
                new TreeMap<>(Comparator.comparingInt(Place::step).thenComparing(Place::name));
        private final Map<Edge, long[]> edges = new TreeMap<>(
                Comparator.comparingInt(Edge::step).thenComparing(Edge::from).thenComparing(Edge::to));
        private final Map<List<String>, long[]> ways =
                new TreeMap<>(Comparator.comparing(names -> String.join("\0", names)));
        private final Map<Turn, long[]> turns =
                new TreeMap<>(Comparator.comparing(Turn::from).thenComparing(Turn::to));
        private final Map<Turn, List<Long>> times =
                new TreeMap<>(Comparator.comparing(Turn::from).thenComparing(Turn::to));

        void add(List<Visit> visits, boolean troubled) {
            if (visits.isEmpty()) {
                return;
            }
            Set<Turn> seen = new HashSet<>();
            int shown = Math.min(visits.size(), DEEPEST);
            for (int i = 0; i < visits.size(); i++) {
                String name = visits.get(i).name();
                if (i < shown) {
                    long[] place = places.computeIfAbsent(new Place(i, name), key -> new long[2]);
                    place[0]++;
                    place[1] += i == visits.size() - 1 ? 1 : 0;
                }
                if (i > 0) {
                    String before = visits.get(i - 1).name();
                    if (i < shown) {
                        edges.computeIfAbsent(new Edge(i - 1, before, name), key -> new long[1])[0]++;
                    }
                    turn(new Turn(before, name), visits.get(i - 1), visits.get(i), seen);
                }
            }
            List<String> names = visits.stream().limit(DEEPEST).map(Visit::name).toList();
            long[] way = ways.computeIfAbsent(names, key -> new long[3]);
            way[0]++;
            way[1] += troubled ? 1 : 0;
            way[2] += visits.size() > DEEPEST ? 1 : 0;
        }

        private void turn(Turn turn, Visit from, Visit to, Set<Turn> seen) {
            long[] counts = turns.computeIfAbsent(turn, key -> new long[2]);
            counts[0] += seen.add(turn) ? 1 : 0;
            counts[1]++;
            Instant left = from.last();
            Instant came = to.first();
            if (left != null && came != null) {
                times.computeIfAbsent(turn, key -> new ArrayList<>())
                        .add(Math.max(0, Duration.between(left, came).toMillis()));
            }
        }

        Paths paths(long total, long read) {
            List<Step> steps = new ArrayList<>();
            places.forEach((place, counts) -> steps.add(new Step(place.step(), place.name(), counts[0], counts[1])));
            List<Link> links = new ArrayList<>();
            edges.forEach((edge, counts) -> links.add(new Link(edge.step(), edge.from(), edge.to(), counts[0])));
            List<Switch> switches = new ArrayList<>();
            turns.forEach((turn, counts) ->
                    switches.add(new Switch(turn.from(), turn.to(), counts[0], counts[1], median(times.get(turn)))));
            List<Way> common = ways.entrySet().stream()
                    .map(way -> new Way(way.getKey(), way.getValue()[2] > 0, way.getValue()[0], way.getValue()[1]))
                    .sorted(Comparator.comparingLong(Way::sessions).reversed())
                    .limit(WAYS)
                    .toList();
            return new Paths(total, read, steps, links, common, switches);
        }

        private static long median(@Nullable List<Long> millis) {
            if (millis == null) {
                return 0;
            }
            List<Long> sorted = millis.stream().sorted().toList();
            return sorted.get((sorted.size() - 1) / 2);
        }
    }
}
