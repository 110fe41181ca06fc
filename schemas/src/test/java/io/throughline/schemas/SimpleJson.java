package io.throughline.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * The JSON people write: names as in the schema, times in ISO 8601, unions without the type around the value, absent fields
 * left out. Refuses names the schema does not have.
 */
final class SimpleJson {

    private SimpleJson() {}

    static GenericRecord toRecord(Schema schema, JsonNode json) {
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (schema.getField(name) == null) {
                throw new IllegalArgumentException(schema.getName() + " has no field " + name);
            }
        }
        GenericRecord record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            JsonNode value = json.get(field.name());
            if (value == null) {
                if (!field.hasDefaultValue()) {
                    throw new IllegalArgumentException(schema.getName() + " needs " + field.name());
                }
                record.put(field.pos(), GenericData.get().getDefaultValue(field));
            } else {
                record.put(field.pos(), toValue(field.schema(), value));
            }
        }
        return record;
    }

    private static Object toValue(Schema schema, JsonNode json) {
        return switch (schema.getType()) {
            case RECORD -> toRecord(schema, json);
            case UNION -> toValue(schema.getTypes().get(1), json);
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                json.forEach(item -> items.add(toValue(schema.getElementType(), item)));
                yield items;
            }
            case MAP -> {
                Map<String, Object> entries = new HashMap<>();
                json.fields()
                        .forEachRemaining(
                                entry -> entries.put(entry.getKey(), toValue(schema.getValueType(), entry.getValue())));
                yield entries;
            }
            case STRING -> require(json.isTextual(), schema, json) ? json.textValue() : null;
            case BOOLEAN -> require(json.isBoolean(), schema, json) ? json.booleanValue() : null;
            case INT -> require(json.isInt(), schema, json) ? json.intValue() : null;
            case DOUBLE -> require(json.isNumber(), schema, json) ? json.doubleValue() : null;
            case LONG ->
                schema.getLogicalType() == null
                        ? (require(json.isIntegralNumber(), schema, json) ? json.longValue() : null)
                        : (Object) Instant.parse(json.textValue()).toEpochMilli();
            default -> throw new IllegalArgumentException("no schema of this project uses " + schema.getType());
        };
    }

    private static boolean require(boolean fits, Schema schema, JsonNode json) {
        if (!fits) {
            throw new IllegalArgumentException(json + " is no " + schema.getType());
        }
        return true;
    }
}
