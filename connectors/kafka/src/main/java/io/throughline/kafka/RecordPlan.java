package io.throughline.kafka;

import java.time.Instant;
import java.util.AbstractSequentialList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written of a record, found out once from its schema. Avro's own writer finds it out with every value:
 * which branch of the union, which conversion of which logical type, by class and by name; the coders Avro can generate
 * instead are left out of every record that holds a time.
 *
 * <p>Knows the types our schemas are made of and no others, and what it writes is what Avro's own writer writes.
 */
final class RecordPlan {

    private static final int NO_NULL = -1;

    private enum Kind {
        TEXT,
        INT,
        LONG,
        DOUBLE,
        BOOLEAN,
        TIME,
        ARRAY,
        MAP,
        RECORD
    }

    private final Kind kind;
    /** Where null stands in the union of it and the kind. */
    private final int nullAt;
    /** The fields of a record; what an array or map holds. */
    private final RecordPlan[] parts;

    private RecordPlan(Kind kind, int nullAt, RecordPlan... parts) {
        this.kind = kind;
        this.nullAt = nullAt;
        this.parts = parts;
    }

    /** Null where the schema holds a type that is not known here, or itself. */
    static @Nullable RecordPlan of(Schema schema) {
        return schema.getType() == Schema.Type.RECORD ? of(schema, NO_NULL, new HashSet<>()) : null;
    }

    private static @Nullable RecordPlan of(Schema schema, int nullAt, Set<String> within) {
        if (schema.getLogicalType() != null) {
            return schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
                    ? new RecordPlan(Kind.TIME, nullAt)
                    : null;
        }
        return switch (schema.getType()) {
            case STRING -> new RecordPlan(Kind.TEXT, nullAt);
            case INT -> new RecordPlan(Kind.INT, nullAt);
            case LONG -> new RecordPlan(Kind.LONG, nullAt);
            case DOUBLE -> new RecordPlan(Kind.DOUBLE, nullAt);
            case BOOLEAN -> new RecordPlan(Kind.BOOLEAN, nullAt);
            case ARRAY -> holding(Kind.ARRAY, schema.getElementType(), nullAt, within);
            case MAP -> holding(Kind.MAP, schema.getValueType(), nullAt, within);
            case RECORD -> record(schema, nullAt, within);
            case UNION -> nullAt == NO_NULL ? optional(schema.getTypes(), within) : null;
            default -> null;
        };
    }

    private static @Nullable RecordPlan holding(Kind kind, Schema held, int nullAt, Set<String> within) {
        RecordPlan part = of(held, NO_NULL, within);
        return part == null ? null : new RecordPlan(kind, nullAt, part);
    }

    private static @Nullable RecordPlan record(Schema schema, int nullAt, Set<String> within) {
        if (!within.add(schema.getFullName())) {
            return null;
        }
        RecordPlan[] fields = new RecordPlan[schema.getFields().size()];
        for (Schema.Field field : schema.getFields()) {
            RecordPlan part = of(field.schema(), NO_NULL, within);
            if (part == null) {
                return null;
            }
            fields[field.pos()] = part;
        }
        within.remove(schema.getFullName());
        return new RecordPlan(Kind.RECORD, nullAt, fields);
    }

    private static @Nullable RecordPlan optional(List<Schema> types, Set<String> within) {
        if (types.size() != 2) {
            return null;
        }
        int nullAt = types.get(0).getType() == Schema.Type.NULL ? 0 : 1;
        return types.get(nullAt).getType() == Schema.Type.NULL ? of(types.get(1 - nullAt), nullAt, within) : null;
    }

    /**
     * Writes a record.
     *
     * @throws RuntimeException of whatever kind, where a field that may not be null is, or something is not of its type;
     *     some of the record has been written then
     */
    void write(SpecificRecord record, RecordBytes out) {
        fields((SpecificRecordBase) record, out);
    }

    private void fields(SpecificRecordBase record, RecordBytes out) {
        RecordPlan[] fields = parts;
        for (int i = 0; i < fields.length; i++) {
            fields[i].value(record.get(i), out);
        }
    }

    private void value(@Nullable Object value, RecordBytes out) {
        if (nullAt != NO_NULL) {
            if (value == null) {
                out.number(nullAt);
                return;
            }
            out.number(1 - nullAt);
        }
        if (value == null) {
            throw new NullPointerException("null where a " + kind + " is needed");
        }
        switch (kind) {
            case TEXT -> out.text((String) value);
            case INT -> out.number((Integer) value);
            case LONG -> out.number((Long) value);
            case DOUBLE -> out.real((Double) value);
            case BOOLEAN -> out.bool((Boolean) value);
            case TIME -> out.number(((Instant) value).toEpochMilli());
            case ARRAY -> array((List<?>) value, out);
            case MAP -> map((Map<?, ?>) value, out);
            case RECORD -> fields((SpecificRecordBase) value, out);
        }
    }

    private void array(List<?> items, RecordBytes out) {
        int size = items.size();
        if (size > 0) {
            RecordPlan item = parts[0];
            out.number(size);
            // Whether it is RandomAccess is a slow question, an interface more than the list was asked about just
            // before.
            if (items instanceof AbstractSequentialList) {
                for (Object each : items) {
                    item.value(each, out);
                }
            } else {
                for (int i = 0; i < size; i++) {
                    item.value(items.get(i), out);
                }
            }
        }
        out.end();
    }

    private void map(Map<?, ?> entries, RecordBytes out) {
        if (!entries.isEmpty()) {
            RecordPlan value = parts[0];
            out.number(entries.size());
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                out.text((String) entry.getKey());
                value.value(entry.getValue(), out);
            }
        }
        out.end();
    }
}
