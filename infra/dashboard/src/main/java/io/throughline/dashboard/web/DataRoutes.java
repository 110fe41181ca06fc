package io.throughline.dashboard.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.throughline.dashboard.access.AuditLog;
import io.throughline.dashboard.access.Person;
import io.throughline.dashboard.access.RateLimits;
import io.throughline.dashboard.access.Role;
import io.throughline.dashboard.know.Identification;
import io.throughline.dashboard.know.Knowledge;
import io.throughline.dashboard.know.RuleDescription;
import io.throughline.dashboard.read.AlertFilter;
import io.throughline.dashboard.read.AlertOrder;
import io.throughline.dashboard.read.IssueFilter;
import io.throughline.dashboard.read.Json;
import io.throughline.dashboard.read.PageReader;
import io.throughline.dashboard.read.Paths;
import io.throughline.dashboard.read.Period;
import io.throughline.dashboard.read.Reply;
import io.throughline.dashboard.read.SessionFilter;
import io.throughline.dashboard.read.TouchpointFilter;
import io.throughline.dashboard.read.UnansweredException;
import io.throughline.dashboard.read.VerbatimFilter;
import io.throughline.domain.measure.Scale;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the pages ask for besides the live figures. All of it is reading. */
final class DataRoutes {

    private static final List<String> STATUSES = List.of(
            "waiting",
            "all",
            "open",
            "acknowledged",
            "assigned",
            "escalated",
            "reopened",
            "resolved",
            "retracted",
            "shadow");

    private final PageReader reader;
    private final Knowledge knowledge;
    private final Gate gate;
    private final AuditLog audit;

    DataRoutes(PageReader reader, Knowledge knowledge, Gate gate, AuditLog audit) {
        this.reader = reader;
        this.knowledge = knowledge;
        this.gate = gate;
        this.audit = audit;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/me", this::me, Role.VIEWER);
        routes.get(
                "/api/channels",
                data((asked, context) -> {
                    Period period = asked.period(reader.dataEnd());
                    return new Told(reader.channels(period), period.until());
                }),
                Role.VIEWER);
        routes.get(
                "/api/journeys",
                data((asked, context) -> {
                    SessionFilter filter = sessions(asked);
                    String by = asked.oneOf(
                            "by",
                            Arrays.stream(Paths.By.values()).map(Paths.By::code).toList(),
                            "channel");
                    Paths.By chosen = Arrays.stream(Paths.By.values())
                            .filter(each -> each.code().equals(by))
                            .findFirst()
                            .orElse(Paths.By.CHANNEL);
                    return new Told(
                            reader.journeys(filter, chosen), filter.period().until());
                }),
                Role.VIEWER);
        routes.get(
                "/api/sessions",
                data((asked, context) -> {
                    SessionFilter filter = sessions(asked);
                    return new Told(
                            reader.sessions(filter, asked.from()),
                            filter.period().until());
                }),
                Role.VIEWER);
        routes.get(
                "/api/sessions/{id}",
                data((asked, context) -> new Told(reader.session(context.pathParam("id")), null)),
                Role.VIEWER);
        routes.get(
                "/api/issues",
                data((asked, context) -> {
                    IssueFilter filter = issues(asked);
                    return new Told(
                            reader.issues(filter, asked.from()), filter.period().until());
                }),
                Role.VIEWER);
        routes.get(
                "/api/touchpoints",
                data((asked, context) -> {
                    TouchpointFilter filter = touchpoints(asked);
                    return new Told(
                            reader.touchpoints(filter, asked.from()),
                            filter.period().until());
                }),
                Role.VIEWER);
        routes.get(
                "/api/alerts",
                data((asked, context) -> {
                    AlertOrder order = AlertOrder.of(asked.oneOf("order", AlertOrder.codes(), "newest"));
                    return new Told(reader.alerts(alerts(asked), order, asked.from()), null);
                }),
                Role.VIEWER);
        routes.get(
                "/api/alerts/{id}",
                data((asked, context) -> new Told(reader.alert(context.pathParam("id")), null)),
                Role.VIEWER);
        routes.get(
                "/api/rules",
                data((asked, context) -> {
                    Period period = asked.period(reader.dataEnd());
                    Reply found = reader.rules(period, asked.text("channel"));
                    return new Told(
                            new Reply(new Rules(knowledge.rules().get(), found.data()), found.asOf(), found.outage()),
                            period.until());
                }),
                Role.VIEWER);
        routes.get(
                "/api/pipeline",
                data((asked, context) -> {
                    Period period = asked.period(reader.dataEnd());
                    return new Told(reader.pipeline(asked.text("reason"), period, asked.from()), period.until());
                }),
                Role.VIEWER);
        routes.get(
                "/api/verbatims",
                data((asked, context) -> {
                    VerbatimFilter filter = verbatims(asked);
                    gate.audit(context, "view_verbatims", subject(filter), "shown");
                    return new Told(
                            reader.verbatims(filter, asked.from()),
                            filter.period().until());
                }),
                Role.AGENT);
        routes.get("/api/audit", this::auditLog, Role.ADMIN);
        routes.get(
                "/api/export/sessions.csv",
                export("sessions", asked -> {
                    SessionFilter filter = sessions(asked);
                    return Csv.of(reader.allSessions(filter), SESSION_COLUMNS);
                }),
                Role.LEAD);
        routes.get(
                "/api/export/issues.csv",
                export("issues", asked -> Csv.of(reader.allIssues(issues(asked)), ISSUE_COLUMNS)),
                Role.LEAD);
        routes.get(
                "/api/export/touchpoints.csv",
                export("touchpoints", asked -> Csv.of(reader.allTouchpoints(touchpoints(asked)), TOUCHPOINT_COLUMNS)),
                Role.LEAD);
        routes.get(
                "/api/export/verbatims.csv",
                export("verbatims", asked -> Csv.of(reader.allVerbatims(verbatims(asked)), VERBATIM_COLUMNS)),
                Role.LEAD);
        routes.get(
                "/api/export/alerts.csv",
                export("alerts", asked -> Csv.of(reader.allAlerts(alerts(asked)), ALERT_COLUMNS)),
                Role.LEAD);
    }

    private void me(Context context) {
        Person person = Gate.personOf(context);
        Identification identification = knowledge.identification();
        json(
                context,
                new Me(
                        person.name(),
                        person.role().code(),
                        gate.accessKind(),
                        gate.csrfToken(context),
                        identification == null ? List.of() : identification.types(),
                        knowledge.explaining() != null,
                        knowledge.actions() != null,
                        knowledge.operations() != null,
                        knowledge.redriving() != null));
    }

    /** @param can what the page may offer */
    record Me(
            String name,
            String role,
            String access,
            String csrf,
            List<String> identifierTypes,
            boolean explains,
            boolean acts,
            boolean watches,
            boolean redrives) {}

    /** @param found what is found of them, beside the rules that are configured */
    record Rules(List<RuleDescription> rules, @JsonUnwrapped Object found) {}

    private void auditLog(Context context) {
        json(context, new Envelope(audit.newest(), null, null, null, List.of()));
    }

    private SessionFilter sessions(Asked asked) {
        return new SessionFilter(
                asked.period(reader.dataEnd()),
                asked.texts("channel"),
                asked.texts("stage"),
                asked.text("segment"),
                asked.text("topic"),
                asked.text("status"),
                asked.text("outcome"),
                asked.text("cut"),
                asked.text("customer"),
                asked.someOf("trouble", SessionFilter.TROUBLE.keySet()),
                new SessionFilter.Behind(
                        asked.names("turn", turn -> turn.indexOf('\t') > 0),
                        asked.names("step", SessionFilter.Behind::namesDimension),
                        asked.names("way", SessionFilter.Behind::namesDimension),
                        asked.text("flag")));
    }

    private IssueFilter issues(Asked asked) {
        return new IssueFilter(
                asked.period(reader.dataEnd()),
                asked.text("channel"),
                asked.text("segment"),
                asked.text("topic"),
                asked.text("status"),
                asked.text("customer"),
                asked.oneOf("verdict", IssueFilter.verdicts()),
                asked.oneOf("measured", IssueFilter.measures()));
    }

    private TouchpointFilter touchpoints(Asked asked) {
        String scale = asked.names("scale", text -> Scale.ofLabel(text) != null);
        return new TouchpointFilter(
                asked.period(reader.dataEnd()),
                asked.text("channel"),
                asked.text("segment"),
                asked.text("kind"),
                asked.text("customer"),
                TouchpointFilter.Measured.of(asked.oneOf("measured", TouchpointFilter.Measured.codes())),
                scale == null ? null : Scale.ofLabel(scale),
                knowledge.measuring());
    }

    private AlertFilter alerts(Asked asked) {
        boolean bounded = asked.text("window") != null;
        return new AlertFilter(
                asked.oneOf("status", STATUSES, "waiting"),
                bounded ? asked.period(reader.dataEnd()) : null,
                asked.text("severity"),
                asked.text("rule"),
                asked.text("channel"),
                asked.text("expectation"),
                asked.text("customer"),
                asked.text("assignee"));
    }

    private VerbatimFilter verbatims(Asked asked) {
        return new VerbatimFilter(
                asked.period(reader.dataEnd()),
                asked.text("words"),
                asked.text("topic"),
                asked.text("metric"),
                asked.text("channel"),
                asked.text("segment"),
                asked.text("customer"),
                asked.number("score_min"),
                asked.number("score_max"));
    }

    /** What was searched for may itself be a name: only that words were given is written down. */
    private static String subject(VerbatimFilter filter) {
        return "window=" + filter.period().window().code()
                + (filter.channel() == null ? "" : " channel=" + filter.channel())
                + (filter.topic() == null ? "" : " topic=" + filter.topic())
                + (filter.metric() == null ? "" : " metric=" + filter.metric())
                + (filter.customerId() == null ? "" : " customer=" + filter.customerId())
                + (filter.words() == null ? "" : " words given");
    }

    private static final Map<String, Function<JsonNode, String>> SESSION_COLUMNS = columns(
            "session_id",
            "customer_id",
            "status",
            "start",
            "end",
            "duration_ms",
            "channels",
            "stages",
            "topics",
            "segment",
            "touchpoint_count",
            "channel_switches",
            "handoffs",
            "errors",
            "complaints",
            "wait_ms",
            "outcome",
            "cut_cause");

    private static final Map<String, Function<JsonNode, String>> ISSUE_COLUMNS = columns(
            "issue_id",
            "customer_id",
            "status",
            "topic",
            "case_id",
            "start",
            "end",
            "first_channel",
            "channels",
            "segment",
            "product",
            "location",
            "contact_count",
            "repeats",
            "settled",
            "resolved",
            "fcr_gross",
            "fcr_net",
            "fcr_behavioural",
            "first_response_ms",
            "resolution_ms",
            "handoffs",
            "re_asks",
            "longest_silence_ms",
            "promises_made",
            "promises_kept",
            "promises_broken",
            "reopened");

    private static final Map<String, Function<JsonNode, String>> TOUCHPOINT_COLUMNS = touchpointColumns();

    private static Map<String, Function<JsonNode, String>> touchpointColumns() {
        Map<String, Function<JsonNode, String>> columns = columns(
                "touchpoint_id",
                "customer_id",
                "session_id",
                "event_time",
                "received_time",
                "channel",
                "kind",
                "direction",
                "actor",
                "touchpoint",
                "stage",
                "topic",
                "case_id",
                "location",
                "brand",
                "product",
                "segment",
                "outcome",
                "wait_ms",
                "handle_ms",
                "sentiment");
        columns.put("about_channel", Csv.field("survey", "about", "channel"));
        columns.put("metric", Csv.field("survey", "metric"));
        columns.put("score", Csv.field("survey", "score"));
        columns.put("amount", Csv.field("value", "amount"));
        columns.put("currency", Csv.field("value", "currency"));
        return columns;
    }

    private static final Map<String, Function<JsonNode, String>> ALERT_COLUMNS = columns(
            "alert_id",
            "rule_id",
            "rule_version",
            "customer_id",
            "status",
            "severity",
            "expectation",
            "opened_at",
            "resolved_at",
            "reason",
            "retracted_because");

    private static final Map<String, Function<JsonNode, String>> VERBATIM_COLUMNS = verbatimColumns();

    private static Map<String, Function<JsonNode, String>> verbatimColumns() {
        Map<String, Function<JsonNode, String>> columns = columns(
                "touchpoint_id", "customer_id", "session_id", "event_time", "channel", "topic", "stage", "segment");
        columns.put("about_channel", Csv.field("survey", "about", "channel"));
        columns.put("metric", Csv.field("survey", "metric"));
        columns.put("score", Csv.field("survey", "score"));
        columns.put("scale_min", Csv.field("survey", "scale_min"));
        columns.put("scale_max", Csv.field("survey", "scale_max"));
        columns.put("verbatim", Csv.field("survey", "verbatim"));
        return columns;
    }

    private static Map<String, Function<JsonNode, String>> columns(String... fields) {
        Map<String, Function<JsonNode, String>> columns = new LinkedHashMap<>();
        for (String field : fields) {
            columns.put(field, Csv.field(field));
        }
        return columns;
    }

    @FunctionalInterface
    private interface Reading {
        Told read(Asked asked, Context context) throws UnansweredException;
    }

    /** @param until where the period that was read ends; null: no period */
    record Told(Reply reply, @Nullable Instant until) {}

    /** How every answer is wrapped. */
    record Envelope(
            Object data,
            @Nullable Instant asOf,
            @Nullable String outage,
            @Nullable Instant until,
            List<String> notes) {}

    private io.javalin.http.Handler data(Reading reading) {
        return context -> {
            Asked asked = new Asked(context);
            try {
                Told told = reading.read(asked, context);
                json(
                        context,
                        new Envelope(
                                told.reply().data(),
                                told.reply().asOf(),
                                told.reply().outage(),
                                told.until(),
                                asked.notes()));
            } catch (UnansweredException away) {
                Gate.refuse(context, 503, String.valueOf(away.getMessage()));
            }
        };
    }

    @FunctionalInterface
    private interface Writing {
        String write(Asked asked) throws UnansweredException;
    }

    private io.javalin.http.Handler export(String what, Writing writing) {
        return context -> {
            if (!gate.admits(context, RateLimits.Kind.EXPORT)) {
                return;
            }
            try {
                String csv = writing.write(new Asked(context));
                gate.audit(context, "export", what, csv.lines().count() - 1 + " rows");
                context.header("Content-Disposition", "attachment; filename=\"throughline-" + what + ".csv\"")
                        .contentType("text/csv; charset=utf-8")
                        .result(csv);
            } catch (UnansweredException away) {
                Gate.refuse(context, 503, String.valueOf(away.getMessage()));
            }
        };
    }

    static void json(Context context, Object body) {
        context.contentType("application/json").result(Json.text(body));
    }
}
