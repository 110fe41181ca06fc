package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifierNormaliserTest {

    private final IdentifierNormaliser normaliser = new IdentifierNormaliser(IngestConfig.DEFAULTS, PhoneNumbers.NONE);

    @ParameterizedTest
    @CsvSource({
        "email, Ann@Example.com, ann@example.com",
        "email, ' ann@example.com\u00a0', ann@example.com",
        "email, JOSE\u0301@example.com, jos\u00e9@example.com",
        "phone, 0171 / 1234-567, 01711234567",
        "phone, ٠١٧١١٢٣٤٥٦٧, 01711234567",
        "customer_number, ' K-42 ', K-42"
    })
    void twoSpellingsOfOneValueAreOneIdentifier(String type, String one, String other) {
        assertThat(normaliser.normalise(type, one)).isNotNull().isEqualTo(normaliser.normalise(type, other));
    }

    @ParameterizedTest
    @CsvSource({
        "email, ann.b@example.com, annb@example.com",
        "email, ann+shop@example.com, ann@example.com",
        "customer_number, k-42, K-42",
        "device_id, d1, D1"
    })
    void valuesThatMayMeanDifferentPeopleStayApart(String type, String one, String other) {
        assertThat(normaliser.normalise(type, one)).isNotEqualTo(normaliser.normalise(type, other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann", "@example.com", "ann@", "ann smith@example.com"})
    void whatIsNoAddressNamesNobody(String value) {
        List<Remark> remarks = new ArrayList<>();

        assertThat(normaliser.normalise("email", value, remarks)).isNull();
        assertThat(remarks).containsExactly(Remark.MALFORMED_IDENTIFIER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345", "call me", "+0000000000", "1234567890123456"})
    void whatIsNoNumberNamesNobody(String value) {
        assertThat(normaliser.normalise("phone", value)).isNull();
    }

    @Test
    void aNumberWithoutACountryIsKeptAndRemarkedOn() {
        List<Remark> remarks = new ArrayList<>();

        assertThat(normaliser.normalise("phone", "0171 1234567", remarks)).isNotNull();
        assertThat(remarks).containsExactly(Remark.LOCAL_PHONE);
    }

    @ParameterizedTest
    @CsvSource({
        "phone, +49 30 555555",
        "phone, 030 555555",
        "phone, 0049-30-555555",
        "phone, 030 / 66 66 66",
        "phone, +49 40 1",
        "email, JOSE\u0301@example.com",
        "email, jos\u00e9@example.com",
        "email, ANN@JUNK.EXAMPLE",
        "customer_number, cafe\u0301"
    })
    void aPlaceholderNamesNobodyHoweverItIsWritten(String type, String value) {
        IdentifierNormaliser blocking = new IdentifierNormaliser(
                blocking(
                        Set.of("+49 30 555555", "+4930666666", "jose\u0301@example.com", "caf\u00e9"),
                        List.of("\\+4940\\d+", ".*@junk\\.example")),
                (number, country) -> "+49" + number.replaceAll("\\D", "").replaceFirst("^(0049|49|0)", ""));
        List<Remark> remarks = new ArrayList<>();

        assertThat(blocking.normalise(type, value, remarks)).isNull();
        assertThat(remarks).containsExactly(Remark.BLOCKED_IDENTIFIER);
    }

    @Test
    void aPlaceholderThatIsANumberIsNoPlaceholderForOtherThings() {
        IdentifierNormaliser blocking =
                new IdentifierNormaliser(blocking(Set.of("030 555555"), List.of()), (number, country) -> "+4930555555");

        assertThat(blocking.normalise("customer_number", "+4930555555")).isNotNull();
    }

    @Test
    void digitsWithinAPlaceholderBlockNoPhoneNumber() {
        IdentifierNormaliser blocking = new IdentifierNormaliser(
                blocking(Set.of("guest-1000000@shop.example"), List.of()), (number, country) -> null);

        assertThat(blocking.normalise("phone", "100 00 00")).isNotNull();
        assertThat(blocking.normalise("email", "guest-1000000@shop.example")).isNull();
    }

    private static IngestConfig blocking(Set<String> values, List<String> patterns) {
        IngestConfig d = IngestConfig.DEFAULTS;
        return new IngestConfig(
                d.latenessHorizonMs(),
                d.allowedSkewMs(),
                d.earliestTime(),
                d.maxIdentifiers(),
                d.maxRecordBytes(),
                d.pseudonymKey(),
                d.identifiers(),
                d.unknownIdentifierType(),
                values,
                patterns,
                d.defaultCountry(),
                d.channels(),
                d.unknownChannel(),
                d.kinds(),
                d.unknownKind());
    }

    @Test
    void aValueBeyondAnyReasonableLengthNamesNobody() {
        assertThat(normaliser.normalise("device_id", "d".repeat(513))).isNull();
    }

    /** The capital J with a caron is two code points, the small one is one. */
    @Test
    void anAddressIsOneInCapitalAndSmallLettersWhateverCodePointsTheyTake() {
        assertThat(normaliser.normalise("email", "J\u030Can@example.com"))
                .isEqualTo(normaliser.normalise("email", "\u01F0an@example.com"))
                .isEqualTo(normaliser.normalise("email", "j\u030Can@example.com"));
    }

    @Test
    void personalValuesAreReplacedAndDevicesAreNot() {
        assertThat(normaliser.normalise("email", "ann@example.com").value())
                .matches("[0-9a-f]{32}")
                .doesNotContain("ann");
        assertThat(normaliser.normalise("device_id", "d1")).isEqualTo(new Identifier("device_id", "d1"));
        assertThat(normaliser.normalise("shoe_size", "43").value()).matches("[0-9a-f]{32}");
    }

    @Test
    void aPseudonymIsTheHmacOfTypeAndValueUnderTheKey() {
        // printf 'email\0ann@example.com' | openssl dgst -sha256 -hmac throughline-development-key
        assertThat(new Pseudonyms(PseudonymKey.DEVELOPMENT).of("email", "ann@example.com"))
                .isEqualTo("28b4eacfaf73324d93bc832b1df32844");
    }

    @Test
    void pseudonymsOfOtherKeysAndTypesAreUnrelated() {
        Pseudonyms development = new Pseudonyms(PseudonymKey.DEVELOPMENT);
        Pseudonyms production = new Pseudonyms(new PseudonymKey("sixteen or more characters"));

        assertThat(development.of("email", "x")).isNotEqualTo(production.of("email", "x"));
        assertThat(development.of("email", "x")).isNotEqualTo(development.of("phone", "x"));
    }

    @Test
    void theKeyNeverShowsItself() {
        PseudonymKey key = new PseudonymKey("sixteen or more characters");

        assertThat(IngestConfig.DEFAULTS.with(key).toString()).doesNotContain("sixteen");
        assertThat(key.isDevelopment()).isFalse();
        assertThat(IngestConfig.DEFAULTS.pseudonymKey().isDevelopment()).isTrue();
        assertThatThrownBy(() -> new PseudonymKey("hunter2"))
                .hasMessageContaining("at least 16 characters")
                .hasMessageNotContaining("hunter2");
    }
}
