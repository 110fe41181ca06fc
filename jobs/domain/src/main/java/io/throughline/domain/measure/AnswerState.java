package io.throughline.domain.measure;

import io.throughline.domain.sessionize.AnswerPlace;
import io.throughline.domain.touchpoint.Attribution;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One answer that names the touchpoint it is about, by sequence of its attributions, as long as they can be corrected. */
public final class AnswerState {

    /**
     * One attribution of the answer.
     *
     * @param answeredAt event time of the answer
     * @param net how often it was given less how often it was undone
     * @param given what was given, sign +1; null where net is 0
     * @param about null: not known
     */
    public record Entry(long answeredAt, int net, @Nullable Attribution given, AnswerPlace.@Nullable About about) {
        boolean isEmpty() {
            return net == 0 && about == null;
        }
    }

    private final TreeMap<Long, Entry> entries = new TreeMap<>();

    public TreeMap<Long, Entry> entries() {
        return entries;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AnswerState that && that.entries.equals(entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }
}
