package io.throughline.pipeline.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.elasticsearch.DeadLetter;
import io.throughline.elasticsearch.IndexAction;
import io.throughline.kafka.KafkaRecord;
import io.throughline.schemas.Rejected;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class RejectedRecordsTest {

    @Test
    void a_record_that_holds_no_document_keeps_its_bytes_and_where_it_came_from() {
        KafkaRecord record = new KafkaRecord(
                "sessions", 2, 17, 1_000, "k".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}, null);

        Rejected rejected = RejectedRecords.of(record, "malformed", "magic byte 1", 4);
        assertThat(rejected.getOrigin()).isEqualTo("sessions-2-17");
        assertThat(rejected.getReason()).isEqualTo("malformed");
        assertThat(rejected.getDetail()).isEqualTo("magic byte 1");
        assertThat(Base64.getDecoder().decode(rejected.getRaw())).containsExactly(1, 2, 3);
        assertThat(rejected.getRawEncoding()).isEqualTo("base64");
        assertThat(rejected.getSchemaId()).isEqualTo(4);
        assertThat(rejected.getKey()).isEqualTo("k");
        assertThat(rejected.getReceivedTime()).isEqualTo(Instant.ofEpochSecond(1));
    }

    @Test
    void a_dead_letter_is_found_by_index_and_id_and_keeps_the_document() {
        Rejected rejected = RejectedRecords.of(new DeadLetter(
                document("{\"start\":\"yesterday\"}"),
                DeadLetter.Reason.POISON_DOCUMENT,
                "400 document_parsing_exception: failed to parse field [start]"));

        assertThat(rejected.getOrigin()).isEqualTo("throughline-sessions-g1/s1");
        assertThat(rejected.getReason()).isEqualTo("poison_document");
        assertThat(rejected.getDetail())
                .isEqualTo("version 7: 400 document_parsing_exception: failed to parse field [start]");
        assertThat(rejected.getRaw()).isEqualTo("{\"start\":\"yesterday\"}");
        assertThat(rejected.getRawEncoding()).isNull();
    }

    @Test
    void of_an_oversize_document_the_beginning_is_kept_and_the_detail_says_so() {
        Rejected rejected = RejectedRecords.of(
                new DeadLetter(document("x".repeat(20_000_000)), DeadLetter.Reason.OVERSIZE_DOCUMENT, "413"));

        assertThat(rejected.getReason()).isEqualTo("oversize_document");
        assertThat(rejected.getRaw()).hasSize(600_000);
        assertThat(rejected.getDetail()).endsWith("; raw holds the first 600000 of 20000000 bytes");
    }

    private static IndexAction document(String json) {
        return new IndexAction("throughline-sessions-g1", "s1", 7, json.getBytes(StandardCharsets.UTF_8));
    }
}
