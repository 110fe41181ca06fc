package io.throughline.pipeline.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.elasticsearch.IndexAction;
import io.throughline.kafka.Topic;
import io.throughline.kafka.TopicCatalogue;
import io.throughline.pipeline.wire.AvroDocuments;
import io.throughline.schemas.Accounting;
import io.throughline.schemas.Issue;
import io.throughline.schemas.PathStep;
import io.throughline.schemas.Session;
import io.throughline.schemas.StitchedTouchpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentTopicTest {

    @Test
    void every_published_topic_is_indexed_with_the_schema_it_was_declared_with() {
        List<String> published = TopicCatalogue.load().topics().stream()
                .filter(topic -> topic.currentSchema().isPresent())
                .map(Topic::name)
                // What the experience job is told is no document of it.
                .filter(name -> !name.equals("touchpoints") && !name.equals("identity-decisions"))
                .filter(name -> !name.equals("erasures"))
                .filter(name -> !name.equals("alert-rules") && !name.equals("alert-actions"))
                // Said to those who asked; the alerts themselves are indexed.
                .filter(name -> !name.equals("alert-answers"))
                // Says at once what alert-states says in transactions; only that is indexed.
                .filter(name -> !name.equals("alerts"))
                // What is on its way to people and to other systems is no state of anything.
                .filter(name -> !List.of("alert-notifications", "alert-events", "undelivered")
                        .contains(name))
                .toList();

        assertThat(DocumentTopic.names()).containsExactlyInAnyOrderElementsOf(published);
        for (DocumentTopic<?> topic : DocumentTopic.ALL) {
            assertThat(TopicCatalogue.load()
                            .topic(topic.name())
                            .currentSchema()
                            .orElseThrow()
                            .getName())
                    .isEqualTo(topic.type().getSimpleName());
        }
    }

    /** A new generation reads topics from their beginning: what one of them kept of the job before would be in it. */
    @Test
    void whoever_starts_over_is_told_to_delete_every_topic_that_is_indexed() throws IOException {
        String startOver = Files.readString(Path.of("../../docs/operating.md")).split("\n## Start over\n", 2)[1];
        Matcher deleted =
                Pattern.compile("for topic in (.*?); do", Pattern.DOTALL).matcher(startOver);

        assertThat(deleted.find()).isTrue();
        assertThat(deleted.group(1).split("[\\s\\\\]+")).containsExactlyInAnyOrderElementsOf(DocumentTopic.names());
    }

    @Test
    void a_touchpoint_goes_to_the_month_it_happened_in() {
        IndexAction action = actionOf(
                "stitched-touchpoints", Documents.touchpoint("t1", "c1", 3, Instant.parse("2026-10-31T23:59:59.999Z")));

        assertThat(action.index()).isEqualTo("throughline-touchpoints-g2-2026.10");
        assertThat(action.id()).isEqualTo("t1");
        assertThat(action.version()).isEqualTo(3);
        assertThat(new String(action.json())).contains("\"event_time\":\"2026-10-31T23:59:59.999Z\"");
    }

    @Test
    void the_mark_of_an_erased_touchpoint_deletes_it_in_the_month_it_happened_in() {
        IndexAction action = actionOf(
                "stitched-touchpoints",
                AvroDocuments.of(io.throughline.domain.sessionize.StitchedTouchpoint.erased(
                        Touchpoint.of(
                                        "t1",
                                        Instant.parse("2026-10-31T23:59:59.999Z")
                                                .toEpochMilli(),
                                        "call",
                                        "call_ended")
                                .identifiers(List.of(new Identifier("email", "0f1e2d")))
                                .build(),
                        5)));

        assertThat(action).isEqualTo(IndexAction.delete("throughline-touchpoints-g2-2026.10", "t1", 5L << 20));
    }

    @Test
    void a_session_stays_in_one_index_however_its_start_moves() {
        assertThat(actionOf("sessions", Documents.session("s1", "c1", 5)).index())
                .isEqualTo("throughline-sessions-g2");
    }

    @Test
    void what_has_no_revision_is_written_once() {
        IndexAction rejected = actionOf("rejected", Documents.rejected("touchpoints-0-17"));
        IndexAction late = actionOf("late", Documents.rejected("touchpoints-0-18"));

        assertThat(rejected.version()).isEqualTo(1);
        assertThat(rejected.id()).isEqualTo("touchpoints-0-17");
        assertThat(late.index()).isEqualTo(rejected.index()).isEqualTo("throughline-rejected-g2");
    }

    @Test
    void every_document_says_what_it_is_in_the_words_of_the_common_schema() {
        IndexAction session = actionOf("sessions", Documents.session("s1", "c1", 5));
        assertThat(new String(session.json(), StandardCharsets.UTF_8))
                .startsWith(
                        "{\"event\":{\"kind\":\"state\",\"dataset\":\"throughline.sessions\",\"category\":[\"session\"],"
                                + "\"ingested\":\"2026-11-23T00:00:00.123Z\"},\"session_id\":\"s1\",");

        IndexAction rejected = actionOf("rejected", Documents.rejected("touchpoints-0-17"));
        assertThat(new String(rejected.json(), StandardCharsets.UTF_8))
                .contains("\"kind\":\"pipeline_error\"", "\"outcome\":\"failure\"");
        assertThat(new String(
                        actionOf("late", Documents.rejected("touchpoints-0-18")).json(), StandardCharsets.UTF_8))
                .contains("\"dataset\":\"throughline.rejected\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web   | login     | \"category\":[\"web\",\"authentication\"],",
                "email | message   | \"category\":[\"email\"],",
                "app   | logout    | \"category\":[\"authentication\"],"
            })
    void a_touchpoint_is_of_a_category_where_the_schema_has_one(String channel, String kind, String category) {
        StitchedTouchpoint touchpoint = StitchedTouchpoint.newBuilder(
                        Documents.touchpoint("t1", "c1", 1, Instant.EPOCH))
                .setChannel(channel)
                .setKind(kind)
                .build();

        assertThat(new String(actionOf("stitched-touchpoints", touchpoint).json(), StandardCharsets.UTF_8))
                .contains(category);
        assertThat(new String(
                        actionOf("stitched-touchpoints", Documents.touchpoint("t2", "c1", 1, Instant.EPOCH))
                                .json(),
                        StandardCharsets.UTF_8))
                .doesNotContain("category");
    }

    @Test
    void a_session_says_what_the_order_of_its_path_tells() {
        Instant begin = Instant.parse("2026-11-23T10:00:00Z");
        Session session = Session.newBuilder(Documents.session("s1", "c1", 5))
                .setPath(List.of(
                        new PathStep("t1", begin, "web", "message", "we\"b", null),
                        new PathStep("t2", begin.plusSeconds(50), "bot", "message", null, "support")))
                .setTouchpointCount(2)
                .build();

        assertThat(new String(actionOf("sessions", session).json(), StandardCharsets.UTF_8))
                .contains("\"turns\":[\"web\\tbot\"],\"turns_within\":[\"web\\tbot\\t60000\"],"
                        + "\"steps\":{\"channel\":[\"1\\tweb\\tbot\",\"2\\tbot\\t\"],\"stage\":[\"1\\tsupport\\t\"],"
                        + "\"touchpoint\":[\"1\\twe\\\"b\\t\"]},"
                        + "\"ways\":{\"channel\":\"web\\tbot\",\"stage\":\"support\",\"touchpoint\":\"we\\\"b\"},"
                        + "\"session_id\"");
        assertThat(new String(
                        actionOf("sessions", Documents.session("s2", "c1", 5)).json(), StandardCharsets.UTF_8))
                .doesNotContain("turns", "steps", "ways");
    }

    @Test
    void a_session_with_more_touchpoints_than_its_path_does_not_say_where_it_ended() {
        Session session = Session.newBuilder(Documents.session("s1", "c1", 5))
                .setPath(List.of(
                        new PathStep("t1", Instant.parse("2026-11-23T10:00:00Z"), "web", "message", null, null)))
                .setTouchpointCount(2)
                .build();

        assertThat(new String(actionOf("sessions", session).json(), StandardCharsets.UTF_8))
                .contains("\"steps\":{\"channel\":[\"1\\tweb\\t…\"]},\"ways\":{\"channel\":\"web\\t…\"}");
    }

    @Test
    void an_issue_says_over_which_channel_it_began() {
        Issue issue = Documents.issue(List.of(Documents.contact("chat"), Documents.contact("call")));
        assertThat(new String(actionOf("issues", issue).json(), StandardCharsets.UTF_8))
                .contains("\"first_channel\":\"chat\",\"issue_id\"");
        assertThat(new String(actionOf("issues", Documents.issue(List.of())).json(), StandardCharsets.UTF_8))
                .doesNotContain("first_channel");
    }

    @Test
    void an_account_is_kept_as_it_stood_at_the_end_of_each_hour() {
        Accounting account = new Accounting(
                "touchpoints-0", 9L, 6L, 1L, 1L, 1L, 0L, Map.of("malformed", 1L), Map.of(), Map.of(), 44L);

        IndexAction quality = DocumentTopic.quality(account, 2, 1_795_395_599_999L);
        assertThat(quality.index()).isEqualTo("throughline-quality-g2");
        assertThat(quality.id()).isEqualTo("touchpoints-0@2026-11-23T01:00:00Z");
        assertThat(quality.version()).isEqualTo(44);
        assertThat(new String(quality.json(), StandardCharsets.UTF_8))
                .contains("\"dataset\":\"throughline.quality\"", "\"hour\":\"2026-11-23T01:00:00Z\",\"source\"");
        assertThat(DocumentTopic.quality(account, 2, 1_795_395_600_000L).id())
                .isEqualTo("touchpoints-0@2026-11-23T02:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "1h,  2026-11-23T10:00:00.001Z, 2026-11-23T10:15:00Z",
        "1h,  2026-11-23T10:15:00Z,     2026-11-23T10:15:00Z",
        "24h, 2026-11-23T10:05:00Z,     2026-11-23T11:00:00Z",
        "7d,  2026-11-23T10:05:00Z,     2026-11-24T00:00:00Z",
        "30d, 2026-11-24T00:00:00Z,     2026-11-24T00:00:00Z",
        "1h,  1969-12-31T23:59:59.999Z, 1970-01-01T00:00:00Z"
    })
    void a_metric_has_one_document_per_slot_of_its_history(String window, Instant asOf, String slotEnd) {
        assertThat(actionOf("metrics", Documents.metric("nps|" + window, window, asOf, 9))
                        .id())
                .isEqualTo("nps|" + window + "@" + slotEnd);
    }

    @Test
    void an_id_longer_than_elasticsearch_takes_is_replaced_by_its_hash() {
        String id = "ü".repeat(300);

        IndexAction action = actionOf("sessions", Documents.session(id, "c1", 1));
        assertThat(action.id()).startsWith("sha-256:").hasSize(72);
        assertThat(new String(action.json(), StandardCharsets.UTF_8)).contains(id);
        assertThat(actionOf("sessions", Documents.session("ü".repeat(256), "c1", 1))
                        .id())
                .isEqualTo("ü".repeat(256));
    }

    @Test
    void a_number_json_cannot_say_is_refused() {
        assertThatThrownBy(() -> actionOf("metrics", Documents.metric("nps", "1h", Instant.EPOCH, Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Metric.value: NaN cannot be written as JSON");
    }

    @SuppressWarnings("unchecked")
    private static <T extends SpecificRecord> IndexAction actionOf(String topic, T document) {
        DocumentTopic<T> found = (DocumentTopic<T>) DocumentTopic.ALL.stream()
                .filter(candidate -> candidate.name().equals(topic))
                .findFirst()
                .orElseThrow();
        return found.action(document, 2, 1_795_392_000_123L);
    }
}
