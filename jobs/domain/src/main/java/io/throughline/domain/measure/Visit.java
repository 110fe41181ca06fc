package io.throughline.domain.measure;

import io.throughline.domain.sessionize.Session;
import java.util.List;

/**
 * What is remembered of a session to be compared with the customer's others.
 *
 * @param factors which {@link Drivers.Factor} it has, as flags
 * @param selfServedAt first step on a self-service channel; {@link Long#MAX_VALUE}: there was none
 * @param assistedAt first step with a person; {@link Long#MAX_VALUE}: there was none
 * @param passedOn whether a person came in after self-service
 */
public record Visit(
        String sessionId,
        long start,
        long end,
        List<String> channels,
        List<String> topics,
        int factors,
        long selfServedAt,
        long assistedAt,
        boolean passedOn) {

    public Visit {
        channels = List.copyOf(channels);
        topics = List.copyOf(topics);
    }

    /** @param courses of the same configuration */
    static Visit of(Session session, SessionCourse courses, MeasureConfig config) {
        long selfServedAt = Long.MAX_VALUE;
        long assistedAt = Long.MAX_VALUE;
        boolean passedOn = false;
        boolean purchased = false;
        for (Session.Step step : session.path()) {
            if (courses.isSelfServed(step)) {
                selfServedAt = Math.min(selfServedAt, step.eventTime());
            }
            if (courses.isAssisted(step)) {
                assistedAt = Math.min(assistedAt, step.eventTime());
                passedOn |= selfServedAt != Long.MAX_VALUE;
            }
            purchased |= courses.isPurchase(step);
        }
        int factors = flag(session.waitMs() >= config.longWaitMs(), Drivers.Factor.LONG_WAIT)
                | flag(session.handoffs() > 0, Drivers.Factor.HANDOFF)
                | flag(session.channelSwitches() > 0, Drivers.Factor.CHANNEL_SWITCH)
                | flag(session.errors() > 0, Drivers.Factor.ERROR)
                | flag(session.complaints() > 0, Drivers.Factor.COMPLAINT)
                | flag(session.reAsks() > 0, Drivers.Factor.RE_ASK)
                | flag(selfServedAt != Long.MAX_VALUE, Drivers.Factor.SELF_SERVICE)
                | flag(assistedAt != Long.MAX_VALUE, Drivers.Factor.ASSISTED)
                | flag(purchased, Drivers.Factor.PURCHASE);
        return new Visit(
                session.sessionId(),
                session.start(),
                session.end(),
                session.channels(),
                session.topics(),
                factors,
                selfServedAt,
                assistedAt,
                passedOn);
    }

    private static int flag(boolean set, Drivers.Factor factor) {
        return set ? factor.flag() : 0;
    }

    boolean has(Drivers.Factor factor) {
        return (factors & factor.flag()) != 0;
    }
}
