package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IngestConfigTest {

    @Test
    void theDefaultsAreTheOnesDocumented() {
        IngestConfig defaults = IngestConfig.DEFAULTS;

        assertThat(defaults.latenessHorizonMs()).isEqualTo(Duration.ofDays(7).toMillis());
        assertThat(defaults.allowedSkewMs()).isEqualTo(Duration.ofMinutes(5).toMillis());
        assertThat(defaults.channels()).hasSize(18);
        assertThat(defaults.channel("call").defaultStage()).isEqualTo("support");
        assertThat(defaults.channel("unheard_of").defaultStage()).isNull();
    }

    @Test
    void nonsenseIsRefusedWithTheKey() {
        assertThatThrownBy(() -> config(0, 20, List.of(), null))
                .hasMessage("ingest.lateness_horizon: must be positive, was 0 ms");
        assertThatThrownBy(() -> config(60_000, 20, List.of(), null))
                .hasMessageStartingWith("ingest.allowed_skew: must be shorter than ingest.lateness_horizon");
        assertThatThrownBy(() -> config(1_000_000, 0, List.of(), null))
                .hasMessage("ingest.max_identifiers: must be at least 1, was 0");
        assertThatThrownBy(() -> config(1_000_000, 20, List.of("("), null))
                .hasMessageStartingWith("ingest.blocked_patterns: \"(\" is not a regular expression");
        assertThatThrownBy(() -> config(1_000_000, 20, List.of(), "Germany"))
                .hasMessageStartingWith("ingest.default_country: must be an ISO 3166 code");
    }

    @Test
    void itTravelsWithTheJob() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(IngestConfig.DEFAULTS);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(IngestConfig.DEFAULTS);
        }
    }

    private static IngestConfig config(long horizon, int maxIdentifiers, List<String> patterns, String country) {
        IngestConfig d = IngestConfig.DEFAULTS;
        return new IngestConfig(
                horizon,
                d.allowedSkewMs(),
                d.earliestTime(),
                maxIdentifiers,
                d.maxRecordBytes(),
                d.pseudonymKey(),
                d.identifiers(),
                d.unknownIdentifierType(),
                d.blockedValues(),
                patterns,
                country,
                d.channels(),
                d.unknownChannel(),
                d.kinds(),
                d.unknownKind());
    }
}
