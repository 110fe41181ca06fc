package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch._types.aggregations.TermsAggregationCollectMode;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How sessions go from one thing to the next, counted by Elasticsearch over all that match.
 *
 * @param total sessions that match
 * @param read how many of them say their steps: all, but those that touched nothing of the kind, and those indexed before
 *     sessions said them
 * @param steps places on the way, by step
 * @param links from a place to one of the next step
 * @param common the most frequent ways
 */
public record Paths(long total, long read, List<Step> steps, List<Link> links, List<Way> common) {

    private static final int WAYS = 12;
    /** More than steps between the channels known by default; of touchpoints the rarest are left out. */
    private static final int STEPS = 3_000;
    /** What a step leads to, and a way ends with, where more follows than is told apart. */
    private static final String BEYOND = "…";

    /** @param ended sessions that went no further */
    public record Step(int step, String name, long sessions, long ended) {}

    /** @param step of the place it leads from */
    public record Link(int step, String from, String to, long sessions) {}

    /** @param troubled sessions with a complaint or an error among them */
    public record Way(List<String> names, boolean longer, long sessions, long troubled) {}

    /** What a path is read as. */
    public enum By {
        CHANNEL("channel"),
        STAGE("stage"),
        TOUCHPOINT("touchpoint");

        private final String field;

        By(String field) {
            this.field = field;
        }

        /** As the address names it, and the fields of a session that tell of it. */
        public String code() {
            return field;
        }
    }

    /** Counts them all. */
    static final class Reading implements Panel<Paths> {
        private final SessionFilter filter;
        private final By by;

        Reading(SessionFilter filter, By by) {
            this.filter = filter;
            this.by = by;
        }

        @Override
        public RequestItem search() {
            return Searches.search(Alias.SESSIONS, body -> body.size(0)
                    .trackTotalHits(total -> total.enabled(true))
                    .query(filter.query())
                    .aggregations(
                            "steps",
                            steps -> steps.terms(
                                    terms -> terms.field("steps." + by.field).size(STEPS)))
                    // Not the sum of the first steps: the rarest of these may be left out.
                    .aggregations("read", read -> read.filter(Searches.exists("ways." + by.field)))
                    .aggregations("ways", ways -> ways.terms(terms -> terms.field("ways." + by.field)
                                    .size(WAYS)
                                    // Trouble is looked at for these only, not for every way there is.
                                    .collectMode(TermsAggregationCollectMode.BreadthFirst))
                            .aggregations(
                                    "troubled",
                                    troubled ->
                                            troubled.filter(SessionFilter.troubled(List.of("complaints", "errors"))))));
        }

        @Override
        public Paths read(ResponseBody<ObjectNode> answer) {
            List<Link> links = new ArrayList<>();
            Map<Place, long[]> places =
                    new TreeMap<>(Comparator.comparingInt(Place::step).thenComparing(Place::name));
            Searches.counts(answer.aggregations(), "steps").forEach((step, sessions) -> {
                // Number, from, to; there is no tab in a name, since names of touchpoints are trimmed words.
                String[] parts = step.split("\t", 3);
                if (parts.length < 3) {
                    return;
                }
                int number = Integer.parseInt(parts[0]) - 1;
                long[] place = places.computeIfAbsent(new Place(number, parts[1]), key -> new long[2]);
                place[0] += sessions;
                if (parts[2].isEmpty()) {
                    place[1] += sessions;
                } else if (!parts[2].equals(BEYOND)) {
                    links.add(new Link(number, parts[1], parts[2], sessions));
                }
            });
            links.sort(Comparator.comparingInt(Link::step)
                    .thenComparing(Link::from)
                    .thenComparing(Link::to));
            List<Step> steps = new ArrayList<>();
            places.forEach((place, counts) -> steps.add(new Step(place.step(), place.name(), counts[0], counts[1])));
            var read = answer.aggregations().get("read");
            return new Paths(
                    Searches.total(answer), read == null ? 0 : read.filter().docCount(), steps, links, ways(answer));
        }

        private static List<Way> ways(ResponseBody<ObjectNode> answer) {
            var found = answer.aggregations().get("ways");
            return found == null || !found.isSterms()
                    ? List.of()
                    : found.sterms().buckets().array().stream()
                            .map(Reading::way)
                            .toList();
        }

        private static Way way(StringTermsBucket bucket) {
            List<String> names = Arrays.asList(bucket.key().stringValue().split("\t"));
            boolean longer = names.get(names.size() - 1).equals(BEYOND);
            var troubled = bucket.aggregations().get("troubled");
            return new Way(
                    longer ? names.subList(0, names.size() - 1) : names,
                    longer,
                    bucket.docCount(),
                    troubled == null ? 0 : troubled.filter().docCount());
        }
    }

    private record Place(int step, String name) {}
}
