package io.throughline.dashboard.read;

import static io.throughline.dashboard.IndexedExperience.evidence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.dashboard.IndexedExperience;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Servers(Server.ELASTICSEARCH)
class ExperienceReaderIT {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:07Z");
    private static final View DAY = View.DEFAULT;
    private static final View DAY_CHAT = new View(Window.DAY, "chat");
    private static final Map<String, String> ALL = Map.of();

    private IndexedExperience indexed;
    private ExperienceReader reader;

    @BeforeEach
    void emptyIndices(LocalServers servers) {
        indexed = new IndexedExperience(servers.elasticsearchUrl());
        indexed.empty();
        reader = new ExperienceReader(indexed.client());
    }

    @AfterEach
    void close() throws IOException {
        indexed.close();
    }

    @Test
    void emptyIndicesAreNotAnError() throws IOException {
        assertThat(reader.read(NOW, List.of(DAY)).values()).hasSize(9).allSatisfy(answer -> assertThat(answer.error())
                .isNull());
        assertThat(pipeline().accounting()).isNull();
    }

    @Test
    void indicesThatDoNotExistYetAreNotAnError() throws IOException {
        indexed.remove();

        assertThat(reader.read(NOW, List.of(DAY)).values()).hasSize(9).allSatisfy(answer -> assertThat(answer.error())
                .isNull());
    }

    @Test
    void touchpointsAreCountedByChannelAndTenSecondsOverTheLastQuarterHour() throws IOException {
        indexed.touchpoint("chat", NOW)
                .touchpoint("chat", NOW.minusSeconds(8))
                .touchpoint("chat", NOW.minusSeconds(8))
                .touchpoint("web", NOW.minus(Duration.ofMinutes(14)))
                .touchpoint("web", NOW.minus(Duration.ofMinutes(16)))
                .touchpoint("web", NOW.plusSeconds(60))
                .index();

        Throughput throughput = shared(Section.Name.THROUGHPUT, Throughput.class);

        assertThat(throughput.from()).isEqualTo(Instant.parse("2026-03-01T11:45:10Z"));
        assertThat(throughput.channels())
                .extracting(Throughput.Channel::channel, Throughput.Channel::total)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("chat", 3L),
                        org.assertj.core.groups.Tuple.tuple("web", 1L));
        assertThat(throughput.channels().get(0).counts()).hasSize(90).endsWith(0L, 2L, 1L);
        assertThat(throughput.other()).containsOnly(0L);
    }

    @Test
    void channelsBeyondTheBusiestCountAsOthers() throws IOException {
        IntStream.range(0, 30)
                .forEach(i -> IntStream.range(0, 31 - i).forEach(n -> indexed.touchpoint("channel" + i, NOW)));
        indexed.index();

        Throughput throughput = shared(Section.Name.THROUGHPUT, Throughput.class);

        assertThat(throughput.channels()).hasSize(24);
        assertThat(throughput.other().get(89)).isEqualTo(7 + 6 + 5 + 4 + 3 + 2);
    }

    @Test
    void theNewestDocumentOfASeriesIsItsValue() throws IOException {
        indexed.metric("nps", "24h", ALL, NOW.minusSeconds(7200), 10, 100)
                .metric("nps", "24h", ALL, NOW.minusSeconds(60), 42, 120)
                .metric("nps", "24h", ALL, NOW.minusSeconds(3600), 20, 110)
                .metric("nps", "1h", ALL, NOW, 77, 5)
                .metric("nps", "24h", Map.of("channel", "chat"), NOW, 1, 5)
                .metric("nps", "24h", Map.of("channel", "chat", "stage", "support"), NOW, 2, 5)
                .metric("nps", "24h", Map.of("stage", "support"), NOW, 3, 5)
                .index();

        assertThat(metrics(DAY)).singleElement().satisfies(nps -> {
            assertThat(nps.value()).isEqualTo(42);
            assertThat(nps.n()).isEqualTo(120);
            assertThat(nps.asOf()).isEqualTo(NOW.minusSeconds(60));
        });
        assertThat(metrics(DAY_CHAT)).singleElement().satisfies(nps -> assertThat(nps.value())
                .isEqualTo(1));
    }

    @Test
    void aSeriesWithNothingBehindItIsNotShown() throws IOException {
        indexed.metric("nps", "24h", ALL, NOW.minusSeconds(60), 0, 0)
                .metric("nps", "24h", ALL, NOW.minusSeconds(3600), 20, 110)
                .metric("csat", "24h", ALL, NOW.minus(Duration.ofHours(25)), 80, 10)
                .metric("touchpoints", "24h", ALL, NOW, 9, 9)
                .index();

        assertThat(metrics(DAY)).extracting(Metrics.Metric::metricId).containsExactly("touchpoints");
    }

    @Test
    void windowsEndAtTheNewestMetricAndNotAtTheClock() throws IOException {
        Instant longAgo = NOW.minus(Duration.ofDays(400));
        indexed.metric("nps", "1h", ALL, longAgo, 42, 120).index();

        assertThat(metrics(new View(Window.HOUR, null)))
                .extracting(Metrics.Metric::value)
                .containsExactly(42.0);
        assertThat(pipeline().newestMetric()).isEqualTo(longAgo);
    }

    @Test
    void answersOnDifferentScalesAreSeriesOfTheirOwn() throws IOException {
        indexed.metric("ces", "24h", Map.of("scale", "1-7"), NOW, 5.5, 40)
                .metric("ces", "24h", Map.of("scale", "1-5_lower_is_better"), NOW, 2, 60)
                .metric("ces", "24h", Map.of("scale", "1-7", "channel", "chat"), NOW, 6, 10)
                .index();

        assertThat(metrics(DAY))
                .extracting(Metrics.Metric::series)
                .containsExactlyInAnyOrder("ces/1-7", "ces/1-5_lower_is_better");
        assertThat(metrics(DAY_CHAT)).extracting(Metrics.Metric::scale).containsExactly("1-7");
    }

    @Test
    void aValueIsComparedWithWhatHeldOneWindowEarlier() throws IOException {
        indexed.metric("nps", "24h", ALL, NOW, 42, 120)
                .metric("nps", "24h", ALL, NOW.minus(Duration.ofHours(23)), 50, 99)
                .metric("nps", "24h", ALL, NOW.minus(Duration.ofHours(30)), 30, 80, Map.of("complete", false))
                .metric("nps", "24h", ALL, NOW.minus(Duration.ofHours(31)), 20, 70)
                .metric("csat", "24h", ALL, NOW, 80, 10)
                .metric("csat", "24h", ALL, NOW.minus(Duration.ofHours(25)), 0, 0)
                .metric("ces", "24h", ALL, NOW, 2, 10)
                .metric("ces", "24h", ALL, NOW.minus(Duration.ofHours(49)), 3, 10)
                .index();

        Map<String, Metrics.Metric> byId = metrics(DAY).stream()
                .collect(java.util.stream.Collectors.toMap(Metrics.Metric::metricId, metric -> metric));

        assertThat(byId.get("nps").previous()).satisfies(previous -> {
            assertThat(previous.value()).isEqualTo(30);
            assertThat(previous.complete()).isFalse();
        });
        assertThat(byId.get("csat").previous())
                .as("there was nothing to measure")
                .isNull();
        assertThat(byId.get("ces").previous()).as("long forgotten").isNull();
    }

    @Test
    void theTrendIsTheHistoryOldestFirst() throws IOException {
        indexed.metric("nps", "1h", ALL, NOW, 42, 120, Map.of("ci_low", 38.5, "ci_high", 45.5))
                .metric("nps", "1h", ALL, NOW.minus(Duration.ofHours(1)), 41, 110)
                .metric("nps", "1h", ALL, NOW.minus(Duration.ofHours(2)), 40, 100)
                .metric("nps", "1h", ALL, NOW.minus(Duration.ofHours(25)), 0, 1)
                .metric("nps", "24h", ALL, NOW, 1, 1)
                .index();

        Trends trends = of(new View(Window.HOUR, null), Section.Name.TRENDS, Trends.class);

        assertThat(trends.trends().get("nps")).extracting(Trends.Point::value).containsExactly(40.0, 41.0, 42.0);
        assertThat(trends.trends().get("nps").get(2).ciLow()).isEqualTo(38.5);
        assertThat(trends.trends().get("nps").get(1).ciLow()).isNull();
    }

    @Test
    void sessionsCountWhileOpen() throws IOException {
        indexed.session("s1", NOW.minusSeconds(600), NOW.minusSeconds(60), Map.of())
                .session("s2", NOW.minusSeconds(500), NOW.minusSeconds(30), Map.of("complaints", 1))
                .session(
                        "s3",
                        NOW.minusSeconds(400),
                        NOW.minusSeconds(90),
                        Map.of("errors", 2, "channels", List.of("web")))
                .session("s4", NOW.minusSeconds(300), NOW.minusSeconds(10), Map.of("status", "closed"))
                .session("s5", NOW.minusSeconds(300), NOW.minusSeconds(10), Map.of("status", "absorbed"))
                .index();

        Sessions all = of(DAY, Section.Name.SESSIONS, Sessions.class);
        assertThat(all.open()).isEqualTo(3);
        assertThat(all.troubled()).isEqualTo(2);
        assertThat(all.byChannel()).containsExactly(Map.entry("web", 3L), Map.entry("chat", 2L));
        assertThat(all.newest()).extracting(Sessions.Session::sessionId).containsExactly("s2", "s1", "s3");

        assertThat(of(DAY_CHAT, Section.Name.SESSIONS, Sessions.class).open()).isEqualTo(2);
    }

    @Test
    void alertsThatWaitAreApartFromAllAlerts() throws IOException {
        indexed.alert("a1", NOW.minusSeconds(50), Map.of("severity", "critical"))
                .alert("a2", NOW.minusSeconds(40), Map.of("status", "acknowledged"))
                .alert("a3", NOW.minusSeconds(30), Map.of("status", "resolved", "resolved_at", NOW.toString()))
                .alert("a4", NOW.minusSeconds(20), Map.of("status", "escalated"))
                .alert(
                        "a5",
                        NOW.minusSeconds(10),
                        Map.of("status", "retracted", "retracted_because", "survey corrected"))
                .alert("a6", NOW.minusSeconds(5), Map.of("status", "shadow"))
                .index();

        Alerts alerts = of(DAY, Section.Name.ALERTS, Alerts.class);

        assertThat(alerts.active()).isEqualTo(3);
        assertThat(alerts.bySeverity()).containsExactly(Map.entry("warning", 2L), Map.entry("critical", 1L));
        assertThat(alerts.newestActive()).extracting(Alerts.Alert::alertId).containsExactly("a4", "a2", "a1");
        assertThat(alerts.newest()).extracting(Alerts.Alert::alertId).containsExactly("a5", "a4", "a3", "a2", "a1");
        assertThat(alerts.newest().get(0).retractedBecause()).isEqualTo("survey corrected");
    }

    @Test
    void alertsOfAChannelAreThoseWithEvidenceFromItOrAboutAMetricOfIt() throws IOException {
        indexed.alert("a1", NOW, Map.of("evidence", List.of(evidence("t1", NOW, "call"), evidence("t2", NOW, "chat"))))
                .alert("a2", NOW, Map.of("evidence", List.of(evidence("t3", NOW, "call"))))
                .alert("a3", NOW, Map.of("channel", "chat", "evidence", List.of()))
                .alert("a4", NOW, Map.of("channel", "call", "evidence", List.of()))
                .index();

        assertThat(of(DAY_CHAT, Section.Name.ALERTS, Alerts.class).newestActive())
                .extracting(Alerts.Alert::alertId)
                .containsExactlyInAnyOrder("a1", "a3");
    }

    @Test
    void longEvidenceIsCountedInFullAndListedInPart() throws IOException {
        indexed.alert(
                        "a1",
                        NOW,
                        Map.of(
                                "evidence",
                                IntStream.range(0, 70)
                                        .mapToObj(i -> evidence("t" + i, NOW, "chat"))
                                        .toList()))
                .index();

        Alerts.Alert alert = of(DAY, Section.Name.ALERTS, Alerts.class).newest().get(0);

        assertThat(alert.evidenceCount()).isEqualTo(70);
        assertThat(alert.evidence()).hasSize(50);
    }

    @Test
    void everyRecordIsAccountedForOverAllSources() throws IOException {
        indexed.accounting("touchpoints-0", 100, 90, 3, 2, Map.of("malformed", 1L, "missing_field", 4L))
                .accounting("touchpoints-1", 50, 49, 0, 0, Map.of("malformed", 1L))
                .index();

        Pipeline.Account account = pipeline().accounting();

        assertThat(account.balances()).isTrue();
        assertThat(account.in()).isEqualTo(150);
        assertThat(account.processed() + account.rejected() + account.late() + account.duplicate() + account.erased())
                .isEqualTo(150);
        assertThat(account.rejectedByReason())
                .containsExactly(Map.entry("missing_field", 4L), Map.entry("malformed", 2L));
    }

    @Test
    void theQualityOfTheLastDayIsWhatAccountsGrewBy() throws IOException {
        Instant hour = Instant.parse("2026-03-01T12:00:00Z");
        indexed.quality("touchpoints-0", hour.minus(Duration.ofDays(40)), 1_000, 1, 0, 0)
                .quality("touchpoints-0", hour.minus(Duration.ofDays(30)), 5_000, 10, 0, 3)
                .quality("touchpoints-0", hour.minus(Duration.ofHours(2)), 5_100, 14, 1, 3)
                .quality("touchpoints-0", hour, 5_150, 14, 1, 5)
                // Began anew: a job that lost its state counts from nothing.
                .quality("touchpoints-1", hour.minus(Duration.ofDays(2)), 900, 9, 9, 9)
                .quality("touchpoints-1", hour, 20, 1, 0, 0)
                .index();

        assertThat(shared(Section.Name.QUALITY, Quality.class).steps())
                .extracting(Quality.Step::until, Quality.Step::in, Quality.Step::rejected, Quality.Step::late)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(hour.minus(Duration.ofHours(2)), 100L, 4L, 1L),
                        org.assertj.core.groups.Tuple.tuple(hour, 70L, 1L, 0L));
    }

    @Test
    void qualitySaysWhatCountedByChannelAndWhatWasRemarkedOn() throws IOException {
        Instant hour = Instant.parse("2026-03-01T12:00:00Z");
        indexed.quality("p0", hour.minus(Duration.ofDays(3)), 10, 0, 0, 0, Map.of("web", 7L, "call", 3L), Map.of())
                .quality("p0", hour.minus(Duration.ofHours(5)), 14, 0, 0, 0, Map.of("web", 11L, "call", 3L), Map.of())
                .quality("p0", hour, 20, 0, 0, 0, Map.of("web", 15L, "call", 5L), Map.of("local_phone", 2L))
                .quality("p1", hour, 4, 0, 0, 0, Map.of("web", 4L), Map.of("local_phone", 1L))
                .index();

        Quality quality = shared(Section.Name.QUALITY, Quality.class);

        assertThat(quality.processedByChannel()).containsExactly(Map.entry("web", 12L), Map.entry("call", 2L));
        assertThat(quality.remarks()).containsExactly(Map.entry("local_phone", 3L));
    }

    @Test
    void sourcesWhoseErrorsCancelOutDoNotBalance() throws IOException {
        indexed.accounting("touchpoints-0", 100, 99, 0, 0, Map.of())
                .accounting("touchpoints-1", 100, 101, 0, 0, Map.of())
                .accounting("touchpoints-2", 100, 100, 0, 0, Map.of())
                .index();

        assertThat(pipeline().accounting().balances()).isFalse();
        assertThat(pipeline().accounting().unbalanced()).containsExactlyInAnyOrder("touchpoints-0", "touchpoints-1");
    }

    @Test
    void freshnessIsThatOfTheNewestDocuments() throws IOException {
        indexed.touchpoint("chat", NOW.minusSeconds(5))
                .touchpoint("web", NOW.minusSeconds(9))
                .index();

        assertThat(pipeline().newestReceivedTime()).isEqualTo(NOW.minusSeconds(5));
        assertThat(pipeline().newestEventTime()).isEqualTo(NOW.minusSeconds(5).minusMillis(300));
        assertThat(pipeline().touchpoints()).isEqualTo(2);
        assertThat(pipeline().generation()).isEqualTo(1);
    }

    @Test
    void theNewestRejectedRecordsComeFirst() throws IOException {
        indexed.rejected("touchpoints-0-1", "malformed", "not JSON", NOW.minusSeconds(60))
                .rejected("touchpoints-0-2", "late", "9 days late", NOW)
                .index();

        assertThat(pipeline().rejected())
                .extracting(Pipeline.Rejection::origin)
                .containsExactly("touchpoints-0-2", "touchpoints-0-1");
    }

    @Test
    void aPanelThatCannotBeReadFailsAlone() throws IOException {
        indexed.remove();
        indexed.client().indices().create(create -> create.index("throughline-sessions-g9")
                .aliases("throughline-sessions", alias -> alias)
                .mappings(mapping -> mapping.properties("channels", channels -> channels.text(text -> text))));

        Map<Section, Answer> answers = reader.read(NOW, List.of(DAY));

        assertThat(answers.get(new Section(Section.Name.SESSIONS, DAY)).error()).contains("channels");
        assertThat(answers.values().stream().filter(answer -> answer.error() == null))
                .hasSize(8);
    }

    @Test
    void anElasticsearchThatIsAwayIsNoAnswerAtAll() throws IOException {
        try (IndexedExperience away = new IndexedExperience("http://127.0.0.1:1")) {
            assertThatThrownBy(() -> new ExperienceReader(away.client()).read(NOW, List.of(DAY)))
                    .isInstanceOf(IOException.class);
        }
    }

    private Pipeline pipeline() throws IOException {
        return shared(Section.Name.PIPELINE, Pipeline.class);
    }

    private List<Metrics.Metric> metrics(View view) throws IOException {
        return of(view, Section.Name.METRICS, Metrics.class).metrics();
    }

    private <T> T shared(Section.Name name, Class<T> type) throws IOException {
        return data(reader.read(NOW, List.of(DAY)).get(new Section(name, null)), type);
    }

    private <T> T of(View view, Section.Name name, Class<T> type) throws IOException {
        return data(reader.read(NOW, List.of(view)).get(new Section(name, view)), type);
    }

    private static <T> T data(Answer answer, Class<T> type) {
        assertThat(answer.error()).isNull();
        return type.cast(answer.data());
    }
}
