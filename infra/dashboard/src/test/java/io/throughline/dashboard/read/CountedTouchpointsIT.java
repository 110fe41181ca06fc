package io.throughline.dashboard.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.dashboard.IndexedExperience;
import io.throughline.dashboard.read.TouchpointFilter.Measured;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.Scale;
import io.throughline.domain.measure.ServiceLevel;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Touchpoints by the metrics that count them, as docs/metrics.md says. The id of each says why it counts or does not. */
@Servers(Server.ELASTICSEARCH)
class CountedTouchpointsIT {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Period DAY = new Period(Window.DAY, NOON);

    private static IndexedExperience indexed;
    private static PageReader reader;

    @BeforeAll
    static void indexADay(LocalServers servers) {
        indexed = new IndexedExperience(servers.elasticsearchUrl());
        indexed.empty();
        touchpoint("answered-after-5-s", "call", "call_answered", "wait_ms", 5_000);
        touchpoint("answered-after-60-s", "call", "call_answered", "wait_ms", 60_000);
        touchpoint("answered-wait-unknown", "call", "call_answered");
        touchpoint("abandoned-after-90-s", "call", "call_abandoned", "wait_ms", 90_000);
        touchpoint("abandoned-after-20-s", "call", "call_ended", "wait_ms", 20_000, "outcome", "abandoned");
        touchpoint("abandoned-wait-unknown", "call", "call_queued", "outcome", "abandoned");
        touchpoint("still-waiting", "call", "call_queued");
        touchpoint("ended-after-handling", "call", "call_ended", "handle_ms", 60_000, "outcome", "resolved");
        touchpoint("chat-answered-at-once", "chat", "chat_answered", "wait_ms", 0, "handle_ms", 0);
        touchpoint(
                "answered-message",
                "web",
                "message_answered",
                "wait_ms",
                1_000,
                "session_id",
                "s",
                "identifiers",
                List.of(Map.of("type", "email", "value", "ada@example.com")),
                "properties",
                Map.of("text", "Ada here"),
                "survey",
                Map.of("verbatim", "Ada again"));
        answer("nps-9", "email", "nps", 0, 10, 9, null, null);
        answer("nps-9-about-a-call", "email", "nps", 0, 10, 9, "call", null);
        answer("nps-half-a-point", "call", "nps", 0, 10, 8.5, null, null);
        answer("nps-off-its-scale", "call", "nps", 0, 10, 11, null, null);
        answer("nps-on-1-to-10", "call", "nps", 1, 10, 9, null, null);
        answer("csat-4", "chat", "csat", 1, 5, 4, null, null);
        answer("csat-half-a-point", "chat", "csat", 1, 5, 4.5, null, null);
        answer("csat-off-its-scale", "chat", "csat", 1, 5, 6, null, null);
        answer("csat-on-1-to-7", "chat", "csat", 1, 7, 6, null, null);
        answer("csat-where-low-is-good", "chat", "csat", 1, 5, 2, null, "lower_is_better");
        answer("ces-easy", "web", "ces", 1, 7, 6, null, "higher_is_better");
        answer("ces-effort", "web", "ces", 1, 5, 2, null, "lower_is_better");
        document("too-early", "call", "call_answered", NOON.minus(Window.DAY.length()), "wait_ms", 1);
        indexed.index();
        reader = new PageReader(indexed.client(), Clock.fixed(NOON, ZoneOffset.UTC), () -> NOON, () -> null);
    }

    @AfterAll
    static void close() throws IOException {
        indexed.close();
    }

    @Test
    void everyTouchpointOfThePeriodCountsInTheVolume() throws UnansweredException {
        assertThat(counted(null, null, null)).hasSize(22).doesNotContain("too-early");
        assertThat(counted("chat", null, null)).hasSize(6);
    }

    @Test
    void waitsAndHandlingTimesCountAlsoWhereTheyAreNothing() throws UnansweredException {
        assertThat(counted(null, Measured.WAIT, null))
                .containsExactly(
                        "abandoned-after-20-s",
                        "abandoned-after-90-s",
                        "answered-after-5-s",
                        "answered-after-60-s",
                        "answered-message",
                        "chat-answered-at-once");
        assertThat(counted(null, Measured.HANDLE, null))
                .containsExactly("chat-answered-at-once", "ended-after-handling");
    }

    @Test
    void aQueueCountsWhoWasAnsweredAndWhoGaveUp() throws UnansweredException {
        assertThat(counted("call", Measured.QUEUE, null))
                .containsExactly(
                        "abandoned-after-20-s",
                        "abandoned-after-90-s",
                        "abandoned-wait-unknown",
                        "answered-after-5-s",
                        "answered-after-60-s",
                        "answered-wait-unknown");
        assertThat(counted("chat", Measured.QUEUE, null)).containsExactly("chat-answered-at-once");
        assertThat(counted("web", Measured.QUEUE, null)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theServiceLevelLeavesOutWhoseWaitIsNotKnownWhereItMatters(ServiceLevel variant) throws UnansweredException {
        List<String> answered = List.of("answered-after-5-s", "answered-after-60-s");
        List<String> gaveUp =
                switch (variant) {
                    case WITHIN_OF_OFFERED -> List.of("abandoned-after-20-s", "abandoned-after-90-s");
                    case ANSWERED_OF_ANSWERED -> List.of();
                    case ANSWERED_OF_OFFERED ->
                        List.of("abandoned-after-20-s", "abandoned-after-90-s", "abandoned-wait-unknown");
                    case SHORT_ABANDONS_EXCLUDED -> List.of("abandoned-after-90-s");
                };
        MeasureConfig measuring =
                MeasureConfig.DEFAULTS.toBuilder().serviceLevelVariant(variant).build();

        assertThat(counted("call", Measured.SERVICE_LEVEL, null, measuring))
                .containsExactlyElementsOf(
                        Stream.concat(gaveUp.stream(), answered.stream()).toList());
    }

    @Test
    void queuesAreThoseOfTheConfiguration() throws UnansweredException {
        MeasureConfig measuring =
                MeasureConfig.DEFAULTS.toBuilder().queues(List.of("message")).build();

        for (Measured measured : List.of(Measured.QUEUE, Measured.SERVICE_LEVEL)) {
            assertThat(counted(null, measured, null, measuring)).containsExactly("answered-message");
        }
    }

    @Test
    void answersCountOnTheScaleOfTheFormulaUnderWhatTheyAreAbout() throws UnansweredException {
        assertThat(counted(null, Measured.NPS, null)).containsExactly("nps-9", "nps-9-about-a-call");
        assertThat(counted("call", Measured.NPS, null)).containsExactly("nps-9-about-a-call");
        assertThat(counted("email", Measured.NPS, null)).containsExactly("nps-9");
        assertThat(counted(null, Measured.CSAT, null)).containsExactly("csat-4", "csat-half-a-point");
        assertThat(counted(null, Measured.CSAT, Scale.ofLabel("1-7"))).containsExactly("csat-on-1-to-7");
        assertThat(counted(null, Measured.CES, Scale.ofLabel("1-7"))).containsExactly("ces-easy");
        assertThat(counted(null, Measured.CES, Scale.ofLabel("1-5_lower_is_better")))
                .containsExactly("ces-effort");
    }

    @Test
    void whatCustomersWroteAndWhoTheyAreIsInNoTouchpointThatEverybodySees() throws UnansweredException {
        PageReader.OneSession session =
                (PageReader.OneSession) reader.session("s").data();

        assertThat(session.touchpoints()).singleElement().satisfies(touchpoint -> {
            assertThat(touchpoint.path("wait_ms").asInt()).isEqualTo(1_000);
            assertThat(touchpoint.toString()).doesNotContainIgnoringCase("ada");
        });
    }

    private static List<String> counted(@Nullable String channel, @Nullable Measured measured, @Nullable Scale scale)
            throws UnansweredException {
        return counted(channel, measured, scale, MeasureConfig.DEFAULTS);
    }

    private static List<String> counted(
            @Nullable String channel, @Nullable Measured measured, @Nullable Scale scale, MeasureConfig measuring)
            throws UnansweredException {
        Listing.Found found = (Listing.Found)
                reader.touchpoints(new TouchpointFilter(DAY, channel, null, null, null, measured, scale, measuring), 0)
                        .data();
        TreeSet<String> ids = new TreeSet<>();
        found.documents()
                .forEach(touchpoint -> ids.add(touchpoint.path("touchpoint_id").asText()));
        assertThat(found.total()).isEqualTo(ids.size());
        return List.copyOf(ids);
    }

    private static void touchpoint(String id, String channel, String kind, Object... more) {
        document(id, channel, kind, NOON.minusSeconds(600), more);
    }

    private static void document(String id, String channel, String kind, Instant at, Object... more) {
        Map<String, Object> fields = new HashMap<>(IndexedExperience.document(more));
        fields.put("kind", kind);
        indexed.touchpoint(id, channel, at, fields);
    }

    private static void answer(
            String id,
            String channel,
            String metric,
            double min,
            double max,
            double score,
            @Nullable String about,
            @Nullable String direction) {
        Map<String, Object> survey =
                new HashMap<>(Map.of("metric", metric, "scale_min", min, "scale_max", max, "score", score));
        if (about != null) {
            survey.put("about", Map.of("channel", about));
        }
        if (direction != null) {
            survey.put("direction", direction);
        }
        touchpoint(id, channel, "survey_response", "survey", survey);
    }
}
