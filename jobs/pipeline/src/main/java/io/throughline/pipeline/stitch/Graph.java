package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Assignment;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Fact;
import io.throughline.domain.stitch.Note;
import io.throughline.domain.stitch.Standing;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.wire.DecisionLayout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts that node states and messages are written from. */
final class Graph {

    private static final Assignment.Kind[] KINDS = Assignment.Kind.values();
    private static final Standing.Kind[] STANDINGS = Standing.Kind.values();

    interface Writer<T> {
        void write(T value, DataOutput out) throws IOException;
    }

    interface Reader<T> {
        T read(DataInput in) throws IOException;
    }

    static <T> void writeAll(Collection<T> values, Writer<? super T> writer, DataOutput out) throws IOException {
        Packed.writeSize(values.size(), out);
        for (T value : values) {
            writer.write(value, out);
        }
    }

    static <T> List<T> readAll(Reader<T> reader, DataInput in) throws IOException {
        int size = Packed.readSize(in);
        if (size == 0) {
            return List.of();
        }
        List<T> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(reader.read(in));
        }
        return values;
    }

    static <K, V> void writeMap(Map<K, V> map, Writer<K> keys, Writer<V> values, DataOutput out) throws IOException {
        Packed.writeSize(map.size(), out);
        for (Map.Entry<K, V> entry : map.entrySet()) {
            keys.write(entry.getKey(), out);
            values.write(entry.getValue(), out);
        }
    }

    static <K, V> Map<K, V> readMap(Reader<K> keys, Reader<V> values, DataInput in) throws IOException {
        int size = Packed.readSize(in);
        if (size == 0) {
            return Map.of();
        }
        Map<K, V> map = new HashMap<>(size + size / 2);
        for (int i = 0; i < size; i++) {
            K key = keys.read(in);
            map.put(key, values.read(in));
        }
        return map;
    }

    static <T> void writeNullable(@Nullable T value, Writer<T> writer, DataOutput out) throws IOException {
        out.writeBoolean(value != null);
        if (value != null) {
            writer.write(value, out);
        }
    }

    static <T> @Nullable T readNullable(Reader<T> reader, DataInput in) throws IOException {
        return in.readBoolean() ? reader.read(in) : null;
    }

    static void writeHash(Hash128 hash, DataOutput out) throws IOException {
        HashLayout.INSTANCE.write(hash, out);
    }

    static Hash128 readHash(DataInput in) throws IOException {
        return HashLayout.INSTANCE.read(in, 1);
    }

    static void writeIdentifier(Identifier identifier, DataOutput out) throws IOException {
        if (out instanceof MessageOutput message) {
            message.identifier(identifier);
            return;
        }
        Packed.writeText(identifier.type(), out);
        Packed.writeText(identifier.value(), out);
    }

    static Identifier readIdentifier(DataInput in) throws IOException {
        return in instanceof MessageInput message ? message.identifier() : Packed.readIdentifier(in);
    }

    /** Mostly the stronger of the two announces a fact; then it is written once. */
    static void writeKey(Fact.Key key, DataOutput out) throws IOException {
        boolean announcedByLeft = key.home().equals(key.left());
        out.writeBoolean(announcedByLeft);
        writeIdentifier(key.left(), out);
        writeIdentifier(key.right(), out);
        if (!announcedByLeft) {
            writeIdentifier(key.home(), out);
        }
    }

    static Fact.Key readKey(DataInput in) throws IOException {
        boolean announcedByLeft = in.readBoolean();
        Identifier left = readIdentifier(in);
        Identifier right = readIdentifier(in);
        return new Fact.Key(left, right, announcedByLeft ? left : readIdentifier(in));
    }

    static void writeSupport(Fact.Support support, DataOutput out) throws IOException {
        Packed.writeNumber(support.eventTime(), out);
        Packed.writeText(support.touchpointId(), out);
        writeHash(support.content(), out);
    }

    static Fact.Support readSupport(DataInput in) throws IOException {
        return new Fact.Support(Packed.readNumber(in), Packed.readText(in), readHash(in));
    }

    static void writeFact(Fact fact, DataOutput out) throws IOException {
        writeKey(fact.key(), out);
        writeSupport(fact.support(), out);
    }

    static Fact readFact(DataInput in) throws IOException {
        return new Fact(readKey(in), readSupport(in));
    }

    static void writeWithdrawn(Fact.Withdrawn withdrawn, DataOutput out) throws IOException {
        writeKey(withdrawn.key(), out);
        writeSupport(withdrawn.support(), out);
    }

    static Fact.Withdrawn readWithdrawn(DataInput in) throws IOException {
        return new Fact.Withdrawn(readKey(in), readSupport(in));
    }

    static void writeAssignment(Assignment assignment, DataOutput out) throws IOException {
        out.writeByte(assignment.kind().ordinal());
        Packed.writeText(assignment.customerId(), out);
        writeNullable(assignment.keeper(), Graph::writeIdentifier, out);
    }

    static Assignment readAssignment(DataInput in) throws IOException {
        Assignment.Kind kind = readKind(in);
        return new Assignment(kind, Packed.readText(in), readNullable(Graph::readIdentifier, in));
    }

    static Assignment.Kind readKind(DataInput in) throws IOException {
        return KINDS[in.readByte()];
    }

    static void writeStanding(Standing standing, DataOutput out) throws IOException {
        out.writeByte(standing.kind().ordinal());
        Packed.writeNumber(standing.version(), out);
    }

    static Standing readStanding(DataInput in) throws IOException {
        Standing.Kind kind = STANDINGS[in.readByte()];
        long version = Packed.readNumber(in);
        return kind == Standing.Kind.USABLE && version == 0 ? Standing.INITIAL : new Standing(kind, version);
    }

    static void writeNoteKey(Note.Key key, DataOutput out) throws IOException {
        writeIdentifier(key.holder(), out);
        writeIdentifier(key.about(), out);
    }

    static Note.Key readNoteKey(DataInput in) throws IOException {
        return new Note.Key(readIdentifier(in), readIdentifier(in));
    }

    static void writeNote(Note note, DataOutput out) throws IOException {
        Packed.writeText(note.text(), out);
        Packed.writeText(note.customerId(), out);
        Packed.writeNumber(note.firstSeen(), out);
        Packed.writeNumber(note.lastSeen(), out);
        Packed.writeNumber(note.version(), out);
    }

    static Note readNote(DataInput in) throws IOException {
        return new Note(
                Packed.readText(in),
                Packed.readText(in),
                Packed.readNumber(in),
                Packed.readNumber(in),
                Packed.readNumber(in));
    }

    static void writeDecision(Decision decision, DataOutput out) throws IOException {
        DecisionLayout.INSTANCE.write(decision, out);
    }

    static Decision readDecision(DataInput in) throws IOException {
        return DecisionLayout.INSTANCE.read(in, 1);
    }

    private Graph() {}
}
