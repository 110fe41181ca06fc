package io.throughline.scenarios.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.Accepted;
import io.throughline.domain.ingest.Decoded;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.RawTouchpoint;
import io.throughline.domain.ingest.Refused;
import io.throughline.domain.ingest.Remark;
import io.throughline.domain.ingest.Validation;
import io.throughline.domain.ingest.Verdict;
import io.throughline.pipeline.ingest.JsonTouchpoints;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.schemas.Touchpoint;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the simulator calls good, ingest takes; what it calls bad meets the fate the truth announces. */
class IngestAgreesTest {
    private static final IngestConfig CONFIG = IngestConfig.DEFAULTS;
    private static final JsonTouchpoints JSON = new JsonTouchpoints(CONFIG.maxRecordBytes());
    private static final Validation VALIDATION = new Validation(CONFIG, new LibPhoneNumbers());

    private static final Wire WIRE = new Wire() {
        @Override
        public Form form() {
            return Form.JSON;
        }

        @Override
        public byte[] encode(Touchpoint touchpoint) {
            return TouchpointJson.write(touchpoint);
        }
    };

    @Test
    void everyGoodTouchpointIsAcceptedWithItsTrueTime() {
        Map<Remark, Integer> remarks = new EnumMap<>(Remark.class);
        for (Emission emission : Played.A_WEEK.emissions()) {
            Verdict verdict = fate(TouchpointJson.write(emission.touchpoint()));

            assertThat(verdict).isInstanceOf(Accepted.class);
            Accepted accepted = (Accepted) verdict;
            assertThat(Math.abs(accepted.touchpoint().eventTime() - emission.happened()))
                    .as(emission.touchpoint().toString())
                    .isLessThan(emission.again() ? 3 * Rhythm.HOUR : 4 * Rhythm.MINUTE);
            accepted.remarks().forEach(remark -> remarks.merge(remark, 1, Integer::sum));
        }

        assertThat(remarks)
                .containsKeys(Remark.BLOCKED_IDENTIFIER, Remark.CLOCK_CORRECTED)
                .doesNotContainKeys(
                        Remark.MALFORMED_IDENTIFIER,
                        Remark.LOCAL_PHONE,
                        Remark.UNKNOWN_IDENTIFIER_TYPE,
                        Remark.UNKNOWN_CHANNEL,
                        Remark.UNKNOWN_KIND,
                        Remark.NEGATIVE_WAIT,
                        Remark.SURVEY_OFF_SCALE);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFaultMeetsItsFate(Fault fault) {
        if (!fault.possibleIn(Wire.Form.JSON)) {
            return;
        }
        int tries = fault == Fault.OVERSIZE ? 2 : 100;
        for (int i = 0; i < tries; i++) {
            byte[] record = fault.spoil(Played.A_WEEK.emissions().get(i * 37).touchpoint(), WIRE, new Dice(i));
            Verdict verdict = fate(record);

            switch (fault.expected) {
                case "any" -> assertThat(verdict).isNotNull();
                case "rejected" -> assertThat(verdict).isInstanceOf(Refused.class);
                // Which of them are late or seen before is known to later stages only.
                case "processed", "late", "duplicate" -> assertThat(verdict).isInstanceOf(Accepted.class);
                default ->
                    assertThat(verdict).isInstanceOfSatisfying(Refused.class, refused -> assertThat(
                                    refused.reason().code())
                            .as(refused.detail())
                            .isEqualTo(fault.expected));
            }
        }
    }

    private static Verdict fate(byte[] record) {
        Decoded decoded = JSON.decode(record);
        return decoded instanceof Refused refused ? refused : VALIDATION.check((RawTouchpoint) decoded, null);
    }
}
