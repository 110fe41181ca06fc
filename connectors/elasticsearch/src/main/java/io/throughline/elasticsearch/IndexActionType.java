package io.throughline.elasticsearch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** How Flink carries {@link IndexAction}s between operators; they are never kept in state. */
public final class IndexActionType extends TypeInformation<IndexAction> {

    public static final IndexActionType INSTANCE = new IndexActionType();

    private static final long serialVersionUID = 1L;

    private IndexActionType() {}

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
    public Class<IndexAction> getTypeClass() {
        return IndexAction.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<IndexAction> createSerializer(SerializerConfig config) {
        return Serializer.INSTANCE;
    }

    @Override
    public String toString() {
        return "IndexAction";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IndexActionType;
    }

    @Override
    public int hashCode() {
        return IndexActionType.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof IndexActionType;
    }

    /** Index and id in UTF-8, version, document; lengths before each. */
    public static final class Serializer extends TypeSerializerSingleton<IndexAction> {

        static final Serializer INSTANCE = new Serializer();

        private static final long serialVersionUID = 1L;

        @Override
        public boolean isImmutableType() {
            return true;
        }

        @Override
        public IndexAction createInstance() {
            return new IndexAction("", "", 0, new byte[0]);
        }

        @Override
        public IndexAction copy(IndexAction from) {
            return from;
        }

        @Override
        public IndexAction copy(IndexAction from, IndexAction reuse) {
            return from;
        }

        @Override
        public int getLength() {
            return -1;
        }

        @Override
        public void serialize(IndexAction action, DataOutputView target) throws IOException {
            write(action.index().getBytes(StandardCharsets.UTF_8), target);
            write(action.id().getBytes(StandardCharsets.UTF_8), target);
            target.writeLong(action.version());
            write(action.json(), target);
        }

        @Override
        public IndexAction deserialize(DataInputView source) throws IOException {
            String index = new String(read(source), StandardCharsets.UTF_8);
            String id = new String(read(source), StandardCharsets.UTF_8);
            return new IndexAction(index, id, source.readLong(), read(source));
        }

        @Override
        public IndexAction deserialize(IndexAction reuse, DataInputView source) throws IOException {
            return deserialize(source);
        }

        @Override
        public void copy(DataInputView source, DataOutputView target) throws IOException {
            serialize(deserialize(source), target);
        }

        @Override
        public TypeSerializerSnapshot<IndexAction> snapshotConfiguration() {
            return new Snapshot();
        }

        private static void write(byte[] bytes, DataOutputView target) throws IOException {
            target.writeInt(bytes.length);
            target.write(bytes);
        }

        private static byte[] read(DataInputView source) throws IOException {
            byte[] bytes = new byte[source.readInt()];
            source.readFully(bytes);
            return bytes;
        }

        /** Needs no more than the serializer's class. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<IndexAction> {
            public Snapshot() {
                super(() -> INSTANCE);
            }
        }
    }
}
