package io.throughline.dashboard.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.throughline.dashboard.access.RateLimits;
import io.throughline.dashboard.access.Role;
import io.throughline.dashboard.know.Explaining;
import io.throughline.dashboard.know.Identification;
import io.throughline.dashboard.know.Knowledge;
import io.throughline.dashboard.read.CustomerFilter;
import io.throughline.dashboard.read.CustomerOrder;
import io.throughline.dashboard.read.PageReader;
import io.throughline.dashboard.read.Reply;
import io.throughline.dashboard.read.UnansweredException;
import io.throughline.domain.touchpoint.Identifier;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Customers: found by what they are known by, and shown. What somebody types comes in the body of a request, so that it is
 * in no address and no log, and is written down nowhere: only what ingest made of it is.
 */
final class CustomerRoutes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 500;

    private final PageReader reader;
    private final Knowledge knowledge;
    private final Gate gate;

    CustomerRoutes(PageReader reader, Knowledge knowledge, Gate gate) {
        this.reader = reader;
        this.knowledge = knowledge;
        this.gate = gate;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/customers", this::customers, Role.AGENT);
        routes.get("/api/customers/{id}", this::customer, Role.AGENT);
        routes.post("/api/customers/look-up", this::lookUp, Role.AGENT);
        routes.post("/api/customers/why", this::why, Role.AGENT);
    }

    private void customers(Context context) {
        Asked asked = new Asked(context);
        CustomerFilter filter = new CustomerFilter(
                asked.text("channel"),
                asked.text("segment"),
                asked.text("tier"),
                asked.oneOf("standing", CustomerFilter.standings()));
        CustomerOrder order = CustomerOrder.of(asked.oneOf("first", CustomerOrder.codes(), "seen"));
        answer(context, asked, () -> reader.customers(filter, order, asked.from()));
    }

    private void customer(Context context) {
        String id = context.pathParam("id");
        gate.audit(context, "view_customer", id, "shown");
        answer(context, new Asked(context), () -> reader.customer(id));
    }

    private void lookUp(Context context) {
        if (!gate.admits(context, RateLimits.Kind.LOOK_UP)) {
            return;
        }
        JsonNode body = body(context);
        String text = body == null ? "" : body.path("text").asText("").strip();
        if (text.isEmpty() || text.length() > LONGEST) {
            Gate.refuse(context, 400, "Type an e-mail address, a phone number, a customer number or a customer's id.");
            return;
        }
        String type = body == null ? "" : body.path("type").asText("");
        Identification identification = knowledge.identification();
        List<Identifier> identifiers =
                identification == null ? List.of() : identification.of(type.isEmpty() ? null : type, text);
        String tried = identification == null
                ? "customer id"
                : identifiers.stream().map(identification::pseudonym).collect(Collectors.joining(" "));
        gate.audit(context, "look_up", tried.isEmpty() ? "no identifier" : tried, "asked");
        answer(context, new Asked(context), () -> {
            Reply found = reader.candidates(text, identifiers);
            return new Reply(
                    new LookUp(
                            found.data(),
                            identifiers.stream()
                                    .map(Identifier::type)
                                    .distinct()
                                    .toList(),
                            identification != null),
                    found.asOf(),
                    found.outage());
        });
    }

    /**
     * @param found customers
     * @param triedAs types that what was typed can be of
     * @param identifies whether raw values can be looked up at all
     */
    record LookUp(Object found, List<String> triedAs, boolean identifies) {}

    private void why(Context context) {
        if (!gate.admits(context, RateLimits.Kind.LOOK_UP)) {
            return;
        }
        Explaining explaining = knowledge.explaining();
        JsonNode body = body(context);
        String a = body == null ? "" : body.path("a").asText("").strip();
        String b = body == null ? "" : body.path("b").asText("").strip();
        if (explaining == null) {
            Gate.refuse(context, 501, "Start the dashboard with --config FILE, the jobs' configuration, to ask why.");
            return;
        }
        if (a.isEmpty() || b.isEmpty() || a.length() > LONGEST || b.length() > LONGEST) {
            Gate.refuse(context, 400, "Name two identifiers or touchpoints.");
            return;
        }
        gate.audit(context, "explain", pseudonymous(a) + " " + pseudonymous(b), "asked");
        try {
            context.contentType("application/json").result(explaining.explain(a, b));
        } catch (IOException away) {
            Gate.refuse(context, 503, String.valueOf(away.getMessage()));
        }
    }

    private String pseudonymous(String typed) {
        Identification identification = knowledge.identification();
        List<Identifier> identifiers = identification == null ? List.of() : identification.of(null, typed);
        return identification == null || identifiers.isEmpty()
                ? "something"
                : identification.pseudonym(identifiers.get(0));
    }

    private static @Nullable JsonNode body(Context context) {
        try {
            JsonNode body = JSON.readTree(context.bodyAsBytes());
            return body != null && body.isObject() ? body : null;
        } catch (JsonProcessingException noJson) {
            return null;
        } catch (IOException broken) {
            return null;
        }
    }

    @FunctionalInterface
    private interface Reading {
        Reply read() throws UnansweredException;
    }

    private static void answer(Context context, Asked asked, Reading reading) {
        try {
            Reply reply = reading.read();
            DataRoutes.json(
                    context, new DataRoutes.Envelope(reply.data(), reply.asOf(), reply.outage(), null, asked.notes()));
        } catch (UnansweredException away) {
            Gate.refuse(context, 503, String.valueOf(away.getMessage()));
        }
    }
}
