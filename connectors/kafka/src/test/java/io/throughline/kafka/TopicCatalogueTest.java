package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.kafka.Topic.Cleanup;
import io.throughline.kafka.Topic.Compatibility;
import io.throughline.schemas.Touchpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicCatalogueTest {

    private static final String GOOD = "topics:\n"
            + "- {name: mood, key: customer_id, schema: touchpoint, partitions: 2, cleanup: delete,"
            + " retention: P7D, compatibility: FULL_TRANSITIVE, internal: false}\n";

    private final TopicCatalogue catalogue = TopicCatalogue.load();

    @Test
    void everyTopicOfTheBuildIsThere() {
        assertThat(catalogue.topics().stream().map(Topic::name).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "touchpoints",
                        "stitched-touchpoints",
                        "identity-links",
                        "identity-decisions",
                        "erasures",
                        "identity-changes",
                        "customers",
                        "sessions",
                        "issues",
                        "journeys",
                        "transitions",
                        "metrics",
                        "alerts",
                        "alert-states",
                        "alert-rules",
                        "alert-actions",
                        "alert-answers",
                        "rule-errors",
                        "alert-notifications",
                        "alert-events",
                        "undelivered",
                        "rejected",
                        "redriven",
                        "late",
                        "accounting");
    }

    @Test
    void aTopicKnowsItsSchemaAndHowLongItKeepsRecords() {
        Topic touchpoints = catalogue.topic("touchpoints");

        assertThat(touchpoints.currentSchema()).contains(Touchpoint.SCHEMA$);
        assertThat(touchpoints.subject()).isEqualTo("touchpoints-value");
        assertThat(touchpoints.cleanup()).isEqualTo(Cleanup.DELETE);
        assertThat(touchpoints.retention()).isEqualTo(Duration.ofDays(7));
        assertThat(touchpoints.compatibility()).isEqualTo(Compatibility.BACKWARD_TRANSITIVE);
        assertThat(catalogue.topic("sessions").retention()).isNull();
        assertThat(catalogue.topic("rejected").maxMessageBytes()).isEqualTo(AvroSinks.MAX_RECORD_BYTES);
        assertThat(catalogue.topic("identity-links").currentSchema()).isEmpty();
    }

    @Test
    void aTopicNobodyDeclaredIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> catalogue.topic("touchpoint"))
                .hasMessage("no topic touchpoint in topics.yaml; there are "
                        + catalogue.topics().stream().map(Topic::name).collect(Collectors.joining(", ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retention: P7D        | retention: week       | mood: retention week is neither an ISO 8601 duration nor forever",
                "cleanup: delete       | cleanup: never        | mood: cleanup never is none of [DELETE, COMPACT, COMPACT_AND_DELETE]",
                "FULL_TRANSITIVE       | FULL                  | mood: compatibility FULL is none of",
                "FULL_TRANSITIVE       | null                  | mood: schema and compatibility are either both given or both null",
                "partitions: 2         | partitions: 0         | mood: partitions must be at least 1",
                "internal: false       | max_message_bytes: -1 | mood: max_message_bytes -1 is no positive number",
                "key: customer_id      | keys: customer_id     | mood: unknown field keys",
                "'key: customer_id, '  | ''                    | mood: key is missing",
            })
    void aMistakeIsNamedWithItsTopicAndField(String right, String wrong, String message) throws IOException {
        assertThat(read(GOOD).topic("mood").partitions()).isEqualTo(2);

        assertThatThrownBy(() -> read(GOOD.replace(right, wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topics.yaml: " + message);
    }

    @Test
    void aTopicDeclaredTwiceIsRefused() {
        assertThatThrownBy(() -> read(GOOD + GOOD.replace("topics:\n", "")))
                .hasMessage("topics.yaml: mood is declared twice");
    }

    private static TopicCatalogue read(String yaml) throws IOException {
        return TopicCatalogue.read(new ByteArrayInputStream(yaml.getBytes(UTF_8)));
    }
}
