package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.IngestConfig.UnknownIdentifierType;
import io.throughline.domain.ingest.IngestConfig.UnknownName;
import io.throughline.domain.ingest.RawTouchpoint.Amount;
import io.throughline.domain.ingest.RawTouchpoint.Answer;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {

    private static final long TEN = Instant.parse("2026-11-23T10:00:00Z").toEpochMilli();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Validation validation = new Validation(IngestConfig.DEFAULTS, PhoneNumbers.NONE);

    @Test
    void aCompleteTouchpointIsAcceptedWithEveryFactInItsNormalForm() {
        RawTouchpoint raw = RawTouchpoint.builder()
                .touchpointId("  t-1 ")
                .eventTime(TEN)
                .receivedTime(TEN + MINUTE)
                .channel("Web")
                .kind("Survey-Response")
                .direction("Outbound")
                .actor("AGENT")
                .identifiers(List.of(new Identity("device-id", " D1 ")))
                .touchpoint(" Checkout ")
                .stage("Engagement")
                .topic("billing")
                .caseId("C-7")
                .location("Berlin")
                .brand("Acme")
                .product("card")
                .segment("gold")
                .outcome("Resolved")
                .waitMs(0L)
                .handleMs(12L)
                .value(new Amount(19.99, "eur"))
                .survey(new Answer(
                        "CSAT",
                        1.0,
                        5.0,
                        "lower_is_better",
                        4.0,
                        " fine ",
                        new Survey.About(" t-0 ", "Call", " ", null)))
                .sentiment(-0.5)
                .experiments(Map.of("button", "green"))
                .captureMethod("QR")
                .properties(Map.of("url", " /cart "))
                .build();

        assertThat(validation.check(raw, null))
                .isEqualTo(new Accepted(
                        Touchpoint.of("t-1", TEN, "web", "survey_response")
                                .receivedTime(TEN + MINUTE)
                                .outbound(true)
                                .actor("agent")
                                .identifiers(List.of(new Identifier("device_id", "D1")))
                                .touchpoint("Checkout")
                                .stage("engagement")
                                .topic("billing")
                                .caseId("C-7")
                                .location("Berlin")
                                .brand("Acme")
                                .product("card")
                                .segment("gold")
                                .outcome("resolved")
                                .waitMs(0L)
                                .handleMs(12L)
                                .value(new Money(19_990_000, "EUR"))
                                .survey(new Survey(
                                        "csat", 1, 5, false, 4, "fine", new Survey.About("t-0", "call", null, null)))
                                .sentiment(-0.5)
                                .experiments(Map.of("button", "green"))
                                .captureMethod("qr")
                                .properties(Map.of("url", "/cart"))
                                .build(),
                        List.of()));
    }

    @Test
    void aTouchpointWithoutAStageGetsTheChannelsDefault() {
        assertThat(accepted(valid().channel("call")).touchpoint().stage()).isEqualTo("support");
        assertThat(accepted(valid().channel("carrier_pigeon")).touchpoint().stage())
                .isNull();
    }

    @Test
    void whatIsRequiredIsMissedByName() {
        assertRefused(valid().touchpointId(null), RejectReason.MISSING_FIELD, "touchpoint_id: required");
        assertRefused(valid().touchpointId(" \u00a0\u200b"), RejectReason.MISSING_FIELD, "touchpoint_id: required");
        assertRefused(valid().eventTime(null), RejectReason.MISSING_FIELD, "event_time: required");
        assertRefused(valid().channel(""), RejectReason.MISSING_FIELD, "channel: required");
        assertRefused(valid().kind(null), RejectReason.MISSING_FIELD, "kind: required");
        assertRefused(valid().identifiers(null), RejectReason.MISSING_FIELD, "identifiers: required");
        assertRefused(valid().identifiers(List.of()), RejectReason.MISSING_FIELD, "identifiers: required");
        assertRefused(
                valid().identifiers(List.of(new Identity("email", "a@b.c"), new Identity(null, "x"))),
                RejectReason.MISSING_FIELD,
                "identifiers[1].type: required");
        assertRefused(
                valid().survey(new Answer(null, 0.0, 10.0, null, 9.0, null, null)),
                RejectReason.MISSING_FIELD,
                "survey.metric: required");
        assertRefused(
                valid().survey(new Answer("nps", 0.0, 10.0, null, null, null, null)),
                RejectReason.MISSING_FIELD,
                "survey.score: required");
        assertRefused(valid().value(new Amount(null, "EUR")), RejectReason.MISSING_FIELD, "value.amount: required");
    }

    @Test
    void whatCannotBeAValueOfItsFieldIsRefusedWithFieldAndValue() {
        assertRefused(
                valid().direction("sideways"),
                RejectReason.INVALID_VALUE,
                "direction: \"sideways\" is neither inbound nor outbound");
        assertRefused(
                valid().actor("alien"),
                RejectReason.INVALID_VALUE,
                "actor: \"alien\" is none of customer, agent, bot, system");
        assertRefused(
                valid().value(new Amount(1.0, "euro")),
                RejectReason.INVALID_VALUE,
                "value.currency: \"euro\" is not an ISO 4217 code of three letters");
        assertRefused(
                valid().value(new Amount(Double.NaN, "EUR")),
                RejectReason.INVALID_VALUE,
                "value.amount: NaN is not a number");
        assertRefused(
                valid().value(new Amount(1e300, "EUR")), RejectReason.INVALID_VALUE, "value.amount: 1.0E300 is beyond");
        assertRefused(
                valid().survey(new Answer("nps", 0.0, 10.0, null, Double.POSITIVE_INFINITY, null, null)),
                RejectReason.INVALID_VALUE,
                "survey.score: Infinity is not a number");
        assertRefused(
                valid().survey(new Answer("nps", 0.0, 10.0, "up", 1.0, null, null)),
                RejectReason.INVALID_VALUE,
                "survey.direction: \"up\" is neither");
        assertRefused(valid().touchpointId("é".repeat(257)), RejectReason.INVALID_VALUE, "has more than 512 bytes");
        assertRefused(valid().channel("x".repeat(257)), RejectReason.INVALID_VALUE, "channel: \"xxx");
        assertRefused(valid().topic("x".repeat(257)), RejectReason.INVALID_VALUE, "is longer than 256");
    }

    @ParameterizedTest
    @CsvSource({
        "1700000000, it looks like seconds",
        "1700000000000000, it looks like microseconds",
        "1700000000000000000, it looks like nanoseconds",
        "0, not a plausible time",
        "-1, not a plausible time",
        "9223372036854775807, not a plausible time",
        "-9223372036854775808, not a plausible time",
        "7258118400000, not a plausible time",
        "946684799999, 1999-12-31T23:59:59.999Z lies before 2000-01-01T00:00:00Z",
        "7258118400001, 2200-01-01T00:00:00.001Z lies after 2199"
    })
    void aTimeThatIsNoMillisecondTimeIsRefusedWithAHint(long time, String hint) {
        assertRefused(valid().eventTime(time), RejectReason.INVALID_VALUE, hint);
        assertRefused(valid().sentTime(time), RejectReason.INVALID_VALUE, hint);
        assertRefused(valid().receivedTime(time), RejectReason.INVALID_VALUE, hint);
    }

    @Test
    void aSkewedClockIsCorrectedByWhatItShowedWhenItSent() {
        RawTouchpoint.Builder twelveHoursAhead =
                valid().eventTime(TEN + 12 * HOUR).sentTime(TEN + 12 * HOUR + MINUTE);

        Accepted corrected = accepted(twelveHoursAhead.receivedTime(TEN + MINUTE));

        assertThat(corrected.touchpoint().eventTime()).isEqualTo(TEN);
        assertThat(corrected.touchpoint().sentTime()).isEqualTo(TEN + 12 * HOUR + MINUTE);
        assertThat(corrected.remarks()).containsExactly(Remark.CLOCK_CORRECTED);
    }

    @Test
    void aSmallDelayOnTheWayIsNoClockError() {
        Accepted accepted =
                accepted(valid().eventTime(TEN).sentTime(TEN + MINUTE).receivedTime(TEN + MINUTE + 200));

        assertThat(accepted.touchpoint().eventTime()).isEqualTo(TEN + 200);
        assertThat(accepted.remarks()).isEmpty();
    }

    @Test
    void theKafkaTimestampIsTheReceivedTimeOfATouchpointWithoutOne() {
        assertThat(((Accepted) validation.check(valid().build(), TEN + 7))
                        .touchpoint()
                        .receivedTime())
                .isEqualTo(TEN + 7);
        assertThat(((Accepted) validation.check(valid().receivedTime(TEN + 1).build(), TEN + 7))
                        .touchpoint()
                        .receivedTime())
                .isEqualTo(TEN + 1);
    }

    @Test
    void withoutAnyReceivedTimeTheEventTimeStandsAsSent() {
        Touchpoint touchpoint =
                accepted(valid().eventTime(TEN).sentTime(TEN + 12 * HOUR)).touchpoint();

        assertThat(touchpoint.eventTime()).isEqualTo(TEN);
        assertThat(touchpoint.receivedTime()).isEqualTo(TEN);
    }

    @Test
    void anEventTimeLaterThanItWasReceivedIsAcceptedUpToTheAllowedSkewOnly() {
        assertThat(validation.check(valid().eventTime(TEN + 5 * MINUTE).build(), TEN))
                .isInstanceOf(Accepted.class);
        assertThat(validation.check(valid().eventTime(TEN + 5 * MINUTE + 1).build(), TEN))
                .isEqualTo(new Refused(
                        RejectReason.FUTURE_EVENT_TIME,
                        "event_time: 2026-11-23T10:05:00.001Z is later than the received time 2026-11-23T10:00:00Z by"
                                + " more than 300000 ms"));
        assertThat(validation.check(valid().eventTime(TEN + 70 * 365 * DAY).build(), TEN))
                .isInstanceOf(Refused.class);
    }

    @Test
    void aCollectorWithABrokenClockCannotMoveTimeBeyondTheHorizon() {
        RawTouchpoint.Builder raw = valid().eventTime(TEN + 30 * DAY).receivedTime(TEN + 30 * DAY);

        assertThat(validation.check(raw.build(), TEN))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Refused.class))
                .satisfies(refused -> {
                    assertThat(refused.reason()).isEqualTo(RejectReason.INVALID_VALUE);
                    assertThat(refused.detail()).startsWith("received_time: 2026-12-23T10:00:00Z is later than");
                });
        assertThat(validation.check(
                        valid().eventTime(TEN).receivedTime(TEN + 3 * DAY).build(), TEN))
                .as("a record produced with its event time as its timestamp")
                .isInstanceOf(Accepted.class);
    }

    @Test
    void negativeDurationsAreSetAsideAndFindable() {
        Accepted accepted = accepted(valid().waitMs(-5L).handleMs(-1L).properties(Map.of("url", "/")));

        assertThat(accepted.touchpoint().waitMs()).isNull();
        assertThat(accepted.touchpoint().handleMs()).isNull();
        assertThat(accepted.touchpoint().properties())
                .isEqualTo(Map.of("url", "/", "dropped_wait_ms", "-5", "dropped_handle_ms", "-1"));
        assertThat(accepted.remarks()).containsExactly(Remark.NEGATIVE_WAIT, Remark.NEGATIVE_HANDLE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.0001, -7, Double.NaN, Double.NEGATIVE_INFINITY})
    void aSentimentOffItsScaleIsSetAside(double sentiment) {
        Accepted accepted = accepted(valid().sentiment(sentiment));

        assertThat(accepted.touchpoint().sentiment()).isNull();
        assertThat(accepted.touchpoint().properties()).containsEntry("dropped_sentiment", Double.toString(sentiment));
        assertThat(accepted.remarks()).containsExactly(Remark.SENTIMENT_OFF_SCALE);
    }

    @Test
    void aSurveyAnswerOffItsScaleIsKeptForReadingAndMarked() {
        Accepted eleven = accepted(valid().survey(new Answer("nps", 0.0, 10.0, null, 11.0, "!", null)));
        Accepted noExtent = accepted(valid().survey(new Answer("csat", 3.0, 3.0, null, 3.0, null, null)));

        assertThat(eleven.touchpoint().survey().score()).isEqualTo(11);
        assertThat(eleven.remarks()).containsExactly(Remark.SURVEY_OFF_SCALE);
        assertThat(noExtent.remarks()).containsExactly(Remark.SURVEY_OFF_SCALE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "NULL",
                " undefined ",
                "None",
                "n/a",
                "NaN",
                "0",
                "0000",
                "0000-0000",
                "-1",
                "anonymous",
                "Guest",
                "unknown",
                "test@test.com",
                "EMAIL",
                "[object Object]",
                "",
                "00000000-0000-0000-0000-000000000000"
            })
    void placeholdersNameNobody(String junk) {
        Accepted accepted = accepted(
                valid().identifiers(List.of(new Identity("customer_number", junk), new Identity("device_id", "d1"))));

        assertThat(accepted.touchpoint().identifiers()).containsExactly(new Identifier("device_id", "d1"));
        assertThat(accepted.remarks()).containsExactly(Remark.BLOCKED_IDENTIFIER);
    }

    @Test
    void aTouchpointThatBearsOnlyPlaceholdersCountsAsAnonymous() {
        Accepted accepted = accepted(valid().identifiers(List.of(new Identity("email", null))));

        assertThat(accepted.touchpoint().identifiers()).isEmpty();
        assertThat(accepted.remarks()).containsExactly(Remark.BLOCKED_IDENTIFIER);
    }

    @Test
    void identifiersComeStrongestFirstWithoutRepeatsWhateverTheirOrder() {
        List<Identity> sent = new ArrayList<>(List.of(
                new Identity("cookie", "c"),
                new Identity("device_id", "d2"),
                new Identity("device_id", "d1"),
                new Identity("email", "Ann@Example.com"),
                new Identity("email", " ann@example.COM "),
                new Identity("customer_number", "42")));
        List<Identifier> expected =
                accepted(valid().identifiers(sent)).touchpoint().identifiers();
        assertThat(expected)
                .extracting(Identifier::type)
                .containsExactly("customer_number", "email", "device_id", "device_id", "cookie");

        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(sent, random);
            assertThat(accepted(valid().identifiers(sent)).touchpoint().identifiers())
                    .isEqualTo(expected);
        }
    }

    @Test
    void beyondTheLimitTheStrongestIdentifiersStay() {
        List<Identity> sent = new ArrayList<>();
        IntStream.range(0, 30).forEach(i -> sent.add(new Identity("device_id", "d%02d".formatted(i))));
        sent.add(new Identity("customer_number", "42"));

        Accepted accepted = accepted(valid().identifiers(sent));

        assertThat(accepted.touchpoint().identifiers()).hasSize(20);
        assertThat(accepted.touchpoint().identifiers().get(0).type()).isEqualTo("customer_number");
        assertThat(accepted.remarks()).hasSize(11).containsOnly(Remark.SURPLUS_IDENTIFIER);
    }

    @Test
    void anIdentifierOfAnUnknownTypeIsIgnoredKeptOrAReasonToReject() {
        RawTouchpoint raw = valid().identifiers(List.of(new Identity("Shoe-Size", "43"), new Identity("cookie", "c")))
                .build();

        Accepted ignored = (Accepted) validation.check(raw, null);
        assertThat(ignored.touchpoint().identifiers()).containsExactly(new Identifier("cookie", "c"));
        assertThat(ignored.remarks()).containsExactly(Remark.UNKNOWN_IDENTIFIER_TYPE);

        Accepted kept =
                (Accepted) with(UnknownIdentifierType.KEEP, UnknownName.ACCEPT).check(raw, null);
        assertThat(kept.touchpoint().identifiers()).extracting(Identifier::type).containsExactly("cookie", "shoe_size");
        assertThat(kept.touchpoint().identifiers().get(1).value())
                .as("nobody knows that it is not personal")
                .hasSize(32);

        assertThat(with(UnknownIdentifierType.REJECT, UnknownName.ACCEPT).check(raw, null))
                .isEqualTo(new Refused(
                        RejectReason.INVALID_VALUE, "identifiers[0].type: \"shoe_size\" is not a configured type"));
    }

    @Test
    void unknownChannelsAndKindsCountUnlessTheConfigurationSaysOtherwise() {
        RawTouchpoint.Builder raw = valid().channel("Hologram").kind("Wave");

        Accepted accepted = accepted(raw);
        assertThat(accepted.touchpoint().channel()).isEqualTo("hologram");
        assertThat(accepted.remarks()).containsExactly(Remark.UNKNOWN_CHANNEL, Remark.UNKNOWN_KIND);

        Validation strict = with(UnknownIdentifierType.IGNORE, UnknownName.REJECT);
        assertThat(strict.check(raw.build(), null))
                .isEqualTo(new Refused(RejectReason.UNKNOWN_CHANNEL, "channel: \"hologram\" is not configured"));
        assertThat(strict.check(valid().kind("wave").build(), null))
                .isEqualTo(new Refused(RejectReason.UNKNOWN_CHANNEL, "kind: \"wave\" is not configured"));
    }

    @Test
    void hostileTextIsStoredAsItIsButForWhatCannotBeEncoded() {
        Map<String, String> properties = Map.of("a", "<script>alert(1)</script>", "b", "=1+1 \u202e🙂", "c", "\ud800x");

        assertThat(accepted(valid().properties(properties)).touchpoint().properties())
                .isEqualTo(Map.of("a", "<script>alert(1)</script>", "b", "=1+1 \u202e🙂", "c", "\ufffdx"));
    }

    @Test
    void whatPropertiesAndExperimentsSayIsTextLikeAnyOther() {
        Map<String, String> written =
                Map.of("campaign", "\u00a0spring \u200b", "promise", "", "purpose", " \t", "due", "7");

        Touchpoint touchpoint =
                accepted(valid().properties(written).experiments(written)).touchpoint();

        assertThat(touchpoint.properties()).isEqualTo(Map.of("campaign", "spring", "due", "7"));
        assertThat(touchpoint.experiments()).isEqualTo(Map.of("campaign", "spring", "due", "7"));
    }

    @Test
    void tooManyOrTooLongPropertiesAreCutAndCounted() {
        Map<String, String> many = new java.util.HashMap<>();
        IntStream.range(0, 130).forEach(i -> many.put("key%03d".formatted(i), "v"));
        many.put("key000", "x".repeat(9000));

        Accepted accepted = accepted(valid().properties(many));

        assertThat(accepted.touchpoint().properties()).hasSize(100).containsKey("key099");
        assertThat(accepted.touchpoint().properties().get("key000")).hasSize(8000);
        assertThat(accepted.remarks()).hasSize(31).containsOnly(Remark.SURPLUS_PROPERTY);
    }

    @Test
    void noDetailShowsAnIdentifier() {
        RawTouchpoint.Builder raw = valid().identifiers(List.of(new Identity(null, "ann@example.com")));

        assertThat(((Refused) validation.check(raw.build(), null)).detail()).doesNotContain("ann");
    }

    private Accepted accepted(RawTouchpoint.Builder raw) {
        Verdict verdict = validation.check(raw.build(), null);
        assertThat(verdict).isInstanceOf(Accepted.class);
        return (Accepted) verdict;
    }

    private void assertRefused(RawTouchpoint.Builder raw, RejectReason reason, String detail) {
        Verdict verdict = validation.check(raw.build(), null);
        assertThat(verdict).isInstanceOf(Refused.class);
        assertThat(((Refused) verdict).reason()).isEqualTo(reason);
        assertThat(((Refused) verdict).detail()).contains(detail);
    }

    private static RawTouchpoint.Builder valid() {
        return RawTouchpoint.builder()
                .touchpointId("t-1")
                .eventTime(TEN)
                .channel("web")
                .kind("page_view")
                .identifiers(List.of(new Identity("device_id", "d1")));
    }

    private static Validation with(UnknownIdentifierType identifiers, UnknownName names) {
        IngestConfig d = IngestConfig.DEFAULTS;
        return new Validation(
                new IngestConfig(
                        d.latenessHorizonMs(),
                        d.allowedSkewMs(),
                        d.earliestTime(),
                        d.maxIdentifiers(),
                        d.maxRecordBytes(),
                        d.pseudonymKey(),
                        d.identifiers(),
                        identifiers,
                        d.blockedValues(),
                        d.blockedPatterns(),
                        d.defaultCountry(),
                        d.channels(),
                        names,
                        d.kinds(),
                        names),
                PhoneNumbers.NONE);
    }
}
