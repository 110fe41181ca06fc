package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which erasures can be held to. */
class ErasureValidationTest {

    private static final long NOON = 1_767_268_800_000L;
    private static final String HEX = "8a1f0c52d6e94b7788c3a5f4e1d2b390";

    private final ErasureValidation validation =
            new ErasureValidation(IngestConfig.DEFAULTS, StitchConfig.DEFAULTS, PhoneNumbers.NONE);

    @Test
    void personsAndDevicesCanBeErased() {
        assertThat(validation.published(raw("email", HEX, NOON)).erasure())
                .isEqualTo(new Erasure(new Identifier("email", HEX), NOON, "asked for it", "ada"));
        assertThat(validation
                        .published(raw("device_id", "tablet-7", ErasureValidation.FOR_GOOD))
                        .erasure())
                .isNotNull();
        assertThat(validation.typed(raw("email", "#" + HEX, NOON)).erasure())
                .isEqualTo(new Erasure(new Identifier("email", HEX), NOON, "asked for it", "ada"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shoe_size | 43      | 1767268800000       | IMPOSSIBLE_ERASURE | is not a configured type; types of persons and devices",
                "email     | a@x.org | 1767268800000       | INVALID_VALUE      | values of type email are personal and must be pseudonyms",
                "email     | 8a1f0c52d6e94b7788c3a5f4e1d2b390 | 1767268800 | INVALID_VALUE | it looks like seconds",
                "email     | 8a1f0c52d6e94b7788c3a5f4e1d2b390 | 7258118400000 | INVALID_VALUE | is not a plausible time",
            })
    void whatCannotBeHeldToSaysWhy(String type, String value, long until, RejectReason reason, String text) {
        ErasureValidation.Checked checked = validation.published(raw(type, value, until));

        assertThat(checked.erasure()).isNull();
        assertThat(checked.refused().reason()).isEqualTo(reason);
        assertThat(checked.refused().detail()).contains(text).doesNotContain("a@x.org");
    }

    @Test
    void everythingThatIsMissingIsSaid() {
        assertThat(validation.typed(new RawErasure(null, null, " ", null)).problems())
                .extracting(DecisionValidation.Problem::toString)
                .containsExactly(
                        "identifier: required, but absent or blank",
                        "erased_until: required, but absent or blank",
                        "reason: required, but absent or blank");
    }

    private static RawErasure raw(String type, String value, long until) {
        return new RawErasure(new Identity(type, value), until, "asked for it", "ada");
    }
}
