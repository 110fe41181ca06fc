package io.throughline.domain.measure;

import io.throughline.domain.measure.AnswerState.Entry;
import io.throughline.domain.sessionize.AnswerPlace;
import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets an answer that names the touchpoint it is about count where that was. Key: the answer's touchpoint_id. Says the attributions of
 * the answer with the channel and touchpoint written into it, the earlier ones taken back where they turn out to be others; with
 * nothing it is about where the touchpoint is not known, so that it counts where it was given. The order in which it hears does not matter.
 */
public final class AnswerRule implements KeyedRule<AnswerState, AnswerInput, PlacedAnswer>, Serializable {

    private static final long serialVersionUID = 1;

    private final long retentionMs;

    /** @param retentionMs how long after its event time an answer can be corrected */
    public AnswerRule(long retentionMs) {
        this.retentionMs = retentionMs;
    }

    @Override
    public Step<AnswerState, PlacedAnswer> on(@Nullable AnswerState before, AnswerInput input, long now) {
        AnswerState state = before != null ? before : new AnswerState();
        List<PlacedAnswer> out = new ArrayList<>();
        if (input instanceof AnswerInput.Given given) {
            given(state, given.attribution(), out);
        } else if (input instanceof AnswerInput.Placed placed) {
            placed(state, placed.place(), out);
        }
        return remember(state, out);
    }

    /** Forgets what can no longer be corrected; what was counted stays counted. */
    @Override
    public Step<AnswerState, PlacedAnswer> wake(@Nullable AnswerState state, long now) {
        if (state == null) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        state.entries().values().removeIf(entry -> forgottenAt(entry) <= now);
        return remember(state, List.of());
    }

    private static void given(AnswerState state, Attribution attribution, List<PlacedAnswer> out) {
        long answeredAt = attribution.touchpoint().eventTime();
        Entry known = state.entries().getOrDefault(attribution.sequence(), new Entry(answeredAt, 0, null, null));
        int net = known.net() + attribution.sign();
        // What this did not give, because it came later or an earlier release gave it, is taken back where it was
        // given.
        boolean here = known.net() > 0 || net > 0;
        out.add(placed(attribution, here ? known.about() : null, attribution.sign()));
        put(state, attribution.sequence(), new Entry(answeredAt, net, net == 0 ? null : attribution, known.about()));
    }

    private static void placed(AnswerState state, AnswerPlace place, List<PlacedAnswer> out) {
        Entry known = state.entries().getOrDefault(place.sequence(), new Entry(place.answeredAt(), 0, null, null));
        AnswerPlace.About before = known.about();
        boolean settled = place.about() == null && before != null && before.eventTime() < place.heldFrom();
        if (settled) {
            return;
        }
        Attribution given = known.given();
        if (given != null && !Objects.equals(before, place.about())) {
            for (int i = 0; i < known.net(); i++) {
                out.add(placed(given, before, -1));
                out.add(placed(given, place.about(), 1));
            }
        }
        put(state, place.sequence(), new Entry(known.answeredAt(), known.net(), given, place.about()));
    }

    private static void put(AnswerState state, long sequence, Entry entry) {
        if (entry.isEmpty()) {
            state.entries().remove(sequence);
        } else {
            state.entries().put(sequence, entry);
        }
    }

    private static PlacedAnswer placed(Attribution given, AnswerPlace.@Nullable About about, int sign) {
        return new PlacedAnswer(
                new Attribution(given.customerId(), written(given, about), sign, given.sequence()), about);
    }

    /** What the sender says it is about stands, the rest is what is known of the touchpoint. */
    private static Touchpoint written(Attribution given, AnswerPlace.@Nullable About about) {
        Touchpoint touchpoint = given.touchpoint();
        Survey survey = touchpoint.survey();
        Survey.About said = survey == null ? null : survey.about();
        if (survey == null || said == null) {
            return touchpoint;
        }
        String named = said.touchpoint();
        Survey.About written = about == null
                ? named == null ? null : new Survey.About(null, null, named, said.caseId())
                : new Survey.About(
                        said.touchpointId(),
                        about.channel(),
                        named == null ? about.touchpoint() : named,
                        said.caseId());
        return touchpoint.toBuilder().survey(survey.about(written)).build();
    }

    private Step<AnswerState, PlacedAnswer> remember(AnswerState state, List<PlacedAnswer> out) {
        long wake = Step.NEVER;
        for (Entry entry : state.entries().values()) {
            wake = Math.min(wake, forgottenAt(entry));
        }
        return Step.of(state.entries().isEmpty() ? null : state, out, wake);
    }

    private long forgottenAt(Entry entry) {
        return entry.answeredAt() + retentionMs + 1;
    }
}
