package io.throughline.pipeline.kit;

import java.io.DataOutput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one state at rest. Its texts are written as {@link CompactOutput} writes them, and one that was written before as
 * its place among those.
 */
public final class TextOutput implements DataOutput {
    /** As long as naming it. */
    static final int SHORTEST_REPEATED = 2;

    /** A power of two. */
    static final int MOST_IDLE = 1 << 6;

    /**
     * Room that was made for one state serves the next: nearly each turn packs one, and most of what packing allocated was
     * room. Each thread finds its own again, mostly; one that finds none makes another.
     */
    private static final AtomicReferenceArray<TextOutput> IDLE = new AtomicReferenceArray<>(MOST_IDLE);

    /** What a larger state took is let go. */
    private static final int MOST_IDLE_BYTES = 1 << 16;

    private static final int FEWEST_PLACES = 1 << 7;

    /** More take longer to clear than to make anew, the fewest that is. */
    private static final int MOST_IDLE_PLACES = 1 << 10;

    /** How many of a long text are looked at to find it. */
    private static final int LETTERS = 12;

    /** More texts in a row that are not the one looked for do not come about by chance. */
    private static final int MOST_PASSED = 32;

    private final CompactOutput bytes = new CompactOutput();

    /** What was written, in order; made anew for each state, since what is kept long should not refer to what is young. */
    private String[] texts = {};

    /** Of each of them, so that one that is not looked for need not be looked at: it is mostly in no cache. */
    private int[] hashes = new int[FEWEST_PLACES / 2];

    private int count;

    /** By hash, the place of a text among {@link #texts} plus one, in the first free place from its own on; 0: free. */
    private int[] places = new int[FEWEST_PLACES];

    /** Whether {@link #hash} takes all letters of every text, since many of this state agree in those it takes otherwise. */
    private boolean allLetters;

    private TextOutput() {}

    /** One to write a state to, nobody else's until {@link #finish}. */
    static TextOutput begin() {
        TextOutput idle = IDLE.getAndSet(slot(), null);
        return idle == null ? new TextOutput() : idle;
    }

    /** What was written; it is not to be used any more. */
    byte[] finish() {
        byte[] written = bytes.toBytes();
        if (bytes.room() <= MOST_IDLE_BYTES) {
            bytes.clear();
            if (count > 0) {
                if (places.length > MOST_IDLE_PLACES) {
                    places = new int[FEWEST_PLACES];
                    hashes = new int[FEWEST_PLACES / 2];
                } else {
                    Arrays.fill(places, 0);
                }
                count = 0;
                texts = new String[0];
                allLetters = false;
            }
            IDLE.set(slot(), this);
        }
        return written;
    }

    private static int slot() {
        return (int) Thread.currentThread().getId() & IDLE.length() - 1;
    }

    public void text(String text) {
        int word = text.length() > Words.LONGEST ? -1 : Words.numberOf(text);
        if (word >= 0) {
            bytes.octet(word);
            return;
        }
        int free = find(text, hash(text));
        if (free < 0) {
            bytes.octet(CompactOutput.REPEATED);
            bytes.count(-free - 1);
            return;
        }
        int before = bytes.size();
        bytes.form(text);
        if (bytes.size() - before > SHORTEST_REPEATED) {
            add(text, hash(text), free);
        }
    }

    /** Texts so far that may be repeated. */
    public int texts() {
        return count;
    }

    /**
     * Writes what was read from here to there, as it was; only where as many {@link #texts} were written as had been read, the
     * same ones.
     *
     * @param fromPosition see {@link TextInput#position}
     * @param fromText see {@link TextInput#texts}
     */
    public void repeat(TextInput read, int fromPosition, int toPosition, int fromText, int toText) {
        if (fromText != count) {
            throw new IllegalStateException(
                    count + " texts were written where " + fromText + " were read: others would be named");
        }
        read.repeat(fromPosition, toPosition, fromText, toText, this);
    }

    /**
     * Those that were written among bytes that were repeated.
     *
     * @param from all that were read, in order
     * @param theirs the {@link #hashOfEnds} of each; null: not known
     */
    void repeated(String[] from, int @Nullable [] theirs, int fromText, int toText) {
        int all = count + toText - fromText;
        if (all > texts.length) {
            texts = Arrays.copyOf(texts, Math.max(32, all + all / 4));
        }
        if (2 * all > places.length) {
            placeAgain(Integer.highestOneBit(2 * all) << 1);
        }
        for (int i = fromText; i < toText; i++) {
            int hash = theirs == null || allLetters ? hash(from[i]) : theirs[i];
            int free = find(from[i], hash);
            hash = allLetters ? hash(from[i]) : hash;
            if (free >= 0) {
                add(from[i], hash, free);
            } else {
                // Two that differed when they were written and do not any more: half a surrogate pair is read as a
                // question mark.
                append(from[i], hash);
            }
        }
    }

    /** Of a text that was written before the place among them, minus that minus one; of another where it would stand. */
    private int find(String text, int hash) {
        int mask = places.length - 1;
        int at = hash & mask;
        int passed = 0;
        for (int place = places[at]; place != 0; place = places[at]) {
            if (hashes[place - 1] == hash && texts[place - 1].equals(text)) {
                return -place;
            }
            at = at + 1 & mask;
            if (++passed > MOST_PASSED && !allLetters) {
                allLetters = true;
                for (int i = 0; i < count; i++) {
                    hashes[i] = hash(texts[i]);
                }
                placeAgain(places.length);
                return find(text, hash(text));
            }
        }
        return at;
    }

    private int hash(String text) {
        return allLetters ? spread(text.hashCode()) : hashOfEnds(text);
    }

    /** Ids, which are the long ones, differ in their first or last letters, and what was just read does not know its hash yet. */
    static int hashOfEnds(String text) {
        int length = text.length();
        if (length <= LETTERS) {
            return spread(text.hashCode());
        }
        int hash = text.charAt(0);
        for (int i = length - LETTERS; i < length; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return spread(hash);
    }

    private static int spread(int hash) {
        return hash ^ hash >>> 16;
    }

    private void append(String text, int hash) {
        if (count == texts.length) {
            texts = Arrays.copyOf(texts, Math.max(32, 2 * count));
        }
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        hashes[count] = hash;
        texts[count++] = text;
    }

    private void add(String text, int hash, int free) {
        append(text, hash);
        places[free] = count;
        if (2 * count > places.length) {
            placeAgain(2 * places.length);
        }
    }

    private void placeAgain(int room) {
        places = new int[room];
        for (int i = 0; i < count; i++) {
            int place = find(texts[i], hashes[i]);
            if (place >= 0) {
                places[place] = i + 1;
            }
        }
    }

    /** As {@code Packed} writes sizes. */
    public void size(int size) {
        bytes.count(size & 0xffff_ffffL);
    }

    /** As {@code Packed} writes numbers. */
    public void number(long number) {
        bytes.number(number);
    }

    @Override
    public void write(int value) {
        bytes.octet(value);
    }

    @Override
    public void write(byte[] from) {
        bytes.raw(from, 0, from.length);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        bytes.raw(from, offset, length);
    }

    @Override
    public void writeBoolean(boolean value) {
        bytes.octet(value ? 1 : 0);
    }

    @Override
    public void writeByte(int value) {
        bytes.octet(value);
    }

    @Override
    public void writeShort(int value) {
        bytes.octet(value >>> 8);
        bytes.octet(value);
    }

    @Override
    public void writeChar(int value) {
        writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        bytes.mark(value);
    }

    @Override
    public void writeLong(long value) {
        bytes.fixed(value);
    }

    @Override
    public void writeFloat(float value) {
        bytes.mark(Float.floatToIntBits(value));
    }

    @Override
    public void writeDouble(double value) {
        bytes.fixed(Double.doubleToLongBits(value));
    }

    @Override
    public void writeBytes(String text) {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void writeChars(String text) {
        write(text.getBytes(StandardCharsets.UTF_16BE));
    }

    /** A text is a text, however a layout calls it. */
    @Override
    public void writeUTF(String text) {
        text(text);
    }
}
