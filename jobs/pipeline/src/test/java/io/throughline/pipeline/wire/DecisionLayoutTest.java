package io.throughline.pipeline.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.measure.StateBytes;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DecisionLayoutTest {

    private static final Decision NEVER = decision(Decision.Verdict.NEVER, 1_795_392_000_000L, "zwei Brüder", "ada");

    @Test
    void pinsTheBytesOfADecision() throws IOException {
        StateBytes.areGolden("decision.v1.hex", DecisionLayout.INSTANCE, NEVER);
    }

    @Test
    void everyVerdictComesBack() throws IOException {
        for (Decision.Verdict verdict : Decision.Verdict.values()) {
            Decision decision = decision(verdict, -1, "", "");
            assertThat(StateBytes.roundTrip(DecisionLayout.INSTANCE, decision)).isEqualTo(decision);
        }
    }

    @Test
    void aVerdictThisBuildDoesNotKnowIsAnError() throws IOException {
        byte[] bytes = StateBytes.write(DecisionLayout.INSTANCE, NEVER);
        bytes[0] = 9;

        assertThatThrownBy(() -> DecisionLayout.INSTANCE.read(new DataInputStream(new ByteArrayInputStream(bytes)), 1))
                .isInstanceOf(IOException.class)
                .hasMessage("no decision has verdict 9");
    }

    private static Decision decision(Decision.Verdict verdict, long effectiveFrom, String reason, String author) {
        return new Decision(
                verdict,
                new Identifier("email", "8a1f0c52d6e94b7788c3a5f4e1d2b390"),
                new Identifier("customer_number", "d41c7a9e0b3f4c65a2e8f71b5c90d836"),
                effectiveFrom,
                reason,
                author);
    }
}
