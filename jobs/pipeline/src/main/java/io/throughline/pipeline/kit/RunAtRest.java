package io.throughline.pipeline.kit;

import io.throughline.domain.stage.Origin;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was read one behind the other from a state at rest, where mostly one is added behind those that were there: the first
 * that are the same objects as then, none of which changes, are written again as the bytes they were. All that was read is
 * kept for it, also what has left since; once the first has changed or left, nothing can be repeated, and it is let go of.
 */
public final class RunAtRest implements Origin {
    /** The texts of so many are in no cache any more when they are written again. */
    private static final int LONG = 64;

    private @Nullable Read read;

    /**
     * @param positions where each begins; in the end, where the last one ends
     * @param texts how many texts were read before each
     */
    private record Read(TextInput in, List<?> all, int[] positions, int[] texts) {}

    /**
     * Of what is read next.
     *
     * @param all to be filled with it, and not changed afterwards
     * @throws IOException if so many cannot be in the bytes that are left
     */
    public RunAtRest(TextInput in, List<?> all, int size) throws IOException {
        if (size > in.left()) {
            throw new IOException(size + " of a run cannot be in " + in.left() + " bytes");
        }
        if (size >= LONG) {
            in.keepHashes();
        }
        this.read = new Read(in, all, new int[size + 1], new int[size + 1]);
        mark();
    }

    /** To be called whenever another was read and added. */
    public void mark() {
        if (read != null) {
            int count = read.all.size();
            read.positions[count] = read.in.position();
            read.texts[count] = read.in.texts();
        }
    }

    /** Writes of these the first that can be repeated, and says how many. */
    public static int repeat(@Nullable Origin origin, List<?> now, DataOutput out) {
        return origin instanceof RunAtRest before && out instanceof TextOutput atRest ? before.repeat(now, atRest) : 0;
    }

    private int repeat(List<?> now, TextOutput out) {
        Read before = read;
        if (before == null) {
            return 0;
        }
        int same = 0;
        int shorter = Math.min(now.size(), before.all.size());
        while (same < shorter && now.get(same) == before.all.get(same)) {
            same++;
        }
        out.repeat(before.in, before.positions[0], before.positions[same], before.texts[0], before.texts[same]);
        if (same == 0) {
            read = null;
        }
        return same;
    }

    public boolean isLetGo() {
        return read == null;
    }
}
