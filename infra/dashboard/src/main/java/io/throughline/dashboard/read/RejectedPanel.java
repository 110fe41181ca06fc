package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The newest records that did not count. Their bytes stay in the index: they may be personal. */
final class RejectedPanel implements Panel<List<Pipeline.Rejection>> {

    private static final int NEWEST = 8;

    @Override
    public RequestItem search() {
        return Searches.search(Alias.REJECTED, body -> body.size(NEWEST)
                .source(source ->
                        source.filter(filter -> filter.includes("origin", "reason", "detail", "received_time")))
                .sort(Searches.newestFirst("received_time"), Searches.thenBy("origin")));
    }

    @Override
    public List<Pipeline.Rejection> read(ResponseBody<ObjectNode> answer) {
        return Searches.documents(answer).stream()
                .map(document -> new Pipeline.Rejection(
                        Searches.text(document, "origin"),
                        Searches.text(document, "reason"),
                        Searches.text(document, "detail"),
                        Searches.instant(document, "received_time")))
                .toList();
    }
}
