package io.throughline.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DocumentKindTest {

    @Test
    void touchpoints_are_divided_by_the_month_of_their_event_time_in_utc() {
        assertThat(DocumentKind.TOUCHPOINTS.index(1, Instant.parse("2026-11-30T23:59:59.999Z")))
                .isEqualTo("throughline-touchpoints-g1-2026.11");
        assertThat(DocumentKind.TOUCHPOINTS.index(1, Instant.parse("2026-12-01T00:00:00Z")))
                .isEqualTo("throughline-touchpoints-g1-2026.12");
        assertThatThrownBy(() -> DocumentKind.TOUCHPOINTS.index(1)).hasMessageContaining("event time");
    }

    @Test
    void everything_else_has_one_index_per_generation() {
        assertThat(DocumentKind.IDENTITY_CHANGES.index(12)).isEqualTo("throughline-identity-changes-g12");
        assertThat(DocumentKind.SESSIONS.index(2, Instant.EPOCH)).isEqualTo("throughline-sessions-g2");
        assertThat(DocumentKind.SESSIONS.alias()).isEqualTo("throughline-sessions");
    }
}
