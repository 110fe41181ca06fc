package io.throughline.kafka;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Fixed order of fields, lengths as 4 bytes with -1 for an absent array. Records travel between operators only and are
 * never kept in state longer than a checkpoint in flight, so the form has no version of its own.
 */
public final class KafkaRecordSerializer extends TypeSerializerSingleton<KafkaRecord> {

    public static final KafkaRecordSerializer INSTANCE = new KafkaRecordSerializer();

    private static final long serialVersionUID = 1;
    private static final int ABSENT = -1;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public KafkaRecord createInstance() {
        return new KafkaRecord("", 0, 0, 0, null, null, null);
    }

    @Override
    public KafkaRecord copy(KafkaRecord from) {
        return from;
    }

    @Override
    public KafkaRecord copy(KafkaRecord from, KafkaRecord reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(KafkaRecord record, DataOutputView target) throws IOException {
        target.writeUTF(record.topic());
        target.writeInt(record.partition());
        target.writeLong(record.offset());
        target.writeLong(record.timestamp());
        writeBytes(record.key(), target);
        writeBytes(record.value(), target);
        writeBytes(record.schemaHeader(), target);
        target.writeBoolean(record.redriven());
    }

    @Override
    public KafkaRecord deserialize(DataInputView source) throws IOException {
        return new KafkaRecord(
                source.readUTF(),
                source.readInt(),
                source.readLong(),
                source.readLong(),
                readBytes(source),
                readBytes(source),
                readBytes(source),
                source.readBoolean());
    }

    @Override
    public KafkaRecord deserialize(KafkaRecord reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    private static void writeBytes(byte @Nullable [] bytes, DataOutputView target) throws IOException {
        if (bytes == null) {
            target.writeInt(ABSENT);
        } else {
            target.writeInt(bytes.length);
            target.write(bytes);
        }
    }

    private static byte @Nullable [] readBytes(DataInputView source) throws IOException {
        int length = source.readInt();
        if (length == ABSENT) {
            return null;
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        return bytes;
    }

    @Override
    public TypeSerializerSnapshot<KafkaRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Written into savepoints; its name must not change. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<KafkaRecord> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
