package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * In how many sessions customers went from one channel to another, counted by Elasticsearch over all that match.
 *
 * @param total sessions that match
 * @param changed those of them that changed channels
 */
public record Turns(long total, long changed, List<Turn> turns) {

    /**
     * @param withinMillis half of the changes took at most this long from the last touchpoint there to the first one here,
     *     rounded up to a length people use; null: not known, or not from enough of them
     */
    public record Turn(String from, String to, long sessions, @Nullable Long withinMillis) {}

    static final Turns NONE = new Turns(0, 0, List.of());

    /** Counts them. */
    static final class Reading implements Panel<Turns> {
        /** More than pairs of the channels known by default. */
        private static final int PAIRS = 400;
        /** Lengths of time that sessions round to. */
        private static final int LENGTHS = 36;
        /** Every length of every pair that is counted. */
        private static final int TIMES = PAIRS * LENGTHS;

        private final SessionFilter filter;

        Reading(SessionFilter filter) {
            this.filter = filter;
        }

        @Override
        public RequestItem search() {
            return Searches.search(Alias.SESSIONS, body -> body.size(0)
                    .trackTotalHits(total -> total.enabled(true))
                    .query(filter.query())
                    .aggregations("changed", changed -> changed.filter(Searches.exists("turns")))
                    .aggregations(
                            "turns",
                            turns -> turns.terms(terms -> terms.field("turns").size(PAIRS)))
                    .aggregations(
                            "within",
                            within -> within.terms(
                                    terms -> terms.field("turns_within").size(TIMES))));
        }

        @Override
        public Turns read(ResponseBody<ObjectNode> answer) {
            Map<String, TreeMap<Long, Long>> times = new HashMap<>();
            Searches.counts(answer.aggregations(), "within").forEach((turn, sessions) -> {
                int tab = turn.lastIndexOf('\t');
                times.computeIfAbsent(turn.substring(0, tab), key -> new TreeMap<>())
                        .put(Long.valueOf(turn.substring(tab + 1)), sessions);
            });
            List<Turn> turns = new ArrayList<>();
            Searches.counts(answer.aggregations(), "turns").forEach((turn, sessions) -> {
                int tab = turn.indexOf('\t');
                turns.add(new Turn(
                        turn.substring(0, tab), turn.substring(tab + 1), sessions, median(times.get(turn), sessions)));
            });
            var changed = answer.aggregations().get("changed");
            return new Turns(
                    Searches.total(answer),
                    changed == null ? 0 : changed.filter().docCount(),
                    turns);
        }

        /** Every session with the change has a length of it: where fewer are counted, some were left out as too rare. */
        private static @Nullable Long median(@Nullable TreeMap<Long, Long> counts, long sessions) {
            if (counts == null) {
                return null;
            }
            long all = counts.values().stream().mapToLong(Long::longValue).sum();
            if (all < sessions) {
                return null;
            }
            long half = (all + 1) / 2;
            for (Map.Entry<Long, Long> each : counts.entrySet()) {
                half -= each.getValue();
                if (half <= 0) {
                    return each.getKey();
                }
            }
            return null;
        }
    }
}
