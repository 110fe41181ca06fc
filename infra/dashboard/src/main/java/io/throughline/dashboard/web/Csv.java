package io.throughline.dashboard.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Documents as comma-separated values (RFC 4180), safe to open in a spreadsheet: text that a spreadsheet would take for a
 * formula gets an apostrophe in front. Numbers stay numbers.
 */
final class Csv {

    /** Signs with which spreadsheets begin a formula, also after white space or in their full-width forms. */
    private static final Pattern FORMULA =
            Pattern.compile("[\\s\\u00a0]*[=+\\-@\\t\\r\\uff1d\\uff0b\\uff0d\\uff20].*", Pattern.DOTALL);

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

    private Csv() {}

    /** @param columns name to what stands in it, in order */
    static String of(List<? extends JsonNode> documents, Map<String, Function<JsonNode, String>> columns) {
        // Spreadsheets take a file without this mark for one of their own old encodings.
        StringBuilder csv = new StringBuilder("\ufeff");
        line(csv, List.copyOf(columns.keySet()));
        for (JsonNode document : documents) {
            line(
                    csv,
                    columns.values().stream()
                            .map(column -> column.apply(document))
                            .toList());
        }
        return csv.toString();
    }

    private static void line(StringBuilder csv, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            csv.append(i == 0 ? "" : ",").append(cell(cells.get(i)));
        }
        csv.append("\r\n");
    }

    static String cell(String text) {
        String safe = FORMULA.matcher(text).matches() && !NUMBER.matcher(text).matches() ? "'" + text : text;
        return safe.matches("(?s).*[\",\\r\\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    /** The field as text, lists with semicolons between; empty where it is absent. */
    static Function<JsonNode, String> field(String... path) {
        return document -> {
            JsonNode at = document;
            for (String name : path) {
                at = at.path(name);
            }
            if (at.isArray()) {
                StringBuilder list = new StringBuilder();
                at.forEach(item -> list.append(list.length() == 0 ? "" : "; ").append(item.asText()));
                return list.toString();
            }
            return at.isValueNode() && !at.isNull() ? at.asText() : "";
        };
    }
}
