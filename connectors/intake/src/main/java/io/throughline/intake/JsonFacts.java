package io.throughline.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object; a path's steps are separated by points, and of an array its first element is meant. */
record JsonFacts(JsonNode root) implements Facts {

    /**
     * Characters that paths may have together, as many as any record may have bytes. Values have each its place in the
     * record; names are said again for all that is within, so that a megabyte of them could come to gigabytes.
     */
    private static final int LONGEST_PATHS = 1 << 20;

    @Override
    public @Nullable String text(String path) {
        JsonNode node = first(at(path));
        return node.isValueNode() && !node.isNull() ? single(node) : null;
    }

    @Override
    public Map<String, Value> below(String path) {
        Below below = new Below();
        below.collect("", at(path));
        return below.values;
    }

    /** What is there, be it an object; a missing node where nothing is. */
    JsonNode at(String path) {
        // A name may have a point in it, as extensions of other systems do.
        JsonNode whole = root.get(path);
        int dot = path.indexOf('.');
        if (whole != null || dot < 0) {
            return whole == null ? MissingNode.getInstance() : whole;
        }
        JsonNode node = root;
        int from = 0;
        for (; dot >= 0; dot = path.indexOf('.', from)) {
            node = first(node).path(path.substring(from, dot));
            from = dot + 1;
        }
        return first(node).path(path.substring(from));
    }

    /** A whole number is one also where a table with gaps has made {@code 4711.0} of it. */
    private static @Nullable String single(JsonNode node) {
        return node.isDouble()
                        && node.doubleValue() == Math.rint(node.doubleValue())
                        && Math.abs(node.doubleValue()) < 1e15
                ? String.valueOf(node.longValue())
                : Facts.clean(node.asText());
    }

    private static JsonNode first(JsonNode node) {
        return node.isArray() ? node.isEmpty() ? MissingNode.getInstance() : node.get(0) : node;
    }

    /** What is within a value, as far as it has been looked through. */
    private static final class Below {
        private final Map<String, Value> values = new LinkedHashMap<>();
        private int length;

        private void collect(String path, JsonNode node) {
            if (node.isObject()) {
                node.properties().forEach(entry -> collect(within(path, entry.getKey()), entry.getValue()));
            } else if (!node.isNull() && !node.isMissingNode()) {
                String text = node.isArray() ? Facts.clean(node.toString()) : single(node);
                String name = Facts.clean(path);
                if (text != null) {
                    values.put(name == null ? "" : name, new Value(text, node.isArray()));
                }
            }
        }

        /** Paths to nothing count as well: they are built all the same. */
        private String within(String path, String name) {
            length += path.length() + name.length() + 1;
            if (length > LONGEST_PATHS) {
                throw Misfit.oversize("properties: their names, with those of all that they are in, are longer"
                        + " together than a record may be; nest less");
            }
            return path.isEmpty() ? name : path + "." + name;
        }
    }
}
