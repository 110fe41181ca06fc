package io.throughline.elasticsearch;

import java.util.Arrays;

/**
 * A whole document to be put in place of any older one of the same index and id, or the word that there is none any more.
 * Must not be changed after it was made.
 *
 * @param index concrete index; like the id made from immutable facts only, or a correction would leave a second copy
 * @param id at most 512 bytes in UTF-8
 * @param version not negative; grows with every correction, in state and never by the clock
 * @param json the document on one line; empty: any older one is deleted, and does not come back
 */
public record IndexAction(String index, String id, long version, byte[] json) {

    public IndexAction {
        if (version < 0) {
            throw new IllegalArgumentException(
                    index + "/" + id + ": a document's version must not be negative, but is " + version);
        }
    }

    /** Deletes any older document of the index and id. */
    public static IndexAction delete(String index, String id, long version) {
        return new IndexAction(index, id, version, new byte[0]);
    }

    boolean deletes() {
        return json.length == 0;
    }

    /** What the action takes on the wire, near enough, bytes. */
    int size() {
        return json.length + index.length() + id.length() + 90;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IndexAction that
                && index.equals(that.index)
                && id.equals(that.id)
                && version == that.version
                && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * index.hashCode() + id.hashCode()) + Long.hashCode(version);
    }

    @Override
    public String toString() {
        return index + "/" + id + "@" + version + (deletes() ? " (deleted)" : " (" + json.length + " bytes)");
    }
}
