package io.throughline.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.schemas.Touchpoint;
import java.util.List;

/** Reads records and says what they came to. */
final class Read {

    static Touchpoint touchpoint(Vocabulary vocabulary, String record) {
        Outcome outcome = outcome(vocabulary, record);
        assertThat(outcome).isInstanceOf(Outcome.Mapped.class);
        return ((Outcome.Mapped) outcome).touchpoint();
    }

    static Outcome outcome(Vocabulary vocabulary, String record) {
        List<Outcome> outcomes = vocabulary.read(record.getBytes(UTF_8));
        assertThat(outcomes).hasSize(1);
        return outcomes.get(0);
    }

    /** As {@code type:value}. */
    static List<String> identifiers(Touchpoint touchpoint) {
        return touchpoint.getIdentifiers().stream()
                .map(identifier -> identifier.getType() + ":" + identifier.getValue())
                .toList();
    }

    private Read() {}
}
