package io.throughline.cli;

import co.elastic.clients.elasticsearch.core.search.Hit;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.ElasticsearchConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The customers of the live generation of indices, and what identifiers they have. */
final class IndexedCustomers {

    /** What Elasticsearch answers at once: an identifier that more customers know of is no way to name one. */
    private static final int MOST = 10_000;

    private final ElasticsearchConnection connection;

    IndexedCustomers(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /** @param note joined: the customer's own; else shared or quarantined */
    record Has(String customerId, Identifier identifier, String note) {

        boolean belongs() {
            return note.equals("joined");
        }
    }

    /**
     * All identifiers of the customers whose own the identifier is; none where there is no such customer.
     *
     * @throws IOException if more customers know of it than can be looked at
     */
    List<Has> having(Identifier identifier) throws IOException {
        List<Hit<ObjectNode>> documents = connection.ask(client -> client.search(
                        search -> search.index(DocumentKind.CUSTOMERS.alias())
                                .size(MOST)
                                .query(query -> query.term(
                                        term -> term.field("identifiers.value").value(identifier.value()))),
                        ObjectNode.class)
                .hits()
                .hits());
        if (documents.size() == MOST) {
            throw new IOException("more than " + MOST + " customers know of an identifier of type " + identifier.type()
                    + ": name the customer by another one; nothing was written");
        }
        List<Has> result = new ArrayList<>();
        for (Hit<ObjectNode> hit : documents) {
            ObjectNode document = hit.source();
            if (document == null) {
                continue;
            }
            List<Has> all = new ArrayList<>();
            for (JsonNode known : document.path("identifiers")) {
                all.add(new Has(
                        document.path("customer_id").asText(),
                        new Identifier(
                                known.path("type").asText(), known.path("value").asText()),
                        known.path("note").asText()));
            }
            // An index knows types and values, but not which belong together.
            if (all.stream().anyMatch(has -> has.belongs() && has.identifier().equals(identifier))) {
                result.addAll(all);
            }
        }
        return result;
    }
}
