package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.Transition.Kind;
import io.throughline.domain.sessionize.Transition.Way;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The difference that changed documents make to the transitions: each document before its change takes away what it
 * says, each one after it adds what it says, and what cancels out is not said at all.
 */
final class Transitions {
    static final long DAY_MS = 86_400_000;

    private Map<Way, Integer> net = Map.of();

    void add(SessionChange change) {
        List<Session.Step> before =
                change.before() == null ? List.of() : change.before().path();
        List<Session.Step> after =
                change.after() == null ? List.of() : change.after().path();
        int same = Path.common(before, after);
        int shorter = Math.min(before.size(), after.size());
        while (same < shorter && isSame(before.get(same), after.get(same))) {
            same++;
        }
        path(before, same, -1);
        path(after, same, 1);
    }

    private static boolean isSame(Session.Step one, Session.Step other) {
        return one == other
                || (one.eventTime() == other.eventTime() && one.channel().equals(other.channel()));
    }

    /** Ways that end beyond the steps that are the same before and after. */
    private void path(List<Session.Step> path, int same, int sign) {
        for (int i = Math.max(1, same); i < path.size(); i++) {
            Session.Step step = path.get(i);
            String from = path.get(i - 1).channel();
            if (!from.equals(step.channel())) {
                count(Kind.CHANNEL, from, step.channel(), step.eventTime(), sign);
            }
        }
    }

    void add(IssueChange change) {
        List<Issue.Contact> before =
                change.before() == null ? List.of() : change.before().contacts();
        List<Issue.Contact> after =
                change.after() == null ? List.of() : change.after().contacts();
        int same = 0;
        int shorter = Math.min(before.size(), after.size());
        while (same < shorter && isSame(before.get(same), after.get(same))) {
            same++;
        }
        contacts(before, same, -1);
        contacts(after, same, 1);
    }

    private static boolean isSame(Issue.Contact one, Issue.Contact other) {
        return one == other || (one.start() == other.start() && one.channel().equals(other.channel()));
    }

    private void contacts(List<Issue.Contact> contacts, int same, int sign) {
        for (int i = Math.max(1, same); i < contacts.size(); i++) {
            Issue.Contact next = contacts.get(i);
            count(Kind.CONTACT, contacts.get(i - 1).channel(), next.channel(), next.start(), sign);
        }
    }

    void add(JourneyChange change) {
        List<Journey.StageVisit> before =
                change.before() == null ? List.of() : change.before().stagePath();
        List<Journey.StageVisit> after =
                change.after() == null ? List.of() : change.after().stagePath();
        int same = Path.common(before, after);
        int shorter = Math.min(before.size(), after.size());
        while (same < shorter && isSame(before.get(same), after.get(same))) {
            same++;
        }
        stages(before, same, -1);
        stages(after, same, 1);
    }

    private static boolean isSame(Journey.StageVisit one, Journey.StageVisit other) {
        return one == other || (one.entered() == other.entered() && one.stage().equals(other.stage()));
    }

    private void stages(List<Journey.StageVisit> path, int same, int sign) {
        for (int i = Math.max(1, same); i < path.size(); i++) {
            Journey.StageVisit next = path.get(i);
            count(Kind.STAGE, path.get(i - 1).stage(), next.stage(), next.entered(), sign);
        }
    }

    private void count(Kind kind, String from, String to, long time, int sign) {
        long day = Math.floorDiv(time, DAY_MS) * DAY_MS;
        if (net.isEmpty()) {
            net = new LinkedHashMap<>();
        }
        net.merge(new Way(kind, from, to, day), sign, Integer::sum);
    }

    /** What is to be said, nothing where nothing differs. */
    void sayTo(List<SessionizeOutput> out) {
        net.forEach((way, delta) -> {
            if (delta != 0) {
                out.add(new SessionizeOutput.Moved(new TransitionChange(way, delta)));
            }
        });
    }
}
