package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.CustomerState.Memory.Fact;
import io.throughline.domain.sessionize.CustomerState.Place;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the touchpoints that answers to surveys are about. It remembers nothing of what it said: whoever hears it does. So it says
 * again what may have changed since the last publication.
 */
final class AnswerPlaces implements Serializable {
    private static final long serialVersionUID = 1;

    private final SessionizeConfig config;

    AnswerPlaces(SessionizeConfig config) {
        this.config = config;
    }

    static boolean concerns(Touchpoint touchpoint) {
        Survey survey = touchpoint.survey();
        return survey != null && survey.asksAboutTouchpoint();
    }

    /** To be asked while the state still knows what has changed. */
    void say(CustomerState state, long now, List<SessionizeOutput> out) {
        Place from = state.changedFrom;
        Place to = state.changedTo;
        if (from == null || to == null) {
            return;
        }
        boolean mayBeGone = mayBeGone(state, from, to);
        for (Touchpoint answer : state.tally(config).answers()) {
            Fact about = about(state, answer);
            boolean mayHaveChanged = isBetween(from, answer, to)
                    || (about == null ? mayBeGone : isBetween(from, about.touchpoint(), to));
            Held held = state.held.get(Hash128.of(answer.touchpointId()));
            if (mayHaveChanged && held != null) {
                long heldFrom = Math.max(now, Long.MIN_VALUE + config.retentionMs()) - config.retentionMs();
                out.add(new SessionizeOutput.Placed(new AnswerPlace(
                        answer.touchpointId(),
                        answer.eventTime(),
                        held.counting().sequence(),
                        about == null ? null : place(about.touchpoint()),
                        heldFrom)));
            }
        }
    }

    /** Not where one touchpoint alone came, as mostly: of many answers that name what nobody knows nothing is said each time. */
    private static boolean mayBeGone(CustomerState state, Place from, Place to) {
        int index = state.indexOf(from);
        boolean oneCame = from.equals(to)
                && index < state.timeline.size()
                && Place.of(state.timeline.get(index).touchpoint()).equals(from);
        return !oneCame || !state.left.isEmpty();
    }

    private static AnswerPlace.About place(Touchpoint about) {
        return new AnswerPlace.About(about.eventTime(), about.channel(), about.touchpoint());
    }

    private static @Nullable Fact about(CustomerState state, Touchpoint answer) {
        Survey.About about = answer.survey() == null ? null : answer.survey().about();
        String id = about == null ? null : about.touchpointId();
        Held held = id == null ? null : state.held.get(Hash128.of(id));
        return held == null ? null : held.current();
    }

    private static boolean isBetween(Place from, Touchpoint touchpoint, Place to) {
        Place place = Place.of(touchpoint);
        return from.compareTo(place) <= 0 && place.compareTo(to) <= 0;
    }
}
