package io.throughline.scenarios.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.throughline.schemas.Touchpoint;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * Reads a touchpoint from JSON as strictly as the schema is written: an unknown field, a missing one, another type or a
 * repeated key is an error. For stories, where a mistake should be seen at once; ingest is more forgiving.
 */
public final class TouchpointReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TouchpointReader() {}

    /** @throws IllegalArgumentException naming the field and what is wrong with it */
    public static Touchpoint read(String json) {
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
        Touchpoint touchpoint = (Touchpoint) record(node, Touchpoint.getClassSchema(), "touchpoint");
        if (touchpoint.getIdentifiers().isEmpty()) {
            throw wrong("touchpoint.identifiers", "must name at least one identifier");
        }
        return touchpoint;
    }

    private static Object record(JsonNode node, Schema schema, String path) {
        if (!node.isObject()) {
            throw wrong(path, "must be an object, is " + node.getNodeType());
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (schema.getField(name) == null) {
                throw wrong(path + "." + name, "is not in the schema");
            }
        }
        IndexedRecord record = (IndexedRecord) SpecificData.get().newRecord(null, schema);
        for (Schema.Field field : schema.getFields()) {
            JsonNode value = node.get(field.name());
            record.put(field.pos(), value(value, field, path + "." + field.name()));
        }
        return record;
    }

    private static @Nullable Object value(@Nullable JsonNode value, Schema.Field field, String path) {
        if (value == null) {
            if (!field.hasDefaultValue()) {
                throw wrong(path, "is missing");
            }
            return field.schema().getType() == Schema.Type.MAP ? new LinkedHashMap<>() : null;
        }
        return value(value, field.schema(), path);
    }

    private static Object value(JsonNode value, Schema schema, String path) {
        return switch (schema.getType()) {
            case UNION -> value(value, schema.getTypes().get(1), path);
            case RECORD -> record(value, schema, path);
            case STRING -> {
                require(value.isTextual(), path, "must be text");
                yield value.textValue();
            }
            case DOUBLE -> {
                require(value.isNumber(), path, "must be a number");
                yield value.doubleValue();
            }
            case LONG -> schema.getLogicalType() == null ? whole(value, path) : time(value, path);
            case ARRAY -> {
                require(value.isArray(), path, "must be an array");
                List<Object> items = new ArrayList<>();
                value.forEach(item -> items.add(value(item, schema.getElementType(), path + "[" + items.size() + "]")));
                yield items;
            }
            case MAP -> {
                require(value.isObject(), path, "must be an object");
                Map<String, Object> entries = new LinkedHashMap<>();
                value.properties()
                        .forEach(entry -> entries.put(
                                entry.getKey(),
                                value(entry.getValue(), schema.getValueType(), path + "." + entry.getKey())));
                yield entries;
            }
            default -> throw new IllegalStateException(path + ": the reader knows no " + schema.getType());
        };
    }

    private static Long whole(JsonNode value, String path) {
        require(value.isIntegralNumber() && value.canConvertToLong(), path, "must be a whole number");
        return value.longValue();
    }

    private static Instant time(JsonNode value, String path) {
        if (value.isIntegralNumber()) {
            return Instant.ofEpochMilli(whole(value, path));
        }
        require(value.isTextual(), path, "must be a time");
        try {
            return Instant.parse(value.textValue());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(path + ": '" + value.textValue() + "' is no ISO-8601 time in UTC", e);
        }
    }

    private static void require(boolean holds, String path, String otherwise) {
        if (!holds) {
            throw wrong(path, otherwise);
        }
    }

    private static IllegalArgumentException wrong(String path, String what) {
        return new IllegalArgumentException(path + ": " + what);
    }
}
