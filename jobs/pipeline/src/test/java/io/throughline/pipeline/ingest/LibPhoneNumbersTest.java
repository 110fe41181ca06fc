package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.IdentifierNormaliser;
import io.throughline.domain.ingest.IngestConfig;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibPhoneNumbersTest {

    private final LibPhoneNumbers numbers = new LibPhoneNumbers();

    @ParameterizedTest
    @CsvSource({
        "+49 171 1234567, , +491711234567",
        "+49 (0)171 1234567, , +491711234567",
        "0049 171/1234567, , +491711234567",
        "0171-1234567, DE, +491711234567",
        "+44 20 7946 0000, DE, +442079460000",
        "(202) 555-0123, US, +12025550123",
        "tel:+1-202-555-0123, , +12025550123",
        "+1 202 555 0123 ext. 5, , +12025550123;ext=5",
        "+٤٩ ١٧١ ١٢٣٤٥٦٧, , +491711234567"
    })
    void writtenFormsOfANumberBecomeOne(String written, String country, String e164) {
        assertThat(numbers.e164(written, country)).isEqualTo(e164);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0171 1234567", "12", "+999 123456", "call me", "", "+49", "+49171123456789012345"})
    void whatBelongsToNoPlanHasNoForm(String written) {
        assertThat(numbers.e164(written, null)).isNull();
    }

    @Test
    void aNumberMeansTheSameHoweverManyWereUnderstoodInBetween() {
        LibPhoneNumbers fresh = new LibPhoneNumbers();
        Random random = new Random(20261123);
        for (int i = 0; i < 50_000; i++) {
            String number = "0" + (30_000_000 + random.nextInt(30_000));
            String country = random.nextBoolean() ? "DE" : "AT";
            String expected = (country.equals("DE") ? "+49" : "+43") + number.substring(1);

            assertThat(fresh.e164(number, country)).isEqualTo(expected);
        }
    }

    @Test
    void aPersonIsFoundByAnySpellingOfTheirNumber() {
        IdentifierNormaliser normaliser = new IdentifierNormaliser(IngestConfig.DEFAULTS, numbers);

        assertThat(normaliser.normalise("phone", "+49 171 1234567"))
                .isNotNull()
                .isEqualTo(normaliser.normalise("phone", "0049 (171) 123 45 67"));
    }
}
