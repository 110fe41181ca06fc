package io.throughline.pipeline.kit;

import io.throughline.domain.touchpoint.Identifier;
import java.io.DataInput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link TextOutput} wrote, all of it and in the same order. */
public final class TextInput implements DataInput {
    /**
     * Short texts that are no ids are the same for many customers: pages, topics, products. As one object they are kept in the
     * processor's cache and know their hash. A text has one slot, its newest user gets it; threads may overwrite each
     * other's, since texts never change.
     */
    private static final String[] RECENT = new String[1 << 10];

    private static final int LONGEST_RECENT = 24;

    private static final String[] NO_TEXTS = {};

    private static final int REMEMBERED_IDENTIFIERS = 8;

    private final byte[] bytes;
    private final CompactInput in;

    /** Those that may be repeated, in order. */
    private String[] texts = NO_TEXTS;

    /** Of each text read since {@link #keepHashes}; null: nobody asked for them. */
    private int @Nullable [] hashes;

    private int count;

    /** Those read last: the touchpoints of one customer bear the same few. */
    private final @Nullable Identifier[] identifiers = new Identifier[REMEMBERED_IDENTIFIERS];

    private int identified;

    TextInput(byte[] bytes, int offset) {
        this.bytes = bytes;
        this.in = new CompactInput(bytes, offset);
    }

    /** How far it was read: bytes. */
    public int position() {
        return in.position();
    }

    /** Bytes not read yet. */
    public int left() {
        return bytes.length - in.position();
    }

    /** So many bytes as they are, not read. */
    Enclosed enclosed(int size) throws IOException {
        if (size < 1 || size > left()) {
            throw new IOException("something of " + size + " bytes cannot be in " + left());
        }
        Enclosed enclosed = Enclosed.within(bytes, in.position(), size);
        in.skip(size);
        return enclosed;
    }

    /** How far it was read: texts that may be repeated. */
    public int texts() {
        return count;
    }

    /** @throws IllegalStateException where a newer build wrote a word that this one does not know */
    public String text() throws IOException {
        try {
            int form = in.peek();
            if (form < CompactOutput.REPEATED) {
                in.octet();
                return Words.word(form);
            }
            if (form == CompactOutput.REPEATED) {
                in.octet();
                int place = in.count();
                if (place >= count) {
                    throw new IOException("text " + place + " of " + count + " is repeated");
                }
                return texts[place];
            }
            int from = in.position();
            String text = form > CompactOutput.SHORT_TEXT && form <= CompactOutput.SHORT_TEXT + LONGEST_RECENT
                    ? shortText(form - CompactOutput.SHORT_TEXT)
                    : in.text();
            if (in.position() - from > TextOutput.SHORTEST_REPEATED) {
                if (count == texts.length) {
                    texts = Arrays.copyOf(texts, Math.max(8, 2 * count));
                }
                if (hashes != null) {
                    hashes = hashes.length == texts.length ? hashes : Arrays.copyOf(hashes, texts.length);
                    hashes[count] = TextOutput.hashOfEnds(text);
                }
                texts[count++] = text;
            }
            return text;
        } catch (IndexOutOfBoundsException e) {
            throw ended(e);
        }
    }

    /** Of what is read from now on, so that it can be repeated: now that it is looked at it is in the processor's caches. */
    void keepHashes() {
        if (hashes == null) {
            hashes = new int[texts.length];
        }
    }

    /** Has both read: the same bytes, and the texts that are named in what follows them. */
    void repeat(int fromPosition, int toPosition, int fromText, int toText, TextOutput out) {
        out.write(bytes, fromPosition, toPosition - fromPosition);
        out.repeated(texts, hashes, fromText, toText);
    }

    private String shortText(int length) {
        in.octet();
        int from = in.position();
        in.skip(length);
        int hash = 0;
        int all = 0;
        for (int i = from; i < from + length; i++) {
            hash = 31 * hash + bytes[i];
            all |= bytes[i];
        }
        if (all < 0) {
            return new String(bytes, from, length, StandardCharsets.UTF_8);
        }
        int slot = (hash ^ hash >>> 16) & RECENT.length - 1;
        String recent = RECENT[slot];
        if (recent != null && recent.length() == length && recent.hashCode() == hash && says(recent, from)) {
            return recent;
        }
        String text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        RECENT[slot] = text;
        return text;
    }

    private boolean says(String text, int from) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** Type, then value; mostly one that was read before. */
    public Identifier identifier() throws IOException {
        String type = text();
        String value = text();
        for (int i = 0; i < REMEMBERED_IDENTIFIERS; i++) {
            Identifier read = identifiers[i];
            if (read == null) {
                break;
            }
            if (read.value().equals(value) && read.type().equals(type)) {
                return read;
            }
        }
        Identifier identifier = new Identifier(type, value);
        identifiers[identified++ % REMEMBERED_IDENTIFIERS] = identifier;
        return identifier;
    }

    /** As {@code Packed} reads sizes. */
    public int size() throws IOException {
        try {
            return in.count();
        } catch (IndexOutOfBoundsException e) {
            throw ended(e);
        }
    }

    /** As {@code Packed} reads numbers. */
    public long number() throws IOException {
        try {
            return in.number();
        } catch (IndexOutOfBoundsException e) {
            throw ended(e);
        }
    }

    private EOFException ended(IndexOutOfBoundsException cause) {
        EOFException ended = new EOFException(
                "what a state of " + bytes.length + " bytes says goes beyond them: " + cause.getMessage());
        ended.initCause(cause);
        return ended;
    }

    @Override
    public byte readByte() throws IOException {
        try {
            return (byte) in.octet();
        } catch (IndexOutOfBoundsException e) {
            throw ended(e);
        }
    }

    @Override
    public int readUnsignedByte() throws IOException {
        return readByte() & 0xff;
    }

    @Override
    public boolean readBoolean() throws IOException {
        return readByte() != 0;
    }

    @Override
    public short readShort() throws IOException {
        return (short) readUnsignedShort();
    }

    @Override
    public int readUnsignedShort() throws IOException {
        return readUnsignedByte() << 8 | readUnsignedByte();
    }

    @Override
    public char readChar() throws IOException {
        return (char) readUnsignedShort();
    }

    @Override
    public int readInt() throws IOException {
        try {
            return in.mark();
        } catch (IndexOutOfBoundsException e) {
            throw ended(e);
        }
    }

    @Override
    public long readLong() throws IOException {
        try {
            return in.fixed();
        } catch (IndexOutOfBoundsException e) {
            throw ended(e);
        }
    }

    @Override
    public float readFloat() throws IOException {
        return Float.intBitsToFloat(readInt());
    }

    @Override
    public double readDouble() throws IOException {
        return Double.longBitsToDouble(readLong());
    }

    @Override
    public void readFully(byte[] to) throws IOException {
        readFully(to, 0, to.length);
    }

    @Override
    public void readFully(byte[] to, int offset, int length) throws IOException {
        try {
            System.arraycopy(bytes, in.position(), to, offset, length);
        } catch (IndexOutOfBoundsException e) {
            throw ended(e);
        }
        in.skip(length);
    }

    @Override
    public int skipBytes(int most) {
        int skipped = Math.max(0, Math.min(most, bytes.length - in.position()));
        in.skip(skipped);
        return skipped;
    }

    @Override
    public String readLine() {
        throw new UnsupportedOperationException("a state at rest has no lines");
    }

    @Override
    public String readUTF() throws IOException {
        return text();
    }
}
