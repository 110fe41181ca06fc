package io.throughline.domain.measure;

import io.throughline.domain.sessionize.Session;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a session went, as flags that {@link Family#COURSES} counts. */
final class SessionCourse implements Serializable {
    private static final long serialVersionUID = 1;

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

    private final Set<String> selfServiceChannels;
    private final Set<String> assistedChannels;
    private final Set<String> trafficChannels;
    private final Set<String> purchaseKinds;

    SessionCourse(MeasureConfig config) {
        this.selfServiceChannels = Set.copyOf(config.selfServiceChannels());
        this.assistedChannels = Set.copyOf(config.assistedChannels());
        this.trafficChannels = Set.copyOf(config.trafficChannels());
        this.purchaseKinds = Set.copyOf(config.purchaseKinds());
    }

    int of(Session session) {
        return of(session, 0, 0);
    }

    /**
     * As {@link #of(Session)}, of a session some of whose first steps were looked at before.
     *
     * @param steps how many were
     * @param along what {@link #along} said of them
     */
    int of(Session session, int steps, int along) {
        List<Session.Step> path = session.path();
        int course = (session.errors() > 0 ? ERROR : 0)
                | (session.complaints() > 0 ? COMPLAINT : 0)
                | (session.channelSwitches() > 0 ? SWITCHED : 0);
        if (!path.isEmpty()) {
            course |= isSelfServed(path.get(0)) ? SELF_SERVED : 0;
            course |= trafficChannels.contains(path.get(0).channel()) ? VISIT : 0;
        }
        return course | along | along(session, steps, path.size());
    }

    /** What steps say wherever on the path they are. */
    int along(Session session, int from, int to) {
        int course = 0;
        for (int i = from; i < to && course != (ASSISTED | CONVERTED); i++) {
            Session.Step step = session.path().get(i);
            course |= isAssisted(step) ? ASSISTED : 0;
            course |= isPurchase(step) ? CONVERTED : 0;
        }
        return course;
    }

    boolean isSelfServed(Session.Step step) {
        return selfServiceChannels.contains(step.channel());
    }

    boolean isPurchase(Session.Step step) {
        return purchaseKinds.contains(step.kind());
    }

    /** On a channel where people serve, or answered or passed on by one. */
    boolean isAssisted(Session.Step step) {
        return assistedChannels.contains(step.channel())
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
}
