package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * In how many sessions customers went from one channel to another, counted by Elasticsearch over all that match.
 *
 * @param total sessions that match
 * @param turns empty where documents do not say their turns, as those do not that were indexed before there were any
 */
record Turns(long total, List<Turn> turns) {

    record Turn(String from, String to, long sessions) {}

    /** Counts them. */
    static final class Reading implements Panel<Turns> {
        /** More than pairs of the channels known by default. */
        private static final int PAIRS = 400;

        private final SessionFilter filter;

        Reading(SessionFilter filter) {
            this.filter = filter;
        }

        @Override
        public RequestItem search() {
            return Searches.search(Alias.SESSIONS, body -> body.size(0)
                    .trackTotalHits(total -> total.enabled(true))
                    .query(filter.query())
                    .aggregations(
                            "turns",
                            turns -> turns.terms(terms -> terms.field("turns").size(PAIRS))));
        }

        @Override
        public Turns read(ResponseBody<ObjectNode> answer) {
            List<Turn> turns = new ArrayList<>();
            for (Map.Entry<String, Long> pair :
                    Searches.counts(answer.aggregations(), "turns").entrySet()) {
                int tab = pair.getKey().indexOf('\t');
                if (tab > 0) {
                    turns.add(new Turn(
                            pair.getKey().substring(0, tab), pair.getKey().substring(tab + 1), pair.getValue()));
                }
            }
            return new Turns(Searches.total(answer), turns);
        }
    }
}
