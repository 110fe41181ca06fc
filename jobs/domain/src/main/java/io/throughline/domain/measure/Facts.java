package io.throughline.domain.measure;

import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.IssueChange;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.JourneyChange;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which series a touchpoint or a session counts in, and as what. Remembers nothing: undoing gives the same facts with
 * the other sign.
 */
public final class Facts implements Serializable {
    /** An answer no average may count: off its scale, or no whole number where the formula needs one. */
    static final long EXCLUDED = -1;

    static final long ANSWERED = 0;
    static final long ANSWERED_IN_TIME = 1;
    static final long ANSWERED_LATE = 2;
    static final long ABANDONED = 3;
    static final long ABANDONED_IN_TIME = 4;
    static final long ABANDONED_LATE = 5;

    static final long FIRST = 0;
    static final long REPEAT = 1;

    static final long RESOLVED_AT_FIRST_CONTACT = 1;
    static final long BEYOND_FIRST_LEVEL = 2;
    static final long CONTACTED_AGAIN = 4;

    static final long BROKEN = 0;
    static final long KEPT = 1;

    static final long CONVERTED = 1;
    static final long ABANDONED_JOURNEY = 2;

    static final long DELIVERED = 0;
    static final long OPENED = 1;
    static final long CLICKED = 2;

    /** Most contacts or handoffs of one issue that are told apart. */
    private static final int MOST = 0xfff;

    /** What ingest calls a wait or a handling time it left out because it was negative. */
    private static final String NEGATIVE_WAIT = "dropped_wait_ms";

    private static final String NEGATIVE_HANDLE = "dropped_handle_ms";
    private static final String SENTIMENT_OFF_SCALE = "dropped_sentiment";

    private final MeasureConfig config;
    private final EnumSet<Family> published = EnumSet.noneOf(Family.class);
    private final CustomerBins customerBins;

    public Facts(MeasureConfig config) {
        this.config = config;
        this.customerBins = new CustomerBins(config.stages());
        for (Family family : Family.values()) {
            if (config.publishes(family)) {
                published.add(family);
            }
        }
    }

    /** What a touchpoint that begins or ceases to belong to a customer adds or takes away. */
    public List<Fact> of(Attribution attribution) {
        Touchpoint touchpoint = attribution.touchpoint();
        List<Map<String, String>> series = series(touchpoint, touchpoint.channel(), touchpoint.touchpoint());
        Collector facts = new Collector(touchpoint.eventTime(), attribution.sign());
        Hash128 customer = Hash128.of(attribution.customerId());
        facts.add(Family.TOUCHPOINTS, series, customer.high());
        duration(Family.WAIT, touchpoint.waitMs(), NEGATIVE_WAIT, touchpoint, series, facts);
        duration(Family.HANDLE, touchpoint.handleMs(), NEGATIVE_HANDLE, touchpoint, series, facts);
        Long queueOutcome = queueOutcome(touchpoint);
        if (queueOutcome != null) {
            facts.add(Family.QUEUE, series, queueOutcome);
            if (touchpoint.waitMs() != null && (queueOutcome == ANSWERED_IN_TIME || queueOutcome == ANSWERED_LATE)) {
                facts.add(Family.ANSWER, series, DurationBins.bin(touchpoint.waitMs()));
            }
        }
        if (touchpoint.survey() != null) {
            survey(touchpoint, touchpoint.survey(), series, facts);
        }
        if (touchpoint.sentiment() != null) {
            facts.add(Family.SENTIMENT, series, Math.round((touchpoint.sentiment() + 1) * Scale.MICROS));
        } else if (touchpoint.properties().containsKey(SENTIMENT_OFF_SCALE)) {
            facts.add(Family.SENTIMENT, series, EXCLUDED);
        }
        if (touchpoint.channel().equals("email")) {
            email(attribution.customerId(), touchpoint, series, facts);
        }
        boolean purchase = config.purchaseKinds().contains(touchpoint.kind());
        boolean cancellation = config.cancellationKinds().contains(touchpoint.kind());
        if (isOfTheCustomer(touchpoint) && touchpoint.channel().equals("social")) {
            facts.add(Family.SOCIAL, series, customer.high());
        }
        if (isOfTheCustomer(touchpoint) || purchase || cancellation) {
            activity(customer, touchpoint, purchase, cancellation, facts);
        }
        if (purchase) {
            purchase(touchpoint, series, facts);
        }
        return facts.found;
    }

    private static boolean isOfTheCustomer(Touchpoint touchpoint) {
        return !touchpoint.outbound()
                && (touchpoint.actor() == null || touchpoint.actor().equals("customer"));
    }

    private static void duration(
            Family family,
            @Nullable Long ms,
            String leftOut,
            Touchpoint touchpoint,
            List<Map<String, String>> series,
            Collector facts) {
        if (ms != null) {
            facts.add(family, series, ms < 0 ? EXCLUDED : DurationBins.bin(ms));
        } else if (touchpoint.properties().containsKey(leftOut)) {
            facts.add(family, series, EXCLUDED);
        }
    }

    /** One bin per message and what became of it; a message is known by its id, else by its campaign or name. */
    private static void email(
            String customerId, Touchpoint touchpoint, List<Map<String, String>> series, Collector facts) {
        long what;
        if (touchpoint.outbound()) {
            what = DELIVERED;
        } else if (touchpoint.kind().equals("message_opened")) {
            what = OPENED;
        } else if (touchpoint.kind().equals("click")) {
            what = CLICKED;
        } else {
            return;
        }
        String message = touchpoint.properties().get("message_id");
        if (message == null) {
            message = touchpoint.properties().get("campaign");
        }
        if (message == null) {
            message = touchpoint.touchpoint() == null ? "" : touchpoint.touchpoint();
        }
        facts.add(Family.EMAIL, series, Hash128.of(customerId, message).high() & ~3L | what);
    }

    private void activity(
            Hash128 customer, Touchpoint touchpoint, boolean purchase, boolean cancellation, Collector facts) {
        if (!published.contains(Family.CUSTOMERS)) {
            return;
        }
        List<Map<String, String>> series = series(
                known(touchpoint, touchpoint.channel(), touchpoint.touchpoint()),
                touchpoint.experiments(),
                config.customerDimensions());
        facts.add(Family.CUSTOMERS, series, customerBins.active(customer, touchpoint.channel(), touchpoint.stage()));
        if (purchase) {
            facts.add(Family.CUSTOMERS, series, CustomerBins.bin(customer, 0, CustomerBins.PURCHASED));
        }
        if (cancellation) {
            facts.add(Family.CUSTOMERS, series, CustomerBins.bin(customer, 0, CustomerBins.CANCELLED));
        }
    }

    private static void purchase(Touchpoint touchpoint, List<Map<String, String>> series, Collector facts) {
        Money value = touchpoint.value();
        if (value != null) {
            facts.add(Family.PURCHASES, with(series, Map.of("currency", value.currency())), value.micros());
        }
    }

    /** Every series broken down further. */
    private static List<Map<String, String>> with(List<Map<String, String>> series, Map<String, String> more) {
        List<Map<String, String>> finer = new ArrayList<>(series.size());
        for (Map<String, String> dimensions : series) {
            Map<String, String> both = new TreeMap<>(dimensions);
            both.putAll(more);
            finer.add(Collections.unmodifiableMap(both));
        }
        return finer;
    }

    /**
     * What a session that begins, changes or ends to be adds and takes away. It counts at its start, under the channel,
     * touchpoint and stage it began with and under its topic where it has only one. Open sessions count, absorbed ones
     * do not.
     */
    public List<Fact> of(SessionChange change) {
        Session before = change.before();
        Session after = change.after();
        if (before != null && after != null && countTheSame(before, after)) {
            return List.of();
        }
        return difference(sessionFacts(before), sessionFacts(after));
    }

    /** A session that only grew, as nearly all do: looked at without making facts that would cancel out. */
    private boolean countTheSame(Session before, Session after) {
        return before.start() == after.start()
                && before.channelSwitches() == after.channelSwitches()
                && (before.errors() > 0) == (after.errors() > 0)
                && (before.complaints() > 0) == (after.complaints() > 0)
                && (before.status() == Session.Status.ABSORBED) == (after.status() == Session.Status.ABSORBED)
                && before.topics().equals(after.topics())
                && before.path().isEmpty() == after.path().isEmpty()
                && (before.path().isEmpty()
                        || before.path().get(0).equals(after.path().get(0)))
                && SessionCourse.of(before, config) == SessionCourse.of(after, config)
                && SessionCourse.changeChannelsAlike(before, after);
    }

    /**
     * What an issue that begins, changes or ends to be adds and takes away. Each contact counts at its start, the issue
     * at its first contact, both also while the verdict is provisional.
     */
    public List<Fact> of(IssueChange change) {
        return difference(issueFacts(change.before()), issueFacts(change.after()));
    }

    private List<Fact> issueFacts(@Nullable Issue issue) {
        if (issue == null || issue.absorbed()) {
            return List.of();
        }
        List<Fact> found = new ArrayList<>();
        for (Issue.Contact contact : issue.contacts()) {
            Collector facts = new Collector(contact.start(), 1);
            facts.add(Family.CONTACTS, series(issue, contact), contact.repeat() ? REPEAT : FIRST);
            found.addAll(facts.found);
        }
        long verdict = (issue.resolvedAtFirstContact() ? RESOLVED_AT_FIRST_CONTACT : 0)
                | (issue.resolvable() ? 0 : BEYOND_FIRST_LEVEL)
                | (issue.notRepeated() ? 0 : CONTACTED_AGAIN);
        Collector facts = new Collector(issue.first().start(), 1);
        List<Map<String, String>> series = series(issue, issue.first());
        facts.add(Family.ISSUES, series, verdict);
        if (issue.firstResponseMs() != null) {
            facts.add(Family.FIRST_RESPONSE, series, DurationBins.bin(issue.firstResponseMs()));
        }
        if (issue.resolutionMs() != null) {
            facts.add(Family.RESOLUTION, series, DurationBins.bin(issue.resolutionMs()));
        }
        facts.add(Family.SILENCE, series, DurationBins.bin(issue.longestSilenceMs()));
        facts.add(
                Family.HANDLING,
                series,
                handling(issue.contacts().size(), issue.handoffs(), issue.reAsks(), issue.resolved()));
        facts.add(Family.PROMISES, series, KEPT, issue.promisesKept());
        facts.add(Family.PROMISES, series, BROKEN, issue.promisesBroken());
        found.addAll(facts.found);
        return found;
    }

    /**
     * What a journey that begins, changes or ends to be adds and takes away: it counts at its start, each stretch in a
     * stage at its entry.
     */
    public List<Fact> of(JourneyChange change) {
        return difference(journeyFacts(change.before()), journeyFacts(change.after()));
    }

    private List<Fact> journeyFacts(@Nullable Journey journey) {
        if (journey == null || journey.status() == Journey.Status.ABSORBED) {
            return List.of();
        }
        List<Map<String, String>> series = series(known(journey, null), Map.of());
        Collector facts = new Collector(journey.start(), 1);
        facts.add(
                Family.JOURNEYS,
                series,
                (journey.converted() ? CONVERTED : 0)
                        | (journey.ended() && !journey.converted() ? ABANDONED_JOURNEY : 0));
        Long convertedAt = journey.convertedAt();
        if (convertedAt != null) {
            facts.add(Family.CONVERSION_TIME, series, DurationBins.bin(Math.max(0, convertedAt - journey.start())));
        }
        List<Fact> found = new ArrayList<>(facts.found);
        List<Journey.StageVisit> path = journey.stagePath();
        for (int i = 0; i < path.size(); i++) {
            Journey.StageVisit visit = path.get(i);
            // The last stretch of a journey that goes on is not over.
            if (i + 1 < path.size() || journey.ended()) {
                Collector dwells = new Collector(visit.entered(), 1);
                dwells.add(
                        Family.DWELL,
                        series(known(journey, visit.stage()), Map.of()),
                        DurationBins.bin(Math.max(0, visit.dwellMs())));
                found.addAll(dwells.found);
            }
        }
        return found;
    }

    private static Known known(Journey journey, @Nullable String stage) {
        return dimension -> switch (dimension) {
            case "channel" -> journey.firstChannel();
            case "stage" -> stage;
            case "topic" -> journey.topic();
            case "product" -> journey.product();
            default -> null;
        };
    }

    static long handling(int contacts, int handoffs, int reAsks, boolean resolved) {
        return (long) Math.min(contacts, MOST) << 14
                | (long) Math.min(handoffs, MOST) << 2
                | (reAsks > 0 ? 2 : 0)
                | (resolved ? 1 : 0);
    }

    static int contactsOf(long handling) {
        return (int) (handling >>> 14);
    }

    static int handoffsOf(long handling) {
        return (int) (handling >>> 2 & MOST);
    }

    static boolean isAskedAgain(long handling) {
        return (handling & 2) != 0;
    }

    static boolean isResolved(long handling) {
        return (handling & 1) != 0;
    }

    private List<Map<String, String>> series(Issue issue, Issue.Contact contact) {
        Known known = dimension -> switch (dimension) {
            case "channel" -> contact.channel();
            case "touchpoint" -> contact.touchpoint();
            case "stage" -> contact.stage();
            case "topic" -> issue.topic();
            case "segment" -> contact.segment();
            case "location" -> contact.location();
            case "product" -> contact.product();
            default -> null;
        };
        return series(known, contact.experiments());
    }

    /** What is taken away and what is added, without what would cancel out. */
    static List<Fact> difference(List<Fact> before, List<Fact> after) {
        Map<Fact, Integer> net = new LinkedHashMap<>();
        before.forEach(fact -> net.merge(fact, -1, Integer::sum));
        after.forEach(fact -> net.merge(fact, 1, Integer::sum));
        List<Fact> changes = new ArrayList<>();
        net.forEach((fact, times) -> {
            if (times != 0) {
                changes.add(fact.times(times));
            }
        });
        return changes;
    }

    private List<Fact> sessionFacts(@Nullable Session session) {
        if (session == null || session.status() == Session.Status.ABSORBED) {
            return List.of();
        }
        Session.Step first = session.path().isEmpty() ? null : session.path().get(0);
        Known known = dimension -> switch (dimension) {
            case "channel" -> first == null ? null : first.channel();
            case "touchpoint" -> first == null ? null : first.touchpoint();
            case "stage" -> first == null ? null : first.stage();
            case "topic" -> session.topics().size() == 1 ? session.topics().get(0) : null;
            default -> null;
        };
        Collector facts = new Collector(session.start(), 1);
        List<Map<String, String>> series = series(known, Map.of());
        facts.add(Family.SESSIONS, series, session.channelSwitches());
        facts.add(Family.COURSES, series, SessionCourse.of(session, config));
        for (int i = SessionCourse.nextChange(session, 0); i > 0; i = SessionCourse.nextChange(session, i)) {
            facts.add(
                    Family.TRANSITIONS,
                    List.of(Map.of(
                            "from_channel",
                            SessionCourse.from(session, i),
                            "to_channel",
                            SessionCourse.to(session, i))),
                    0);
        }
        return facts.found;
    }

    private void survey(Touchpoint touchpoint, Survey survey, List<Map<String, String>> own, Collector facts) {
        List<Map<String, String>> series = own;
        Survey.About about = survey.about();
        if (about != null && (about.channel() != null || about.touchpoint() != null)) {
            boolean elsewhere = about.channel() != null && !about.channel().equals(touchpoint.channel());
            series = series(
                    touchpoint,
                    about.channel() != null ? about.channel() : touchpoint.channel(),
                    about.touchpoint() != null || elsewhere ? about.touchpoint() : touchpoint.touchpoint());
        }
        Scale scale = survey.onScale() ? Scale.of(survey) : null;
        switch (survey.metric()) {
            case "nps" -> {
                boolean counts = Scale.ZERO_TO_TEN.equals(scale) && survey.score() == Math.rint(survey.score());
                facts.add(Family.NPS, series, counts ? (long) survey.score() : EXCLUDED);
            }
            case "csat" -> facts.add(Family.CSAT, series, scale != null ? scale.bin(survey.score()) : EXCLUDED);
            case "ces" -> facts.add(Family.CES, series, scale != null ? scale.bin(survey.score()) : EXCLUDED);
            default -> {
                // Kept with the touchpoint; no formula is known for it.
            }
        }
    }

    private @Nullable Long queueOutcome(Touchpoint touchpoint) {
        String kind = touchpoint.kind();
        int end = kind.lastIndexOf('_');
        if (end < 0 || !config.queues().contains(kind.substring(0, end))) {
            return null;
        }
        boolean abandoned =
                switch (kind.substring(end + 1)) {
                    case "abandoned" -> true;
                    case "queued", "ended" -> "abandoned".equals(touchpoint.outcome());
                    default -> false;
                };
        Long wait = touchpoint.waitMs();
        boolean inTime = wait != null && wait <= config.serviceLevelThresholdMs();
        if (abandoned) {
            return wait == null ? ABANDONED : inTime ? ABANDONED_IN_TIME : ABANDONED_LATE;
        }
        if (kind.endsWith("_answered")) {
            return wait == null ? ANSWERED : inTime ? ANSWERED_IN_TIME : ANSWERED_LATE;
        }
        return null;
    }

    private List<Map<String, String>> series(Touchpoint from, String channel, @Nullable String touchpoint) {
        return series(known(from, channel, touchpoint), from.experiments());
    }

    private static Known known(Touchpoint from, String channel, @Nullable String touchpoint) {
        return dimension -> switch (dimension) {
            case "channel" -> channel;
            case "touchpoint" -> touchpoint;
            case "stage" -> from.stage();
            case "topic" -> from.topic();
            case "segment" -> from.segment();
            case "location" -> from.location();
            case "brand" -> from.brand();
            case "product" -> from.product();
            default -> null;
        };
    }

    private List<Map<String, String>> series(Known known, Map<String, String> experiments) {
        return series(known, experiments, config.dimensions());
    }

    /** The combinations for which every dimension is known; {@code experiment} is NAME=VARIANT. */
    private static List<Map<String, String>> series(
            Known known, Map<String, String> experiments, List<List<String>> combinations) {
        List<Map<String, String>> series = new ArrayList<>(combinations.size());
        for (List<String> combination : combinations) {
            if (!combination.contains("experiment")) {
                pick(combination, known, series);
            } else if (!experiments.isEmpty()) {
                experiments.forEach((experiment, variant) -> {
                    String named = experiment + "=" + variant;
                    pick(
                            combination,
                            dimension -> dimension.equals("experiment") ? named : known.of(dimension),
                            series);
                });
            }
        }
        return series;
    }

    private static void pick(List<String> combination, Known known, List<Map<String, String>> series) {
        String[] values = new String[combination.size()];
        for (int i = 0; i < values.length; i++) {
            String value = known.of(combination.get(i));
            if (value == null || value.isBlank()) {
                return;
            }
            values[i] = value;
        }
        switch (values.length) {
            case 0 -> series.add(Map.of());
            case 1 -> series.add(Map.of(combination.get(0), values[0]));
            default -> {
                Map<String, String> picked = new TreeMap<>();
                for (int i = 0; i < values.length; i++) {
                    picked.put(combination.get(i), values[i]);
                }
                series.add(Collections.unmodifiableMap(picked));
            }
        }
    }

    /** Value of a dimension; null where it is not known. */
    @FunctionalInterface
    private interface Known {
        @Nullable
        String of(String dimension);
    }

    /** Facts of one moment. */
    private final class Collector {
        private final List<Fact> found = new ArrayList<>();
        private final long time;
        private final int sign;

        Collector(long time, int sign) {
            this.time = time;
            this.sign = sign;
        }

        void add(Family family, List<Map<String, String>> series, long bin) {
            add(family, series, bin, 1);
        }

        void add(Family family, List<Map<String, String>> series, long bin, int times) {
            if (times > 0 && published.contains(family)) {
                series.forEach(dimensions -> found.add(new Fact(family, dimensions, time, sign * times, bin)));
            }
        }
    }
}
