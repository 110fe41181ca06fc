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
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which series a touchpoint or a session counts in, and as what. Remembers nothing that could tell: undoing gives the same
 * facts with the other sign. What a change takes away and adds may in part cancel out; whoever sums finds that out anyway.
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
    private final SessionCourse courses;
    private final EnumSet<Family> published = EnumSet.noneOf(Family.class);
    private final CustomerBins customerBins;
    private final Combinations combinations;
    private final Combinations ofCustomers;

    public Facts(MeasureConfig config) {
        this.config = config;
        this.courses = new SessionCourse(config);
        this.customerBins = new CustomerBins(config.stages());
        this.combinations = new Combinations(config.dimensions());
        this.ofCustomers = new Combinations(config.customerDimensions());
        for (Family family : Family.values()) {
            if (config.publishes(family)) {
                published.add(family);
            }
        }
    }

    /** What a touchpoint that begins or ceases to belong to a customer adds or takes away. */
    public void find(Attribution attribution, FactSink sink) {
        Touchpoint touchpoint = attribution.touchpoint();
        List<Breakdown> series = series(touchpoint, touchpoint.channel(), touchpoint.touchpoint());
        Collector facts = new Collector(touchpoint.eventTime(), attribution.sign(), sink);
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
        Survey survey = touchpoint.survey();
        if (survey != null && !survey.asksAboutTouchpoint()) {
            survey(touchpoint, survey, series, facts);
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
    }

    /** The same of an answer alone, which {@link AnswerRule} has placed. */
    public void findAnswer(PlacedAnswer answer, FactSink sink) {
        Attribution attribution = answer.attribution();
        Touchpoint touchpoint = attribution.touchpoint();
        Survey survey = touchpoint.survey();
        if (survey != null) {
            survey(
                    touchpoint,
                    survey,
                    series(touchpoint, touchpoint.channel(), touchpoint.touchpoint()),
                    new Collector(touchpoint.eventTime(), attribution.sign(), sink));
        }
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
            List<Breakdown> series,
            Collector facts) {
        if (ms != null) {
            facts.add(family, series, ms < 0 ? EXCLUDED : DurationBins.bin(ms));
        } else if (touchpoint.properties().containsKey(leftOut)) {
            facts.add(family, series, EXCLUDED);
        }
    }

    /** One bin per message and what became of it; a message is known by its id, else by its campaign or name. */
    private static void email(String customerId, Touchpoint touchpoint, List<Breakdown> series, Collector facts) {
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
        List<Breakdown> series = ofCustomers.of(
                known(touchpoint, touchpoint.channel(), touchpoint.touchpoint()), touchpoint.experiments());
        facts.add(Family.CUSTOMERS, series, customerBins.active(customer, touchpoint.channel(), touchpoint.stage()));
        if (purchase) {
            facts.add(Family.CUSTOMERS, series, CustomerBins.bin(customer, 0, CustomerBins.PURCHASED));
        }
        if (cancellation) {
            facts.add(Family.CUSTOMERS, series, CustomerBins.bin(customer, 0, CustomerBins.CANCELLED));
        }
    }

    private static void purchase(Touchpoint touchpoint, List<Breakdown> series, Collector facts) {
        Money value = touchpoint.value();
        if (value != null) {
            facts.add(Family.PURCHASES, with(series, Map.of("currency", value.currency())), value.micros());
        }
    }

    /** Every series broken down further. */
    private static List<Breakdown> with(List<Breakdown> series, Map<String, String> more) {
        List<Breakdown> finer = new ArrayList<>(series.size());
        for (Breakdown by : series) {
            Map<String, String> both = new TreeMap<>(by.dimensions());
            both.putAll(more);
            finer.add(new Breakdown(Collections.unmodifiableMap(both)));
        }
        return finer;
    }

    /**
     * What a session that begins, changes or ends to be adds and takes away. It counts at its start, under the channel,
     * touchpoint and stage it began with and under its topic where it has only one. Open sessions count, absorbed ones
     * do not.
     */
    public void find(SessionChange change, FactSink facts) {
        Session before = counted(change.before());
        Session after = counted(change.after());
        if (before != null && after != null && before.start() == after.start()) {
            move(before, after, facts);
        } else {
            if (before != null) {
                count(before, new Collector(before.start(), -1, facts));
            }
            if (after != null) {
                count(after, new Collector(after.start(), 1, facts));
            }
        }
        if (published.contains(Family.TRANSITIONS)) {
            transitions(before, after, facts);
        }
    }

    /** Of two sessions that began at the same time. Mostly they count alike, and nothing is looked up for that. */
    private void move(Session before, Session after, FactSink facts) {
        int shared = before.stepsSharedWith(after);
        int along = courses.along(after, 0, shared);
        long was = courses.of(before, shared, along);
        long is = courses.of(after, shared, along);
        boolean stays = inTheSameSeries(before, after);
        if (stays && was == is && before.channelSwitches() == after.channelSwitches()) {
            return;
        }
        List<Breakdown> series = series(after);
        List<Breakdown> left = stays ? series : series(before);
        Collector moved = new Collector(after.start(), 1, facts);
        moved.move(Family.SESSIONS, left, before.channelSwitches(), series, after.channelSwitches());
        moved.move(Family.COURSES, left, was, series, is);
    }

    private static @Nullable Session counted(@Nullable Session session) {
        return session == null || session.status() == Session.Status.ABSORBED ? null : session;
    }

    /** Of two sessions that began at the same time. */
    private static boolean inTheSameSeries(Session before, Session after) {
        if (before.path().isEmpty() || after.path().isEmpty()) {
            return before.path().isEmpty() == after.path().isEmpty() && Objects.equals(topic(before), topic(after));
        }
        Session.Step one = before.path().get(0);
        Session.Step other = after.path().get(0);
        return one.channel().equals(other.channel())
                && Objects.equals(one.touchpoint(), other.touchpoint())
                && Objects.equals(one.stage(), other.stage())
                && Objects.equals(topic(before), topic(after));
    }

    private static @Nullable String topic(Session session) {
        return session.topics().size() == 1 ? session.topics().get(0) : null;
    }

    private void count(Session session, Collector facts) {
        List<Breakdown> series = series(session);
        facts.add(Family.SESSIONS, series, session.channelSwitches());
        facts.add(Family.COURSES, series, courses.of(session));
    }

    private List<Breakdown> series(Session session) {
        Session.Step first = session.path().isEmpty() ? null : session.path().get(0);
        Combinations.Known known = new Combinations.Known(
                first == null ? null : first.channel(),
                first == null ? null : first.touchpoint(),
                first == null ? null : first.stage(),
                topic(session),
                null,
                null,
                null,
                null);
        return combinations.of(known, Map.of());
    }

    /** Changes of channel; those at the beginning of both, mostly all but the last, are passed over. */
    private void transitions(@Nullable Session before, @Nullable Session after, FactSink facts) {
        int less = before == null ? -1 : SessionCourse.nextChange(before, 0);
        int more = after == null ? -1 : SessionCourse.nextChange(after, 0);
        if (before != null && after != null && before.start() == after.start()) {
            int passedOver = Math.max(0, before.stepsSharedWith(after) - 1);
            less = SessionCourse.nextChange(before, passedOver);
            more = SessionCourse.nextChange(after, passedOver);
            while (less > 0 && more > 0 && SessionCourse.changesAlike(before, less, after, more)) {
                less = SessionCourse.nextChange(before, less);
                more = SessionCourse.nextChange(after, more);
            }
        }
        if (before != null) {
            transitions(before, less, new Collector(before.start(), -1, facts));
        }
        if (after != null) {
            transitions(after, more, new Collector(after.start(), 1, facts));
        }
    }

    private static void transitions(Session session, int from, Collector facts) {
        for (int i = from; i > 0; i = SessionCourse.nextChange(session, i)) {
            facts.add(
                    Family.TRANSITIONS,
                    List.of(new Breakdown(Map.of(
                            "from_channel",
                            SessionCourse.from(session, i),
                            "to_channel",
                            SessionCourse.to(session, i)))),
                    0);
        }
    }

    /**
     * What an issue that begins, changes or ends to be adds and takes away. Each contact counts at its start, the issue
     * at its first contact, both also while the verdict is provisional.
     */
    public void find(IssueChange change, FactSink facts) {
        Issue before = change.before() == null || change.before().absorbed() ? null : change.before();
        Issue after = change.after() == null || change.after().absorbed() ? null : change.after();
        if (published.contains(Family.CONTACTS)) {
            contacts(before, after, facts);
        }
        if (before != null
                && after != null
                && before.first().start() == after.first().start()) {
            outcome(before, after, new Collector(after.first().start(), 1, facts));
        } else {
            if (before != null) {
                outcome(before, new Collector(before.first().start(), -1, facts));
            }
            if (after != null) {
                outcome(after, new Collector(after.first().start(), 1, facts));
            }
        }
    }

    /** One by one; those that count alike, mostly all but the last, are passed over. */
    private void contacts(@Nullable Issue before, @Nullable Issue after, FactSink facts) {
        boolean alike = before != null && after != null && Objects.equals(before.topic(), after.topic());
        int less = before == null ? 0 : before.contacts().size();
        int more = after == null ? 0 : after.contacts().size();
        for (int i = 0; i < Math.max(less, more); i++) {
            Issue.Contact was = before != null && i < less ? before.contacts().get(i) : null;
            Issue.Contact is = after != null && i < more ? after.contacts().get(i) : null;
            if (before != null && was != null && after != null && is != null && was.start() == is.start()) {
                if (!alike || !countsAs(was, is)) {
                    new Collector(is.start(), 1, facts)
                            .move(
                                    Family.CONTACTS,
                                    series(before, was),
                                    was.repeat() ? REPEAT : FIRST,
                                    series(after, is),
                                    is.repeat() ? REPEAT : FIRST);
                }
            } else {
                if (before != null && was != null) {
                    contact(before, was, -1, facts);
                }
                if (after != null && is != null) {
                    contact(after, is, 1, facts);
                }
            }
        }
    }

    private void contact(Issue issue, Issue.Contact contact, int sign, FactSink facts) {
        new Collector(contact.start(), sign, facts)
                .add(Family.CONTACTS, series(issue, contact), contact.repeat() ? REPEAT : FIRST);
    }

    /** Of two issues about the same: whether these contacts count at the same time, in the same series and as the same. */
    private static boolean countsAs(Issue.Contact one, Issue.Contact other) {
        if (one == other) {
            return true;
        }
        return one.start() == other.start()
                && one.repeat() == other.repeat()
                && one.channel().equals(other.channel())
                && Objects.equals(one.touchpoint(), other.touchpoint())
                && Objects.equals(one.stage(), other.stage())
                && Objects.equals(one.segment(), other.segment())
                && Objects.equals(one.location(), other.location())
                && Objects.equals(one.product(), other.product())
                && one.experiments().equals(other.experiments());
    }

    /** Of two issues whose first contacts are of the same time. */
    private void outcome(Issue before, Issue after, Collector facts) {
        boolean stays = Objects.equals(before.topic(), after.topic()) && countsAs(before.first(), after.first());
        if (stays && !changes(before, after)) {
            return;
        }
        List<Breakdown> series = series(after, after.first());
        List<Breakdown> left = stays ? series : series(before, before.first());
        facts.move(Family.ISSUES, left, verdict(before), series, verdict(after));
        facts.move(Family.FIRST_RESPONSE, left, before.firstResponseMs(), series, after.firstResponseMs());
        facts.move(Family.RESOLUTION, left, before.resolutionMs(), series, after.resolutionMs());
        facts.move(
                Family.SILENCE,
                left,
                DurationBins.bin(before.longestSilenceMs()),
                series,
                DurationBins.bin(after.longestSilenceMs()));
        facts.move(Family.HANDLING, left, handling(before), series, handling(after));
        if (published.contains(Family.PROMISES) && (left != series || !promisesAlike(before, after))) {
            Collector less = facts.undoing();
            for (long which : new long[] {KEPT, BROKEN}) {
                less.add(Family.PROMISES, left, which, promises(before, which));
                facts.add(Family.PROMISES, series, which, promises(after, which));
            }
        }
    }

    /** Whether anything published counts as something else now. */
    private boolean changes(Issue before, Issue after) {
        return (published.contains(Family.ISSUES) && verdict(before) != verdict(after))
                || (published.contains(Family.FIRST_RESPONSE)
                        && !Objects.equals(before.firstResponseMs(), after.firstResponseMs()))
                || (published.contains(Family.RESOLUTION)
                        && !Objects.equals(before.resolutionMs(), after.resolutionMs()))
                || (published.contains(Family.SILENCE) && before.longestSilenceMs() != after.longestSilenceMs())
                || (published.contains(Family.HANDLING) && handling(before) != handling(after))
                || (published.contains(Family.PROMISES) && !promisesAlike(before, after));
    }

    private static boolean promisesAlike(Issue before, Issue after) {
        return promises(before, KEPT) == promises(after, KEPT) && promises(before, BROKEN) == promises(after, BROKEN);
    }

    private static int promises(Issue issue, long which) {
        return which == KEPT ? issue.promisesKept() : issue.promisesBroken();
    }

    private void outcome(Issue issue, Collector facts) {
        List<Breakdown> series = series(issue, issue.first());
        facts.add(Family.ISSUES, series, verdict(issue));
        if (issue.firstResponseMs() != null) {
            facts.add(Family.FIRST_RESPONSE, series, DurationBins.bin(issue.firstResponseMs()));
        }
        if (issue.resolutionMs() != null) {
            facts.add(Family.RESOLUTION, series, DurationBins.bin(issue.resolutionMs()));
        }
        facts.add(Family.SILENCE, series, DurationBins.bin(issue.longestSilenceMs()));
        facts.add(Family.HANDLING, series, handling(issue));
        if (published.contains(Family.PROMISES)) {
            facts.add(Family.PROMISES, series, KEPT, promises(issue, KEPT));
            facts.add(Family.PROMISES, series, BROKEN, promises(issue, BROKEN));
        }
    }

    private static long verdict(Issue issue) {
        return (issue.resolvedAtFirstContact() ? RESOLVED_AT_FIRST_CONTACT : 0)
                | (issue.resolvable() ? 0 : BEYOND_FIRST_LEVEL)
                | (issue.notRepeated() ? 0 : CONTACTED_AGAIN);
    }

    private static long handling(Issue issue) {
        return handling(issue.contacts().size(), issue.handoffs(), issue.reAsks(), issue.resolved());
    }

    /**
     * What a journey that begins, changes or ends to be adds and takes away: it counts at its start, each stretch in a
     * stage at its entry.
     */
    public void find(JourneyChange change, FactSink facts) {
        if (!published.contains(Family.JOURNEYS)
                && !published.contains(Family.CONVERSION_TIME)
                && !published.contains(Family.DWELL)) {
            return;
        }
        Journey before = counted(change.before());
        Journey after = counted(change.after());
        boolean alike = before != null
                && after != null
                && before.firstChannel().equals(after.firstChannel())
                && Objects.equals(before.topic(), after.topic())
                && Objects.equals(before.product(), after.product());
        boolean begins = before == null
                || after == null
                || !alike
                || before.start() != after.start()
                || outcome(before) != outcome(after)
                || !Objects.equals(before.convertedAt(), after.convertedAt());
        int same = 0;
        if (before != null && after != null && alike) {
            int most = Math.min(stretches(before), stretches(after));
            while (same < most
                    && dwellAlike(
                            before.stagePath().get(same), after.stagePath().get(same))) {
                same++;
            }
        }
        if (before != null) {
            journey(before, begins, same, -1, facts);
        }
        if (after != null) {
            journey(after, begins, same, 1, facts);
        }
    }

    private static @Nullable Journey counted(@Nullable Journey journey) {
        return journey == null || journey.status() == Journey.Status.ABSORBED ? null : journey;
    }

    private static boolean dwellAlike(Journey.StageVisit one, Journey.StageVisit other) {
        return one.entered() == other.entered()
                && one.dwellMs() == other.dwellMs()
                && one.stage().equals(other.stage());
    }

    private static long outcome(Journey journey) {
        return (journey.converted() ? CONVERTED : 0)
                | (journey.ended() && !journey.converted() ? ABANDONED_JOURNEY : 0);
    }

    /** The last stretch of a journey that goes on is not over. */
    private static int stretches(Journey journey) {
        return Math.max(0, journey.stagePath().size() - (journey.ended() ? 0 : 1));
    }

    private void journey(Journey journey, boolean begins, int from, int sign, FactSink sink) {
        if (begins) {
            List<Breakdown> series = combinations.of(known(journey, null), Map.of());
            Collector facts = new Collector(journey.start(), sign, sink);
            facts.add(Family.JOURNEYS, series, outcome(journey));
            Long convertedAt = journey.convertedAt();
            if (convertedAt != null) {
                facts.add(Family.CONVERSION_TIME, series, DurationBins.bin(Math.max(0, convertedAt - journey.start())));
            }
        }
        for (Journey.StageVisit visit : journey.stagePath().subList(from, Math.max(from, stretches(journey)))) {
            new Collector(visit.entered(), sign, sink)
                    .add(
                            Family.DWELL,
                            combinations.of(known(journey, visit.stage()), Map.of()),
                            DurationBins.bin(Math.max(0, visit.dwellMs())));
        }
    }

    private static Combinations.Known known(Journey journey, @Nullable String stage) {
        return new Combinations.Known(
                journey.firstChannel(), null, stage, journey.topic(), null, null, null, journey.product());
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

    private List<Breakdown> series(Issue issue, Issue.Contact contact) {
        Combinations.Known known = new Combinations.Known(
                contact.channel(),
                contact.touchpoint(),
                contact.stage(),
                issue.topic(),
                contact.segment(),
                contact.location(),
                null,
                contact.product());
        return combinations.of(known, contact.experiments());
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

    private void survey(Touchpoint touchpoint, Survey survey, List<Breakdown> own, Collector facts) {
        List<Breakdown> series = own;
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

    private List<Breakdown> series(Touchpoint from, String channel, @Nullable String touchpoint) {
        return combinations.of(known(from, channel, touchpoint), from.experiments());
    }

    private static Combinations.Known known(Touchpoint from, String channel, @Nullable String touchpoint) {
        return new Combinations.Known(
                channel,
                touchpoint,
                from.stage(),
                from.topic(),
                from.segment(),
                from.location(),
                from.brand(),
                from.product());
    }

    /** By reference: {@link Combinations} says the same series by the same object, and where it does not, sums cancel out. */
    private static boolean isAmong(List<Breakdown> series, Breakdown by) {
        for (int i = 0; i < series.size(); i++) {
            if (series.get(i) == by) {
                return true;
            }
        }
        return false;
    }

    /** Facts of one moment. */
    private final class Collector {
        private final long time;
        private final int sign;
        private final FactSink sink;

        Collector(long time, int sign, FactSink sink) {
            this.time = time;
            this.sign = sign;
            this.sink = sink;
        }

        void add(Family family, List<Breakdown> series, long bin) {
            add(family, series, bin, 1);
        }

        /** The same moment with the other sign. */
        Collector undoing() {
            return new Collector(time, -sign, sink);
        }

        /**
         * What counted as one thing in some series counts as another in others; what stays as it was is passed over. No series
         * is named twice.
         *
         * @param left the same list as {@code series} where they are the same
         */
        void move(Family family, List<Breakdown> left, long was, List<Breakdown> series, long bin) {
            if (!published.contains(family) || (left == series && was == bin)) {
                return;
            }
            for (int i = 0; i < series.size(); i++) {
                Breakdown by = series.get(i);
                boolean stays = left == series || isAmong(left, by);
                if (!stays || was != bin) {
                    if (stays) {
                        sink.add(family, by, time, -sign, was);
                    }
                    sink.add(family, by, time, sign, bin);
                }
            }
            if (left != series) {
                for (Breakdown by : left) {
                    if (!isAmong(series, by)) {
                        sink.add(family, by, time, -sign, was);
                    }
                }
            }
        }

        /** The same for durations; null: there is none. */
        void move(
                Family family, List<Breakdown> left, @Nullable Long wasMs, List<Breakdown> series, @Nullable Long ms) {
            if (wasMs != null && ms != null) {
                move(family, left, DurationBins.bin(wasMs), series, DurationBins.bin(ms));
            } else if (wasMs != null) {
                undoing().add(family, left, DurationBins.bin(wasMs));
            } else if (ms != null) {
                add(family, series, DurationBins.bin(ms));
            }
        }

        void add(Family family, List<Breakdown> series, long bin, int times) {
            if (times > 0 && published.contains(family)) {
                for (Breakdown by : series) {
                    sink.add(family, by, time, sign * times, bin);
                }
            }
        }
    }
}
