package io.throughline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.stitch.SuperNode;
import io.throughline.domain.touchpoint.Identifier;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** What the JSON that commands print has in common: the names and forms of the documents. */
final class Documents {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static String pretty(ObjectNode document) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    static void put(ObjectNode node, Identifier identifier) {
        node.put("type", identifier.type()).put("value", identifier.value());
    }

    static void put(ObjectNode node, SuperNode superNode) {
        put(node.putObject("identifier"), superNode.identifier());
        node.put("customers", superNode.customers())
                .put("max_customers", superNode.maxCustomers())
                .put("persons", superNode.persons())
                .put("max_links", superNode.maxLinks());
    }

    static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    private Documents() {}
}
