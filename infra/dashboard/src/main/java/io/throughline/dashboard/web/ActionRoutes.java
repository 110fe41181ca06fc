package io.throughline.dashboard.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.throughline.dashboard.access.Person;
import io.throughline.dashboard.access.RateLimits;
import io.throughline.dashboard.access.Role;
import io.throughline.dashboard.know.AlertActions;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people do about alerts. Who it was is who asked, never what a request says. */
final class ActionRoutes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> VERBS =
            Set.of("acknowledge", "assign", "resolve", "reopen", "silence", "unsilence");
    /** Beyond a page of the inbox nobody can have looked at them. */
    private static final int MOST_AT_ONCE = 25;

    private static final int LONGEST = 500;

    private final @Nullable AlertActions actions;
    private final Gate gate;

    ActionRoutes(@Nullable AlertActions actions, Gate gate) {
        this.actions = actions;
        this.gate = gate;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/alerts/actions", this::act, Role.AGENT);
    }

    /** @param sent alerts whose command was taken; what it comes to is seen on them */
    record Outcome(List<String> sent, List<Failure> failed) {}

    record Failure(String alertId, String why) {}

    private void act(Context context) {
        AlertActions sending = actions;
        if (sending == null) {
            Gate.refuse(
                    context, 501, "Start the dashboard with --config FILE, the jobs' configuration, to act on alerts.");
            return;
        }
        JsonNode body;
        try {
            body = JSON.readTree(context.bodyAsBytes());
        } catch (IOException noJson) {
            Gate.refuse(context, 400, "This is no JSON.");
            return;
        }
        String wrong = body == null ? "Nothing was asked for." : wrong(body, Gate.personOf(context));
        if (wrong != null) {
            Gate.refuse(context, wrong.startsWith("This takes the role") ? 403 : 400, wrong);
            return;
        }
        Person person = Gate.personOf(context);
        List<String> sent = new ArrayList<>();
        List<Failure> failed = new ArrayList<>();
        for (JsonNode alert : body.path("alerts")) {
            if (!gate.admits(context, RateLimits.Kind.ACT)) {
                return;
            }
            String id = alert.path("alert_id").asText();
            String verb = body.path("verb").asText();
            gate.audit(context, verb, id, "asked");
            try {
                sending.send(new AlertActions.Command(
                        verb,
                        id,
                        person.name(),
                        alert.path("version").isInt() ? alert.path("version").intValue() : null,
                        text(body, "assignee"),
                        text(body, "because"),
                        until(body)));
                sent.add(id);
            } catch (IOException refused) {
                failed.add(new Failure(id, String.valueOf(refused.getMessage())));
            }
        }
        if (sent.isEmpty()) {
            Gate.refuse(context, 503, failed.get(0).why());
        } else {
            DataRoutes.json(context, new Outcome(sent, failed));
        }
    }

    /** Null where nothing is. */
    private static @Nullable String wrong(JsonNode body, Person person) {
        String verb = body.path("verb").asText();
        int alerts = body.path("alerts").size();
        if (!VERBS.contains(verb)) {
            return "There is no action \"" + (verb.length() > 40 ? verb.substring(0, 40) + "..." : verb) + "\".";
        }
        if (alerts < 1 || alerts > MOST_AT_ONCE) {
            return "Name from 1 to " + MOST_AT_ONCE + " alerts.";
        }
        for (JsonNode alert : body.path("alerts")) {
            String id = alert.path("alert_id").asText();
            if (id.isEmpty() || id.length() > LONGEST) {
                return "Each alert needs its alert_id.";
            }
        }
        if (verb.equals("assign") && text(body, "assignee") == null) {
            return "Say who shall take care of it.";
        }
        Instant until = until(body);
        if (verb.equals("silence") && (until == null || !until.isAfter(Instant.now()))) {
            return "Say until when it shall be silent, a time to come.";
        }
        for (String field : List.of("assignee", "because")) {
            String text = text(body, field);
            if (text != null && text.length() > LONGEST) {
                return "What is given as " + field + " is longer than " + LONGEST + " characters.";
            }
        }
        boolean more = alerts > 1 || verb.equals("silence") || verb.equals("unsilence");
        return more && !person.role().includes(Role.LEAD)
                ? "This takes the role lead; yours is " + person.role().code() + "."
                : null;
    }

    private static @Nullable String text(JsonNode body, String field) {
        String text = body.path(field).asText("").strip();
        return text.isEmpty() ? null : text;
    }

    private static @Nullable Instant until(JsonNode body) {
        try {
            String text = text(body, "until");
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException noInstant) {
            return null;
        }
    }
}
