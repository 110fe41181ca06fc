package io.throughline.pipeline.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.Account;
import io.throughline.domain.ingest.Accounting;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AvroDocumentsTest {

    @Test
    void a_channel_that_more_was_taken_from_than_was_counted_in_it_is_not_published() {
        Account account = new Account(
                "touchpoints-0",
                new Accounting(10, 7, 0, 0, 0, 3, Map.of()),
                Map.of("web", -3L, "call", 2L),
                Map.of("local_phone", 1L),
                44);

        assertThat(AvroDocuments.of(account)).satisfies(published -> {
            assertThat(published.getProcessedByChannel()).isEqualTo(Map.of("call", 2L));
            assertThat(published.getRemarks()).isEqualTo(Map.of("local_phone", 1L));
            assertThat(published.getProcessed()).isEqualTo(7);
        });
    }
}
