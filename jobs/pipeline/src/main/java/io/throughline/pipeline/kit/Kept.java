package io.throughline.pipeline.kit;

import io.throughline.domain.stage.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one key remembers, and when it wishes to be woken: open while it has turns, packed to bytes while it has none,
 * which is most of the time.
 *
 * @param <S> state of one key
 */
public final class Kept<S> implements Resting {

    /** Added to the version of the layout where only a head follows, see {@link PartedLayout}. */
    private static final int HEAD = 0x80;

    /** An {@link Open}, or bytes: the version of the layout, then what it wrote, with compact texts. */
    private volatile Object content;

    /** The parts that are written apart from it; none: it is whole. */
    private Set<Long> parts = Set.of();

    /** Perhaps set by the thread that writes a snapshot. */
    private volatile int packedSize;

    /** Event time at which the rule wishes to be woken, {@link Step#NEVER} for none. */
    private long wakeAt = Step.NEVER;

    /** Event time of the one timer, at the latest {@link #wakeAt}; {@link Step#NEVER} for none. */
    private long armedAt = Step.NEVER;

    private record Open<S>(S state, Layout<S> layout) {}

    public Kept(S state, Layout<S> layout) {
        this.content = new Open<>(state, layout);
    }

    Kept(byte[] packed, long wakeAt, long armedAt) {
        this.content = packed;
        this.packedSize = packed.length;
        this.wakeAt = wakeAt;
        this.armedAt = armedAt;
    }

    /** Unpacks it where need be. */
    public S open(Layout<S> layout) {
        S open = opened();
        return open != null ? open : unpack(layout, layout, 0);
    }

    /** The same of one that {@link #isHead}, still without its parts. */
    S openHead(PartedLayout<S> layout) {
        return unpack(layout.head(), layout, HEAD);
    }

    /** What it remembers, if it is open. */
    @SuppressWarnings("unchecked")
    @Nullable
    S opened() {
        return content instanceof Open<?> open ? (S) open.state : null;
    }

    /** Whether it is packed and has parts elsewhere. */
    boolean isHead() {
        return content instanceof byte[] bytes && (bytes[0] & HEAD) != 0;
    }

    /** Names of the parts that are written apart from it. */
    Set<Long> parts() {
        return parts;
    }

    /** @param names none where it is whole */
    void inParts(Set<Long> names) {
        parts = names;
    }

    /** @param bytes what its parts take, read back from where they are */
    void countParts(int bytes) {
        packedSize += bytes;
    }

    private S unpack(Layout<S> written, Layout<S> layout, int form) {
        byte[] bytes = (byte[]) content;
        int version = (bytes[0] & 0xff) - form;
        if (version > layout.version()) {
            throw new IllegalStateException("state was written by version " + version
                    + " of its layout, this build knows " + layout.version() + ": start the newer build again");
        }
        S state;
        try {
            state = LayoutBytes.unpack(bytes, written, version);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "state of " + bytes.length + " bytes cannot be read by "
                            + layout.getClass().getSimpleName() + ": it is damaged; restore an older checkpoint",
                    e);
        }
        content = new Open<>(state, layout);
        return state;
    }

    /** Remembers this from now on. */
    public void set(S state, Layout<S> layout) {
        if (!(content instanceof Open<?> open) || open.state != state) {
            content = new Open<>(state, layout);
        }
    }

    /** To make room; a snapshot that is being written may pack the same meanwhile. */
    @Override
    public synchronized void close() {
        if (content instanceof Open<?> open) {
            content = pack(open);
        }
    }

    @Override
    public int packedSize() {
        return packedSize;
    }

    /** Another, which takes what is open; this one, which only a snapshot that is being written still needs, keeps bytes. */
    synchronized Kept<S> copy() {
        Object now = content;
        byte[] packed = bytes();
        content = packed;
        Kept<S> copy = new Kept<>(packed, wakeAt, armedAt);
        copy.content = now;
        copy.parts = parts;
        copy.packedSize = packedSize;
        return copy;
    }

    /** What it is packed, whether it is packed now or not. */
    synchronized byte[] bytes() {
        Object now = content;
        return now instanceof byte[] packed ? packed : pack((Open<?>) now);
    }

    private <S> byte[] pack(Open<S> open) {
        if (!parts.isEmpty() && open.layout instanceof PartedLayout<S> parted) {
            byte[] head = LayoutBytes.pack(parted.version() + HEAD, open.state, parted.head());
            packedSize = head.length + parted.partBytes(open.state);
            return head;
        }
        byte[] packed = LayoutBytes.pack(open.layout.version(), open.state, open.layout);
        packedSize = packed.length;
        return packed;
    }

    long wakeAt() {
        return wakeAt;
    }

    long armedAt() {
        return armedAt;
    }

    void wakeAt(long time) {
        wakeAt = time;
    }

    void armedAt(long time) {
        armedAt = time;
    }

    /** By bytes: two that are written alike are alike. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Kept<?> that
                && that.wakeAt == wakeAt
                && that.armedAt == armedAt
                && Arrays.equals(that.bytes(), bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes());
    }
}
