package io.throughline.pipeline.kit;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.util.InstantiationUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads one type by its {@link Layout}. A savepoint of an older version is read with the version that wrote
 * it and rewritten with the newest; a newer one than this build knows is refused.
 *
 * @param <T> the type
 */
public final class LayoutSerializer<T> extends TypeSerializer<T> {
    private static final long serialVersionUID = 1;

    /** Larger values are rare, and what they needed is not kept. */
    private static final int SCRATCH_BYTES = 1 << 16;

    private final Layout<T> layout;
    private final boolean immutable;
    private final int readVersion;
    private transient @Nullable DataOutputSerializer scratch;
    private transient @Nullable SnapshotPace pace;

    LayoutSerializer(Layout<T> layout, boolean immutable) {
        this(layout, immutable, layout.version());
    }

    private LayoutSerializer(Layout<T> layout, boolean immutable, int readVersion) {
        this.layout = layout;
        this.immutable = immutable;
        this.readVersion = readVersion;
    }

    @Override
    public boolean isImmutableType() {
        return immutable;
    }

    /** Its own scratch space for every thread. */
    @Override
    public TypeSerializer<T> duplicate() {
        return new LayoutSerializer<>(layout, immutable, readVersion);
    }

    @Override
    public @Nullable T createInstance() {
        return null;
    }

    @Override
    public T copy(T from) {
        return immutable ? from : layout.copy(from);
    }

    @Override
    public T copy(T from, T reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    /**
     * Layouts write byte by byte. Into memory that is cheap; into the streams of a snapshot every byte passes through
     * three objects, which was a fifth of all the work under load.
     */
    @Override
    public void serialize(T value, DataOutputView target) throws IOException {
        if (target instanceof DataOutputSerializer) {
            layout.write(value, target);
            return;
        }
        DataOutputSerializer bytes = scratch != null ? scratch : new DataOutputSerializer(256);
        bytes.clear();
        layout.write(value, bytes);
        target.write(bytes.getSharedBuffer(), 0, bytes.length());
        scratch = bytes.getSharedBuffer().length <= SCRATCH_BYTES ? bytes : null;
        if (!immutable) {
            pace = pace != null ? pace : new SnapshotPace();
            pace.wrote();
        }
    }

    @Override
    public T deserialize(DataInputView source) throws IOException {
        return layout.read(source, readVersion);
    }

    @Override
    public T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LayoutSerializer<?> that
                && layout.getClass() == that.layout.getClass()
                && immutable == that.immutable;
    }

    @Override
    public int hashCode() {
        return layout.getClass().hashCode();
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
        return new Snapshot<>(layout, immutable, layout.version());
    }

    /**
     * Names the layout and the version that wrote.
     *
     * @param <T> the type
     */
    public static final class Snapshot<T> implements TypeSerializerSnapshot<T> {
        private @Nullable Layout<T> layout;
        private boolean immutable;
        private int version;

        /** For Flink, which fills it by {@link #readSnapshot}. */
        public Snapshot() {}

        Snapshot(Layout<T> layout, boolean immutable, int version) {
            this.layout = layout;
            this.immutable = immutable;
            this.version = version;
        }

        private Layout<T> layout() {
            if (layout == null) {
                throw new IllegalStateException("a snapshot is read before it is used");
            }
            return layout;
        }

        @Override
        public int getCurrentVersion() {
            return 1;
        }

        @Override
        public void writeSnapshot(DataOutputView out) throws IOException {
            out.writeUTF(layout().getClass().getName());
            out.writeBoolean(immutable);
            out.writeInt(version);
        }

        @Override
        @SuppressWarnings("unchecked")
        public void readSnapshot(int readVersion, DataInputView in, ClassLoader loader) throws IOException {
            String name = in.readUTF();
            immutable = in.readBoolean();
            version = in.readInt();
            try {
                layout = (Layout<T>) InstantiationUtil.instantiate(Class.forName(name, true, loader));
            } catch (ClassNotFoundException e) {
                throw new IOException(
                        "the state was written by layout " + name + ", which this build does not have", e);
            }
        }

        @Override
        public TypeSerializer<T> restoreSerializer() {
            return new LayoutSerializer<>(layout(), immutable, version);
        }

        @Override
        public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> old) {
            if (!(old instanceof Snapshot<T> that) || that.layout().getClass() != layout().getClass()) {
                return TypeSerializerSchemaCompatibility.incompatible();
            }
            if (that.version > version) {
                return TypeSerializerSchemaCompatibility.incompatible();
            }
            return that.version == version
                    ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                    : TypeSerializerSchemaCompatibility.compatibleAfterMigration();
        }
    }
}
