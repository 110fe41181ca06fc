package io.throughline.domain.measure;

import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a customer's sessions and answers say when they are looked at together. */
public final class VisitFacts implements Serializable {
    static final long CONTAINED = 0;
    static final long FAILED = 1;

    private final MeasureConfig config;
    private final SessionCourse courses;
    private final boolean wanted;

    public VisitFacts(MeasureConfig config) {
        this.config = config;
        this.courses = new SessionCourse(config);
        this.wanted = config.publishes(Family.SELF_SERVICE) || config.publishes(Family.DRIVERS);
    }

    /** Null where nothing that is compared has changed, or nothing is published that follows from it. */
    public @Nullable VisitInput of(SessionChange change) {
        if (!wanted) {
            return null;
        }
        Session before = standing(change.before());
        Session after = standing(change.after());
        if (after == null) {
            return before == null ? null : new VisitInput.Visited(before.customerId(), before.sessionId(), null);
        }
        Visit visit = Visit.of(after, courses, config);
        // Nearly every change moves the end, which says that it is another without a look along the path before.
        boolean changed = before == null
                || before.end() != after.end()
                || !Visit.of(before, courses, config).equals(visit);
        return changed ? new VisitInput.Visited(after.customerId(), after.sessionId(), visit) : null;
    }

    private static @Nullable Session standing(@Nullable Session session) {
        return session == null || session.status() == Session.Status.ABSORBED ? null : session;
    }

    /** Null where the touchpoint is no answer on the scale of CSAT or NPS, or one that {@link AnswerRule} is still to place. */
    public @Nullable VisitInput of(Attribution attribution) {
        return of(attribution, null);
    }

    /** The same of an answer that {@link AnswerRule} has placed. */
    public @Nullable VisitInput of(PlacedAnswer answer) {
        return of(
                answer.attribution(),
                answer.about() == null ? null : answer.about().eventTime());
    }

    private @Nullable VisitInput of(Attribution attribution, @Nullable Long aboutTime) {
        Touchpoint touchpoint = attribution.touchpoint();
        Survey survey = touchpoint.survey();
        Scale scale = survey == null || !survey.onScale() ? null : Scale.of(survey);
        if (survey == null || survey.asksAboutTouchpoint() || scale == null || !config.publishes(Family.DRIVERS)) {
            return null;
        }
        Drivers.Survey question;
        long thousandths;
        if (survey.metric().equals("csat") && scale.equals(Scale.ONE_TO_FIVE)) {
            question = Drivers.Survey.CSAT;
            thousandths = Math.round(survey.score() * Drivers.MILLIS);
        } else if (survey.metric().equals("nps")
                && scale.equals(Scale.ZERO_TO_TEN)
                && survey.score() == Math.rint(survey.score())) {
            question = Drivers.Survey.NPS;
            thousandths = survey.score() >= 9 ? 100 * Drivers.MILLIS : survey.score() <= 6 ? -100 * Drivers.MILLIS : 0;
        } else {
            return null;
        }
        String about = survey.about() == null ? null : survey.about().channel();
        return new VisitInput.Answered(
                attribution.customerId(),
                new VisitInput.Answer(
                        touchpoint.touchpointId(),
                        touchpoint.eventTime(),
                        question.ordinal(),
                        thousandths,
                        about,
                        aboutTime),
                attribution.sign());
    }

    /** Everything a customer adds. */
    List<Fact> of(VisitState state) {
        List<Fact> facts = new ArrayList<>();
        if (config.publishes(Family.SELF_SERVICE)) {
            for (Visit visit : state.visits().values()) {
                if (visit.selfServedAt() != Long.MAX_VALUE) {
                    boolean failed = visit.passedOn()
                            || isFollowedByAPerson(visit, state.visits().values());
                    facts.add(new Fact(Family.SELF_SERVICE, Map.of(), visit.start(), 1, failed ? FAILED : CONTAINED));
                }
            }
        }
        if (config.publishes(Family.DRIVERS)) {
            state.answers().forEach((answer, count) -> {
                Visit about = count > 0 ? sessionOf(answer, state.visits().values()) : null;
                if (about != null) {
                    drivers(answer, about, facts);
                }
            });
        }
        return facts;
    }

    private boolean isFollowedByAPerson(Visit visit, Collection<Visit> visits) {
        for (Visit other : visits) {
            if (other.assistedAt() != Long.MAX_VALUE
                    && other.start() > visit.end()
                    && other.assistedAt() <= visit.end() + config.failedSelfServiceMs()
                    && visit.topics().stream().anyMatch(other.topics()::contains)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The session an answer is about: that of the touchpoint it names, where that is known; with a channel, the latest on it that began before the answer and not more than
     * {@link VisitRule#ANSWER_WITHIN_MS} earlier; without, the one the answer was given in.
     */
    private static @Nullable Visit sessionOf(VisitInput.Answer answer, Collection<Visit> visits) {
        Visit found = null;
        for (Visit visit : visits) {
            Long about = answer.aboutTime();
            boolean fits = about != null
                    ? visit.start() <= about && about <= visit.end()
                    : answer.channel() == null
                            ? visit.start() <= answer.time() && answer.time() <= visit.end()
                            : visit.start() <= answer.time()
                                    && visit.start() >= answer.time() - VisitRule.ANSWER_WITHIN_MS
                                    && visit.channels().contains(answer.channel());
            if (fits && (found == null || visit.start() > found.start())) {
                found = visit;
            }
        }
        return found;
    }

    private static void drivers(VisitInput.Answer answer, Visit about, List<Fact> facts) {
        Drivers.Survey survey = Drivers.Survey.values()[answer.survey()];
        for (Drivers.Factor factor : Drivers.Factor.values()) {
            long bin = Drivers.bin(survey, about.has(factor), answer.thousandths());
            facts.add(new Fact(Family.DRIVERS, Map.of("factor", factor.code()), answer.time(), 1, bin));
        }
    }
}
