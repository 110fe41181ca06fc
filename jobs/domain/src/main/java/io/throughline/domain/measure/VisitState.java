package io.throughline.domain.measure;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sessions of one customer and its answers to surveys, as long as either can still be corrected. */
public final class VisitState {
    private final TreeMap<String, Visit> visits = new TreeMap<>();
    /** Answer to how often it was given less how often it was undone; never 0. */
    private final Map<VisitInput.Answer, Integer> answers = new TreeMap<>(VisitState::compare);

    public TreeMap<String, Visit> visits() {
        return visits;
    }

    public Map<VisitInput.Answer, Integer> answers() {
        return answers;
    }

    boolean isEmpty() {
        return visits.isEmpty() && answers.isEmpty();
    }

    private static int compare(VisitInput.Answer one, VisitInput.Answer other) {
        int order = one.touchpointId().compareTo(other.touchpointId());
        order = order != 0 ? order : Long.compare(one.time(), other.time());
        order = order != 0 ? order : Integer.compare(one.survey(), other.survey());
        order = order != 0 ? order : Long.compare(one.thousandths(), other.thousandths());
        order = order != 0 ? order : word(one.channel()).compareTo(word(other.channel()));
        return order != 0 ? order : Long.compare(moment(one.aboutTime()), moment(other.aboutTime()));
    }

    private static long moment(@Nullable Long time) {
        return time == null ? Long.MIN_VALUE : time;
    }

    private static String word(@Nullable String channel) {
        return channel == null ? "" : channel;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VisitState that && that.visits.equals(visits) && that.answers.equals(answers);
    }

    @Override
    public int hashCode() {
        return Objects.hash(visits, answers);
    }
}
