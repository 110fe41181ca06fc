package io.throughline.domain.measure;

import io.throughline.domain.sessionize.Session;
import org.jspecify.annotations.Nullable;

/** How a session went, as flags that {@link Family#COURSES} counts. */
final class SessionCourse {
    static final int ERROR = 1;
    static final int COMPLAINT = 2;
    static final int SWITCHED = 4;
    /** It began on a self-service channel. */
    static final int SELF_SERVED = 8;
    /** A person of the company was in it. */
    static final int ASSISTED = 16;

    static final int CONVERTED = 32;
    /** It began on a channel whose visits are traffic. */
    static final int VISIT = 64;

    static int of(Session session, MeasureConfig config) {
        int course = (session.errors() > 0 ? ERROR : 0)
                | (session.complaints() > 0 ? COMPLAINT : 0)
                | (session.channelSwitches() > 0 ? SWITCHED : 0);
        boolean first = true;
        for (Session.Step step : session.path()) {
            if (first) {
                first = false;
                course |= config.selfServiceChannels().contains(step.channel()) ? SELF_SERVED : 0;
                course |= config.trafficChannels().contains(step.channel()) ? VISIT : 0;
            }
            course |= isAssisted(step, config) ? ASSISTED : 0;
            course |= config.purchaseKinds().contains(step.kind()) ? CONVERTED : 0;
        }
        return course;
    }

    /** On a channel where people serve, or answered or passed on by one. */
    static boolean isAssisted(Session.Step step, MeasureConfig config) {
        return config.assistedChannels().contains(step.channel())
                || step.kind().equals("transfer")
                || step.kind().endsWith("_answered");
    }

    /** Whether these two changes of channel are from the same to the same. */
    static boolean changesAlike(Session one, int change, Session other, int otherChange) {
        return from(one, change).equals(from(other, otherChange))
                && to(one, change).equals(to(other, otherChange));
    }

    /** The next step after this one that is on another channel than the one before it; below 0: none is. */
    static int nextChange(Session session, int after) {
        for (int i = after + 1; i < session.path().size(); i++) {
            if (!from(session, i).equals(to(session, i))) {
                return i;
            }
        }
        return -1;
    }

    static String from(Session session, int change) {
        return session.path().get(change - 1).channel();
    }

    static String to(Session session, int change) {
        return session.path().get(change).channel();
    }

    static @Nullable String firstChannel(Session session) {
        return session.path().isEmpty() ? null : session.path().get(0).channel();
    }

    private SessionCourse() {}
}
