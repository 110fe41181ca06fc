package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.throughline.domain.stage.Step;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertCasesTest {
    private static final long START = Instant.parse("2026-11-23T10:00:00Z").toEpochMilli();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = 60 * MINUTE;

    private final Case aCase = new Case(CaseConfig.DEFAULTS);

    @Test
    void anAlertIsAcknowledgedAssignedAndResolvedByPeople() {
        aCase.now(START).judged(alert(1)).acted(acknowledge("x1", 5)).acted(assign("x2", 6, "grace"));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.ASSIGNED);
        assertThat(aCase.standing().life().assignee()).isEqualTo("grace");
        aCase.acted(resolve("x3", 60));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.RESOLVED);
        assertThat(aCase.standing().resolvedAt()).isEqualTo(START + 60 * MINUTE);
        assertThat(aCase.standing().life().history())
                .extracting(Alert.Transition::what, Alert.Transition::by, Alert.Transition::because)
                .containsExactly(
                        tuple("opened", "system", "Complaint"),
                        tuple("acknowledged", "ada", "on it"),
                        tuple("assigned to grace", "ada", "on it"),
                        tuple("resolved", "ada", "on it"));
        assertThat(aCase.standing().life().version()).isEqualTo(4);
        assertThat(aCase.answers()).extracting(CaseOutput.Answer::taken).containsExactly(true, true, true);
    }

    @Test
    void aCommandForAnotherVersionIsRefusedAndSaysWhichItIs() {
        aCase.now(START).judged(alert(1)).acted(acknowledge("x1", 5)).acted(expecting(resolve("x2", 6), 1));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.ACKNOWLEDGED);
        CaseOutput.Answer refused = aCase.answers().get(1);
        assertThat(refused.taken()).isFalse();
        assertThat(refused.because()).contains("the alert is at version 2, the command was meant for version 1");
        assertThat(aCase.standing().life().history()).last().satisfies(transition -> {
            assertThat(transition.what()).isEqualTo("refused");
            assertThat(transition.actionId()).isEqualTo("x2");
        });
        aCase.acted(expecting(resolve("x3", 7), 2));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.RESOLVED);
    }

    @Test
    void aCommandOnAnUnknownAlertIsAnsweredAndTakesEffectShouldTheAlertComeAfterAll() {
        aCase.now(START).acted(acknowledge("x1", 5));
        assertThat(aCase.answers()).singleElement().satisfies(answer -> {
            assertThat(answer.taken()).isFalse();
            assertThat(answer.because()).contains("no alert a-1 is known");
        });
        aCase.judged(alert(1));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.ACKNOWLEDGED);
        assertThat(aCase.answers()).last().satisfies(answer -> assertThat(answer.taken())
                .isTrue());
    }

    @Test
    void whatCannotBeDoneIsRefused() {
        aCase.now(START).judged(alert(1)).acted(reopen("x1", 1));
        assertThat(aCase.answers()).last().satisfies(a -> assertThat(a.because())
                .isEqualTo("it is not resolved"));
        aCase.acted(resolve("x2", 2)).acted(acknowledge("x3", 3));
        assertThat(aCase.answers()).last().satisfies(a -> assertThat(a.because())
                .isEqualTo("it is resolved already"));
        aCase.acted(reopen("x4", 4));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.OPEN);
        assertThat(aCase.standing().life().reopened()).isEqualTo(1);
    }

    @Test
    void ofTwoCommandsUnderOneIdTheEarlierCountsWhicheverComesFirst() {
        Case other = new Case(CaseConfig.DEFAULTS);
        aCase.now(START).judged(alert(1)).acted(acknowledge("x1", 5)).acted(resolve("x1", 6));
        other.now(START).judged(alert(1)).acted(resolve("x1", 6)).acted(acknowledge("x1", 5));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.ACKNOWLEDGED);
        assertThat(other.standing().revised(0)).isEqualTo(aCase.standing().revised(0));
    }

    @Test
    void ofTwoCommandsUnderOneIdAtTheSameTimeTheSameCountsWhicheverComesFirst() {
        List<Action> alike = List.of(
                acknowledge("x1", 5),
                resolve("x1", 5),
                assign("x1", 5, "grace"),
                assign("x1", 5, "linus"),
                expecting(acknowledge("x1", 5), 1));
        for (Action some : alike) {
            for (Action other : alike) {
                assertThat(some.compareTo(other) == 0).isEqualTo(some.equals(other));
                assertThat(some.orEarlier(other)).isEqualTo(other.orEarlier(some));
            }
        }
    }

    @Test
    void timeLimitsEscalateOnceEach() {
        aCase.now(START).judged(limited(HOUR, 3 * HOUR));
        assertThat(aCase.standing().life().dueAt()).isEqualTo(START + HOUR);
        aCase.now(START + HOUR - 1);
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.OPEN);
        aCase.now(START + HOUR);
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.ESCALATED);
        assertThat(aCase.standing().life().escalations()).isEqualTo(1);
        assertThat(aCase.standing().life().dueAt()).isEqualTo(START + 3 * HOUR);
        aCase.acted(acknowledge("x1", 90));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.ACKNOWLEDGED);
        aCase.now(START + 5 * HOUR);
        assertThat(aCase.standing().life().escalations()).isEqualTo(2);
        assertThat(aCase.standing().life().dueAt()).isNull();
    }

    @Test
    void anAcknowledgementThatComesLateBehindItsTimeTakesTheEscalationBack() {
        aCase.now(START).judged(limited(HOUR, 9 * HOUR)).now(START + 2 * HOUR);
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.ESCALATED);
        aCase.acted(acknowledge("x1", 30));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.ACKNOWLEDGED);
        assertThat(aCase.standing().life().escalations()).isZero();
    }

    @Test
    void timeLimitsRunWhileSomebodyIsThere() {
        BusinessHours office = new BusinessHours(
                ZoneId.of("Europe/Berlin"),
                Set.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.FRIDAY),
                LocalTime.of(9, 0),
                LocalTime.of(17, 0));
        // Monday 11:00 in Berlin: six hours are left, two more on Tuesday.
        assertThat(Instant.ofEpochMilli(office.after(START, 8 * HOUR))).hasToString("2026-11-24T10:00:00Z");
        // Tuesday's end belongs to Tuesday; what begins on a day off begins on Friday.
        assertThat(Instant.ofEpochMilli(office.after(START, 14 * HOUR))).hasToString("2026-11-24T16:00:00Z");
        assertThat(Instant.ofEpochMilli(office.after(START + 48 * HOUR, HOUR))).hasToString("2026-11-27T09:00:00Z");
        Case inTheOffice = new Case(new CaseConfig(office, Duration.ofDays(90).toMillis()));
        inTheOffice.now(START).judged(limited(8 * HOUR, 99 * HOUR)).now(START + 20 * HOUR);
        assertThat(inTheOffice.standing().status()).isEqualTo(Alert.Status.OPEN);
        inTheOffice.now(START + 24 * HOUR);
        assertThat(inTheOffice.standing().status()).isEqualTo(Alert.Status.ESCALATED);
    }

    @Test
    void evidenceAfterAPersonResolvedItOpensItAgain() {
        aCase.now(START).judged(alert(1)).acted(resolve("x1", 60));
        aCase.judged(alert(2, START + 90 * MINUTE));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.OPEN);
        assertThat(aCase.standing().life().history()).last().satisfies(transition -> assertThat(transition.because())
                .contains("touchpoint t1 came after it was resolved"));
    }

    @Test
    void aTouchpointThatResolvesAllEndsAlsoWhatFurtherEvidenceHadOpenedAgain() {
        Alert resolved =
                alert(2, START + 90 * MINUTE).lived(Alert.Status.RESOLVED, START + 120 * MINUTE, 2, Alert.Life.NONE);
        aCase.now(START).judged(resolved).acted(resolve("x1", 60));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.RESOLVED);
        assertThat(aCase.standing().resolvedAt()).isEqualTo(START + 120 * MINUTE);
        assertThat(aCase.standing().life().dueAt()).isNull();
        assertThat(aCase.standing().life().history())
                .extracting(Alert.Transition::what)
                .containsExactly("opened", "resolved", "reopened", "resolved");

        aCase.acted(reopen("x2", 180));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.OPEN);
        assertThat(aCase.standing().life().reopened()).isEqualTo(2);
    }

    @Test
    void whatATouchpointResolvedAndFurtherEvidenceOpenedAgainHasItsLimitsAnew() {
        Alert again = turned(alert(2, START + 300 * MINUTE), START + 30 * MINUTE, START + 300 * MINUTE);
        aCase.now(START).judged(again).acted(acknowledge("x1", 10)).now(START + 310 * MINUTE);
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.OPEN);
        assertThat(aCase.standing().life().reopened()).isEqualTo(1);
        assertThat(aCase.standing().life().escalations()).isZero();
        assertThat(aCase.standing().life().dueAt()).isEqualTo(START + 500 * MINUTE);
        assertThat(aCase.standing().life().history())
                .extracting(Alert.Transition::at, Alert.Transition::what)
                .containsExactly(
                        tuple(START, "opened"),
                        tuple(START + 10 * MINUTE, "acknowledged"),
                        tuple(START + 30 * MINUTE, "resolved"),
                        tuple(START + 300 * MINUTE, "reopened"));
        aCase.acted(acknowledge("x2", 60));
        assertThat(aCase.answers()).last().satisfies(answer -> assertThat(answer.because())
                .isEqualTo("it is resolved already"));
    }

    @Test
    void furtherEvidenceOpensAgainWhatAPersonOpenedAndResolvedOnceMore() {
        Alert again = turned(alert(2, START + 300 * MINUTE), START + 30 * MINUTE, START + 300 * MINUTE);
        aCase.now(START)
                .judged(again.lived(Alert.Status.RESOLVED, START + 400 * MINUTE, 2, again.life()))
                .acted(reopen("x1", 40))
                .acted(resolve("x2", 50))
                .now(START + 500 * MINUTE);
        assertThat(aCase.standing().life().history())
                .extracting(Alert.Transition::what)
                .containsExactly("opened", "resolved", "reopened", "resolved", "reopened", "resolved");
        assertThat(aCase.standing().resolvedAt()).isEqualTo(START + 400 * MINUTE);
        assertThat(aCase.standing().life().reopened()).isEqualTo(2);
    }

    /** Sources that tell time by the second say much at the same millisecond. */
    @Test
    void evidenceOfTheMillisecondInWhichATouchpointResolvedAllOpensNothingAgain() {
        Alert resolved =
                alert(2, START + 90 * MINUTE).lived(Alert.Status.RESOLVED, START + 90 * MINUTE, 2, Alert.Life.NONE);
        aCase.now(START).judged(resolved).acted(resolve("x1", 60)).now(START + 500 * MINUTE);
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.RESOLVED);
        assertThat(aCase.standing().life().escalations()).isZero();
    }

    @Test
    void whoeverIsAssignedAcknowledgesAnewWhatIsOpenedAgain() {
        aCase.now(START)
                .judged(limited(HOUR, 9 * HOUR))
                .acted(assign("x1", 1, "grace"))
                .acted(resolve("x2", 2))
                .acted(reopen("x3", 30));
        assertThat(aCase.standing().life().dueAt()).isEqualTo(START + 90 * MINUTE);
        aCase.acted(acknowledge("x4", 40)).now(START + 2 * HOUR);
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.ACKNOWLEDGED);
        assertThat(aCase.standing().life().assignee()).isEqualTo("grace");
        assertThat(aCase.standing().life().escalations()).isZero();
    }

    @Test
    void aRetractionEndsItAndRefusesWhatComesAfter() {
        aCase.now(START).judged(alert(1)).acted(acknowledge("x1", 1));
        aCase.judged(alert(1).retracted("touchpoint t0 is no longer this customer's", 2));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.RETRACTED);
        aCase.acted(resolve("x2", 2));
        assertThat(aCase.answers()).last().satisfies(answer -> {
            assertThat(answer.actionId()).isEqualTo("x2");
            assertThat(answer.because()).startsWith("the alert was retracted: touchpoint t0");
        });
        assertThat(aCase.answers())
                .filteredOn(answer -> answer.actionId().equals("x1"))
                .extracting(CaseOutput.Answer::taken)
                .containsExactly(true);
    }

    @Test
    void aCommandThatComesAfterTheRetractionStandsAsRefusedAndRaisesNoVersion() {
        aCase.now(START).judged(alert(1)).acted(assign("x1", 1, "grace"));
        aCase.judged(alert(1).retracted("rule complaint is no longer configured", 2));
        aCase.acted(resolve("x2", 2)).acted(acknowledge("x3", 3));
        assertThat(aCase.standing().life().version()).isEqualTo(2);
        assertThat(aCase.standing().life().assignee()).isEqualTo("grace");
        assertThat(aCase.standing().life().history())
                .extracting(Alert.Transition::what, Alert.Transition::because)
                .containsExactly(
                        tuple("opened", "Complaint"),
                        tuple("assigned to grace", "on it"),
                        tuple("refused", "the alert was retracted: rule complaint is no longer configured"),
                        tuple("refused", "the alert was retracted: rule complaint is no longer configured"),
                        tuple("retracted", "rule complaint is no longer configured"));
    }

    @Test
    void whatWasRefusedOnTrialIsNotDoneByTheRetraction() {
        Alert onTrial = alert(1).lived(Alert.Status.SHADOW, null, 1, Alert.Life.NONE);
        aCase.now(START).judged(onTrial).acted(acknowledge("x1", 1));
        aCase.judged(onTrial.retracted("rule complaint is no longer configured", 2));
        assertThat(aCase.standing().life().version()).isEqualTo(1);
        assertThat(aCase.standing().life().history())
                .extracting(Alert.Transition::what)
                .containsExactly("opened", "refused", "retracted");
    }

    /** It stood as resolved by a touchpoint, which is not known of it any more. */
    @Test
    void whatWasTakenBeforeTheRetractionStaysTaken() {
        Alert resolved = alert(1).lived(Alert.Status.RESOLVED, START + 5 * MINUTE, 2, Alert.Life.NONE);
        aCase.now(START).judged(resolved).acted(reopen("x1", 6));
        aCase.judged(alert(1).retracted("touchpoint t0 is no longer this customer's", 3));
        assertThat(aCase.answers()).extracting(CaseOutput.Answer::taken).containsExactly(true);
        assertThat(aCase.standing().life().version()).isEqualTo(2);
    }

    /** As the rules of metrics say it. */
    @Test
    void aFigureThatComesBackOpensAgainWhatAPersonHadResolved() {
        aCase.now(START).judged(limited(30 * MINUTE, 9 * HOUR)).acted(resolve("x1", 5));
        Alert over = limited(30 * MINUTE, 9 * HOUR);
        aCase.judged(over.lived(Alert.Status.RESOLVED, START + 10 * MINUTE, 2, Alert.Life.NONE));
        aCase.judged(turned(over.revised(3), START + 10 * MINUTE, START + 50 * MINUTE));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.OPEN);
        assertThat(aCase.standing().life().reopened()).isEqualTo(1);
        assertThat(aCase.standing().life().escalations()).isZero();
        assertThat(aCase.standing().life().dueAt()).isEqualTo(START + 80 * MINUTE);
    }

    /** What resolved it is not known any more, so its limits would pass although somebody had seen to it. */
    @Test
    void whatIsRetractedIsNotEscalated() {
        Alert alert = limited(5 * MINUTE, HOUR);
        aCase.now(START).judged(alert);
        aCase.judged(alert.lived(Alert.Status.RESOLVED, START + 2 * MINUTE, 2, Alert.Life.NONE));
        aCase.now(START + 2 * HOUR).judged(alert.retracted("touchpoint t0 is no longer this customer's", 3));
        aCase.acted(acknowledge("x1", 90));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.RETRACTED);
        assertThat(aCase.standing().life().escalations()).isZero();
        assertThat(aCase.standing().life().history())
                .extracting(Alert.Transition::what)
                .doesNotContain("escalated");
    }

    @Test
    void anOlderWordOfAnotherCustomerDoesNotWin() {
        aCase.now(START).judged(alert(5));
        aCase.judged(alert(1).retracted("it moved away", 4));
        assertThat(aCase.standing().status()).isEqualTo(Alert.Status.OPEN);
    }

    @Test
    void revisionsGrow() {
        aCase.now(START)
                .judged(alert(1))
                .acted(acknowledge("x1", 1))
                .judged(alert(2, START + 3))
                .acted(resolve("x2", 2));
        List<Long> revisions = aCase.published().stream().map(Alert::revision).toList();
        assertThat(revisions).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void isForgottenWhenItCanNoLongerBeActedOn() {
        aCase.now(START).judged(alert(1)).now(START + Duration.ofDays(91).toMillis());
        assertThat(aCase.state).isNull();
    }

    /** Whatever order judgements and actions come in, and however event time goes on between them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void endsTheSameInAnyOrder(long seed) {
        Random random = new Random(seed);
        List<CaseInput> inputs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            long minute = random.nextInt(400);
            Action action =
                    switch (random.nextInt(6)) {
                        case 0 -> acknowledge("x" + i, minute);
                        case 1 -> assign("x" + i, minute, "p" + i);
                        case 2, 3 -> resolve("x" + i, minute);
                        case 4 -> reopen("x" + i, minute);
                        default -> action("x" + i, Action.Verb.SILENCE, minute, null, null, START + 900 * MINUTE);
                    };
            inputs.add(new CaseInput.Acted(
                    "a-1", random.nextInt(3) == 0 ? expecting(action, 1 + random.nextInt(4)) : action));
        }
        long[] times = new long[0];
        for (int revision = 1; revision <= 4; revision++) {
            times = Arrays.copyOf(times, times.length + 1);
            times[times.length - 1] = START + random.nextInt(500) * MINUTE;
            Alert alert = alert(revision, times);
            inputs.add(new CaseInput.Judged(
                    revision % 2 == 0 && random.nextBoolean()
                            ? alert.lived(Alert.Status.RESOLVED, START + 520 * MINUTE, revision, Alert.Life.NONE)
                            : alert));
        }
        Alert expected = null;
        for (int order = 0; order < 10; order++) {
            Collections.shuffle(inputs, new Random(seed * 7 + order));
            Case other = new Case(CaseConfig.DEFAULTS);
            for (int i = 0; i < inputs.size(); i++) {
                if (order % 2 == 0) {
                    other.now(START + i * 50 * MINUTE);
                }
                other.take(inputs.get(i));
            }
            other.now(START + 1000 * MINUTE);
            Alert ended = other.standing().revised(0);
            expected = expected == null ? ended : expected;
            assertThat(ended).isEqualTo(expected);
        }
    }

    private static Alert alert(long revision, long... furtherEvidence) {
        List<Alert.Evidence> evidence = new ArrayList<>();
        evidence.add(new Alert.Evidence("t0", START, "email", "complaint", null));
        for (int i = 0; i < furtherEvidence.length; i++) {
            evidence.add(new Alert.Evidence("t" + (i + 1), furtherEvidence[i], "email", "complaint", null));
        }
        return limited(evidence, revision, 200 * MINUTE, 600 * MINUTE);
    }

    /** As its rule says it where a touchpoint resolved it and further evidence opened it again. */
    private static Alert turned(Alert alert, long resolved, long reopened) {
        return alert.lived(
                alert.status(),
                null,
                alert.revision(),
                new Alert.Life(
                        0,
                        null,
                        0,
                        0,
                        null,
                        null,
                        List.of(
                                new Alert.Transition(resolved, "resolved", "system", null, null),
                                new Alert.Transition(
                                        reopened,
                                        "reopened",
                                        "system",
                                        "touchpoint t1 came after it was resolved",
                                        null))));
    }

    private static Alert limited(long acknowledgeWithin, long resolveWithin) {
        return limited(
                List.of(new Alert.Evidence("t0", START, "email", "complaint", null)),
                1,
                acknowledgeWithin,
                resolveWithin);
    }

    private static Alert limited(List<Alert.Evidence> evidence, long revision, long acknowledge, long resolve) {
        return new Alert(
                "a-1",
                "complaint",
                1,
                "c-1",
                Alert.Status.OPEN,
                "error",
                START,
                null,
                "Complaint",
                null,
                evidence,
                "closure",
                revision,
                new Alert.Context(null, 2, START, null, null, null, null, acknowledge, resolve, null, null, null),
                Alert.Life.NONE);
    }

    private static Action acknowledge(String id, long minute) {
        return action(id, Action.Verb.ACKNOWLEDGE, minute, null, null, null);
    }

    private static Action assign(String id, long minute, String assignee) {
        return action(id, Action.Verb.ASSIGN, minute, null, assignee, null);
    }

    private static Action resolve(String id, long minute) {
        return action(id, Action.Verb.RESOLVE, minute, null, null, null);
    }

    @Test
    void whatAnAlertComesToShareWithOthersDoesNotChangeWhereItIsRememberedWhatWasToldOfIt() {
        Case grouped = new Case(
                CaseConfig.DEFAULTS,
                NotifyConfig.DEFAULTS.withGroupings(
                        List.of(new Grouping("store", Set.of(), "info", List.of(NotifyConfig.By.LOCATION), 1, 1))));
        grouped.now(START).judged(alert(1)).judged(at("store-7", 2)).acted(resolve("x1", 5));
        assertThat(grouped.published()).hasSize(3);
        assertThat(grouped.standing().context().location()).isEqualTo("store-7");
        assertThat(grouped.said.stream()
                        .filter(CaseOutput.Standing.class::isInstance)
                        .map(output -> ((CaseOutput.Standing) output).toldUnder()))
                .containsOnly("complaint");
    }

    @Test
    void whatIsReopenedIsToBeToldToWhoeverWasNeverTold() {
        aCase.now(START).judged(alert(1)).acted(resolve("x1", 5)).acted(reopen("x2", 6));
        assertThat(aCase.said.stream()
                        .filter(CaseOutput.Standing.class::isInstance)
                        .map(output -> ((CaseOutput.Standing) output).fresh()))
                .containsExactly(true, false, true);
    }

    private static Alert at(String location, long revision) {
        Alert alert = alert(revision);
        return new Alert(
                alert.alertId(),
                alert.ruleId(),
                alert.ruleVersion(),
                alert.customerId(),
                alert.status(),
                alert.severity(),
                alert.openedAt(),
                null,
                alert.reason(),
                null,
                alert.evidence(),
                alert.expectation(),
                revision,
                new Alert.Context(null, 0, null, null, null, null, null, null, null, null, location, null),
                Alert.Life.NONE);
    }

    private static Action reopen(String id, long minute) {
        return action(id, Action.Verb.REOPEN, minute, null, null, null);
    }

    private static Action expecting(Action action, int version) {
        return new Action(
                action.actionId(),
                action.verb(),
                action.alertId(),
                null,
                null,
                action.at(),
                action.by(),
                version,
                action.assignee(),
                action.because(),
                action.until());
    }

    private static Action action(
            String id, Action.Verb verb, long minute, Integer version, String assignee, Long until) {
        return new Action(
                id, verb, "a-1", null, null, START + minute * MINUTE, "ada", version, assignee, "on it", until);
    }

    /** Runs the rule of one alert the way a keyed operator does. */
    private static final class Case {
        private final AlertCases rule;
        private final List<CaseOutput> said = new ArrayList<>();
        private CaseState state;
        private long wakeAt = Step.NEVER;
        private long now = Long.MIN_VALUE;

        Case(CaseConfig config) {
            this(config, NotifyConfig.DEFAULTS);
        }

        Case(CaseConfig config, NotifyConfig notifications) {
            rule = new AlertCases(config, notifications);
        }

        Case now(long time) {
            now = time;
            while (wakeAt <= now) {
                apply(rule.wake(state, now));
            }
            return this;
        }

        Case judged(Alert alert) {
            return take(new CaseInput.Judged(alert));
        }

        Case acted(Action action) {
            return take(new CaseInput.Acted("a-1", action));
        }

        Case take(CaseInput input) {
            apply(rule.on(state, input, now));
            return this;
        }

        private void apply(Step<CaseState, CaseOutput> step) {
            state = step.state();
            wakeAt = step.wakeAt();
            said.addAll(step.out());
        }

        Alert standing() {
            List<Alert> published = published();
            return published.get(published.size() - 1);
        }

        List<Alert> published() {
            return said.stream()
                    .filter(CaseOutput.Standing.class::isInstance)
                    .map(output -> ((CaseOutput.Standing) output).alert())
                    .toList();
        }

        /** The last answer to each command, in the order of first answers. */
        List<CaseOutput.Answer> answers() {
            TreeMap<String, CaseOutput.Answer> last = new TreeMap<>();
            List<String> order = new ArrayList<>();
            for (CaseOutput output : said) {
                if (output instanceof CaseOutput.Answer answer && last.put(answer.actionId(), answer) == null) {
                    order.add(answer.actionId());
                }
            }
            return order.stream().map(last::get).toList();
        }
    }
}
