package io.throughline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.ingest.TypedSubject;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Explanation;
import io.throughline.domain.stitch.Explanation.Answer;
import io.throughline.domain.stitch.Explanation.Login;
import io.throughline.domain.stitch.Explanation.Party;
import io.throughline.domain.stitch.Explanation.Standing;
import io.throughline.domain.stitch.Explanation.Step;
import io.throughline.domain.stitch.Subject;
import io.throughline.domain.stitch.SuperNode;
import io.throughline.domain.touchpoint.Identifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An explanation as text and as JSON. Identifiers are pseudonyms in both; what the person typed is repeated.
 *
 * @param indexed the customer that the index names, of those touchpoints for which it is another
 * @param stoppedAfter touchpoints after which the search stopped before its end; null where it did not
 */
record WhyReport(
        Explanation why,
        String typedA,
        String typedB,
        TypedSubject typed,
        Searched searched,
        Map<Party, String> indexed,
        @Nullable Integer stoppedAfter) {

    /**
     * Where the answer was looked for.
     *
     * @param rejected records that cannot count and so say nothing
     */
    record Searched(String source, long touchpoints, long rejected, Decided decided) {}

    /**
     * What people decided, as far as it is known.
     *
     * @param source where it was looked for; null where nobody was asked
     * @param leftOut decisions that cannot count
     * @param unread why it could not be read, one line; null where it could
     */
    record Decided(@Nullable String source, List<Decision> decisions, long leftOut, @Nullable String unread) {}

    /** Whether both are among the touchpoints, or need not be. */
    boolean known() {
        return why.answer() != Answer.UNKNOWN;
    }

    /** What is to be said besides the answer, a line each. */
    List<String> complaints() {
        List<String> result = new ArrayList<>();
        for (Party party : List.of(why.a(), why.b())) {
            if (party.standing() == Standing.UNKNOWN) {
                result.add("nobody knows " + name(party) + ": none of the " + searched.touchpoints()
                        + " touchpoints of " + searched.source()
                        + (party.subject() instanceof Subject.Known ? " bears it" : " has this touchpoint_id"));
            }
        }
        indexed.forEach((party, customer) -> result.add("the index has " + name(party) + " under customer " + customer
                + ": either not all of its evidence is indexed yet, or the job has other rules or decisions"));
        String leftOut = InputFiles.leftOut(searched.rejected());
        if (leftOut != null) {
            result.add(leftOut);
        }
        Decided decided = searched.decided();
        if (decided.unread() != null) {
            result.add("people's decisions could not be read, the answer is from evidence alone: " + decided.unread());
        }
        if (decided.leftOut() > 0) {
            result.add(decided.leftOut() + " decisions of " + decided.source()
                    + " cannot count and were left out; the experience job says why among the rejected");
        }
        if (stoppedAfter != null) {
            result.add("the search stopped after " + stoppedAfter
                    + " touchpoints, so the answer may be wrong: raise --limit");
        }
        return result;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(headline()).append('\n');
        describe(text, why.a());
        describe(text, why.b());
        if (!why.path().isEmpty()) {
            text.append(why.oneCustomer() ? "\nThe evidence:\n" : "\nWhat would have joined them:\n");
            for (int i = 0; i < why.path().size(); i++) {
                describe(text, i + 1, why.path().get(i));
            }
        } else if (why.oneCustomer() && why.meeting() != null) {
            text.append("\nBoth lead to ")
                    .append(typed.write(why.meeting()))
                    .append("; no further evidence is needed.\n");
        }
        for (Decision decision : why.never()) {
            text.append("\nWhatever the evidence, they stay apart: ")
                    .append(inWords(decision))
                    .append('\n');
        }
        return text.toString();
    }

    private String headline() {
        return switch (why.answer()) {
            case ONE_CUSTOMER ->
                why.a().customerId() == null
                        ? "They are the same, and no customer."
                        : "One customer: " + why.a().customerId();
            case EVIDENCE_REFUSED -> "Not one customer: a piece of the evidence was refused.";
            case SHARED_DEVICE -> "Not one customer: they meet on a shared device, which joins nobody.";
            case QUARANTINED -> "Not one customer: what connects them is a super-node, which links nothing.";
            case NO_EVIDENCE -> "Not one customer: no evidence connects them.";
            case NEVER_LINKS -> "Not one customer: one of them can never link anything.";
            case UNKNOWN -> "Unknown.";
        };
    }

    private void describe(StringBuilder text, Party party) {
        text.append(party == why.a() ? "  A  " : "  B  ").append(name(party)).append(": ");
        String customer = party.customerId() == null ? "no customer" : "customer " + party.customerId();
        text.append(customer);
        Identifier identifier = party.identifier();
        String by = identifier == null ? "" : typed.write(identifier);
        text.append(
                switch (party.standing()) {
                    case JOINED -> party.subject() instanceof Subject.Known ? "" : ", by " + by;
                    case LOGGED_IN -> ", logged in on the shared device " + by;
                    case SHARED_DEVICE ->
                        party.subject() instanceof Subject.Known
                                ? ", its own: a shared device joins nobody"
                                : ", that of the shared device " + by + ": no login covers it";
                    case QUARANTINED -> ", it is a super-node";
                    case ANONYMOUS -> ", its own: it bears no identifier that can be used";
                    case VISIT -> ": the type names a visit, which never links";
                    case NOBODY -> ": ingest leaves the value out, it is blocked or not what its type says";
                    case UNKNOWN -> ": not found";
                });
        text.append('\n');
        for (SuperNode superNode : party.superNodes()) {
            text.append("       super-node ")
                    .append(typed.write(superNode.identifier()))
                    .append(": ")
                    .append(superNode.because())
                    .append('\n');
        }
        Login login = party.login();
        if (login != null) {
            text.append(
                            party.standing() == Standing.LOGGED_IN
                                    ? "       login of "
                                    : "       the last login before, of ")
                    .append(typed.write(login.person()))
                    .append(", opened by touchpoint ")
                    .append(login.openedBy())
                    .append(" at ")
                    .append(Instant.ofEpochMilli(login.openedAt()))
                    .append(", ended at ")
                    .append(Instant.ofEpochMilli(login.endedAt()))
                    .append(
                            switch (login.ending()) {
                                case LOGOUT -> " by the logout " + login.endedBy();
                                case NEXT_PERSON -> " by the next person, touchpoint " + login.endedBy();
                                case SILENCE -> " by silence";
                            })
                    .append('\n');
        } else if (party.standing() == Standing.SHARED_DEVICE && party.subject() instanceof Subject.TouchpointId) {
            text.append("       nobody had logged in on it before\n");
        }
    }

    private void describe(StringBuilder text, int number, Step step) {
        text.append(String.format(Locale.ROOT, "%3d. ", number))
                .append(typed.write(step.from()))
                .append(" - ")
                .append(typed.write(step.to()))
                .append("\n       ");
        Decision decision = step.decision();
        if (decision != null) {
            text.append(inWords(decision));
        } else {
            text.append(step.rule())
                    .append(", touchpoint ")
                    .append(step.touchpointId())
                    .append(" at ")
                    .append(Instant.ofEpochMilli(step.eventTime()));
        }
        text.append('\n');
        if (step.refused() != null) {
            text.append("       REFUSED: ").append(pseudonymous(step.refused())).append('\n');
        }
    }

    private String inWords(Decision decision) {
        return word(decision.verdict()) + ": " + typed.write(decision.one()) + " and " + typed.write(decision.other())
                + ", decided by " + (decision.author().isBlank() ? "somebody" : decision.author()) + ", effective from "
                + Instant.ofEpochMilli(decision.effectiveFrom())
                + (decision.reason().isBlank() ? "" : ": " + decision.reason());
    }

    private String name(Party party) {
        String asTyped = party == why.a() ? typedA : typedB;
        if (party.subject() instanceof Subject.Known known) {
            String written = typed.write(known.identifier());
            return written.equals(asTyped) ? asTyped : asTyped + " (" + written + ")";
        }
        return asTyped;
    }

    /** Stitching names identifiers by type and value; here a pseudonym is marked as one. */
    private String pseudonymous(String text) {
        Set<Identifier> identifiers = new LinkedHashSet<>();
        for (Step step : why.path()) {
            identifiers.add(step.from());
            identifiers.add(step.to());
        }
        for (Decision decision : why.never()) {
            identifiers.add(decision.one());
            identifiers.add(decision.other());
        }
        String result = text;
        for (Identifier identifier : identifiers) {
            result = result.replace(identifier.toString(), typed.write(identifier));
        }
        return result;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    String json() {
        ObjectNode json = Documents.object();
        json.put("answer", word(why.answer()));
        json.put("one_customer", why.oneCustomer());
        json.put("complete", stoppedAfter == null);
        ObjectNode from = json.putObject("searched");
        from.put("source", searched.source())
                .put("touchpoints", searched.touchpoints())
                .put("rejected", searched.rejected());
        decided(from.putObject("decisions"), searched.decided());
        party(json.putObject("a"), why.a(), typedA, indexed.get(why.a()));
        party(json.putObject("b"), why.b(), typedB, indexed.get(why.b()));
        ArrayNode path = json.putArray("path");
        for (Step step : why.path()) {
            ObjectNode node = path.addObject();
            Documents.put(node.putObject("from"), step.from());
            Documents.put(node.putObject("to"), step.to());
            node.put("rule", step.rule());
            if (!step.touchpointId().isEmpty()) {
                node.put("touchpoint_id", step.touchpointId());
            }
            node.put("event_time", Documents.time(step.eventTime()));
            if (step.decision() != null) {
                decision(node.putObject("decision"), step.decision());
            }
            node.put("accepted", step.refused() == null);
            if (step.refused() != null) {
                node.put("refused", step.refused());
            }
        }
        if (why.meeting() != null) {
            Documents.put(json.putObject("meeting"), why.meeting());
        }
        ArrayNode never = json.putArray("never");
        why.never().forEach(decision -> decision(never.addObject(), decision));
        return Documents.pretty(json);
    }

    private static void decided(ObjectNode node, Decided decided) {
        if (decided.source() != null) {
            node.put("source", decided.source());
        }
        node.put("count", decided.decisions().size()).put("left_out", decided.leftOut());
        if (decided.unread() != null) {
            node.put("unread", decided.unread());
        }
    }

    private static void party(ObjectNode node, Party party, String asTyped, @Nullable String otherCustomer) {
        node.put("asked", asTyped);
        node.put("standing", word(party.standing()));
        if (party.customerId() != null) {
            node.put("customer_id", party.customerId());
        }
        if (otherCustomer != null) {
            node.put("indexed_customer_id", otherCustomer);
        }
        Identifier identifier =
                party.subject() instanceof Subject.Known known ? known.identifier() : party.identifier();
        if (identifier != null) {
            Documents.put(node.putObject("identifier"), identifier);
        }
        ArrayNode superNodes = node.putArray("super_nodes");
        party.superNodes().forEach(superNode -> Documents.put(superNodes.addObject(), superNode));
        Login login = party.login();
        if (login != null) {
            ObjectNode interval = node.putObject("login");
            interval.put("covers", party.standing() == Standing.LOGGED_IN);
            Documents.put(interval.putObject("device"), login.device());
            Documents.put(interval.putObject("person"), login.person());
            interval.put("opened_by", login.openedBy()).put("opened_at", Documents.time(login.openedAt()));
            interval.put("ended", word(login.ending())).put("ended_at", Documents.time(login.endedAt()));
            if (login.endedBy() != null) {
                interval.put("ended_by", login.endedBy());
            }
        }
    }

    private static void decision(ObjectNode node, Decision decision) {
        node.put("verdict", word(decision.verdict()));
        Documents.put(node.putObject("one"), decision.one());
        Documents.put(node.putObject("other"), decision.other());
        node.put("effective_from", Documents.time(decision.effectiveFrom()));
        node.put("reason", decision.reason());
        node.put("author", decision.author());
    }
}
