package io.throughline.intake;

import static io.throughline.intake.Read.identifiers;
import static io.throughline.intake.Read.outcome;
import static io.throughline.intake.Read.touchpoint;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.intake.Mapping.EventRule;
import io.throughline.schemas.Touchpoint;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudEventsTest {

    private static final String TICKET =
            """
            {"specversion": "1.0", "id": "A-1", "source": "/crm/tickets", "type": "com.acme.ticket.opened",
             "subject": "ticket/77", "time": "2026-01-31T12:00:00+01:00", "datacontenttype": "application/json", "tenant": "north",
             "data": {"customer": {"mail": "ada@example.com", "no": 4711}, "severity": "high", "amount": 12.5}}""";

    private final CloudEvents cloudEvents = new CloudEvents(Mapping.NONE);

    @Test
    void aMappingSaysWhatADomainEventMeans() {
        Mapping mapping = new Mapping(
                List.of(),
                Map.of(
                        "com.acme.ticket.opened",
                        new EventRule(Rules.fields("kind=case_opened", "channel=email", "case_id<subject"), false)),
                null,
                Rules.fields("location<tenant"),
                Map.of("email", List.of("data.customer.mail"), "customer_number", List.of("data.customer.no")),
                Map.of(),
                null,
                List.of(),
                "");

        Touchpoint ticket = touchpoint(new CloudEvents(mapping), TICKET);

        assertThat(ticket.getTouchpointId()).isEqualTo("/crm/tickets A-1");
        assertThat(ticket.getEventTime()).isEqualTo("2026-01-31T11:00:00Z");
        assertThat(ticket.getKind()).isEqualTo("case_opened");
        assertThat(ticket.getCaseId()).isEqualTo("ticket/77");
        assertThat(ticket.getLocation()).isEqualTo("north");
        assertThat(identifiers(ticket)).containsExactly("customer_number:4711", "email:ada@example.com");
        assertThat(ticket.getProperties()).containsOnly(Map.entry("severity", "high"), Map.entry("amount", "12.5"));
    }

    @Test
    void aTouchpointInAnEnvelopeNeedsNoMapping() {
        Touchpoint answer = touchpoint(
                cloudEvents,
                """
                {"specversion": "1.0", "id": "1", "source": "https://surveys.example/nps", "type": "answer", "time": "2026-01-31T12:00:00Z",
                 "subject": "customer_number:4711",
                 "data": {"channel": "email", "kind": "survey_response", "wait_ms": 1500,
                          "identifiers": [{"type": "email", "value": "ada@example.com"}],
                          "survey": {"metric": "nps", "scale_min": 0, "scale_max": 10, "score": 3, "verbatim": "slow", "about": {"channel": "call"}},
                          "experiments": {"subject-line": "b"}, "properties": {"wave": 4}}}""");

        assertThat(answer.getKind()).isEqualTo("survey_response");
        assertThat(answer.getWaitMs()).isEqualTo(1500);
        assertThat(answer.getSurvey().getScore()).isEqualTo(3);
        assertThat(answer.getSurvey().getVerbatim()).isEqualTo("slow");
        assertThat(answer.getSurvey().getAbout().getChannel()).isEqualTo("call");
        assertThat(answer.getExperiments()).containsOnly(Map.entry("subject-line", "b"));
        assertThat(answer.getProperties()).containsOnly(Map.entry("wave", "4"));
        assertThat(identifiers(answer)).containsExactly("customer_number:4711", "email:ada@example.com");
    }

    @Test
    void theSameIdFromAnotherSourceIsAnotherTouchpoint() {
        String one =
                TICKET.replace("\"customer\"", "\"channel\": \"web\", \"email\": \"ada@example.com\", \"customer\"");

        assertThat(touchpoint(cloudEvents, one).getTouchpointId()).isEqualTo("/crm/tickets A-1");
        assertThat(touchpoint(cloudEvents, one.replace("/crm/tickets", "/shop")).getTouchpointId())
                .isEqualTo("/shop A-1");
    }

    @Test
    void dataInBase64IsReadWhereItIsJson() {
        String data = Base64.getEncoder()
                .encodeToString(
                        "{\"channel\": \"store\", \"kind\": \"visit\", \"loyalty_id\": \"L-5\"}".getBytes(UTF_8));
        Touchpoint visit = touchpoint(
                cloudEvents,
                """
                {"specversion": "1.0", "id": "1", "source": "till", "type": "v", "time": "2026-01-31T12:00:00Z",
                 "datacontenttype": "application/json", "data_base64": "%s"}"""
                        .formatted(data));

        assertThat(visit.getKind()).isEqualTo("visit");
        assertThat(identifiers(visit)).containsExactly("loyalty_id:L-5");
    }

    @Test
    void aBatchIsAsManyEventsAsItHolds() {
        List<Outcome> outcomes = cloudEvents.read(("[" + TICKET + ", 5, " + TICKET + "]").getBytes(UTF_8));

        assertThat(outcomes).hasSize(3);
        assertThat(outcome(cloudEvents, "[]")).isInstanceOf(Outcome.Rejected.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"specversion\": \"1.0\" | \"specversion\": \"3.0\" | malformed     | not a CloudEvent",
                "\"id\": \"A-1\",         | ''                       | missing_field | id:",
                "\"source\":              | \"sauce\":               | missing_field | source:",
                "/crm/tickets             | no uri at all            | malformed     | not a CloudEvent",
                "2026-01-31T12:00:00+01:00 | yesterday               | malformed     | not a CloudEvent",
                "\"time\"                 | \"zeit\"                 | missing_field | event_time:",
                "none                     | none                     | missing_field | channel:",
            })
    void whatCannotBeATouchpointSaysWhy(String part, String instead, String reason, String detail) {
        assertThat(outcome(cloudEvents, TICKET.replace(part, instead)))
                .isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
                    assertThat(rejected.reason().word()).isEqualTo(reason);
                    assertThat(rejected.detail()).contains(detail);
                });
    }
}
