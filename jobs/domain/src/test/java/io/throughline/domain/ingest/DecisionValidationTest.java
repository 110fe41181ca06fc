package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.ingest.DecisionValidation.Checked;
import io.throughline.domain.ingest.DecisionValidation.Problem;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.IdentifierType;
import io.throughline.domain.stitch.Scope;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionValidationTest {

    private static final long NOON = 1_772_366_400_000L;
    private static final String HEX = "0123456789abcdef0123456789abcdef";
    private static final Identity EMAIL = new Identity("email", " Ada@X.org ");
    private static final Identity NUMBER = new Identity("customer_number", "42");

    private final DecisionValidation validation =
            new DecisionValidation(IngestConfig.DEFAULTS, StitchConfig.DEFAULTS, PhoneNumbers.NONE);
    private final IdentifierNormaliser asIngestDoes =
            new IdentifierNormaliser(IngestConfig.DEFAULTS, PhoneNumbers.NONE);

    @Test
    void valuesBecomeWhatIngestMakesOfThem() {
        Checked checked = validation.typed(new RawDecision("Never", EMAIL, NUMBER, NOON, " two people ", " ada "));

        assertThat(checked.problems()).isEmpty();
        assertThat(checked.decision())
                .isEqualTo(new Decision(
                        Decision.Verdict.NEVER,
                        asIngestDoes.normalise("email", "ada@x.org"),
                        asIngestDoes.normalise("customer_number", "42"),
                        NOON,
                        "two people",
                        "ada"));
    }

    @Test
    void aPseudonymIsTakenAsItIs() {
        Checked typed = validation.typed(
                raw("always", new Identity("email", "#" + HEX.toUpperCase(java.util.Locale.ROOT)), NUMBER));
        Checked published =
                validation.published(raw("always", new Identity("email", HEX), new Identity("phone", HEX)), NOON);

        assertThat(List.of(typed.decision().one(), typed.decision().other())).contains(new Identifier("email", HEX));
        assertThat(published.decision())
                .isEqualTo(new Decision(
                        Decision.Verdict.ALWAYS,
                        new Identifier("email", HEX),
                        new Identifier("phone", HEX),
                        NOON,
                        "said so",
                        ""));
    }

    @Test
    void whatIsNotPersonalHasNoPseudonym() {
        List<IdentifierRule> rules = new ArrayList<>(IngestConfig.DEFAULTS.identifiers());
        rules.replaceAll(rule ->
                rule.name().equals("customer_number") ? new IdentifierRule(rule.name(), rule.form(), false) : rule);
        DecisionValidation open =
                new DecisionValidation(with(rules, IngestConfig.DEFAULTS), StitchConfig.DEFAULTS, PhoneNumbers.NONE);
        Identity number = new Identity("customer_number", " #7 ");

        for (Checked checked : List.of(
                open.typed(raw("always", new Identity("email", "#" + HEX), number)),
                open.published(raw("always", new Identity("email", HEX), number), NOON))) {
            assertThat(List.of(checked.decision().one(), checked.decision().other()))
                    .containsExactlyInAnyOrder(new Identifier("email", HEX), new Identifier("customer_number", "#7"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device_id   | d-1         | IMPOSSIBLE_DECISION | a device_id names a device, and only persons",
                "shoe_size   | 43          | IMPOSSIBLE_DECISION | \"shoe_size\" is not a configured type",
                "email       | ada         | INVALID_VALUE       | the value cannot be an e-mail address",
                "phone       | 1234        | INVALID_VALUE       | the value cannot be a phone number",
                "email       | null        | INVALID_VALUE       | placeholder that names nobody",
                "loyalty_id  | 000         | INVALID_VALUE       | placeholder that names nobody",
                "email       | #12ab       | INVALID_VALUE       | what follows # must be a pseudonym, 32 hexadecimal digits",
                "customer number | 42       | IMPOSSIBLE_DECISION | is the same identifier as one",
            })
    void whatNobodyCanDecideOnIsNamed(String type, String value, RejectReason reason, String text) {
        Checked checked = validation.typed(raw("always", NUMBER, new Identity(type, value)));

        assertThat(checked.decision()).isNull();
        assertThat(checked.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(reason);
            assertThat(problem.field()).isEqualTo("other");
            assertThat(problem.text()).contains(text);
        });
    }

    @Test
    void aSessionIsNobody() {
        List<IdentifierType> types =
                new ArrayList<>(StitchConfig.DEFAULTS.types().values());
        types.add(new IdentifierType("visit", 20, false, 0, 0, Scope.SESSION, 10));
        StitchConfig stitch = new StitchConfig(types, 200, 5000, 1, Map.of(), 1);
        List<IdentifierRule> rules = new ArrayList<>(IngestConfig.DEFAULTS.identifiers());
        rules.add(new IdentifierRule("visit", IdentifierRule.Form.TEXT, false));

        Checked checked = new DecisionValidation(with(rules, IngestConfig.DEFAULTS), stitch, PhoneNumbers.NONE)
                .typed(raw("always", NUMBER, new Identity("visit", "v-1")));

        assertThat(checked.refused().reason()).isEqualTo(RejectReason.IMPOSSIBLE_DECISION);
        assertThat(checked.refused().detail()).startsWith("other: a visit names a session");
    }

    @Test
    void everythingThatIsMissingIsNamedAtOnce() {
        Checked checked = validation.typed(new RawDecision(null, null, new Identity("email", null), null, " ", null));

        assertThat(checked.problems())
                .extracting(Problem::field)
                .containsExactly("verdict", "one", "other.value", "effective_from", "reason");
        assertThat(checked.refused())
                .isEqualTo(new Refused(
                        RejectReason.MISSING_FIELD,
                        "verdict: required, but absent or blank; one: required, but absent or blank; other.value:"
                                + " required, but absent or blank; effective_from: required, but absent or blank;"
                                + " reason: required, but absent or blank"));
        assertThatThrownBy(() -> new Checked(null, List.of()).refused()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aVerdictIsOneOfThree() {
        assertThat(validation.typed(raw("maybe", EMAIL, NUMBER)).problems())
                .extracting(Problem::toString)
                .containsExactly("verdict: \"maybe\" is none of always, never, withdrawn");
        assertThat(validation.typed(raw("withdrawn", EMAIL, NUMBER)).decision().verdict())
                .isEqualTo(Decision.Verdict.WITHDRAWN);
    }

    @Test
    void aTimeInSecondsIsNoneAndOneInTheFutureCouldNeverBeOverruled() {
        Identity email = new Identity("email", HEX);
        Identity phone = new Identity("phone", HEX);

        assertThat(validation
                        .published(new RawDecision("never", email, phone, NOON / 1000, "r", "a"), NOON)
                        .refused()
                        .detail())
                .endsWith("it looks like seconds");
        assertThat(validation
                        .published(new RawDecision("never", email, phone, NOON + 300_000, "r", "a"), NOON)
                        .problems())
                .isEmpty();
        assertThat(validation
                        .published(new RawDecision("never", email, phone, NOON + 300_001, "r", "a"), NOON)
                        .refused()
                        .reason())
                .isEqualTo(RejectReason.FUTURE_EVENT_TIME);
    }

    @Test
    void aRawValueOnTheControlTopicIsRefusedAndNotQuoted() {
        Refused refused = validation
                .published(raw("never", EMAIL, new Identity("phone", HEX)), NOON)
                .refused();

        assertThat(refused.reason()).isEqualTo(RejectReason.INVALID_VALUE);
        assertThat(refused.detail())
                .isEqualTo("one: values of type email are personal and must be pseudonyms, 32 hexadecimal digits");
    }

    @Test
    void wordsAreKeptForEverAndSoMustBeShort() {
        Checked checked =
                validation.typed(new RawDecision("never", EMAIL, NUMBER, NOON, "r".repeat(1001), "a".repeat(257)));

        assertThat(checked.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "reason: has 1001 characters, at most 1000 are kept",
                        "author: has 257 characters, at most 256 are kept");
    }

    private static RawDecision raw(String verdict, @Nullable Identity one, @Nullable Identity other) {
        return new RawDecision(verdict, one, other, NOON, "said so", null);
    }

    private static IngestConfig with(List<IdentifierRule> rules, IngestConfig config) {
        return new IngestConfig(
                config.latenessHorizonMs(),
                config.allowedSkewMs(),
                config.earliestTime(),
                config.maxIdentifiers(),
                config.maxRecordBytes(),
                config.pseudonymKey(),
                rules,
                config.unknownIdentifierType(),
                config.blockedValues(),
                config.blockedPatterns(),
                config.defaultCountry(),
                config.channels(),
                config.unknownChannel(),
                config.kinds(),
                config.unknownKind());
    }
}
