package io.throughline.pipeline.kit;

/** A value of keyed state that takes less memory between two turns of its key than during one. */
public interface Resting {

    /**
     * Packs it where that is worth the while; it may be opened again. A snapshot may be written by another thread while
     * this is done: before and after, it is written as the same bytes.
     */
    void close();

    /** Bytes it takes packed: those it was last packed to or unpacked from, 0 where neither has happened. */
    int packedSize();
}
