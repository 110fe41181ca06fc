package io.throughline.pipeline.wire;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.kit.TextInput;
import io.throughline.pipeline.kit.TextOutput;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The few shapes all layouts are made of. Sizes and small numbers take seven bits a byte, lowest first, the high bit
 * saying that more follow; text is its size in bytes and UTF-8; equal values always have equal bytes.
 */
public final class Packed {

    /**
     * A process reads the same few words again and again, and every id once per operator it passes. Kept as one object
     * they take a third of the memory that state took with a copy each. A text has one slot, its newest user gets it;
     * threads may overwrite each other's, since texts never change.
     */
    private static final String[] RECENT = new String[1 << 16];

    /** The same for identifiers; whoever asked for an identifier's hash has asked for all. */
    private static final Identifier[] RECENT_IDENTIFIERS = new Identifier[1 << 16];

    private static final int LONGEST_RECENT = 64;

    private static final String[] NO_TEXTS = {};

    /** A number from 0 to 2^31 - 1, in one to five bytes. */
    public static void writeSize(int size, DataOutput out) throws IOException {
        if (out instanceof TextOutput atRest) {
            atRest.size(size);
            return;
        }
        int rest = size;
        while ((rest & ~0x7f) != 0) {
            out.writeByte((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    public static int readSize(DataInput in) throws IOException {
        if (in instanceof TextInput atRest) {
            return atRest.size();
        }
        int size = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = in.readByte();
            size |= (b & 0x7f) << shift;
            if (b >= 0) {
                return size;
            }
        }
        throw new IOException("a size takes at most five bytes");
    }

    /** Any 64-bit number, in one to ten bytes; short for numbers near zero, negative ones too. */
    public static void writeNumber(long number, DataOutput out) throws IOException {
        if (out instanceof TextOutput atRest) {
            atRest.number(number);
            return;
        }
        long rest = (number << 1) ^ (number >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    public static long readNumber(DataInput in) throws IOException {
        if (in instanceof TextInput atRest) {
            return atRest.number();
        }
        long number = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = in.readByte();
            number |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return (number >>> 1) ^ -(number & 1);
            }
        }
        throw new IOException("a number takes at most ten bytes");
    }

    /** Shorter where the output is of a state at rest, see {@link TextOutput}. */
    public static void writeText(String text, DataOutput out) throws IOException {
        if (out instanceof TextOutput atRest) {
            atRest.text(text);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writeSize(bytes.length, out);
        out.write(bytes);
    }

    public static String readText(DataInput in) throws IOException {
        if (in instanceof TextInput atRest) {
            return atRest.text();
        }
        int size = readSize(in);
        // A new array each time: one per thread is found among hundreds of other thread locals, which takes longer.
        byte[] bytes = new byte[size];
        in.readFully(bytes);
        if (size > LONGEST_RECENT) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        int hash = 0;
        int all = 0;
        for (int i = 0; i < size; i++) {
            hash = 31 * hash + bytes[i];
            all |= bytes[i];
        }
        if (all < 0) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        int slot = (hash ^ hash >>> 16) & RECENT.length - 1;
        String recent = RECENT[slot];
        if (recent != null && recent.hashCode() == hash && says(recent, bytes)) {
            return recent;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        RECENT[slot] = text;
        return text;
    }

    private static boolean says(String text, byte[] bytes) {
        if (text.length() != bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (text.charAt(i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Type, then value. */
    public static Identifier readIdentifier(DataInput in) throws IOException {
        if (in instanceof TextInput atRest) {
            return atRest.identifier();
        }
        String type = readText(in);
        String value = readText(in);
        int hash = value.hashCode();
        int slot = (hash ^ hash >>> 16) & RECENT_IDENTIFIERS.length - 1;
        Identifier recent = RECENT_IDENTIFIERS[slot];
        if (recent != null && recent.value().equals(value) && recent.type().equals(type)) {
            return recent;
        }
        Identifier read = new Identifier(type, value);
        RECENT_IDENTIFIERS[slot] = read;
        return read;
    }

    /** By key. */
    public static void writeTexts(Map<String, String> texts, DataOutput out) throws IOException {
        writeSize(texts.size(), out);
        if (texts.isEmpty()) {
            return;
        }
        if (texts.size() == 1) {
            Map.Entry<String, String> only = texts.entrySet().iterator().next();
            writeText(only.getKey(), out);
            writeText(only.getValue(), out);
            return;
        }
        for (String key : keysInOrder(texts)) {
            writeText(key, out);
            writeText(Objects.requireNonNull(texts.get(key)), out);
        }
    }

    /** The keys of a map in the order they are written in. */
    public static String[] keysInOrder(Map<String, ?> map) {
        String[] keys = map.keySet().toArray(NO_TEXTS);
        if (keys.length > 1) {
            Arrays.sort(keys);
        }
        return keys;
    }

    public static Map<String, String> readTexts(DataInput in) throws IOException {
        int size = readSize(in);
        if (size < 2) {
            return size == 0 ? Map.of() : Map.of(readText(in), readText(in));
        }
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < size; i++) {
            texts.put(readText(in), readText(in));
        }
        return texts;
    }

    private Packed() {}
}
