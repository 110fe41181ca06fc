package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One bounded search and the reading of its answer. */
interface Panel<T> {

    RequestItem search();

    /** Reads a complete answer; an index that does not exist yet answers with no hits and no aggregations. */
    T read(ResponseBody<ObjectNode> answer);
}
