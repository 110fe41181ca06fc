package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch.core.MsearchRequest;
import co.elastic.clients.elasticsearch.core.msearch.MultiSearchResponseItem;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Several searches in one request. */
final class Round {
    private final ElasticsearchClient elasticsearch;
    private final List<RequestItem> searches = new ArrayList<>();
    private final List<Consumer<MultiSearchResponseItem<ObjectNode>>> readings = new ArrayList<>();

    Round(ElasticsearchClient elasticsearch) {
        this.elasticsearch = elasticsearch;
    }

    <T> Slot<T> ask(Panel<T> panel) {
        Slot<T> slot = new Slot<>();
        searches.add(panel.search());
        readings.add(item -> slot.read(panel, item));
        return slot;
    }

    void run() throws IOException {
        if (searches.isEmpty()) {
            return;
        }
        try {
            var items = elasticsearch
                    .msearch(MsearchRequest.of(request -> request.searches(searches)), ObjectNode.class)
                    .responses();
            for (int i = 0; i < items.size(); i++) {
                readings.get(i).accept(items.get(i));
            }
        } catch (ElasticsearchException refused) {
            throw new IOException(
                    "Elasticsearch refused to search: " + refused.error().reason(), refused);
        }
    }
}
