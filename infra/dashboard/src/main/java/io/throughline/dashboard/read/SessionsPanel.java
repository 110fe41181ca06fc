package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Open sessions. */
final class SessionsPanel implements Panel<Sessions> {

    private static final int NEWEST = 8;
    private static final int CHANNELS = 24;

    private final View view;

    SessionsPanel(View view) {
        this.view = view;
    }

    @Override
    public RequestItem search() {
        BoolQuery.Builder open = new BoolQuery.Builder().filter(Searches.term("status", "open"));
        if (view.channel() != null) {
            open.filter(Searches.term("channels", view.channel()));
        }
        Query troubled = Query.of(query -> query.bool(bool -> bool.should(Searches.moreThanNone("complaints"))
                .should(Searches.moreThanNone("errors"))
                .minimumShouldMatch("1")));
        return Searches.search(Alias.SESSIONS, body -> body.size(NEWEST)
                .trackTotalHits(total -> total.enabled(true))
                .query(query -> query.bool(open.build()))
                .source(source -> source.filter(filter -> filter.excludes("path")))
                .sort(Searches.newestFirst("end"), Searches.thenBy("session_id"))
                .aggregations("troubled", aggregation -> aggregation.filter(troubled))
                .aggregations(
                        "channels",
                        aggregation -> aggregation.terms(
                                terms -> terms.field("channels").size(CHANNELS))));
    }

    @Override
    public Sessions read(ResponseBody<ObjectNode> answer) {
        Map<String, Long> byChannel = new LinkedHashMap<>();
        var channels = answer.aggregations().get("channels");
        if (channels != null && channels.isSterms()) {
            channels.sterms()
                    .buckets()
                    .array()
                    .forEach(bucket -> byChannel.put(bucket.key().stringValue(), bucket.docCount()));
        }
        var troubled = answer.aggregations().get("troubled");
        List<Sessions.Session> newest =
                Searches.documents(answer).stream().map(SessionsPanel::session).toList();
        return new Sessions(
                Searches.total(answer), troubled == null ? 0 : troubled.filter().docCount(), byChannel, newest);
    }

    private static Sessions.Session session(ObjectNode document) {
        return new Sessions.Session(
                Searches.text(document, "session_id"),
                Searches.text(document, "customer_id"),
                Searches.instant(document, "start"),
                Searches.instant(document, "end"),
                Searches.texts(document, "channels"),
                Searches.number(document, "touchpoint_count"),
                Searches.number(document, "channel_switches"),
                Searches.number(document, "handoffs"),
                Searches.number(document, "errors"),
                Searches.number(document, "complaints"),
                Searches.texts(document, "topics"));
    }
}
