package io.throughline.domain.sessionize;

import static io.throughline.domain.sessionize.Touchpoints.CUSTOMER;
import static io.throughline.domain.sessionize.Touchpoints.at;
import static io.throughline.domain.sessionize.Touchpoints.inbound;
import static io.throughline.domain.sessionize.Touchpoints.outbound;
import static io.throughline.domain.sessionize.Touchpoints.touch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.throughline.domain.sessionize.Session.CutCause;
import io.throughline.domain.sessionize.Session.Status;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
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
import org.junit.jupiter.api.Test;

class SessionizeRuleTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Listening ada = new Listening(SessionizeConfig.DEFAULTS);

    @Test
    void aVisitThatGoesOnByPhoneIsOneSession() {
        ada.hears(
                        touch("t1", "10:00", "web", "page_view")
                                .stage("acquisition")
                                .build(),
                        touch("t2", "10:25", "call", "call_queued")
                                .waitMs(90_000L)
                                .topic("home_loan")
                                .stage("support")
                                .build(),
                        touch("t3", "11:20", "web", "purchase")
                                .value(new Money(12_500_000, "EUR"))
                                .outcome("converted")
                                .stage("onboarding")
                                .build())
                .reaches(at("20:00"));

        assertThat(ada.sessions.values()).singleElement().satisfies(session -> {
            assertThat(session.status()).isEqualTo(Status.CLOSED);
            assertThat(session.cutCause()).isEqualTo(CutCause.INACTIVITY);
            assertThat(session.start()).isEqualTo(at("10:00"));
            assertThat(session.end()).isEqualTo(at("11:20"));
            assertThat(session.channels()).containsExactly("call", "web");
            assertThat(session.path()).extracting(Session.Step::touchpointId).containsExactly("t1", "t2", "t3");
            assertThat(session.channelSwitches()).isEqualTo(2);
            assertThat(session.activeMs()).isEqualTo(Map.of("web", 25 * 60_000L, "call", 55 * 60_000L));
            assertThat(session.stages()).containsExactly("acquisition", "onboarding", "support");
            assertThat(session.topics()).containsExactly("home_loan");
            assertThat(session.outcome()).isEqualTo("converted");
            assertThat(session.value()).containsExactly(new Money(12_500_000, "EUR"));
            assertThat(session.waitMs()).isEqualTo(90_000);
        });
    }

    @Test
    void whatWasOfferedOrLookedAtIsWorthNothingUntilItIsBought() {
        ada.hears(
                        touch("t1", "10:00", "call", "offer")
                                .outbound(true)
                                .value(new Money(900_000_000, "EUR"))
                                .build(),
                        touch("t2", "10:05", "web", "page_view")
                                .value(new Money(450_000_000, "EUR"))
                                .build(),
                        touch("t3", "10:10", "store", "purchase")
                                .value(new Money(15_000_000, "EUR"))
                                .build(),
                        touch("t4", "10:20", "store", "return")
                                .value(new Money(-3_000_000, "EUR"))
                                .build(),
                        touch("t5", "10:25", "store", "refund")
                                .value(new Money(2_000_000, "EUR"))
                                .build())
                .reaches(at("20:00"));

        assertThat(ada.sessions.values()).singleElement().satisfies(session -> assertThat(session.value())
                .containsExactly(new Money(10_000_000, "EUR")));
        assertThat(ada.customer.value()).containsExactly(new Money(10_000_000, "EUR"));

        ada.reaches(at("10:00") + 40 * DAY);
        assertThat(ada.state.remember().touches()).isEmpty();
        assertThat(ada.customer.value()).as("totals").containsExactly(new Money(10_000_000, "EUR"));
    }

    @Test
    void aStayBringsWhatItCosts() {
        ada.hears(touch("t1", "10:00", "store", "check_in")
                        .value(new Money(212_000_000, "EUR"))
                        .build())
                .reaches(at("20:00"));

        assertThat(ada.customer.value()).containsExactly(new Money(212_000_000, "EUR"));
    }

    @Test
    void anExperienceThatIsCorrectedIsSaidAlthoughAllElseOfTheCustomerStays() {
        Listening slow = new Listening(
                SessionizeConfig.DEFAULTS.toBuilder().publishBurst(0).build());
        Touchpoint angry =
                touch("t1", "10:00", "web", "feedback").sentiment(-0.9).build();
        Touchpoint glad = touch("t1", "10:00", "web", "feedback").sentiment(0.9).build();
        slow.reaches(at("10:00")).hears(angry);
        assertThat(slow.customer.experience().score()).isLessThan(50);

        slow.hears(new Attribution(CUSTOMER, angry, -1, 1))
                .hears(new Attribution(CUSTOMER, glad, 1, 2))
                .reaches(at("10:05"));

        assertThat(slow.customer.experience().score()).isGreaterThan(50);
    }

    @Test
    void intervalsThatTouchJoinAndOneMillisecondMoreDoesNot() {
        ada.hears(
                        inbound("t1", "10:00", "web", "page_view"),
                        inbound("t2", "10:30", "web", "page_view"),
                        touch("t3", "11:00", "web", "page_view")
                                .eventTime(at("11:00") + 1)
                                .build())
                .reaches(at("20:00"));

        assertThat(ada.sessions.values()).extracting(Session::touchpointCount).containsExactlyInAnyOrder(2L, 1L);
    }

    @Test
    void aLongGapCoversTheShortOnesInsideIt() {
        ada.hears(
                        inbound("t1", "10:00", "store", "visit"),
                        inbound("t2", "10:05", "qr", "survey_response"),
                        inbound("t3", "13:59", "web", "page_view"))
                .reaches(at("20:00"));

        assertThat(ada.sessions).hasSize(1);
    }

    @Test
    void outboundTouchpointsJoinButNeitherOpenNorExtend() {
        ada.hears(
                        outbound("o0", "09:00", "email", "offer"),
                        inbound("t1", "10:00", "web", "page_view"),
                        outbound("o1", "10:25", "sms", "message"),
                        inbound("t2", "10:50", "web", "page_view"))
                .reaches(at("20:00"));

        assertThat(ada.sessionOf()).containsEntry("o0", "");
        assertThat(ada.sessionOf().get("o1")).isEqualTo(ada.sessionOf().get("t1"));
        assertThat(ada.sessionOf().get("t2")).isNotEqualTo(ada.sessionOf().get("t1"));
    }

    @Test
    void aLogoutEndsTheSessionItBelongsTo() {
        ada.hears(
                        inbound("t1", "10:00", "web", "login"),
                        inbound("t2", "10:05", "web", "logout"),
                        inbound("t3", "10:06", "web", "page_view"))
                .reaches(at("10:06"));

        assertThat(ada.sessionOf().get("t2")).isEqualTo(ada.sessionOf().get("t1"));
        assertThat(ada.sessions.get(ada.sessionOf().get("t1")).cutCause()).isEqualTo(CutCause.LOGOUT);
        assertThat(ada.sessions.get(ada.sessionOf().get("t3")).status()).isEqualTo(Status.OPEN);
    }

    @Test
    void ofTouchpointsAtTheTimeOfALogoutThoseWithSmallerIdsComeBeforeIt() {
        ada.hears(
                        inbound("a", "10:00", "web", "page_view"),
                        inbound("b", "10:00", "web", "logout"),
                        inbound("c", "10:00", "web", "page_view"))
                .reaches(at("20:00"));

        assertThat(ada.sessionOf().get("a")).isEqualTo(ada.sessionOf().get("b"));
        assertThat(ada.sessionOf().get("c")).isNotEqualTo(ada.sessionOf().get("b"));
    }

    @Test
    void lengthSizeCampaignAndMidnightCutWhenConfigured() {
        SessionizeConfig config = SessionizeConfig.DEFAULTS.toBuilder()
                .maxLengthMs(Duration.ofMinutes(50).toMillis())
                .maxSize(3)
                .campaignProperty("campaign")
                .dayZone("Europe/Kyiv")
                .build();
        Listening cut = new Listening(config);
        cut.hears(
                        inbound("a1", "10:00", "web", "page_view"),
                        inbound("a2", "10:30", "web", "page_view"),
                        inbound("b1", "10:51", "web", "page_view"),
                        inbound("b2", "10:52", "web", "page_view"),
                        inbound("b3", "10:53", "web", "page_view"),
                        touch("c1", "10:54", "web", "page_view")
                                .properties(Map.of("campaign", "spring"))
                                .build(),
                        touch("d1", "10:55", "web", "page_view")
                                .properties(Map.of("campaign", "summer"))
                                .build(),
                        inbound("e1", "21:50", "web", "page_view"),
                        inbound("f1", "22:00", "web", "page_view"))
                .reaches(at("40:00"));

        assertThat(cut.sessions.get(cut.sessionOf().get("a2")).cutCause()).isEqualTo(CutCause.MAX_LENGTH);
        assertThat(cut.sessions.get(cut.sessionOf().get("b1")).cutCause()).isEqualTo(CutCause.MAX_SIZE);
        assertThat(cut.sessions.get(cut.sessionOf().get("c1")).cutCause()).isEqualTo(CutCause.CAMPAIGN);
        assertThat(cut.sessions.get(cut.sessionOf().get("d1")).cutCause()).isEqualTo(CutCause.INACTIVITY);
        assertThat(cut.sessions.get(cut.sessionOf().get("e1")).cutCause()).isEqualTo(CutCause.DAY);
        assertThat(cut.sessions.get(cut.sessionOf().get("f1")).cutCause()).isEqualTo(CutCause.INACTIVITY);
    }

    @Test
    void whereClocksGoBackPastMidnightWhatIsOnAnotherDateThanTheSessionBeganOnIsCutOff() {
        Listening stJohns = new Listening(SessionizeConfig.DEFAULTS.toBuilder()
                .dayZone("America/St_Johns")
                .build());
        // At one past midnight of 7 November 2010 clocks there were put back by an hour.
        stJohns.hears(
                        view("saturday", "2010-11-07T02:29:59.999Z"),
                        view("sunday", "2010-11-07T02:30:00Z"),
                        view("still-sunday", "2010-11-07T02:30:40Z"),
                        view("saturday-again", "2010-11-07T02:31:00Z"),
                        view("still-saturday", "2010-11-07T02:45:00Z"),
                        view("late-on-saturday", "2010-11-07T03:10:00Z"),
                        view("sunday-again", "2010-11-07T03:30:00Z"))
                .reaches(at("00:00"));

        assertThat(stJohns.sessions.values())
                .extracting(
                        session -> session.path().stream()
                                .map(Session.Step::touchpointId)
                                .toList(),
                        Session::cutCause)
                .containsExactlyInAnyOrder(
                        tuple(List.of("saturday"), CutCause.DAY),
                        tuple(List.of("sunday", "still-sunday"), CutCause.DAY),
                        tuple(List.of("saturday-again", "still-saturday", "late-on-saturday"), CutCause.DAY),
                        tuple(List.of("sunday-again"), CutCause.INACTIVITY));
    }

    @Test
    void aMidnightThatClocksTookBackAndNobodySawCutsNothing() {
        Listening stJohns = new Listening(SessionizeConfig.DEFAULTS.toBuilder()
                .dayZone("America/St_Johns")
                .build());
        stJohns.hears(
                        view("saturday", "2010-11-07T02:29:00Z"),
                        view("saturday-again", "2010-11-07T02:45:00Z"),
                        view("still-saturday", "2010-11-07T03:05:00Z"),
                        view("sunday", "2010-11-07T03:30:00Z"))
                .reaches(at("00:00"));

        assertThat(stJohns.sessions.values())
                .extracting(Session::touchpointCount, Session::cutCause)
                .containsExactlyInAnyOrder(tuple(3L, CutCause.DAY), tuple(1L, CutCause.INACTIVITY));
    }

    private static Touchpoint view(String id, String time) {
        return touch(id, "00:00", "web", "page_view")
                .eventTime(Instant.parse(time).toEpochMilli())
                .build();
    }

    @Test
    void waitsThatAddUpToMoreThanANumberHoldsAreTheGreatestThereIs() {
        ada.hears(
                        touch("t1", "10:00", "call", "call_queued")
                                .waitMs(Long.MAX_VALUE)
                                .build(),
                        touch("t2", "10:01", "call", "call_ended")
                                .waitMs(90_000L)
                                .build())
                .reaches(at("20:00"));

        assertThat(ada.sessions.values()).extracting(Session::waitMs).containsExactly(Long.MAX_VALUE);
    }

    @Test
    void aLateTouchpointBetweenTwoClosedSessionsMakesThemOneRevisedSession() {
        ada.hears(inbound("t1", "10:00", "web", "page_view")).reaches(at("10:45"));
        ada.hears(inbound("t2", "10:50", "web", "page_view")).reaches(at("12:00"));
        assertThat(ada.surviving()).hasSize(2);

        ada.hears(inbound("late", "10:25", "kiosk", "survey_response"));

        assertThat(ada.surviving()).hasSize(1);
        String merged = ada.sessionOf().get("late");
        assertThat(ada.sessions.get(merged).status()).isEqualTo(Status.REVISED);
        assertThat(ada.sessions.get(merged).touchpointCount()).isEqualTo(3);
        assertThat(ada.sessions.values()).extracting(Session::status).contains(Status.ABSORBED);
        assertThat(ada.customer.sessionCount()).isEqualTo(1);
    }

    @Test
    void aTouchpointThatMovesAwayTakesItsPartOfTheSessionAlong() {
        Touchpoint bridge = inbound("bridge", "10:25", "web", "page_view");
        ada.hears(inbound("t1", "10:00", "web", "page_view"), bridge, inbound("t2", "10:50", "web", "page_view"))
                .reaches(at("12:00"));
        assertThat(ada.surviving()).hasSize(1);

        ada.loses(bridge);

        assertThat(ada.surviving()).hasSize(2);
        assertThat(ada.customer.touchpointCount()).isEqualTo(2);
    }

    @Test
    void aWithdrawalThatOvertakesItsAttributionCancelsIt() {
        Touchpoint moved = inbound("t1", "10:00", "web", "page_view");
        ada.reaches(at("09:00"));
        ada.loses(moved);
        ada.hears(moved).reaches(at("20:00"));

        assertThat(ada.sessions).isEmpty();
        assertThat(ada.customer).isNull();
        assertThat(ada.state).isNull();
    }

    @Test
    void theNewestAttributionOfATouchpointIsTheOneThatCounts() {
        Touchpoint first = inbound("t1", "10:00", "web", "page_view");
        Touchpoint corrected = inbound("t1", "15:00", "web", "page_view");
        ada.hears(new Attribution(CUSTOMER, corrected, 1, 2)).hears(new Attribution(CUSTOMER, first, 1, 1));
        ada.reaches(at("20:00"));

        assertThat(ada.sessions.values())
                .singleElement()
                .extracting(Session::start)
                .isEqualTo(at("15:00"));
        assertThat(ada.touchpoints.get("t1").revision() >> 20).isEqualTo(2);
    }

    @Test
    void aTouchpointThatComesBackIsPublishedWithAHigherRevision() {
        Touchpoint touchpoint = inbound("t1", "10:00", "web", "page_view");
        ada.hears(touchpoint).reaches(at("10:01"));
        ada.loses(touchpoint).hears(new Attribution(CUSTOMER, touchpoint, 1, 3));

        // Listening checks that revisions grow.
        assertThat(ada.said.stream().filter(SessionizeOutput.Touch.class::isInstance))
                .hasSize(2);
        assertThat(ada.surviving()).hasSize(1);
    }

    @Test
    void anOpenSessionIsPublishedAtMostOnceASecondOfEventTime() {
        ada.reaches(at("10:00"));
        for (int i = 0; i < 1_000; i++) {
            ada.hears(touch("t" + i, "10:00", "web", "page_view")
                    .eventTime(at("10:00") + 10L * i)
                    .build());
            ada.reaches(at("10:00") + 10L * i - 100);
        }

        assertThat(ada.said.stream().filter(SessionizeOutput.Profile.class::isInstance))
                .hasSizeLessThanOrEqualTo(11);
        ada.reaches(at("10:01"));
        assertThat(ada.customer.touchpointCount()).isEqualTo(1_000);
    }

    @Test
    void whatIsCorrectedDoesNotWaitForEventTimeToGoOn() {
        ada.hears(inbound("t1", "10:00", "web", "page_view")).reaches(at("18:00"));

        ada.hears(inbound("t2", "10:10", "web", "error"), inbound("t3", "10:20", "web", "error"));

        assertThat(ada.sessions.get(ada.sessionOf().get("t3")).errors()).isEqualTo(2);
    }

    @Test
    void aLateTouchpointThatReachesUntilNowOpensTheSessionAgain() {
        ada.hears(inbound("t1", "10:00", "web", "page_view")).reaches(at("10:40"));
        assertThat(ada.surviving().values()).extracting(Session::status).containsExactly(Status.CLOSED);

        ada.hears(inbound("t2", "10:20", "web", "page_view"));
        assertThat(ada.surviving().values()).extracting(Session::status).containsExactly(Status.OPEN);

        ada.reaches(at("10:50"));
        assertThat(ada.sessions.get(ada.sessionOf().get("t1")).status()).isEqualTo(Status.REVISED);
    }

    @Test
    void aBotThatHandsOverIsOneHandoffWhetherOrNotATransferSaysSo() {
        ada.hears(
                        inbound("b1", "10:00", "bot", "message"),
                        touch("a1", "10:05", "chat", "message").actor("agent").build(),
                        inbound("x1", "10:10", "chat", "transfer"),
                        touch("a2", "10:11", "chat", "message").actor("agent").build())
                .reaches(at("12:00"));
        ada.hears(
                        inbound("b2", "13:00", "bot", "message"),
                        inbound("x2", "13:01", "bot", "transfer"),
                        touch("a3", "13:02", "call", "call_answered")
                                .actor("agent")
                                .build())
                .reaches(at("16:00"));

        assertThat(ada.sessions.get(ada.sessionOf().get("b1")).handoffs()).isEqualTo(2);
        assertThat(ada.sessions.get(ada.sessionOf().get("b2")).handoffs()).isEqualTo(1);
    }

    @Test
    void theLatestScoreOnItsScaleIsTheOneShown() {
        ada.hears(survey("s1", "10:00", 3), survey("s2", "10:05", 9), survey("s3", "10:10", 17))
                .reaches(at("12:00"));

        assertThat(ada.sessions.values()).singleElement().satisfies(session -> assertThat(session.scores())
                .isEqualTo(Map.of("nps", 9.0)));
    }

    private static Touchpoint survey(String id, String time, double score) {
        return touch(id, time, "web", "survey_response")
                .survey(new Survey("nps", 0, 10, true, score, null, null))
                .build();
    }

    @Test
    void identifiersAreThoseOfStitchingOrElseThoseTheTouchpointsBore() {
        Identifier email = new Identifier("email", "ada");
        Identifier device = new Identifier("device_id", "tablet");
        ada.hears(
                        touch("t1", "10:00", "web", "page_view")
                                .identifiers(List.of(device))
                                .build(),
                        touch("t2", "10:01", "web", "login")
                                .identifiers(List.of(email, device))
                                .build())
                .reaches(at("10:02"));
        assertThat(ada.customer.identifiers())
                .containsExactly(
                        new Known(email, at("10:01"), at("10:01"), "joined"),
                        new Known(device, at("10:00"), at("10:01"), "joined"));

        Known shared = new Known(device, at("08:00"), at("10:01"), "shared");
        ada.hears(new CustomerIdentity(CUSTOMER, null, List.of(shared), 7));
        ada.hears(new CustomerIdentity(CUSTOMER, null, List.of(), 6));
        assertThat(ada.customer.identifiers()).containsExactly(new Known(device, at("10:00"), at("10:01"), "shared"));
    }

    @Test
    void anIdentifierIsListedAsPeopleDecidedOnceATouchpointBoreIt() {
        Identifier email = new Identifier("email", "8a1f");
        Identifier phone = new Identifier("phone", "77c2");
        Identifier neverBorne = new Identifier("phone", "0b9e");
        ada.hears(new CustomerIdentity(
                CUSTOMER, null, List.of(Known.never(email), Known.never(phone), Known.never(neverBorne)), 1));
        ada.hears(
                        touch("t1", "10:00", "web", "login")
                                .identifiers(List.of(email))
                                .build(),
                        touch("t2", "12:00", "call", "call_answered")
                                .identifiers(List.of(phone))
                                .build())
                .reaches(at("12:01"));

        assertThat(ada.customer.identifiers())
                .containsExactly(
                        new Known(email, at("10:00"), at("10:00"), "joined"),
                        new Known(phone, at("12:00"), at("12:00"), "joined"));
    }

    @Test
    void whenOthersBoreAnIdentifierIsNoMatterOfThisCustomers() {
        Identifier email = new Identifier("email", "8a1f");
        ada.hears(
                new CustomerIdentity(CUSTOMER, null, List.of(new Known(email, at("08:00"), at("20:00"), "joined")), 1));
        ada.hears(touch("t1", "10:00", "web", "login")
                        .identifiers(List.of(email))
                        .build())
                .reaches(at("10:01"));

        assertThat(ada.customer.identifiers()).containsExactly(new Known(email, at("10:00"), at("10:00"), "joined"));
    }

    @Test
    void aCustomerWhoseTouchpointsAllMovedIsAbsorbedAndThenForgotten() {
        Touchpoint touchpoint = inbound("t1", "10:00", "web", "page_view");
        ada.hears(touchpoint).reaches(at("10:05"));
        ada.loses(touchpoint);
        assertThat(ada.customer.absorbed()).isTrue();
        assertThat(ada.customer.absorbedInto()).isNull();

        ada.hears(new CustomerIdentity(CUSTOMER, "c-lovelace", List.of(), 2));
        assertThat(ada.customer.absorbedInto()).isEqualTo("c-lovelace");
        assertThat(ada.surviving()).isEmpty();

        ada.reaches(at("10:06") + 38 * DAY);
        assertThat(ada.state).isNull();
        assertThat(ada.wakeAt).isEqualTo(Step.NEVER);
    }

    @Test
    void anAbsorbedIdentityIsPublishedEvenIfItNeverHeldATouchpoint() {
        ada.hears(new CustomerIdentity(CUSTOMER, "c-lovelace", List.of(), 2)).reaches(at("10:00"));

        assertThat(ada.customer.absorbedInto()).isEqualTo("c-lovelace");
    }

    @Test
    void whatCanNoLongerBeCorrectedLivesOnInTheTotalsAndIsForgottenAfterALifetime() {
        ada.hears(
                        touch("t1", "10:00", "store", "purchase")
                                .value(new Money(5_000_000, "EUR"))
                                .segment("gold")
                                .build(),
                        outbound("o1", "20:00", "email", "offer"))
                .reaches(at("10:00") + 40 * DAY);
        assertThat(ada.state.remember().touches()).isEmpty();

        Touchpoint again = touch("t2", "10:00", "web", "purchase")
                .eventTime(at("10:00") + 40 * DAY)
                .value(new Money(1_000_000, "EUR"))
                .build();
        long revision = ada.customer.revision();
        ada.hears(again);

        assertThat(ada.customer.firstSeen()).isEqualTo(at("10:00"));
        assertThat(ada.customer.touchpointCount()).isEqualTo(3);
        assertThat(ada.customer.sessionCount()).isEqualTo(2);
        assertThat(ada.customer.value()).containsExactly(new Money(6_000_000, "EUR"));
        assertThat(ada.customer.channels()).containsExactly("email", "store", "web");
        assertThat(ada.customer.segment()).isEqualTo("gold");
        assertThat(ada.customer.revision()).isGreaterThan(revision);

        ada.reaches(at("10:00") + 45 * DAY + SessionizeConfig.DEFAULTS.lifetimeMs());
        assertThat(ada.state).isNull();
    }

    /** Stitching states when it was first told of a pair; what counts is when the customer's touchpoints bore it. */
    @Test
    void anIdentifierWasLastSeenOnTheLastTouchpointThatBoreIt() {
        Identifier email = new Identifier("email", "8a1f");
        Identifier cookie = new Identifier("cookie", "k-1");
        Identifier heardOf = new Identifier("account_id", "7");
        ada.hears(new CustomerIdentity(
                CUSTOMER,
                null,
                List.of(
                        new Known(email, at("10:00"), at("10:00"), "joined"),
                        new Known(cookie, at("10:00"), at("10:00"), "joined"),
                        new Known(heardOf, at("10:00"), at("10:00"), "shared")),
                1));
        ada.hears(
                        touch("t1", "10:00", "web", "login")
                                .identifiers(List.of(email, cookie))
                                .build(),
                        touch("t2", "12:00", "web", "login")
                                .identifiers(List.of(email, cookie))
                                .build(),
                        touch("t3", "13:00", "web", "page_view")
                                .identifiers(List.of(cookie))
                                .build())
                .reaches(at("13:01"));
        assertThat(ada.customer.identifiers())
                .containsExactly(
                        new Known(email, at("10:00"), at("12:00"), "joined"),
                        new Known(cookie, at("10:00"), at("13:00"), "joined"),
                        new Known(heardOf, at("10:00"), at("10:00"), "shared"));

        ada.loses(touch("t2", "12:00", "web", "login")
                        .identifiers(List.of(email, cookie))
                        .build())
                .reaches(at("13:02"));
        assertThat(ada.customer.identifiers()).contains(new Known(email, at("10:00"), at("10:00"), "joined"));

        ada.reaches(at("10:00") + 40 * DAY);
        assertThat(ada.state.remember().touches()).isEmpty();
        ada.hears(touch("t4", "10:00", "web", "page_view")
                        .eventTime(at("10:00") + 40 * DAY)
                        .identifiers(List.of(email))
                        .build())
                .reaches(ada.now + 1_000);
        assertThat(ada.customer.identifiers())
                .containsExactly(
                        new Known(email, at("10:00"), at("10:00") + 40 * DAY, "joined"),
                        new Known(cookie, at("10:00"), at("13:00"), "joined"),
                        new Known(heardOf, at("10:00"), at("10:00"), "shared"));

        ada.hears(new CustomerIdentity(CUSTOMER, null, List.of(new Known(email, 0, 0, "joined")), 2));
        assertThat(ada.state.remember().sums().sightings()).containsOnlyKeys(email);
    }

    @Test
    void aMoveOlderThanTheRetentionIsCountedButJoinsNoSession() {
        ada.hears(inbound("t1", "10:00", "web", "page_view")).reaches(at("10:00") + 40 * DAY);
        ada.hears(inbound("old", "10:10", "web", "page_view")).reaches(ada.now + 1_000);

        assertThat(ada.touchpoints.get("old").sessionId()).isNull();
        assertThat(ada.said.stream()
                        .filter(SessionizeOutput.Touch.class::isInstance)
                        .map(SessionizeOutput.Touch.class::cast))
                .filteredOn(touch -> touch.stitched().sessionId() == null)
                .hasSize(1);
        assertThat(ada.customer.touchpointCount()).isEqualTo(2);

        ada.loses(inbound("old", "10:10", "web", "page_view")).reaches(ada.now + 1_000);
        assertThat(ada.customer.touchpointCount()).isEqualTo(1);
    }

    @Test
    void whatIsKnownOfTurnedAwayTouchpointsBeforeTimeBeginsIsTheSameInAnyOrder() {
        SessionizeConfig config =
                SessionizeConfig.DEFAULTS.toBuilder().maxTouchpoints(1).build();
        Identifier number = new Identifier("customer_number", "42");
        Identifier cookie = new Identifier("cookie", "k-1");
        CustomerIdentity early =
                new CustomerIdentity(Touchpoints.CUSTOMER, null, List.of(new Known(number, 1, 1, "joined")), 1);
        CustomerIdentity late = new CustomerIdentity(
                Touchpoints.CUSTOMER,
                null,
                List.of(new Known(number, 1, 1, "joined"), new Known(cookie, 1, 1, "joined")),
                2);
        List<Object> arriving = new ArrayList<>(List.of(early, late));
        for (int i = 0; i < 12; i++) {
            // Two at a time.
            arriving.add(touch("t" + i, "10:00", "web", "page_view")
                    .eventTime(at("10:00") + 60_000L * (i / 2))
                    .segment("s" + i)
                    .identifiers(i % 3 == 0 ? List.of(number, cookie) : List.of(number))
                    .build());
        }
        Customer expected = null;
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(arriving, new Random(seed));
            Listening hot = new Listening(config);
            Listening ofNobodyKnown = new Listening(config);
            for (Object each : arriving) {
                if (each instanceof CustomerIdentity identity) {
                    hot.hears(identity);
                } else if (each instanceof Touchpoint touchpoint) {
                    hot.hears(touchpoint);
                    ofNobodyKnown.hears(touchpoint);
                }
            }
            hot.reaches(at("30:00"));
            ofNobodyKnown.reaches(at("30:00"));
            assertThat(ofNobodyKnown.customer.identifiers())
                    .containsExactlyInAnyOrderElementsOf(hot.customer.identifiers());

            Customer customer = hot.customer.as(0);
            assertThat(customer.segment()).as("named last").isIn("s10", "s11");
            assertThat(customer.identifiers())
                    .extracting(Known::firstSeen, Known::lastSeen)
                    .containsExactly(tuple(at("10:00"), at("10:05")), tuple(at("10:00"), at("10:04")));
            expected = expected == null ? customer : expected;
            assertThat(customer).isEqualTo(expected);
            assertThat(hot.state.totals.sightings.keySet()).isSubsetOf(number, cookie);
        }
    }

    @Test
    void afterARestartNothingIsRememberedOfIdentifiersThatAreNotTheCustomers() {
        SessionizeConfig config =
                SessionizeConfig.DEFAULTS.toBuilder().maxTouchpoints(1).build();
        Identifier number = new Identifier("customer_number", "42");
        Identifier cookie = new Identifier("cookie", "k-1");
        List<Known> both = List.of(new Known(number, 1, 1, "joined"), new Known(cookie, 1, 1, "joined"));
        Listening hot = new Listening(config).hears(new CustomerIdentity(Touchpoints.CUSTOMER, null, both, 1));
        for (int i = 0; i < 4; i++) {
            hot.hears(touch("t" + i, "10:0" + i, "web", "page_view")
                            .identifiers(List.of(number, cookie))
                            .build())
                    .reaches(at("11:00"));
        }

        hot.now = Long.MIN_VALUE;
        hot.hears(new CustomerIdentity(Touchpoints.CUSTOMER, null, both.subList(0, 1), 2));
        for (int i = 4; i < 8; i++) {
            hot.hears(touch("t" + i, "10:0" + i, "web", "page_view")
                    .identifiers(List.of(number, new Identifier("cookie", "of somebody else")))
                    .build());
        }
        assertThat(hot.state.totals.sightings.keySet()).containsExactly(number);
    }

    @Test
    void theSegmentOfATurnedAwayTouchpointLeavesWithIt() {
        SessionizeConfig config =
                SessionizeConfig.DEFAULTS.toBuilder().maxTouchpoints(1).build();
        Listening hot = new Listening(config);
        List<Touchpoint> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(touch("t" + i, "10:0" + i, "web", "page_view")
                    .segment("s" + i)
                    .build());
        }
        all.forEach(hot::hears);
        hot.reaches(at("30:00"));
        assertThat(hot.customer.segment()).isEqualTo("s5");
        String held = hot.sessionOf().entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        assertThat(held).as("else nothing is shown here").isNotEqualTo("t5");
        hot.loses(all.get(5)).reaches(at("40:00"));

        assertThat(hot.customer.segment()).isEqualTo(held.replace('t', 's'));
    }

    @Test
    void ofTooManyTouchpointsTheSameOnesAreKeptInAnyOrder() {
        SessionizeConfig config =
                SessionizeConfig.DEFAULTS.toBuilder().maxTouchpoints(50).build();
        List<Touchpoint> many = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            many.add(touch("t" + i, "10:00", "web", "purchase")
                    .eventTime(at("10:00") + 60_000L * i)
                    .value(new Money(1_000_000, "EUR"))
                    .build());
        }
        Map<String, Session> expected = null;
        for (int seed = 0; seed < 10; seed++) {
            Collections.shuffle(many, new Random(seed));
            Listening hot = new Listening(config);
            for (Touchpoint touchpoint : many) {
                hot.hears(touchpoint);
                if (seed % 2 == 0) {
                    hot.reaches(at("10:00"));
                }
            }
            hot.reaches(at("30:00"));

            assertThat(hot.touchpoints).hasSize(400);
            assertThat(hot.sessionOf().values()).filteredOn(String::isEmpty).hasSize(350);
            assertThat(hot.customer.touchpointCount()).isEqualTo(400);
            assertThat(hot.customer.value()).containsExactly(new Money(400_000_000, "EUR"));
            expected = expected == null ? hot.surviving() : expected;
            assertThat(hot.surviving()).isEqualTo(expected);

            many.forEach(hot::loses);
            hot.reaches(at("31:00"));
            assertThat(hot.customer.absorbed()).isTrue();
            hot.reaches(at("31:00") + 38 * DAY);
            assertThat(hot.state).isNull();
        }
    }

    @Test
    void aCustomerWhoComesBackAfterBeingForgottenPublishesHigherRevisions() {
        Touchpoint touchpoint = inbound("t1", "10:00", "web", "page_view");
        ada.hears(touchpoint).reaches(at("10:05"));
        ada.loses(touchpoint).reaches(at("10:06") + 38 * DAY);
        assertThat(ada.state).isNull();
        long revision = ada.customer.revision();

        ada.hears(new Attribution(
                CUSTOMER,
                touch("t2", "10:00", "web", "page_view").eventTime(ada.now).build(),
                1,
                1));

        assertThat(ada.customer.absorbed()).isFalse();
        assertThat(ada.customer.revision()).isGreaterThan(revision);
    }
}
