package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.RawTouchpoint;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.Money;
import io.throughline.schemas.Survey;
import io.throughline.schemas.SurveyAbout;
import io.throughline.schemas.Touchpoint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AvroTouchpointsTest {

    @Test
    void theSameTouchpointMeansTheSameInAvroAndInJson() {
        Touchpoint avro = Touchpoint.newBuilder()
                .setTouchpointId("t-1")
                .setEventTime(Instant.parse("2026-11-23T10:00:00.250Z"))
                .setSentTime(Instant.parse("2026-11-23T10:00:01Z"))
                .setReceivedTime(Instant.ofEpochMilli(1795428002000L))
                .setChannel("chat")
                .setKind("survey_response")
                .setDirection("inbound")
                .setActor("customer")
                .setIdentifiers(
                        List.of(new Identifier("email", "ann@example.com"), new Identifier("customer_number", "42")))
                .setTouchpoint("Checkout")
                .setStage("support")
                .setTopic("billing")
                .setCaseId("C-7")
                .setLocation("Zürich")
                .setBrand("acme")
                .setProduct("card")
                .setSegment("gold")
                .setOutcome("resolved")
                .setWaitMs(61_000L)
                .setHandleMs(0L)
                .setValue(new Money(19.99, "EUR"))
                .setSurvey(new Survey(
                        "csat",
                        1.0,
                        5.0,
                        "higher_is_better",
                        4.5,
                        "fine 🙂",
                        new SurveyAbout("t-0", "call", "hotline", "C-7")))
                .setSentiment(-0.25)
                .setExperiments(Map.of("button", "green"))
                .setCaptureMethod("online")
                .setProperties(Map.of("url", "/cart", "items", "3", "price", "1.50", "gift", "true"))
                .build();

        assertThat(AvroTouchpoints.raw(avro))
                .isEqualTo(
                        new JsonTouchpoints(10_000).decode(JsonTouchpointsTest.FULL.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatIsAbsentStaysAbsent() {
        Touchpoint avro = Touchpoint.newBuilder()
                .setTouchpointId("t")
                .setEventTime(Instant.ofEpochMilli(1))
                .setChannel("web")
                .setKind("search")
                .setIdentifiers(List.of(new Identifier("cookie", "c")))
                .build();

        assertThat(AvroTouchpoints.raw(avro))
                .isEqualTo(RawTouchpoint.builder()
                        .touchpointId("t")
                        .eventTime(1L)
                        .channel("web")
                        .kind("search")
                        .identifiers(List.of(new Identity("cookie", "c")))
                        .experiments(Map.of())
                        .properties(Map.of())
                        .build());
    }
}
