package io.throughline.kafka;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** Records of any schema with every mixture of values, the same for the same seed. */
final class AnyRecord {

    private static final String[] WORDS = {
        "", "a", "checkout", "Zürich", "Ελλάδα", "🙂", "half a pair \ud83d", "\u0000", "x".repeat(3_000)
    };

    private static final long[] NUMBERS = {
        0, -1, 1, 63, 64, -64, -65, 8_191, 8_192, 1_700_000_000_000L, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    private static final double[] REALS = {
        0, -0.0, 4.5, Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, Double.longBitsToDouble(-1)
    };

    private final Random random;

    AnyRecord(long seed) {
        this.random = new Random(seed);
    }

    SpecificRecord of(Schema schema) {
        return (SpecificRecord) value(schema);
    }

    Object value(Schema schema) {
        return switch (schema.getType()) {
            case NULL -> null;
            case STRING -> WORDS[random.nextInt(WORDS.length)];
            case INT -> random.nextBoolean() ? random.nextInt() : (int) NUMBERS[random.nextInt(NUMBERS.length)];
            case LONG -> schema.getLogicalType() == null ? number() : Instant.ofEpochMilli(number());
            case DOUBLE -> random.nextBoolean() ? random.nextGaussian() : REALS[random.nextInt(REALS.length)];
            case BOOLEAN -> random.nextBoolean();
            case UNION ->
                value(schema.getTypes().get(random.nextInt(schema.getTypes().size())));
            case ARRAY -> items(schema.getElementType());
            case MAP -> entries(schema.getValueType());
            case RECORD -> record(schema);
            default -> throw new IllegalArgumentException("no values of type " + schema + " are known");
        };
    }

    private SpecificRecord record(Schema schema) {
        SpecificRecord record = (SpecificRecord) SpecificData.get().newRecord(null, schema);
        for (Schema.Field field : schema.getFields()) {
            record.put(field.pos(), value(field.schema()));
        }
        return record;
    }

    private List<Object> items(Schema schema) {
        List<Object> items = random.nextBoolean() ? new ArrayList<>() : new LinkedList<>();
        for (int i = size(); i > 0; i--) {
            items.add(value(schema));
        }
        return items;
    }

    private Map<String, Object> entries(Schema schema) {
        Map<String, Object> entries = new HashMap<>();
        for (int i = size(); i > 0; i--) {
            entries.put(WORDS[random.nextInt(WORDS.length)] + i, value(schema));
        }
        return entries;
    }

    /** Mostly few, now and then more than a count of one byte says. */
    private int size() {
        return random.nextInt(40) == 0 ? 70 : random.nextInt(4);
    }

    private long number() {
        return random.nextBoolean() ? random.nextLong() : NUMBERS[random.nextInt(NUMBERS.length)];
    }
}
