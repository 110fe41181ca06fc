package io.throughline.pipeline.wire;

import io.throughline.domain.touchpoint.Identifier;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Documents of the domain in which no two texts and no two numbers are the same, so that none can stand where another
 * belongs unnoticed. What may be absent is in every second one; the same for the same seed.
 */
final class AnyDocument {

    private final Random random;
    private int said;

    AnyDocument(long seed) {
        this.random = new Random(seed);
    }

    <T extends Record> T of(Class<T> type) {
        try {
            List<Class<?>> types = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                types.add(component.getType());
                values.add(value(component.getAnnotatedType()));
            }
            Constructor<T> all = type.getDeclaredConstructor(types.toArray(new Class<?>[0]));
            all.setAccessible(true);
            return all.newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a " + type + " cannot be made", e);
        }
    }

    private @Nullable Object value(AnnotatedType annotated) {
        if (annotated.isAnnotationPresent(Nullable.class) && random.nextBoolean()) {
            return null;
        }
        Type type = annotated.getType();
        if (type instanceof ParameterizedType generic) {
            AnnotatedType[] of = ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments();
            return generic.getRawType() == List.class ? items(of[0]) : entries(of[1]);
        }
        return single((Class<?>) type);
    }

    @SuppressWarnings("unchecked")
    private Object single(Class<?> type) {
        said++;
        if (type == String.class) {
            return "text " + said;
        } else if (type == int.class || type == Integer.class) {
            return said;
        } else if (type == long.class || type == Long.class) {
            return said * 1_000_001L;
        } else if (type == double.class || type == Double.class) {
            return said / 8.0;
        } else if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        } else if (type == byte[].class) {
            return random.nextBoolean() ? new byte[] {(byte) 0xff, (byte) said} : new byte[] {'r', 'a', 'w'};
        } else if (type == Identifier.class) {
            return new Identifier("type " + said, "value " + said);
        } else if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        } else if (type.isRecord()) {
            return of((Class<? extends Record>) type);
        }
        throw new IllegalArgumentException("no values of " + type + " are known");
    }

    private List<Object> items(AnnotatedType type) {
        List<Object> items = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            items.add(value(type));
        }
        return items;
    }

    /** Sorted the wrong way round. */
    private Map<String, Object> entries(AnnotatedType type) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            entries.put("key " + i, value(type));
        }
        return entries;
    }
}
