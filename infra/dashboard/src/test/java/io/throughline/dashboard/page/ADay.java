package io.throughline.dashboard.page;

import static io.throughline.dashboard.IndexedExperience.document;

import io.throughline.dashboard.IndexedExperience;
import io.throughline.dashboard.know.Identification;
import io.throughline.dashboard.know.Knowledge;
import io.throughline.dashboard.know.Operations;
import io.throughline.dashboard.know.RuleDescription;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.PhoneNumbers;
import io.throughline.elasticsearch.DocumentKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a company's day looks like at some moment; the same for the same moment. */
final class ADay {

    private static final Map<String, Double> CHANNELS = new TreeMap<>(Map.ofEntries(
            Map.entry("web", 30.0),
            Map.entry("app", 26.0),
            Map.entry("chat", 9.0),
            Map.entry("bot", 8.0),
            Map.entry("email", 7.0),
            Map.entry("call", 6.0),
            Map.entry("ivr", 5.0),
            Map.entry("sms", 3.0),
            Map.entry("whatsapp", 5.0),
            Map.entry("social", 3.0),
            Map.entry("store", 3.0),
            Map.entry("kiosk", 1.5),
            Map.entry("paper", 0.2)));

    private static final List<Measured> METRICS = List.of(
            new Measured("nps", "points", "higher_is_better", 41, 6, true),
            new Measured("csat", "percent", "higher_is_better", 83, 3, true),
            new Measured("csat_mean", "score", "higher_is_better", 4.2, 0.1, true),
            new Measured("ces", "score", "lower_is_better", 2.4, 0.15, true),
            new Measured("wait_p50", "ms", "lower_is_better", 9_500, 900, false),
            new Measured("wait_p90", "ms", "lower_is_better", 48_000, 5_000, false),
            new Measured("wait_p95", "ms", "lower_is_better", 92_000, 9_000, false),
            new Measured("handle_p50", "ms", "lower_is_better", 214_000, 12_000, false),
            new Measured("handle_p90", "ms", "lower_is_better", 612_000, 22_000, false),
            new Measured("abandonment_rate", "percent", "lower_is_better", 4.8, 0.6, true),
            new Measured("service_level", "percent", "higher_is_better", 79, 2, true),
            new Measured("repeat_contact_rate", "percent", "lower_is_better", 18.3, 1, true),
            new Measured("fcr_gross", "percent", "higher_is_better", 71, 1.4, true),
            new Measured("fcr_net", "percent", "higher_is_better", 76, 1.3, true),
            new Measured("fcr_behavioural", "percent", "higher_is_better", 68, 1.5, true),
            new Measured("channel_switches_mean", "count", "lower_is_better", 1.34, 0.05, true),
            new Measured("first_response_p50", "ms", "lower_is_better", 95_000, 8_000, false),
            new Measured("containment_rate", "percent", "higher_is_better", 82, 1.2, true),
            new Measured("failed_self_service_rate", "percent", "lower_is_better", 17, 1.1, true),
            new Measured("promise_kept_rate", "percent", "higher_is_better", 91, 1.4, true),
            new Measured("complaint_rate", "percent", "lower_is_better", 1.9, 0.2, true),
            new Measured("touchpoints", "count", "neutral", 321_400, 9_000, false),
            new Measured("customers", "count", "neutral", 18_423, 400, false),
            new Measured("sessions", "count", "neutral", 41_233, 900, false));

    private static final List<Measured> EXPECTATIONS = List.of(
            new Measured("expectation_speed_flexibility", "score", "higher_is_better", 78, 2, true),
            new Measured("expectation_reliability_transparency", "score", "higher_is_better", 43, 3, false),
            new Measured("expectation_interaction_attention", "score", "higher_is_better", 71, 2, true),
            new Measured("expectation_dissatisfaction_closure", "score", "higher_is_better", 62, 2, true));

    private static final List<Moved> MOVED = List.of(
            new Moved("long_wait", -0.62, -24.5, 14.2),
            new Moved("handoff", -0.31, -9.1, 22.8),
            new Moved("channel_switch", -0.08, 1.2, 17.4),
            new Moved("error", -1.12, -41.3, 6.1),
            new Moved("complaint", -1.74, -63.8, 1.9),
            new Moved("re_ask", -0.44, -17.6, 8.3),
            new Moved("self_service", 0.27, 12.9, 48.6),
            new Moved("assisted", 0.05, -1.8, 39.5),
            new Moved("purchase", 0.36, 15.2, 11.7));

    private static final List<Cause> CAUSES = List.of(
            new Cause(
                    "critical",
                    "csat_low_high_value",
                    "CSAT 1 of 5 from a platinum customer after 3 transfers",
                    "closure"),
            new Cause(
                    "error",
                    "promise_not_kept",
                    "Call-back promised for 10:00 was not made; 47 min overdue",
                    "reliability"),
            new Cause(
                    "warning",
                    "repeat_contact",
                    "Third contact about “billing” within 2 days: chat, e-mail, call",
                    "closure"),
            new Cause("warning", "long_wait", "Waited 6 min 12 s in the queue, then gave up", "speed"),
            new Cause("info", "bot_loop", "Asked the bot the same question 4 times, then left", "interaction"),
            new Cause(
                    "error",
                    "checkout_errors",
                    "5 payment errors in one session; basket of 349 EUR abandoned",
                    "reliability"),
            new Cause("critical", "complaint_unanswered", "Complaint without an answer for 26 h", "speed"));

    private final IndexedExperience indexed;
    private final Instant now;
    private final Random random = new Random(20260301);

    private record Measured(
            String id, String unit, String direction, double usual, double spread, boolean withInterval) {}

    /** What answers about sessions with a factor are other by, and how many of 100 are about such sessions. */
    private record Moved(String factor, double csat, double nps, double share) {}

    private record Cause(String severity, String rule, String reason, String expectation) {}

    ADay(IndexedExperience indexed, Instant now) {
        this.indexed = indexed;
        this.now = now;
    }

    void index() {
        touchpoints();
        for (String channel : List.of("", "call", "chat")) {
            metrics("1h", Duration.ofMinutes(15), 96, 260, channel);
            metrics("24h", Duration.ofHours(1), 200, 5_200, channel);
        }
        for (String channel : CHANNELS.keySet()) {
            if (!channel.equals("call") && !channel.equals("chat")) {
                metrics("24h", Duration.ofHours(24), 2, 420, channel);
            }
        }
        metrics("7d", Duration.ofDays(1), 60, 32_000, "");
        alerts();
        onTrial();
        sessions();
        journeys();
        arcs();
        issues();
        verbatims();
        ada();
        pipeline();
        ruleErrors();
        for (String channel : List.of("", "call", "chat")) {
            metrics(EXPECTATIONS, "1h", Duration.ofMinutes(15), 96, 900, channel);
            metrics(EXPECTATIONS, "24h", Duration.ofHours(1), 200, 18_000, channel);
        }
        metrics(EXPECTATIONS, "7d", Duration.ofDays(1), 60, 110_000, "");
        drivers("1h", 260);
        drivers("24h", 5_200);
        drivers("7d", 32_000);
        indexed.index();
    }

    private void touchpoints() {
        for (int second = -900; second <= 0; second++) {
            double rate = 12 + 3 * Math.sin(second / 130.0) + random.nextGaussian();
            for (int i = 0; i < rate; i++) {
                indexed.touchpoint(channel(), now.plusSeconds(second).minusMillis(random.nextInt(1000)));
            }
        }
    }

    private String channel() {
        double sum = CHANNELS.values().stream().mapToDouble(Double::doubleValue).sum();
        double point = random.nextDouble() * sum;
        for (Map.Entry<String, Double> channel : CHANNELS.entrySet()) {
            point -= channel.getValue();
            if (point <= 0) {
                return channel.getKey();
            }
        }
        return "web";
    }

    private void metrics(String window, Duration slot, int slots, int n, String channel) {
        metrics(METRICS, window, slot, slots, n, channel);
    }

    private void metrics(List<Measured> metrics, String window, Duration slot, int slots, int n, String channel) {
        Map<String, String> dimensions = channel.isEmpty() ? Map.of() : Map.of("channel", channel);
        for (Measured metric : metrics) {
            double usual = metric.usual() * (channel.isEmpty() ? 1 : 0.85 + random.nextDouble() / 4);
            double value = usual;
            for (int i = slots; i >= 0; i--) {
                value += random.nextGaussian() * metric.spread() * 0.16 + (usual - value) * 0.05;
                double half = metric.spread() * 2.8 * Math.sqrt(260.0 / n);
                Map<String, Object> more = new HashMap<>(document(
                        "unit", metric.unit(), "direction", metric.direction(), "complete", !window.equals("7d")));
                if (metric.withInterval()) {
                    more.put("ci_low", value - half);
                    more.put("ci_high", value + half);
                }
                indexed.metric(
                        metric.id(),
                        window,
                        dimensions,
                        now.minus(slot.multipliedBy(i)),
                        value,
                        Math.round(n * (0.95 + random.nextDouble() / 10)),
                        more);
            }
        }
    }

    private void drivers(String window, int n) {
        for (Moved moved : MOVED) {
            driver("csat", "score", window, moved.factor(), moved.csat(), moved.share(), n, 1.1);
            driver("nps", "points", window, moved.factor(), moved.nps(), moved.share(), n, 70);
        }
    }

    /** @param deviation of one answer from the mean of all */
    private void driver(
            String survey,
            String unit,
            String window,
            String factor,
            double effect,
            double share,
            int n,
            double deviation) {
        Map<String, String> of = Map.of("factor", factor);
        double half = 1.96 * deviation * Math.sqrt(100 / share / n + 100 / (100 - share) / n);
        String id = "driver_" + survey + "_";
        Map<String, Object> neutral = document("unit", unit, "direction", "neutral");
        Map<String, Object> between = new HashMap<>(neutral);
        between.putAll(document("ci_low", effect - half, "ci_high", effect + half));
        indexed.metric(id + "effect", window, of, now, effect, n, between)
                .metric(id + "share", window, of, now, share, n, document("unit", "percent", "direction", "neutral"))
                .metric(id + "impact", window, of, now, effect * share / 100, n, neutral);
    }

    private void alerts() {
        List<String> statuses = List.of("open", "open", "open", "acknowledged", "escalated", "resolved", "retracted");
        for (int i = 0; i < 48; i++) {
            Cause cause = CAUSES.get(random.nextInt(CAUSES.size()));
            Instant opened = now.minusSeconds(60 + i * 400L + random.nextInt(120));
            List<Map<String, Object>> evidence = new ArrayList<>();
            for (int k = 1 + random.nextInt(5); k >= 0; k--) {
                evidence.add(document(
                        "touchpoint_id",
                        id(),
                        "event_time",
                        opened.minusSeconds(180L * k),
                        "channel",
                        channel(),
                        "kind",
                        List.of("call_queued", "transfer", "message", "survey_response")
                                .get(random.nextInt(4)),
                        "detail",
                        k == 0 ? "csat 1" : "wait 372 s"));
            }
            indexed.alert(
                    "alert-" + i,
                    opened,
                    document(
                            "customer_id",
                            id(),
                            "rule_id",
                            cause.rule(),
                            "severity",
                            cause.severity(),
                            "reason",
                            cause.reason(),
                            "expectation",
                            cause.expectation(),
                            "status",
                            statuses.get(random.nextInt(statuses.size())),
                            "evidence",
                            evidence));
        }
    }

    /** What the rule on trial found: nobody was told. */
    private void onTrial() {
        for (int i = 0; i < 6; i++) {
            Instant opened = now.minusSeconds(2_000 + i * 9_000L);
            indexed.alert(
                    "trial-" + i,
                    opened,
                    document(
                            "customer_id",
                            "c-" + i,
                            "rule_id",
                            "long_wait",
                            "rule_version",
                            3,
                            "status",
                            "shadow",
                            "reason",
                            "Waited 11 min " + i + " s on the phone",
                            "evidence",
                            List.of(document(
                                    "touchpoint_id",
                                    id(),
                                    "event_time",
                                    opened,
                                    "channel",
                                    "call",
                                    "kind",
                                    "call_ended"))));
        }
    }

    private void sessions() {
        for (int i = 0; i < 240; i++) {
            Instant start = now.minusSeconds(30 + random.nextInt(3_000));
            Instant end = start.plusSeconds(Math.round(
                    random.nextDouble() * Duration.between(start, now).toSeconds()));
            TreeSet<String> channels = new TreeSet<>();
            for (int k = random.nextInt(3); k >= 0; k--) {
                channels.add(channel());
            }
            indexed.session(
                    "session-" + i,
                    start,
                    end,
                    document(
                            "customer_id",
                            id(),
                            "channels",
                            List.copyOf(channels),
                            "touchpoint_count",
                            1 + random.nextInt(30),
                            "handoffs",
                            random.nextInt(5) == 0 ? 1 : 0,
                            "errors",
                            random.nextInt(9) == 0 ? 2 : 0,
                            "complaints",
                            random.nextInt(15) == 0 ? 1 : 0));
        }
    }

    /** Sessions that are over, with their ways through channels and stages. */
    private void journeys() {
        for (int i = 0; i < 700; i++) {
            List<List<String>> way = WAYS.get(Math.min(random.nextInt(WAYS.size()), random.nextInt(WAYS.size())));
            Instant start = now.minusSeconds(4_000 + random.nextInt(80_000));
            String id = "journey-" + i;
            List<Map<String, Object>> path = path(id, start, way);
            session(
                    id,
                    "c-" + i % 260,
                    start,
                    path,
                    way,
                    document(
                            "status", random.nextInt(12) == 0 ? "revised" : "closed",
                            "cut_cause", random.nextInt(9) == 0 ? "logout" : "inactivity",
                            "outcome", random.nextInt(3) == 0 ? "unresolved" : "resolved",
                            "topics", List.of(TOPICS.get(random.nextInt(TOPICS.size()))),
                            "segment", i % 260 % 3 == 0 ? "gold" : "consumer",
                            "flags", i % 40 == 0 ? List.of("ended_without_answer") : List.of(),
                            "scores", i % 5 == 0 ? Map.of("nps", i % 11) : Map.of(),
                            "complaints", random.nextInt(14) == 0 ? 1 : 0,
                            "errors", random.nextInt(11) == 0 ? 1 : 0,
                            "handoffs", way.size() > 2 && random.nextInt(3) == 0 ? 1 : 0,
                            "wait_ms", random.nextInt(4) == 0 ? 30_000 + random.nextInt(400_000) : 0));
            if (i < 60) {
                indexed.customer(
                        "c-" + i,
                        start,
                        document(
                                "segment", i % 3 == 0 ? "gold" : "consumer",
                                "value_tier", i % 4 == 0 ? "silver" : "bronze",
                                "experience_score", 28 + random.nextInt(50)));
            }
        }
    }

    private List<Map<String, Object>> path(String id, Instant start, List<List<String>> way) {
        List<Map<String, Object>> path = new ArrayList<>();
        long second = 0;
        for (List<String> visit : way) {
            for (int k = random.nextInt(3); k >= 0; k--) {
                path.add(document(
                        "touchpoint_id", id + "-" + path.size(),
                        "event_time", start.plusSeconds(second),
                        "channel", visit.get(0),
                        "kind", visit.get(2),
                        "touchpoint", visit.get(3),
                        "stage", visit.get(1)));
                second += 20 + random.nextInt(240);
            }
        }
        return path;
    }

    private void session(
            String id,
            String customer,
            Instant start,
            List<Map<String, Object>> path,
            List<List<String>> way,
            Map<String, Object> more) {
        Map<String, Object> document = document(
                "customer_id",
                customer,
                "path",
                path,
                "channels",
                List.copyOf(
                        new TreeSet<>(way.stream().map(visit -> visit.get(0)).toList())),
                "stages",
                List.copyOf(
                        new TreeSet<>(way.stream().map(visit -> visit.get(1)).toList())),
                "touchpoint_count",
                path.size(),
                "channel_switches",
                way.size() - 1);
        document.putAll(more);
        Instant end = Instant.parse(path.get(path.size() - 1).get("event_time").toString());
        indexed.session(id, start, end, document);
    }

    private static final List<String> TOPICS = List.of("billing", "delivery", "contract", "login");

    /** Channel, stage, kind and touchpoint of each visit; the first ways are the most frequent. */
    private static final List<List<List<String>>> WAYS = List.of(
            List.of(List.of("web", "engagement", "page_view", "catalogue")),
            List.of(
                    List.of("web", "engagement", "page_view", "help_page"),
                    List.of("chat", "support", "message", "live_chat")),
            List.of(List.of("app", "engagement", "page_view", "app_home")),
            List.of(
                    List.of("social", "awareness", "page_view", "advert"),
                    List.of("web", "acquisition", "page_view", "landing_page")),
            List.of(
                    List.of("bot", "support", "message", "assistant"),
                    List.of("chat", "support", "message", "live_chat"),
                    List.of("call", "support", "call_answered", "service_hotline")),
            List.of(
                    List.of("email", "onboarding", "message", "welcome_mail"),
                    List.of("app", "onboarding", "login", "app_home")),
            List.of(
                    List.of("web", "engagement", "page_view", "bill_explained"),
                    List.of("call", "support", "call_queued", "service_hotline"),
                    List.of("store", "support", "visit", "branch")),
            List.of(
                    List.of("app", "engagement", "page_view", "app_home"),
                    List.of("whatsapp", "support", "message", "messenger"),
                    List.of("call", "support", "call_answered", "service_hotline"),
                    List.of("email", "support", "message", "follow_up")));

    private static final List<String> STAGES =
            List.of("awareness", "acquisition", "onboarding", "engagement", "support");

    /** The long way through the stages, fewer at each one; and some who only needed support. */
    private void arcs() {
        for (int i = 0; i < 120; i++) {
            int reached = Math.min(random.nextInt(5), random.nextInt(6));
            Instant start = now.minus(Duration.ofDays(3 + random.nextInt(30)));
            journey("c-" + i, "j-" + i, start, i % 8 == 7 ? List.of("support") : STAGES.subList(0, reached + 1));
        }
        String day = now.truncatedTo(ChronoUnit.DAYS).toString();
        transition("channel", day, "web", "chat", 512);
        transition("channel", day, "chat", "call", 203);
        transition("channel", day, "bot", "chat", 177);
        transition("stage", day, "awareness", "acquisition", 61);
        transition("stage", day, "acquisition", "onboarding", 33);
        transition("stage", day, "engagement", "support", 90);
        transition("stage", day, "support", "engagement", 41);
    }

    private void transition(String kind, String day, String from, String to, long count) {
        String id = kind + "|" + day + "|" + from + "|" + to;
        indexed.document(
                DocumentKind.TRANSITIONS,
                id,
                document(
                        "transition_id",
                        id,
                        "kind",
                        kind,
                        "day",
                        day,
                        "from",
                        from,
                        "to",
                        to,
                        "count",
                        count,
                        "revision",
                        1));
    }

    private void journey(String customer, String id, Instant start, List<String> stages) {
        List<Map<String, Object>> path = new ArrayList<>();
        String last = stages.get(stages.size() - 1);
        boolean converted = stages.size() > 2;
        boolean active = !converted && random.nextBoolean();
        for (int k = 0; k < stages.size(); k++) {
            path.add(document(
                    "stage",
                    stages.get(k),
                    "entered",
                    start.plusSeconds(3_600L * k),
                    "dwell_ms",
                    3_600_000L,
                    "touchpoints",
                    2));
        }
        indexed.document(
                DocumentKind.JOURNEYS,
                id,
                document(
                        "journey_id",
                        id,
                        "customer_id",
                        customer,
                        "status",
                        converted ? "converted" : active ? "active" : "abandoned",
                        "ended",
                        !active && !converted,
                        "start",
                        start,
                        "end",
                        now.minusSeconds(600),
                        "product",
                        "fiber_500",
                        "stages",
                        stages,
                        "stage",
                        last,
                        "furthest_stage",
                        last,
                        "stage_path",
                        path,
                        "channels",
                        List.of("web", "call"),
                        "converted",
                        converted,
                        "conversion_ms",
                        86_400_000L + random.nextInt(90_000_000),
                        "revision",
                        1));
    }

    private static final List<String> SAYINGS = List.of(
            "Waited twenty minutes, then nobody knew about my earlier call.",
            "Quick and friendly, thank you!",
            "The app keeps logging me out while I pay.",
            "Had to explain the same thing three times: bot, chat, hotline.",
            "Delivery came a day early. Very happy.",
            "I was promised a call back on Monday and am still waiting.",
            "Die Rechnung verstehe ich immer noch nicht.",
            "Fine, but the form is far too long.");

    /**
     * Of forty issues over calls and chats every fourth, begun by a chat, took more than one contact, and every tenth could
     * not be solved by one.
     */
    private void issues() {
        for (int i = 0; i < 40; i++) {
            Instant start = now.minusSeconds(600 + 1_800L * i);
            boolean again = i % 4 == 3;
            String first = i % 2 == 0 ? "call" : "chat";
            Map<String, Object> issue = new HashMap<>(document(
                    "issue_id",
                    "i-" + i,
                    "customer_id",
                    "c-" + i % 17,
                    "status",
                    again ? "open" : "resolved",
                    "topic",
                    TOPICS.get(i % TOPICS.size()),
                    "start",
                    start,
                    "end",
                    start.plusSeconds(500),
                    "channels",
                    again ? List.of("call", "chat") : List.of(first),
                    "first_channel",
                    first,
                    "segment",
                    "gold",
                    "contact_count",
                    again ? 2 : 1,
                    "repeats",
                    again ? 1 : 0,
                    "settled",
                    i % 3 > 0,
                    "resolved",
                    !again,
                    "fcr_gross",
                    !again,
                    "fcr_behavioural",
                    !again,
                    "first_response_ms",
                    40_000 + 1_000 * i,
                    "handoffs",
                    0,
                    "promises_made",
                    0,
                    "revision",
                    2));
            if (i % 10 > 0) {
                issue.put("fcr_net", !again);
            }
            if (!again) {
                issue.put("resolution_ms", 480_000);
            }
            indexed.document(DocumentKind.ISSUES, "i-" + i, issue);
        }
    }

    private void verbatims() {
        for (int i = 0; i < 90; i++) {
            int saying = random.nextInt(SAYINGS.size());
            boolean happy = saying == 1 || saying == 4;
            boolean nps = i % 2 == 0;
            int score = nps ? (happy ? 9 + random.nextInt(2) : random.nextInt(8)) : happy ? 5 : 1 + random.nextInt(3);
            indexed.touchpoint(
                    "survey-" + i,
                    "email",
                    now.minusSeconds(300 + random.nextInt(80_000)),
                    document(
                            "customer_id",
                            "c-" + i % 60,
                            "session_id",
                            "journey-" + i,
                            "kind",
                            "survey_response",
                            "topic",
                            TOPICS.get(random.nextInt(TOPICS.size())),
                            "segment",
                            i % 3 == 0 ? "gold" : "consumer",
                            "survey",
                            document(
                                    "metric",
                                    nps ? "nps" : "csat",
                                    "scale_min",
                                    nps ? 0 : 1,
                                    "scale_max",
                                    nps ? 10 : 5,
                                    "score",
                                    score,
                                    "verbatim",
                                    SAYINGS.get(saying),
                                    "about",
                                    document("channel", channel()))));
        }
    }

    static final String ADA = "c-5f0e9d1c7b3a4826";

    /** What a person who works with the pages may type, and what ingest made of it. */
    static final Identification IDENTIFICATION = new Identification(IngestConfig.DEFAULTS, PhoneNumbers.NONE);

    private static Map<String, Object> known(String type, String typed, Instant since, Instant last) {
        String value = IDENTIFICATION.of(type, typed).get(0).value();
        return document("type", type, "value", value, "first_seen", since, "last_seen", last, "note", "joined");
    }

    private static Map<String, Object> promise(String name, Instant made, Instant due, String status) {
        return document("touchpoint_id", "ada-2-1", "promise", name, "made_at", made, "due", due, "status", status);
    }

    /** One customer whose whole story is told. */
    private void ada() {
        Instant since = now.minus(Duration.ofDays(40));
        List<Map<String, Object>> identifiers = List.of(
                known("customer_number", "1042", since, now),
                known("email", "Ada@Example.com", since, now.minusSeconds(7_200)),
                known("phone", "+49 30 901820", now.minus(Duration.ofDays(3)), now.minusSeconds(9_000)),
                known("cookie", "cookie-ada-laptop", since, now.minusSeconds(10_000)));
        indexed.customer(
                ADA,
                now.minusSeconds(1_800),
                document(
                        "identifiers",
                        identifiers,
                        "first_seen",
                        since,
                        "channels",
                        List.of("bot", "call", "chat", "email", "store", "web"),
                        "touchpoint_count",
                        46,
                        "session_count",
                        7,
                        "value",
                        List.of(document("amount", 1_249.5, "currency", "EUR")),
                        "segment",
                        "gold",
                        "value_tier",
                        "gold",
                        "experience_score",
                        31,
                        "experience_reasons",
                        List.of(
                                document("experience", "complaint", "points", -14.2, "count", 1),
                                document("experience", "promise_broken", "points", -11.6, "count", 1),
                                document("experience", "long_wait", "points", -4.9, "count", 3),
                                document("experience", "purchase", "points", 7.1, "count", 2)),
                        "consents",
                        List.of(
                                document(
                                        "purpose",
                                        "marketing_email",
                                        "given",
                                        false,
                                        "event_time",
                                        now.minusSeconds(50_000),
                                        "touchpoint_id",
                                        "ada-0-1",
                                        "channel",
                                        "email"),
                                document(
                                        "purpose",
                                        "profiling",
                                        "given",
                                        true,
                                        "event_time",
                                        since,
                                        "touchpoint_id",
                                        "ada-0-2",
                                        "channel",
                                        "web"))));
        for (int i = 0; i < 7; i++) {
            List<List<String>> way = WAYS.get((i * 3 + 1) % WAYS.size());
            Instant start = now.minus(Duration.ofHours(14L * i * i + 1));
            String id = "ada-" + i;
            List<Map<String, Object>> path = path(id, start, way);
            session(
                    id,
                    ADA,
                    start,
                    path,
                    way,
                    document(
                            "status", i == 0 ? "open" : "closed",
                            "complaints", i == 1 ? 1 : 0,
                            "topics", List.of("billing"),
                            "outcome", i == 0 ? "unresolved" : "resolved"));
            for (Map<String, Object> step : path) {
                indexed.touchpoint(
                        step.get("touchpoint_id").toString(),
                        step.get("channel").toString(),
                        Instant.parse(step.get("event_time").toString()),
                        document(
                                "customer_id", ADA,
                                "session_id", id,
                                "kind", step.get("kind"),
                                "stage", step.get("stage"),
                                "touchpoint", step.get("touchpoint"),
                                "identifiers",
                                        identifiers.stream()
                                                .limit(2)
                                                .map(each ->
                                                        document("type", each.get("type"), "value", each.get("value")))
                                                .toList()));
            }
        }
        indexed.alert(
                "ada-alert",
                now.minusSeconds(40_000),
                document(
                        "customer_id",
                        ADA,
                        "severity",
                        "error",
                        "rule_id",
                        "complaint",
                        "measured",
                        -0.87,
                        "bound",
                        -0.8,
                        "reason",
                        "Complaint: billing, not answered for 11 h",
                        "assignee",
                        "Local demo",
                        "status",
                        "escalated",
                        "due_at",
                        now.minusSeconds(10_800),
                        "next_action",
                        "Call her and say when the credit note comes",
                        "history",
                        List.of(
                                document("what", "opened", "at", now.minusSeconds(40_000)),
                                document(
                                        "what",
                                        "silenced",
                                        "by",
                                        "grace",
                                        "at",
                                        now.minusSeconds(30_000),
                                        "because",
                                        "the courier is on the way"),
                                document("what", "escalated", "at", now.minusSeconds(10_800)))));
        indexed.alert(
                "ada-due",
                now.minusSeconds(600),
                document(
                        "customer_id",
                        "c-1",
                        "severity",
                        "critical",
                        "rule_id",
                        "complaint",
                        "reason",
                        "Complaint: delivery",
                        "assignee",
                        "grace",
                        "status",
                        "assigned",
                        "due_at",
                        now.plusSeconds(7_200)));
        journey(ADA, "j-ada", since, STAGES);
        indexed.document(
                DocumentKind.ISSUES,
                "i-ada",
                document(
                        "issue_id",
                        "i-ada",
                        "customer_id",
                        ADA,
                        "status",
                        "open",
                        "topic",
                        "billing",
                        "start",
                        now.minus(Duration.ofDays(3)),
                        "end",
                        now.minusSeconds(40_000),
                        "channels",
                        List.of("bot", "call", "chat"),
                        "contact_count",
                        3,
                        "repeats",
                        2,
                        "promises_made",
                        4,
                        "promises_kept",
                        1,
                        "promises_broken",
                        1,
                        "promises",
                        List.of(
                                promise("credit_note", now.minusSeconds(90_000), now.minusSeconds(3_600), "open"),
                                promise("callback", now.minusSeconds(80_000), now.minusSeconds(70_000), "broken"),
                                promise("technician", now.minusSeconds(40_000), now.plusSeconds(90_000), "open"),
                                promise("callback", now.minusSeconds(60_000), now.minusSeconds(50_000), "kept")),
                        "revision",
                        4));
        indexed.touchpoint(
                "ada-survey",
                "email",
                now.minusSeconds(30_000),
                document(
                        "customer_id",
                        ADA,
                        "kind",
                        "survey_response",
                        "survey",
                        document(
                                "metric",
                                "csat",
                                "scale_min",
                                1,
                                "scale_max",
                                5,
                                "score",
                                2,
                                "verbatim",
                                "Nobody told the hotline what I had already told the bot.",
                                "about",
                                document("channel", "call"))));
        indexed.identityChange(
                "ada-merge",
                "merge",
                ADA,
                List.of("c-a3d81f60925b7ce4"),
                now.minus(Duration.ofDays(3)),
                document(
                        "rule",
                        "person-link",
                        "evidence",
                        List.of(document(
                                "left",
                                        document(
                                                "type",
                                                "customer_number",
                                                "value",
                                                identifiers.get(0).get("value")),
                                "right",
                                        document(
                                                "type",
                                                "phone",
                                                "value",
                                                identifiers.get(2).get("value")),
                                "touchpoint_id", "ada-2-1",
                                "event_time", now.minus(Duration.ofDays(3))))));
        indexed.customer(
                "c-a3d81f60925b7ce4",
                now.minus(Duration.ofDays(3)),
                document("status", "absorbed", "absorbed_into", ADA, "touchpoint_count", 0, "session_count", 0));
    }

    /** What the server knows besides documents. */
    static Knowledge knowledge() {
        return new Knowledge(
                IDENTIFICATION,
                null,
                () -> List.of(
                        new RuleDescription(
                                "repeat_contact",
                                2,
                                "enabled",
                                "Repeat contacts about one topic",
                                "error",
                                "closure",
                                "3 contacts about one topic within 7 d, an hour apart",
                                List.of(),
                                "7 d",
                                "throughline.yaml"),
                        new RuleDescription(
                                "long_wait",
                                1,
                                "shadow",
                                "Long wait",
                                "warning",
                                "speed",
                                "waited more than 10 min",
                                List.of(),
                                "4 h",
                                "throughline.yaml")),
                null,
                new RunningJobs(),
                null);
    }

    /** Two jobs that run, until they are said to be away. */
    static final class RunningJobs implements Operations {

        volatile boolean away;

        @Override
        public List<Job> jobs() throws IOException {
            if (away) {
                throw new IOException("Flink is not reachable at http://127.0.0.1:8081");
            }
            Instant now = Instant.now();
            List<Stage> stages = List.of(
                    new Stage("ingest", 4, 4, now.minusSeconds(36)),
                    new Stage("stitch", 4, 4, now.minusSeconds(36)),
                    new Stage("sessionize", 2, 2, now.minusSeconds(41)),
                    new Stage("measure", 6, 5, now.minusSeconds(700)),
                    new Stage("alert", 2, 2, now.minusSeconds(41)),
                    new Stage("publish", 2, 2, null));
            return List.of(
                    new Job(
                            "f1",
                            "throughline-experience",
                            "RUNNING",
                            now.minusSeconds(86_000),
                            1L,
                            stages,
                            new Checkpoints(
                                    8_600,
                                    2,
                                    0,
                                    0,
                                    new Checkpoint(now.minusSeconds(4), 730, 190_000_000),
                                    now.minusSeconds(40_000),
                                    "Checkpoint expired before completing.")),
                    new Job(
                            "f2",
                            "throughline-index",
                            "RESTARTING",
                            now.minusSeconds(86_000),
                            0L,
                            List.of(),
                            new Checkpoints(0, 0, 3, 0, null, null, null)));
        }

        @Override
        public List<Lag> lag() {
            return List.of(
                    new Lag("throughline-experience", "touchpoints", 412, 4),
                    // Of a generation that was stopped: it stays behind, and nobody reads it.
                    new Lag("throughline-index-g7", "touchpoints", 910_000, 4),
                    new Lag("throughline-index-g1", "touchpoints", 30, 4),
                    new Lag("throughline-index-g1", "sessions", 18_204, 4));
        }
    }

    private void pipeline() {
        Map<String, Long> reasons = Map.of(
                "malformed",
                210L,
                "missing_field",
                148L,
                "invalid_value",
                61L,
                "unknown_schema",
                12L,
                "future_event_time",
                5L);
        indexed.accounting("touchpoints-0", 815_000 + 436, 813_129, 41, 1_830, reasons);
        indexed.accounting("touchpoints-1", 812_400, 810_530, 38, 1_832, Map.of());
        Instant hour = now.truncatedTo(ChronoUnit.HOURS).plus(Duration.ofHours(1));
        for (int i = 0; i < 20; i++) {
            long so = 20 - i;
            indexed.quality(
                    "touchpoints-0",
                    hour.minus(Duration.ofHours(i)),
                    700_000 + 5_000 * so,
                    300 + 4 * so + (i < 3 ? 90 * (3 - i) : 0),
                    20 + so,
                    1_000 + 30 * so);
            indexed.quality(
                    "touchpoints-1", hour.minus(Duration.ofHours(i)), 600_000 + 4_000 * so, 0, 10 + so, 900 + 31 * so);
        }
        indexed.quality(
                "touchpoints-3",
                hour,
                9_000,
                0,
                0,
                0,
                Map.of("web", 5_100L, "call", 2_700L, "whatsapp", 1_200L),
                Map.of("blocked_identifier", 41L, "local_phone", 12L));
        // A source that nothing came from for days, and now a little.
        indexed.quality("touchpoints-2", hour.minus(Duration.ofDays(3)), 5_000_000, 0, 0, 0);
        indexed.quality("touchpoints-2", hour, 5_000_010, 0, 0, 0);
        List<String> details = List.of(
                "field channel is absent",
                "event_time 2031-01-01T00:00:00Z lies 4.8 years after it was received",
                "not in the wire format: the first byte is 0x7b, expected 0x00",
                "identifiers is empty; at least one is needed");
        for (int i = 0; i < 12; i++) {
            indexed.rejected(
                    "touchpoints-0-" + (99_120 + i * 37),
                    List.of("missing_field", "future_event_time", "malformed", "missing_field")
                            .get(i % 4),
                    details.get(i % 4),
                    now.minusSeconds(180L * i));
        }
    }

    /** One rule fails in two tasks; another failed before it was mended, and one did in an earlier run. */
    private void ruleErrors() {
        ruleError("long_wait", 0, 1_000, now.minusSeconds(7_000), now.minusSeconds(60));
        ruleError("long_wait", 1, 204, now.minusSeconds(7_200), now.minusSeconds(90));
        ruleError("repeat_contact", 0, 0, now.minusSeconds(7_000), now.minusSeconds(60));
        ruleError("promise_not_kept", 0, 5, now.minusSeconds(95_000), now.minusSeconds(90_000));
    }

    private void ruleError(String rule, int task, long failures, Instant since, Instant lastAt) {
        String id = rule + "/" + task;
        indexed.document(
                DocumentKind.RULE_ERRORS,
                id,
                document(
                        "rule_error_id",
                        id,
                        "rule_id",
                        rule,
                        "task",
                        task,
                        "failures",
                        failures,
                        "since",
                        since,
                        "last_at",
                        lastAt,
                        "last_error",
                        task == 0 && failures > 0 ? "text is not of the form it is converted from (BAD_FORMAT)" : "",
                        "revision",
                        lastAt.toEpochMilli()));
    }

    private String id() {
        return String.format(Locale.ROOT, "%016x%016x", random.nextLong(), random.nextLong());
    }
}
