package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.CustomerState.Arc;
import io.throughline.domain.sessionize.Journey.EndCause;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is said of a customer's journeys, and what has become of it. */
final class Journeys implements Serializable {
    private static final long serialVersionUID = 1;

    private final SessionizeConfig config;

    Journeys(SessionizeConfig config) {
        this.config = config;
    }

    /**
     * Says how the journeys on the timeline differ from those said before. Goes on from where it was before if nothing
     * changed up to there.
     */
    void travel(CustomerState state, int count, long now, List<SessionizeOutput> out) {
        Map<String, Arc> before = new TreeMap<>();
        int from = 0;
        JourneyRun run = state.walked;
        if (run != null && state.walkedCount <= count) {
            from = state.walkedCount;
            String known = run.journeyId(state.customerId);
            before.put(known, state.journeys.get(known));
        } else {
            before.putAll(state.journeys);
            run = state.begun == null ? null : new JourneyRun(state.begun.begun());
        }
        for (int i = from; i < count; i++) {
            Held next = state.timeline.get(i);
            EndCause refused = run == null ? null : run.refuses(next.touchpoint(), config.journey());
            if (run != null && refused == null) {
                run.add(next, config);
            } else if (!next.touchpoint().outbound()) {
                if (run != null) {
                    sayJourney(state, before, arc(state, run, refused, next.eventTime(), now), out);
                }
                run = new JourneyRun(next);
                run.add(next, config);
            }
        }
        if (run != null) {
            sayJourney(state, before, arc(state, run, null, 0, now), out);
        }
        state.walked = run;
        state.walkedCount = count;
        before.forEach((id, arc) -> {
            state.journeys.remove(id);
            out.add(new SessionizeOutput.JourneyDocument(arc.journey().absorbed(state.nextRevision())));
            out.add(new SessionizeOutput.JourneyChanged(new JourneyChange(arc.journey(), null)));
        });
    }

    /** @param refused why the touchpoint at this time is not of the journey; null: none follows */
    private Arc arc(CustomerState state, JourneyRun run, @Nullable EndCause refused, long refusedAt, long now) {
        boolean cutShort = refused == EndCause.NEW_PURPOSE;
        EndCause cause = cutShort ? EndCause.NEW_PURPOSE : run.causeAlone();
        long endsAt = cutShort ? refusedAt : run.endsAlone(config.journey());
        Journey journey = run.journey(state.customerId, config.journey());
        return new Arc(endsAt <= now ? journey.ended(cause) : journey, endsAt, cause);
    }

    private static void sayJourney(CustomerState state, Map<String, Arc> before, Arc next, List<SessionizeOutput> out) {
        String id = next.journey().journeyId();
        Arc said = before.remove(id);
        if (said != null && next.journey().as(said.journey().revision()).equals(said.journey())) {
            state.journeys.put(id, new Arc(said.journey(), next.endsAt(), next.cause()));
            return;
        }
        Journey after = next.journey().as(state.nextRevision());
        state.journeys.put(id, new Arc(after, next.endsAt(), next.cause()));
        out.add(new SessionizeOutput.JourneyDocument(after));
        out.add(new SessionizeOutput.JourneyChanged(new JourneyChange(said == null ? null : said.journey(), after)));
    }

    /** Ends the journeys that event time has passed. */
    void conclude(CustomerState state, long now, List<SessionizeOutput> out) {
        Map<String, Arc> due = new TreeMap<>();
        state.journeys.forEach((id, arc) -> {
            if (!arc.journey().ended() && arc.endsAt() <= now) {
                due.put(id, arc);
            }
        });
        List<Arc> ending = List.copyOf(due.values());
        for (Arc arc : ending) {
            sayJourney(state, due, new Arc(arc.journey().ended(arc.cause()), arc.endsAt(), arc.cause()), out);
        }
    }

    /** When event time next ends a journey. */
    long dueAt(CustomerState state) {
        long due = Step.NEVER;
        for (Arc arc : state.journeys.values()) {
            if (!arc.journey().ended()) {
                due = Math.min(due, arc.endsAt());
            }
        }
        return due;
    }

    /** What a journey has gathered outlives its touchpoints, as long as another can join it. */
    void leave(CustomerState state, int gone) {
        JourneyRun run = state.begun;
        for (Held leaving : state.timeline.subList(0, gone)) {
            if (run != null && run.refuses(leaving.touchpoint(), config.journey()) == null) {
                run.add(leaving, config);
            } else if (!leaving.touchpoint().outbound()) {
                if (run != null) {
                    state.journeys.remove(run.journeyId(state.customerId));
                }
                run = new JourneyRun(leaving);
                run.add(leaving, config);
            }
        }
        state.begun = run;
    }

    void forgetBegun(CustomerState state, long now) {
        JourneyRun begun = state.begun;
        if (begun == null || now < begunOverAt(begun)) {
            return;
        }
        for (Held held : state.timeline) {
            if (!held.touchpoint().outbound()) {
                if (begun.refuses(held.touchpoint(), config.journey()) == null) {
                    return;
                }
                break;
            }
        }
        state.journeys.remove(begun.journeyId(state.customerId));
        state.dueAt = CustomerState.UNKNOWN;
        state.begun = null;
        state.forgetWalks();
    }

    /** Event time from which on no touchpoint that is still to come can join. */
    long begunOverAt(JourneyRun begun) {
        return begun.cover(config.journey()) + config.retentionMs() + 1;
    }
}
