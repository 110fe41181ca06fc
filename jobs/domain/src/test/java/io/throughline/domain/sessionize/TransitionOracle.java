package io.throughline.domain.sessionize;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The specification of transitions: counted on finished documents. */
final class TransitionOracle {

    /** Id to count, those above 0. */
    static Map<String, Long> count(
            Collection<Session> sessions, Collection<Issue> issues, Collection<Journey> journeys) {
        Map<String, Long> counts = new TreeMap<>();
        for (Session session : sessions) {
            List<Session.Step> path = session.path();
            for (int i = 1; i < path.size(); i++) {
                if (!path.get(i).channel().equals(path.get(i - 1).channel())) {
                    add(
                            counts,
                            "channel",
                            path.get(i - 1).channel(),
                            path.get(i).channel(),
                            path.get(i).eventTime());
                }
            }
        }
        for (Issue issue : issues) {
            List<Issue.Contact> contacts = issue.contacts();
            for (int i = 1; i < contacts.size(); i++) {
                add(
                        counts,
                        "contact",
                        contacts.get(i - 1).channel(),
                        contacts.get(i).channel(),
                        contacts.get(i).start());
            }
        }
        for (Journey journey : journeys) {
            List<Journey.StageVisit> path = journey.stagePath();
            for (int i = 1; i < path.size(); i++) {
                add(
                        counts,
                        "stage",
                        path.get(i - 1).stage(),
                        path.get(i).stage(),
                        path.get(i).entered());
            }
        }
        return counts;
    }

    private static void add(Map<String, Long> counts, String kind, String from, String to, long time) {
        String day =
                Instant.ofEpochMilli(time).atZone(ZoneOffset.UTC).toLocalDate().toString();
        counts.merge(kind + "|" + day + "|" + from + "|" + to, 1L, Long::sum);
    }

    private TransitionOracle() {}
}
