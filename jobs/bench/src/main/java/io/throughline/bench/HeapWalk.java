package io.throughline.bench;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of everything reachable, each object once in the life of the walk, by the layout a 64-bit JVM with compressed
 * pointers has. Whoever comes first pays for what several share. Needs {@code --add-opens java.base/java.util} and
 * {@code java.base/java.lang}.
 */
final class HeapWalk {
    private static final int HEADER = 12;
    private static final int REFERENCE = 4;

    private record Shape(long bytes, List<Field> references) {}

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Class<?>, Shape> shapes = new HashMap<>();
    /** Bytes by class, for whoever wants to know where they went. */
    final Map<String, Long> byClass = new TreeMap<>();

    /** Bytes of what this root reaches and no root before did. */
    long add(@Nullable Object root) {
        long bytes = 0;
        ArrayDeque<Object> open = new ArrayDeque<>();
        push(root, open);
        for (Object next = open.poll(); next != null; next = open.poll()) {
            bytes += visit(next, open);
        }
        return bytes;
    }

    private void push(@Nullable Object object, ArrayDeque<Object> open) {
        if (object != null && !(object instanceof Enum<?>) && !(object instanceof Class<?>) && seen.add(object)) {
            open.push(object);
        }
    }

    private long visit(Object object, ArrayDeque<Object> open) {
        Class<?> type = object.getClass();
        long bytes;
        if (type.isArray()) {
            int length = Array.getLength(object);
            bytes = aligned(HEADER + 4 + (long) length * widthOf(type.getComponentType()));
            if (object instanceof Object[] elements) {
                for (Object element : elements) {
                    push(element, open);
                }
            }
        } else {
            Shape shape = shapes.computeIfAbsent(type, HeapWalk::shapeOf);
            bytes = shape.bytes;
            for (Field field : shape.references) {
                try {
                    push(field.get(object), open);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("made accessible before", e);
                }
            }
        }
        byClass.merge(type.getSimpleName(), bytes, Long::sum);
        return bytes;
    }

    private static Shape shapeOf(Class<?> type) {
        long bytes = HEADER;
        List<Field> references = new ArrayList<>();
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    bytes += widthOf(field.getType());
                    if (!field.getType().isPrimitive()) {
                        field.setAccessible(true);
                        references.add(field);
                    }
                }
            }
        }
        return new Shape(aligned(bytes), references);
    }

    private static int widthOf(Class<?> type) {
        if (!type.isPrimitive()) {
            return REFERENCE;
        }
        if (type == long.class || type == double.class) {
            return 8;
        }
        if (type == int.class || type == float.class) {
            return 4;
        }
        return type == short.class || type == char.class ? 2 : 1;
    }

    private static long aligned(long bytes) {
        return (bytes + 7) & ~7L;
    }
}
