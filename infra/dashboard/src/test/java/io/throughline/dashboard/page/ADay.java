package io.throughline.dashboard.page;

import static io.throughline.dashboard.IndexedExperience.document;

import io.throughline.dashboard.IndexedExperience;
import java.time.Duration;
import java.time.Instant;
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
            new Measured("touchpoints", "count", "neutral", 321_400, 9_000, false),
            new Measured("customers", "count", "neutral", 18_423, 400, false),
            new Measured("sessions", "count", "neutral", 41_233, 900, false));

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

    private record Cause(String severity, String rule, String reason, String expectation) {}

    ADay(IndexedExperience indexed, Instant now) {
        this.indexed = indexed;
        this.now = now;
    }

    void index() {
        touchpoints();
        for (String channel : List.of("", "call", "chat")) {
            metrics("1h", Duration.ofMinutes(5), 288, 260, channel);
            metrics("24h", Duration.ofHours(1), 200, 5_200, channel);
        }
        metrics("7d", Duration.ofDays(1), 60, 32_000, "");
        alerts();
        sessions();
        pipeline();
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
        Map<String, String> dimensions = channel.isEmpty() ? Map.of() : Map.of("channel", channel);
        for (Measured metric : METRICS) {
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

    private String id() {
        return String.format(Locale.ROOT, "%016x%016x", random.nextLong(), random.nextLong());
    }
}
