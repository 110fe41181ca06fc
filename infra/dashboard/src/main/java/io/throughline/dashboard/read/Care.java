package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who looks after a customer.
 *
 * @param waiting alerts about the customer that wait
 * @param assignees whom these are assigned to, who has most of them first
 */
public record Care(long waiting, List<String> assignees) {

    /** Reads it of some customers; those about whom no alert waits are left out. */
    record Reading(List<String> customerIds) implements Panel<Map<String, Care>> {

        private static final int ASSIGNEES = 5;

        @Override
        public RequestItem search() {
            Query wanted = Query.of(all -> all.bool(new BoolQuery.Builder()
                    .filter(Searches.anyOf("status", AlertsPanel.ACTIVE))
                    .filter(Searches.anyOf("customer_id", customerIds))
                    .build()));
            return Searches.search(
                    Alias.ALERTS, body -> body.size(0).query(wanted).aggregations("customers", customers -> customers
                            .terms(terms -> terms.field("customer_id").size(PageReader.PER_PAGE))
                            .aggregations(
                                    "assignees",
                                    assignees -> assignees.terms(
                                            terms -> terms.field("assignee").size(ASSIGNEES)))));
        }

        @Override
        public Map<String, Care> read(ResponseBody<ObjectNode> answer) {
            Map<String, Care> byCustomer = new LinkedHashMap<>();
            var customers = answer.aggregations().get("customers");
            if (customers != null && customers.isSterms()) {
                customers
                        .sterms()
                        .buckets()
                        .array()
                        .forEach(customer -> byCustomer.put(
                                customer.key().stringValue(),
                                new Care(
                                        customer.docCount(),
                                        List.copyOf(Searches.counts(customer.aggregations(), "assignees")
                                                .keySet()))));
            }
            return byCustomer;
        }
    }
}
