package io.throughline.kafka;

import io.throughline.schemas.Identifier;
import io.throughline.schemas.Money;
import io.throughline.schemas.Survey;
import io.throughline.schemas.SurveyAbout;
import io.throughline.schemas.Touchpoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Touchpoints for tests. */
final class Touchpoints {

    private Touchpoints() {}

    /** One with every kind of field: text, numbers, times, arrays, maps, nested records. */
    static Touchpoint full(String id) {
        return Touchpoint.newBuilder()
                .setTouchpointId(id)
                .setEventTime(Instant.parse("2026-03-02T10:02:11Z"))
                .setReceivedTime(Instant.parse("2026-03-02T10:02:12.480Z"))
                .setChannel("email")
                .setKind("survey_response")
                .setIdentifiers(List.of(new Identifier("email", "zoë@example.org"), new Identifier("phone", "+4930")))
                .setTopic("billing")
                .setWaitMs(412_000L)
                .setValue(new Money(-12.5, "EUR"))
                .setSurvey(Survey.newBuilder()
                        .setMetric("csat")
                        .setScaleMin(1)
                        .setScaleMax(5)
                        .setScore(1)
                        .setVerbatim("Nie wieder. 😡")
                        .setAbout(SurveyAbout.newBuilder().setChannel("call").build())
                        .build())
                .setSentiment(-0.5)
                .setExperiments(Map.of("ivr_menu", "short"))
                .setProperties(Map.of("queue", "east", "language", "de"))
                .build();
    }
}
