package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.Journey.EndCause;
import io.throughline.domain.sessionize.Journey.StageVisit;
import io.throughline.domain.sessionize.Journey.Status;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The specification of journeys, written for the reader: everything is known, sorted and split once. Revisions are 0. */
final class JourneyOracle {
    private static final List<String> STAGES =
            List.of("awareness", "acquisition", "onboarding", "engagement", "support");

    final Map<String, Journey> journeys = new TreeMap<>();
    private final SessionizeOracle sessions;
    private final SessionizeConfig config;
    private final long asOf;

    JourneyOracle(String customerId, SessionizeOracle sessions, SessionizeConfig config, long asOf) {
        this.sessions = sessions;
        this.config = config;
        this.asOf = asOf;
        List<List<Touchpoint>> found = new ArrayList<>();
        for (Touchpoint t : sessions.counting) {
            List<Touchpoint> last = found.isEmpty() ? null : found.get(found.size() - 1);
            if (last != null && refusal(last, t) == null) {
                last.add(t);
            } else if (!t.outbound()) {
                found.add(new ArrayList<>(List.of(t)));
            }
        }
        for (int i = 0; i < found.size(); i++) {
            Journey journey = describe(customerId, found.get(i), i + 1 < found.size() ? found.get(i + 1) : null);
            journeys.put(journey.journeyId(), journey);
        }
    }

    private static boolean says(Touchpoint t, Set<String> kinds, Set<String> outcomes) {
        return kinds.contains(t.kind()) || (t.outcome() != null && outcomes.contains(t.outcome()));
    }

    private boolean churns(Touchpoint t) {
        return says(t, config.journey().churnKinds(), config.journey().churnOutcomes());
    }

    private static List<Touchpoint> inbound(List<Touchpoint> journey) {
        return journey.stream().filter(t -> !t.outbound()).toList();
    }

    private long quietAt(List<Touchpoint> journey) {
        List<Touchpoint> inbound = inbound(journey);
        return inbound.get(inbound.size() - 1).eventTime() + config.journey().quietMs();
    }

    private String product(List<Touchpoint> journey) {
        return journey.stream()
                .filter(sessions::converts)
                .map(Touchpoint::product)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(inbound(journey).stream()
                        .map(Touchpoint::product)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null));
    }

    private EndCause refusal(List<Touchpoint> journey, Touchpoint t) {
        if (journey.stream().anyMatch(this::churns)) {
            return EndCause.CHURNED;
        }
        if (t.eventTime() > quietAt(journey)) {
            return EndCause.QUIET;
        }
        boolean early = "awareness".equals(t.stage()) || "acquisition".equals(t.stage());
        if (journey.stream().anyMatch(sessions::converts)
                && !t.outbound()
                && early
                && t.product() != null
                && product(journey) != null
                && !t.product().equals(product(journey))) {
            return EndCause.NEW_PURPOSE;
        }
        return null;
    }

    private Journey describe(String customerId, List<Touchpoint> journey, List<Touchpoint> next) {
        Touchpoint churn = journey.stream().filter(this::churns).findFirst().orElse(null);
        EndCause cause = churn != null ? EndCause.CHURNED : EndCause.QUIET;
        long endsAt = churn != null ? churn.eventTime() : quietAt(journey);
        if (next != null && refusal(journey, next.get(0)) == EndCause.NEW_PURPOSE) {
            cause = EndCause.NEW_PURPOSE;
            endsAt = next.get(0).eventTime();
        }
        boolean ended = endsAt <= asOf;
        List<Touchpoint> conversions =
                journey.stream().filter(sessions::converts).toList();
        Touchpoint conversion = conversions.isEmpty() ? null : conversions.get(0);
        Status status = churn != null
                ? Status.CHURNED
                : conversion != null
                        ? Status.CONVERTED
                        : ended && cause == EndCause.QUIET ? Status.ABANDONED : Status.ACTIVE;
        List<StageVisit> visits = visits(journey);
        Map<String, Long> dwell = new TreeMap<>();
        visits.forEach(visit -> dwell.merge(visit.stage(), visit.dwellMs(), Long::sum));
        int stepsBack = 0;
        for (int i = 1; i < visits.size(); i++) {
            int from = STAGES.indexOf(visits.get(i - 1).stage());
            int to = STAGES.indexOf(visits.get(i).stage());
            stepsBack += to >= 0 && from >= 0 && to < from ? 1 : 0;
        }
        return new Journey(
                "j-" + customerId + "-"
                        + Hash128.of(journey.get(0).touchpointId()).hex(16),
                customerId,
                status,
                ended,
                ended ? cause : EndCause.OPEN,
                journey.get(0).eventTime(),
                journey.get(journey.size() - 1).eventTime(),
                product(journey),
                inbound(journey).stream()
                        .map(Touchpoint::topic)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                visits.isEmpty() ? null : visits.get(visits.size() - 1).stage(),
                SessionizeOracle.inOrder(List.copyOf(dwell.keySet())),
                visits.stream().limit(config.journey().pathLimit()).toList(),
                dwell,
                stepsBack,
                conversion == null ? null : conversion.eventTime(),
                conversion == null ? null : conversion.channel(),
                conversions.size(),
                churn == null ? null : churn.eventTime(),
                channels(journey),
                journey.get(0).channel(),
                journey.size(),
                sessions.sessions.values().stream()
                        .filter(session ->
                                journey.stream().anyMatch(t -> t.touchpointId().equals(first(session))))
                        .count(),
                sessions.earned(journey.stream()
                        .filter(t -> sessions.converts(t) || sessions.reverses(t))
                        .toList()),
                journey.stream().anyMatch(sessions::reverses) ? List.of("purchase_reversed") : List.of(),
                0);
    }

    private static String first(Session session) {
        return session.path().get(0).touchpointId();
    }

    private List<String> channels(List<Touchpoint> journey) {
        return journey.stream()
                .map(Touchpoint::channel)
                .distinct()
                .limit(config.journey().pathLimit())
                .sorted()
                .toList();
    }

    /** Those whose stage is told apart, in stretches. */
    private List<StageVisit> visits(List<Touchpoint> journey) {
        Set<String> known = new TreeSet<>(inbound(journey).stream()
                .map(Touchpoint::stage)
                .filter(Objects::nonNull)
                .distinct()
                .limit(config.journey().pathLimit())
                .toList());
        List<String> stages = new ArrayList<>();
        List<List<Touchpoint>> stretches = new ArrayList<>();
        for (Touchpoint t : inbound(journey)) {
            String stage = t.stage() != null && known.contains(t.stage()) ? t.stage() : null;
            if (stage != null
                    && (stages.isEmpty() || !stages.get(stages.size() - 1).equals(stage))) {
                stages.add(stage);
                stretches.add(new ArrayList<>());
            }
            if (!stretches.isEmpty()) {
                stretches.get(stretches.size() - 1).add(t);
            }
        }
        List<StageVisit> visits = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            long entered = stretches.get(i).get(0).eventTime();
            long left = i + 1 < stages.size()
                    ? stretches.get(i + 1).get(0).eventTime()
                    : journey.get(journey.size() - 1).eventTime();
            visits.add(new StageVisit(
                    stages.get(i), entered, left - entered, stretches.get(i).size()));
        }
        return visits;
    }
}
