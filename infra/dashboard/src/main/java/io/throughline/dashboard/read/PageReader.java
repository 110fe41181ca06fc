package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.touchpoint.Identifier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads what the pages ask for, when they ask for it. Thread-safe. */
public final class PageReader {

    /** Documents on one page of a list. */
    public static final int PER_PAGE = 25;

    private static final int PATH_SHOWN = 60;
    private static final int TOUCHPOINTS_OF_A_SESSION = 500;
    private static final int SESSIONS_OF_A_CUSTOMER = 200;
    private static final int OF_A_CUSTOMER = 100;
    private static final int CANDIDATES = 20;
    /** Left out of touchpoints: who it is from is said by customer, and what they wrote may be anything. */
    private static final String[] WORDS = {"identifiers", "properties", "survey.verbatim"};

    /** Data whose newest event is older than this is of the past, and periods end with it. */
    private static final Duration OLD = Duration.ofMinutes(10);

    private final LastAnswers answers;
    private final Clock clock;
    private final Supplier<@Nullable Instant> newestEventTime;
    private final Supplier<@Nullable Instant> judgedSince;

    /**
     * @param newestEventTime largest event time there is; null: not known yet
     * @param judgedSince when the job that judges alerts was started; null: not known
     */
    public PageReader(
            ElasticsearchClient elasticsearch,
            Clock clock,
            Supplier<@Nullable Instant> newestEventTime,
            Supplier<@Nullable Instant> judgedSince) {
        this.answers = new LastAnswers(elasticsearch, clock);
        this.clock = clock;
        this.newestEventTime = newestEventTime;
        this.judgedSince = judgedSince;
    }

    /** Where a period ends that names no end: now, or where the data ends if that was long ago, as in a replay. */
    public Instant dataEnd() {
        Instant now = clock.instant();
        Instant newest = newestEventTime.get();
        // Whole seconds, so that people who ask the same within one share the answer.
        Instant end = newest == null || newest.plus(OLD).isAfter(now) ? now : newest.plusMillis(1);
        return Instant.ofEpochSecond(end.getEpochSecond() + 1);
    }

    /** Metrics by channel, and how sessions change channels. */
    public Reply channels(Period period) throws UnansweredException {
        return answers.to(List.of("channels", period), round -> {
            Slot<ChannelMatrix> now = round.ask(new ChannelMatrix.Reading(period));
            Slot<ChannelMatrix> before =
                    round.ask(new ChannelMatrix.Reading(new Period(period.window(), period.after())));
            // Where days are long enough to be counted whole, changes are counted already.
            boolean byDays = period.window().compareTo(Window.WEEK) >= 0;
            Slot<Transitions> transitions = byDays ? round.ask(new Transitions.Reading(period, "channel")) : null;
            Slot<Turns> turns = byDays ? null : round.ask(turnsOf(period));
            round.run();
            Transitions counted = transitions == null ? Transitions.NONE : transitions.required();
            if (turns == null && counted.flows().isEmpty()) {
                turns = round.ask(turnsOf(period));
                round.run();
            }
            Slot<Optional<Instant>> firstKept = null;
            if (now.required().cells().isEmpty()) {
                firstKept = round.ask(FirstKept.byChannel(period.window()));
                round.run();
            }
            return new Channels(
                    now.required().cells(),
                    before.required().cells(),
                    turns == null ? Turns.NONE : turns.required(),
                    counted,
                    firstKept == null ? null : firstKept.required().orElse(null));
        });
    }

    private static Turns.Reading turnsOf(Period period) {
        return new Turns.Reading(SessionFilter.of(period, null));
    }

    /**
     * @param turns sessions by change of channel; none where transitions are
     * @param transitions the changes counted exactly, over whole days
     * @param firstKept where there are no cells: when the first figure by channel is of; null: there is none
     */
    public record Channels(
            List<ChannelMatrix.Cell> cells,
            List<ChannelMatrix.Cell> before,
            Turns turns,
            Transitions transitions,
            @Nullable Instant firstKept) {}

    /** The ways sessions take, and how far journeys came. */
    public Reply journeys(SessionFilter filter, Paths.By by) throws UnansweredException {
        return answers.to(List.of("journeys", filter, by), round -> {
            Slot<Paths> paths = round.ask(new Paths.Reading(filter, by));
            Slot<Arcs> arcs = round.ask(new Arcs.Reading(
                    filter.period(),
                    filter.channels().isEmpty() ? null : filter.channels().get(0)));
            Slot<Transitions> transitions = round.ask(new Transitions.Reading(filter.period(), "stage"));
            round.run();
            Slot<Funnel> funnel = null;
            if (arcs.required().total() == 0) {
                funnel = round.ask(new Funnel.Reading(filter));
                round.run();
            }
            return new Journeys(
                    paths.required(),
                    funnel == null ? null : funnel.required(),
                    arcs.required(),
                    transitions.required());
        });
    }

    /**
     * @param funnel customers by stage; null where there are journeys, which say more
     * @param transitions from stage to stage, over whole days and all channels
     */
    public record Journeys(Paths paths, @Nullable Funnel funnel, Arcs arcs, Transitions transitions) {}

    /** Sessions, newest first. */
    public Reply sessions(SessionFilter filter, int from) throws UnansweredException {
        return answers.to(List.of("sessions", filter, from), round -> {
            Slot<Listing.Found> found = round.ask(sessionListing(filter.query(), from, PER_PAGE));
            round.run();
            return withShortPaths(found.required());
        });
    }

    private static Listing sessionListing(Query query, int from, int size) {
        return newest(Alias.SESSIONS, query, from, size, "start", "session_id")
                .without("path.touchpoint_id")
                .countedBy("channels", "segment", "stages", "topics", "status", "outcome", "cut_cause");
    }

    private static Listing.Found withShortPaths(Listing.Found found) {
        found.documents().forEach(session -> {
            if (session.path("path").size() > PATH_SHOWN) {
                var cut = session.putArray("path_cut");
                session.path("path").forEach(step -> {
                    if (cut.size() < PATH_SHOWN) {
                        cut.add(step);
                    }
                });
                session.set("path", session.remove("path_cut"));
            }
        });
        return found;
    }

    /** One session and its touchpoints; no session where there is none of that id. */
    public Reply session(String sessionId) throws UnansweredException {
        return answers.to(List.of("session", sessionId), round -> {
            Slot<Listing.Found> session =
                    round.ask(Listing.of(Alias.SESSIONS, Searches.term("session_id", sessionId), 0, 1));
            Slot<Listing.Found> touchpoints = round.ask(Listing.of(
                            Alias.TOUCHPOINTS,
                            Searches.term("session_id", sessionId),
                            0,
                            TOUCHPOINTS_OF_A_SESSION,
                            Searches.oldestFirst("event_time"),
                            Searches.thenBy("touchpoint_id"))
                    .without(WORDS));
            round.run();
            return new OneSession(
                    first(session.required()),
                    touchpoints.required().documents(),
                    touchpoints.required().total());
        });
    }

    public record OneSession(@Nullable ObjectNode session, List<ObjectNode> touchpoints, long total) {}

    /** Issues, newest first. */
    public Reply issues(IssueFilter filter, int from) throws UnansweredException {
        return listed(List.of("issues", filter, from), issueListing(filter, from, PER_PAGE));
    }

    private Reply listed(List<Object> key, Listing listing) throws UnansweredException {
        return answers.to(key, round -> {
            Slot<Listing.Found> found = round.ask(listing);
            round.run();
            return found.required();
        });
    }

    /** @param id breaks ties of time */
    private static Listing newest(String alias, Query query, int from, int size, String time, String id) {
        return Listing.of(alias, query, from, size, Searches.newestFirst(time), Searches.thenBy(id));
    }

    private static Listing issueListing(IssueFilter filter, int from, int size) {
        return newest(Alias.ISSUES, filter.query(), from, size, "start", "issue_id")
                .without("contacts")
                .countedBy("segment", "topic", "status");
    }

    /** Touchpoints, newest first. */
    public Reply touchpoints(TouchpointFilter filter, int from) throws UnansweredException {
        return listed(List.of("touchpoints", filter, from), touchpointListing(filter, from, PER_PAGE));
    }

    private static Listing touchpointListing(TouchpointFilter filter, int from, int size) {
        return newest(Alias.TOUCHPOINTS, filter.query(), from, size, "event_time", "touchpoint_id")
                .without(WORDS)
                .countedBy("kind", "segment");
    }

    /** Answers in customers' own words, newest first. */
    public Reply verbatims(VerbatimFilter filter, int from) throws UnansweredException {
        return listed(List.of("verbatims", filter, from), verbatimListing(filter, from, PER_PAGE));
    }

    private static Listing verbatimListing(VerbatimFilter filter, int from, int size) {
        return newest(Alias.TOUCHPOINTS, filter.query(), from, size, "event_time", "touchpoint_id")
                .without("identifiers", "properties")
                .countedBy("survey.metric", "topic");
    }

    public Reply alerts(AlertFilter filter, AlertOrder order, int from) throws UnansweredException {
        return listed(List.of("alerts", filter, order, from), alertListing(filter, order, from, PER_PAGE));
    }

    private static Listing alertListing(AlertFilter filter, AlertOrder order, int from, int size) {
        return Listing.of(Alias.ALERTS, order.query(filter.query()), from, size, order.sort())
                .countedBy("status")
                .narrowedTo(filter.statusQuery(), "severity", "rule_id", "expectation", "assignee");
    }

    /** One alert; null data field where there is none of that id. */
    public Reply alert(String alertId) throws UnansweredException {
        return answers.to(List.of("alert", alertId), round -> {
            Slot<Listing.Found> found = round.ask(Listing.of(Alias.ALERTS, Searches.term("alert_id", alertId), 0, 1));
            round.run();
            return new OneAlert(first(found.required()));
        });
    }

    public record OneAlert(@Nullable ObjectNode alert) {}

    /**
     * What each rule came to in the period, and which fail now.
     *
     * @param channel of which there is evidence; null: any. Rules fail whatever the channel
     */
    public Reply rules(Period period, @Nullable String channel) throws UnansweredException {
        Instant since = judgedSince.get();
        BoolQuery.Builder failing = new BoolQuery.Builder().filter(Searches.moreThanNone("failures"));
        if (since != null) {
            // What an earlier run said is not taken back.
            failing.filter(Searches.within("last_at", since.minusMillis(1), null));
        }
        Query wanted = Query.of(all -> all.bool(failing.build()));
        return answers.to(Arrays.asList("rules", period, channel, since), round -> {
            Slot<Map<String, Map<String, Long>>> alerts = round.ask(new AlertsByRule(period, channel));
            Slot<Listing.Found> errors =
                    round.ask(newest(Alias.RULE_ERRORS, wanted, 0, Listing.FURTHEST, "last_at", "rule_error_id"));
            round.run();
            return new Rules(alerts.required(), FailingRule.of(errors.required().documents()));
        });
    }

    /**
     * By rule.
     *
     * @param alerts how many it raised, by status
     */
    public record Rules(Map<String, Map<String, Long>> alerts, Map<String, FailingRule> failing) {}

    /** Customers, and who looks after those who wait for help. */
    public Reply customers(CustomerFilter filter, CustomerOrder order, int from) throws UnansweredException {
        return answers.to(List.of("customers", filter, order, from), round -> {
            Slot<Listing.Found> asked =
                    round.ask(Listing.of(Alias.CUSTOMERS, filter.query(), from, PER_PAGE, order.sort())
                            .countedBy("segment", "value_tier")
                            .narrowedTo(filter.ofWhomQuery()));
            round.run();
            Listing.Found found = asked.required();
            if (found.documents().isEmpty()) {
                return new Customers(found, Map.of());
            }
            Slot<Map<String, Care>> care = round.ask(new Care.Reading(found.documents().stream()
                    .map(customer -> Searches.text(customer, "customer_id"))
                    .toList()));
            round.run();
            return new Customers(found, care.required());
        });
    }

    /** @param care by customer; those about whom no alert waits are not in it */
    public record Customers(@JsonUnwrapped Listing.Found found, Map<String, Care> care) {}

    /** Customers with this id, or known by any of the identifiers. */
    public Reply candidates(String customerId, Collection<Identifier> identifiers) throws UnansweredException {
        BoolQuery.Builder any =
                new BoolQuery.Builder().minimumShouldMatch("1").should(Searches.term("customer_id", customerId));
        identifiers.forEach(identifier -> any.should(
                known -> known.bool(both -> both.filter(Searches.term("identifiers.value", identifier.value()))
                        .filter(Searches.term("identifiers.type", identifier.type())))));
        Query wanted = Query.of(all -> all.bool(any.build()));
        return answers.to(List.of("candidates", customerId, List.copyOf(identifiers)), round -> {
            Slot<Listing.Found> found =
                    round.ask(Listing.of(Alias.CUSTOMERS, wanted, 0, CANDIDATES, Searches.newestFirst("last_seen")));
            round.run();
            Listing.Found all = found.required();
            // An index knows types and values, but not which belong together.
            List<ObjectNode> sure = all.documents().stream()
                    .filter(customer -> Searches.text(customer, "customer_id").equals(customerId)
                            || identifiers.stream().anyMatch(identifier -> bears(customer, identifier)))
                    .toList();
            return new Listing.Found(sure.size(), 0, sure, Map.of());
        });
    }

    private static boolean bears(ObjectNode customer, Identifier identifier) {
        for (var known : customer.path("identifiers")) {
            if (Searches.text(known, "type").equals(identifier.type())
                    && Searches.text(known, "value").equals(identifier.value())) {
                return true;
            }
        }
        return false;
    }

    /** Everything about one customer; no customer where there is none of that id. */
    public Reply customer(String customerId) throws UnansweredException {
        Query of = Searches.term("customer_id", customerId);
        return answers.to(List.of("customer", customerId), round -> {
            Slot<Listing.Found> customer = round.ask(Listing.of(Alias.CUSTOMERS, of, 0, 1));
            Slot<Listing.Found> sessions = round.ask(sessionListing(
                    Query.of(all -> all.bool(bool -> bool.filter(of).mustNot(Searches.term("status", "absorbed")))),
                    0,
                    SESSIONS_OF_A_CUSTOMER));
            Query raised = Query.of(
                    all -> all.bool(bool -> bool.filter(of).mustNot(Searches.term("status", AlertsPanel.ON_TRIAL))));
            Slot<Listing.Found> alerts =
                    round.ask(Listing.of(Alias.ALERTS, raised, 0, OF_A_CUSTOMER, Searches.newestFirst("opened_at")));
            Slot<Listing.Found> changes = round.ask(Listing.of(
                    Alias.IDENTITY_CHANGES,
                    Query.of(either -> either.bool(bool -> bool.should(Searches.term("survivor", customerId))
                            .should(Searches.term("absorbed", customerId))
                            .minimumShouldMatch("1"))),
                    0,
                    OF_A_CUSTOMER,
                    Searches.newestFirst("processing_time")));
            Slot<Listing.Found> surveys = round.ask(Listing.of(
                            Alias.TOUCHPOINTS,
                            Query.of(
                                    both -> both.bool(bool -> bool.filter(of).filter(Searches.exists("survey.score")))),
                            0,
                            OF_A_CUSTOMER,
                            Searches.newestFirst("event_time"))
                    .without("identifiers", "properties"));
            Query standing =
                    Query.of(all -> all.bool(bool -> bool.filter(of).mustNot(Searches.term("status", "absorbed"))));
            Slot<Listing.Found> journeys =
                    round.ask(Listing.of(Alias.JOURNEYS, standing, 0, OF_A_CUSTOMER, Searches.newestFirst("start")));
            Slot<Listing.Found> issues =
                    round.ask(Listing.of(Alias.ISSUES, standing, 0, OF_A_CUSTOMER, Searches.newestFirst("start")));
            round.run();
            return new OneCustomer(
                    first(customer.required()),
                    withShortPaths(sessions.required()),
                    alerts.required(),
                    changes.required(),
                    surveys.required(),
                    journeys.required(),
                    issues.required());
        });
    }

    public record OneCustomer(
            @Nullable ObjectNode customer,
            Listing.Found sessions,
            Listing.Found alerts,
            Listing.Found changes,
            Listing.Found surveys,
            Listing.Found journeys,
            Listing.Found issues) {}

    /** Accounts by source, records that did not count, and how many documents there are of each kind. */
    public Reply pipeline(@Nullable String reason, Period period, int from) throws UnansweredException {
        List<Object> key = new ArrayList<>(List.of("pipeline", period, from));
        key.add(reason);
        return answers.to(key, round -> {
            Slot<Listing.Found> sources = round.ask(Listing.of(
                    Alias.ACCOUNTING, Query.of(all -> all.matchAll(any -> any)), 0, 500, Searches.thenBy("source")));
            Listing rejected = newest(
                            Alias.REJECTED,
                            Query.of(all -> all.matchAll(any -> any)),
                            from,
                            PER_PAGE,
                            "received_time",
                            "origin")
                    .without("raw", "key")
                    .countedBy("reason");
            Slot<Listing.Found> records =
                    round.ask(reason == null ? rejected : rejected.narrowedTo(Searches.term("reason", reason)));
            Slot<Quality> quality = round.ask(new Quality.Reading(period));
            Slot<Listing.Found> flagged = round.ask(
                    Listing.of(Alias.SESSIONS, SessionFilter.of(period, null).query(), 0, 0)
                            .countedBy("flags"));
            Map<String, Slot<Listing.Found>> kinds = new LinkedHashMap<>();
            for (String alias : Alias.ALL) {
                kinds.put(alias, round.ask(Listing.of(alias, Query.of(all -> all.matchAll(any -> any)), 0, 0)));
            }
            round.run();
            Map<String, Long> documents = new LinkedHashMap<>();
            for (Map.Entry<String, Slot<Listing.Found>> kind : kinds.entrySet()) {
                documents.put(kind.getKey(), kind.getValue().required().total());
            }
            return new PipelinePage(
                    sources.required().documents(),
                    records.required(),
                    documents,
                    quality.required(),
                    flagged.required().counts().getOrDefault("flags", Map.of()));
        });
    }

    /** @param flags sessions of the period by what contradicts itself in them */
    public record PipelinePage(
            List<ObjectNode> sources,
            Listing.Found rejected,
            Map<String, Long> documents,
            Quality quality,
            Map<String, Long> flags) {}

    /** Up to {@link Listing#FURTHEST} sessions, for a file. */
    public List<ObjectNode> allSessions(SessionFilter filter) throws UnansweredException {
        return all(newest(Alias.SESSIONS, filter.query(), 0, Listing.FURTHEST, "start", "session_id")
                .without("path"));
    }

    public List<ObjectNode> allIssues(IssueFilter filter) throws UnansweredException {
        return all(issueListing(filter, 0, Listing.FURTHEST).without("contacts", "promises"));
    }

    public List<ObjectNode> allTouchpoints(TouchpointFilter filter) throws UnansweredException {
        return all(touchpointListing(filter, 0, Listing.FURTHEST));
    }

    public List<ObjectNode> allVerbatims(VerbatimFilter filter) throws UnansweredException {
        return all(verbatimListing(filter, 0, Listing.FURTHEST));
    }

    public List<ObjectNode> allAlerts(AlertFilter filter) throws UnansweredException {
        return all(alertListing(filter, AlertOrder.NEWEST, 0, Listing.FURTHEST));
    }

    private List<ObjectNode> all(Listing listing) throws UnansweredException {
        // Not remembered: it is large, and taken away as a file it cannot be marked as old.
        return answers.once(round -> {
            Slot<Listing.Found> found = round.ask(listing);
            round.run();
            return found.required().documents();
        });
    }

    private static @Nullable ObjectNode first(Listing.Found found) {
        return found.documents().isEmpty() ? null : found.documents().get(0);
    }
}
