package io.throughline.dashboard.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.throughline.dashboard.access.RateLimits;
import io.throughline.dashboard.access.Role;
import io.throughline.dashboard.know.Redriving;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Records that did not count, read again. */
final class RedriveRoutes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern REASON = Pattern.compile("[a-z_]{1,60}");

    private final @Nullable Redriving redriving;
    private final Gate gate;

    RedriveRoutes(@Nullable Redriving redriving, Gate gate) {
        this.redriving = redriving;
        this.gate = gate;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/redrive", this::redrive, Role.LEAD);
    }

    private void redrive(Context context) {
        Redriving able = redriving;
        if (able == null) {
            Gate.refuse(context, 501, "Start the dashboard with --config FILE, the jobs' configuration, to redrive.");
            return;
        }
        String reason = reason(context);
        if (reason == null) {
            Gate.refuse(context, 400, "Name the reason of the records to redrive.");
            return;
        }
        if (!gate.admits(context, RateLimits.Kind.EXPORT)) {
            return;
        }
        gate.audit(context, "redrive", reason, "asked");
        Redriving.Outcome outcome;
        try {
            outcome = able.redrive(reason, Gate.personOf(context).name());
        } catch (IOException failed) {
            gate.audit(context, "redrive", reason, "failed");
            Gate.refuse(context, 503, String.valueOf(failed.getMessage()));
            return;
        } catch (RuntimeException failed) {
            gate.audit(context, "redrive", reason, "failed");
            throw failed;
        }
        gate.audit(context, "redrive", reason, outcome.redriven() + " redriven");
        DataRoutes.json(context, outcome);
    }

    private static @Nullable String reason(Context context) {
        try {
            JsonNode body = JSON.readTree(context.bodyAsBytes());
            String reason = body == null ? "" : body.path("reason").asText();
            return REASON.matcher(reason).matches() ? reason : null;
        } catch (IOException noJson) {
            return null;
        }
    }
}
