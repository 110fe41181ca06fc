package io.throughline.pipeline.kit;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A type written by its {@link Layout}.
 *
 * @param <T> the type
 */
public final class LayoutType<T> extends TypeInformation<T> {
    private static final long serialVersionUID = 1;

    private final Class<T> type;
    private final Layout<T> layout;
    private final boolean immutable;
    private final boolean key;

    private LayoutType(Class<T> type, Layout<T> layout, boolean immutable, boolean key) {
        this.type = type;
        this.layout = layout;
        this.immutable = immutable;
        this.key = key;
    }

    /** A type whose instances never change: passed on without copying. */
    public static <T> LayoutType<T> of(Class<T> type, Layout<T> layout) {
        return new LayoutType<>(type, layout, true, false);
    }

    /** A type whose instances never change and whose hashCode depends on content alone: streams may be keyed by it. */
    public static <T> LayoutType<T> key(Class<T> type, Layout<T> layout) {
        return new LayoutType<>(type, layout, true, true);
    }

    /** State that changes in place: copied while a snapshot of it is being written. */
    public static <T> LayoutType<T> state(Class<T> type, Layout<T> layout) {
        return new LayoutType<>(type, layout, false, false);
    }

    public Layout<T> layout() {
        return layout;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<T> getTypeClass() {
        return type;
    }

    @Override
    public boolean isKeyType() {
        return key;
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return new LayoutSerializer<>(layout, immutable);
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LayoutType<?> that && type == that.type && layout.getClass() == that.layout.getClass();
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof LayoutType;
    }
}
