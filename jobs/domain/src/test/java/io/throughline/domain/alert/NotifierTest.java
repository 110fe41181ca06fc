package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NotifierTest {
    private static final long START = Instant.parse("2026-11-23T10:00:00Z").toEpochMilli();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Office office = new Office();

    @Test
    void anAlertIsToldWhenItOpensAndWhateverBecomesOfIt() {
        office.sees(alert("a", Alert.Status.OPEN, 1));
        office.sees(alert("a", Alert.Status.OPEN, 2));
        office.sees(alert("a", Alert.Status.ACKNOWLEDGED, 3));
        office.sees(alert("a", Alert.Status.RESOLVED, 4));
        office.sees(alert("a", Alert.Status.RESOLVED, 5));
        assertThat(office.told()).extracting(Notification::event).containsExactly("opened", "acknowledged", "resolved");
        assertThat(office.told())
                .allSatisfy(told -> assertThat(told.alert().alertId()).isEqualTo("a"));
    }

    @Test
    void whoeverElseIsToTakeCareOfAnAlertIsTold() {
        Alert alert = at("a", START);
        Alert toGrace = alert.lived(Alert.Status.ASSIGNED, null, 2, assigned("grace"));
        office.sees(alert);
        office.sees(toGrace);
        office.sees(toGrace.lived(Alert.Status.ASSIGNED, null, 3, toGrace.life()));
        office.sees(alert.lived(Alert.Status.ASSIGNED, null, 4, assigned("grace", "alan")));
        assertThat(office.told()).extracting(Notification::event).containsExactly("opened", "assigned", "assigned");
        assertThat(office.told()).extracting(Notification::notificationId).doesNotHaveDuplicates();
    }

    /** Whatever the time: who assigns may have a clock that is behind. */
    @Test
    void whoeverHasItInTheEndIsToldOnceHoweverItCameToThat() {
        Alert alert = at("a", START);
        office.sees(alert);
        office.sees(alert.lived(Alert.Status.ASSIGNED, null, 2, assigned(START, "grace")));
        office.sees(alert.lived(Alert.Status.ASSIGNED, null, 3, assigned(START, "grace", "alan")));
        office.sees(alert.lived(Alert.Status.ASSIGNED, null, 4, assigned(START, "grace")));
        office.sees(alert.lived(Alert.Status.ASSIGNED, null, 5, assigned(START + 9, "grace")));
        assertThat(office.told())
                .extracting(told -> told.event() + " " + told.alert().life().assignee())
                .containsExactly("opened null", "assigned grace", "assigned alan", "assigned grace");
    }

    @Test
    void aDigestOfOneCustomersIsNotSilencedByTheSilenceOfAnotherWhomItsLastTurnsOutToBeOf() {
        Office storm = new Office(new NotifyConfig(
                60 * MINUTE, 1, 10 * MINUTE, 5 * MINUTE, List.of(NotifyConfig.By.CUSTOMER), List.of()));
        storm.silences(silence("s1", Action.Verb.SILENCE, START - 1, START + 60 * MINUTE, "c-2"));
        storm.sees(at("told", START));
        storm.sees(at("waits", START + 1));
        storm.sees(at("moves", START + 2));
        storm.sees(alert("moves", "storm", "c-2", null, START + 2), false, START + 3);
        storm.advanceTo(START + 10 * MINUTE);
        assertThat(storm.told())
                .extracting(told -> told.alert().alertId() + " " + told.count())
                .containsExactly("told 1", "waits 1");
    }

    private static Alert.Life assigned(long at, String... one) {
        List<Alert.Transition> history = new ArrayList<>();
        for (String name : one) {
            history.add(new Alert.Transition(at, "assigned to " + name, "ada", null, null));
        }
        return new Alert.Life(1 + one.length, one[one.length - 1], 0, 0, null, null, history);
    }

    private static Alert.Life assigned(String... one) {
        List<Alert.Transition> history = new ArrayList<>();
        for (String name : one) {
            history.add(new Alert.Transition(START + history.size() + 1, "assigned to " + name, "ada", null, null));
        }
        return new Alert.Life(1 + one.length, one[one.length - 1], 0, 0, null, null, history);
    }

    @Test
    void theSameIsToldUnderTheSameId() {
        Office again = new Office();
        office.sees(alert("a", Alert.Status.OPEN, 1));
        again.sees(alert("a", Alert.Status.OPEN, 1));
        assertThat(again.told().get(0).notificationId())
                .isEqualTo(office.told().get(0).notificationId());
    }

    @Test
    void nobodyIsToldOfThePastNorOfWhatIsOnTrialInhibitedOrOver() {
        office.sees(alert("old", Alert.Status.OPEN, 1), START + 61 * MINUTE);
        office.sees(alert("trial", Alert.Status.SHADOW, 1));
        office.sees(alert("inhibited", Alert.Status.OPEN, 1).inhibitedBy("a-other"));
        office.sees(alert("over", Alert.Status.RESOLVED, 1));
        office.sees(alert("gone", Alert.Status.RETRACTED, 1));
        assertThat(office.told()).isEmpty();
    }

    @Test
    void aStormOnOneChannelLeavesTheAlertsOfAnotherToldOneByOne() {
        Office byChannel = new Office(
                new NotifyConfig(60 * MINUTE, 2, 10 * MINUTE, 5 * MINUTE, List.of(NotifyConfig.By.CHANNEL), List.of()));
        for (int i = 0; i < 5; i++) {
            byChannel.sees(on("call", "call-" + i));
        }
        byChannel.sees(on("web", "web-0"));
        assertThat(byChannel.told())
                .extracting(told -> told.alert().alertId())
                .containsExactly("call-0", "call-1", "web-0");
        byChannel.advanceTo(START + 5 * MINUTE);
        assertThat(byChannel.told()).last().satisfies(told -> {
            assertThat(told.count()).isEqualTo(3);
            assertThat(told.reason()).startsWith("3 more alerts of channel call, the last:");
        });
    }

    @Test
    void aSilencedRuleSaysNothingUntilTheSilenceEndsOrIsTakenBack() {
        office.silences(silence("s1", Action.Verb.SILENCE, START - 1, START + 10 * MINUTE, null));
        office.sees(at("quiet", START + MINUTE));
        assertThat(office.told()).isEmpty();
        office.sees(at("loud", START + 11 * MINUTE));
        assertThat(office.told()).hasSize(1);
        office.silences(silence("s2", Action.Verb.SILENCE, START + 20 * MINUTE, START + 90 * MINUTE, "c-1"));
        office.sees(at("quiet2", START + 21 * MINUTE));
        assertThat(office.told()).hasSize(1);
        office.silences(silence("s3", Action.Verb.UNSILENCE, START + 30 * MINUTE, null, "c-1"));
        office.sees(at("loud2", START + 31 * MINUTE));
        assertThat(office.told()).hasSize(2);
    }

    /**
     * A hundred thousand touchpoints of as many customers, each enough for an alert, within an hour: every one of them is an
     * alert, and people are told 20 x 7 times of one and 13 times of many at most.
     */
    @Test
    void aStormIsToldInABoundedNumberOfNotifications() {
        AlertConfig config = AlertConfig.DEFAULTS.withRules(
                List.of(AlertRule.once("storm", "Storm", "error", "closure", Match.anyOf("complaint"), 0)));
        AlertRuleSet rules = new AlertRuleSet(config);
        AlertCases cases = new AlertCases(config.cases(), config.notifications());
        Random random = new Random(1);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            times.add(START + random.nextInt((int) (60 * MINUTE)));
        }
        times.sort(null);
        long alerts = 0;
        for (int i = 0; i < times.size(); i++) {
            long time = times.get(i);
            office.advanceTo(time);
            var touchpoint = Touchpoint.of("t" + i, time, "email", "complaint").build();
            var attribution = new Attribution("c" + i, touchpoint, 1, 1);
            for (Alert alert : rules.on(null, attribution, time).out()) {
                for (CaseOutput output :
                        cases.on(null, new CaseInput.Judged(alert), time).out()) {
                    alerts++;
                    CaseOutput.Standing standing = (CaseOutput.Standing) output;
                    assertThat(standing.fresh()).isTrue();
                    office.sees(standing.alert(), standing.fresh(), time);
                }
            }
        }
        office.advanceTo(START + 120 * MINUTE);
        assertThat(alerts).isEqualTo(100_000);
        Map<String, Long> byWhat = new TreeMap<>();
        office.told()
                .forEach(told -> byWhat.merge(told.event() + (told.count() > 1 ? " together" : ""), 1L, Long::sum));
        assertThat(byWhat.get("opened")).isLessThanOrEqualTo(20 * 7);
        assertThat(byWhat.get("opened together")).isLessThanOrEqualTo(13);
        assertThat(office.told().stream().mapToLong(Notification::count).sum())
                .as("every alert is told of, one by one or together")
                .isEqualTo(100_000);
    }

    @Test
    void ofAlertsToldTogetherPeopleHearOnOfTheLastAlone() {
        for (int i = 0; i < 30; i++) {
            office.sees(at("a" + i, START + i));
        }
        office.advanceTo(START + 10 * MINUTE);
        int before = office.told().size();
        assertThat(before).isEqualTo(21);
        for (int i = 0; i < 30; i++) {
            office.sees(alert("a" + i, Alert.Status.RESOLVED, 9));
        }
        assertThat(office.told()).hasSize(before + 21);
    }

    @Test
    void whoWasToldHowAnAlertBeganIsToldHowItEndsHoweverLate() {
        for (Alert.Status over : List.of(Alert.Status.RETRACTED, Alert.Status.RESOLVED)) {
            for (List<Grouping> groupings : List.of(List.<Grouping>of(), List.of(BY_STORE))) {
                Office other = new Office(NotifyConfig.DEFAULTS.withGroupings(groupings));
                Alert alert = alert("a", "complaint", "c-1", "store-7", START);
                other.sees(alert);
                other.advanceTo(START + MINUTE);
                // A retraction bears the time at which what was no cause had opened.
                other.sees(lived(alert, over, START), START + 180 * MINUTE);
                other.advanceTo(START + 180 * MINUTE);
                assertThat(other.told())
                        .as("%s, %s", over, groupings)
                        .extracting(Notification::event)
                        .containsExactly("opened", word(over));
            }
        }
    }

    @Test
    void whoDidNotHearThatAnAlertCameBackDoesNotHearAgainThatItIsOver() {
        for (List<Grouping> groupings : List.of(List.<Grouping>of(), List.of(BY_STORE))) {
            Office other = new Office(NotifyConfig.DEFAULTS.withGroupings(groupings));
            Alert alert = alert("a", "storm", "c-1", "store-7", START);
            other.sees(alert);
            other.advanceTo(START + MINUTE);
            other.sees(turned(alert, Alert.Status.RESOLVED, 0, START + 2 * MINUTE));
            other.advanceTo(START + 10 * MINUTE);
            other.silences(silence("s1", Action.Verb.SILENCE, START + 11 * MINUTE, START + 60 * MINUTE, null));
            other.sees(turned(alert, Alert.Status.OPEN, 1, START + 12 * MINUTE), START + 12 * MINUTE);
            other.advanceTo(START + 20 * MINUTE);
            other.sees(turned(alert, Alert.Status.RESOLVED, 1, START + 21 * MINUTE), START + 21 * MINUTE);
            other.advanceTo(START + 61 * MINUTE);
            assertThat(other.told())
                    .as("in the silence, %s", groupings)
                    .extracting(Notification::event)
                    .containsExactly("opened", "resolved");

            other.sees(turned(alert, Alert.Status.OPEN, 2, START + 62 * MINUTE), START + 62 * MINUTE);
            other.advanceTo(START + 70 * MINUTE);
            other.sees(turned(alert, Alert.Status.RESOLVED, 2, START + 71 * MINUTE), START + 71 * MINUTE);
            other.advanceTo(START + 80 * MINUTE);
            assertThat(other.told())
                    .as("after it, %s", groupings)
                    .extracting(Notification::event)
                    .containsExactly("opened", "resolved", "reopened", "resolved");
        }
    }

    @Test
    void aGroupOfWhichOneCameBackUnheardIsToldToBeOverWhenItsLastIs() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        Alert quiet = alert("quiet", "storm", "c-1", "store-7", START);
        Alert loud = alert("loud", "complaint", "c-1", "store-7", START);
        grouped.sees(quiet);
        grouped.sees(loud);
        grouped.advanceTo(START + MINUTE);
        grouped.sees(turned(quiet, Alert.Status.RESOLVED, 0, START + 2 * MINUTE));
        grouped.sees(turned(loud, Alert.Status.RESOLVED, 0, START + 2 * MINUTE));
        grouped.advanceTo(START + 10 * MINUTE);
        grouped.silences(silence("s1", Action.Verb.SILENCE, START + 11 * MINUTE, START + 60 * MINUTE, null));
        grouped.sees(turned(quiet, Alert.Status.OPEN, 1, START + 12 * MINUTE), START + 12 * MINUTE);
        grouped.sees(turned(loud, Alert.Status.OPEN, 1, START + 13 * MINUTE), START + 13 * MINUTE);
        grouped.advanceTo(START + 20 * MINUTE);
        grouped.sees(turned(loud, Alert.Status.RESOLVED, 1, START + 21 * MINUTE), START + 21 * MINUTE);
        grouped.advanceTo(START + 30 * MINUTE);
        grouped.sees(turned(quiet, Alert.Status.RESOLVED, 1, START + 31 * MINUTE), START + 31 * MINUTE);
        grouped.advanceTo(START + 40 * MINUTE);
        assertThat(grouped.told())
                .extracting(told -> told.event() + " " + told.group().standing())
                .containsExactly("opened 2", "resolved 0", "reopened 2", "resolved 0");
    }

    /** Resolved, or open again, for the so manieth time. */
    private static Alert turned(Alert alert, Alert.Status status, int reopened, long at) {
        boolean over = status == Alert.Status.RESOLVED;
        return alert.lived(
                status,
                over ? at : null,
                2 + 2 * reopened + (over ? 1 : 0),
                new Alert.Life(
                        1,
                        null,
                        0,
                        reopened,
                        null,
                        null,
                        List.of(new Alert.Transition(at, over ? "resolved" : "reopened", "system", null, null))));
    }

    @Test
    void anAlertIsToldOfAsLongAsThereIsNewsOfIt() {
        long day = Duration.ofDays(1).toMillis();
        Alert alert = alert("a", "storm", "c-1", null, START);
        office.sees(alert);
        office.sees(lived(alert, Alert.Status.ACKNOWLEDGED, START + 6 * day), START + 6 * day);
        office.sees(at("another", START + 8 * day));
        office.sees(lived(alert, Alert.Status.RESOLVED, START + 9 * day), START + 9 * day);
        assertThat(office.told())
                .extracting(told -> told.alert().alertId() + " " + told.event())
                .containsExactly("a opened", "a acknowledged", "another opened", "a resolved");
    }

    private static Office inAStorm() {
        Office storm = new Office(new NotifyConfig(60 * MINUTE, 1, 10 * MINUTE, 5 * MINUTE, List.of(), List.of()));
        storm.sees(at("told", START));
        return storm;
    }

    @Test
    void whatIsOverBeforeItsDigestIsNotTold() {
        Office storm = inAStorm();
        Alert alert = at("over", START + 1);
        storm.sees(alert);
        storm.sees(lived(alert, Alert.Status.RETRACTED, START + 1));
        storm.advanceTo(START + 10 * MINUTE);
        assertThat(storm.told()).hasSize(1);
    }

    @Test
    void aDigestIsToldAsTheLastOfWhichThereIsSomethingToTell() {
        Office storm = inAStorm();
        for (String id : List.of("earlier", "stands", "silenced", "inhibited")) {
            storm.sees(at(id, START + 1));
        }
        storm.sees(quiet(at("silenced", START + 1)));
        storm.sees(at("inhibited", START + 1).inhibitedBy("a-other"));
        storm.advanceTo(START + 10 * MINUTE);
        assertThat(storm.told())
                .extracting(told -> told.alert().alertId() + " " + told.event() + " " + told.count())
                .containsExactly("told opened 1", "stands opened 2");
    }

    private static Alert quiet(Alert alert) {
        return alert.lived(
                Alert.Status.OPEN, null, 2, new Alert.Life(2, null, 0, 0, START + 60 * MINUTE, null, List.of()));
    }

    @Test
    void aDigestWhoseLastAlertsAreOverIsToldToBeOverAtOnce() {
        Office storm = inAStorm();
        storm.sees(at("stands", START + 1));
        for (String id : List.of("ended", "over", "silenced")) {
            storm.sees(at(id, START + 2));
        }
        storm.sees(quiet(at("silenced", START + 2)));
        for (String id : List.of("ended", "over")) {
            storm.sees(lived(at(id, START + 2), Alert.Status.RESOLVED, START + 3));
        }
        storm.advanceTo(START + 10 * MINUTE);
        assertThat(storm.told())
                .extracting(told -> told.alert().alertId() + " " + told.event() + " " + told.count())
                .containsExactly("told opened 1", "over opened 1", "over resolved 1");
    }

    @Test
    void whatIsEscalatedWhileItWaitsForItsDigestIsToldOnce() {
        Office storm = inAStorm();
        Alert alert = at("late", START + 9 * MINUTE);
        storm.sees(alert);
        Alert.Life late = new Alert.Life(
                1,
                null,
                1,
                0,
                null,
                null,
                List.of(new Alert.Transition(START + 11 * MINUTE, "escalated", "system", null, null)));
        storm.sees(alert.lived(Alert.Status.ESCALATED, null, 2, late), true, START + 11 * MINUTE);
        storm.advanceTo(START + 30 * MINUTE);
        assertThat(storm.told())
                .extracting(told -> told.alert().alertId() + " " + told.event())
                .containsExactly("told opened", "late escalated");
    }

    @Test
    void whoSilencesARuleInAStormHearsNoDigestOfIt() {
        Office storm = inAStorm();
        storm.sees(at("waits", START + 1));
        storm.silences(silence("s1", Action.Verb.SILENCE, START + MINUTE, START + 60 * MINUTE, null));
        storm.advanceTo(START + 10 * MINUTE);
        assertThat(storm.told()).hasSize(1);
    }

    @Test
    void whoSilencesARuleHearsNothingOfItInADigestOfGroups() {
        for (boolean others : List.of(false, true)) {
            Office grouped =
                    new Office(new NotifyConfig(60 * MINUTE, 1, 10 * MINUTE, 5 * MINUTE, List.of(), List.of(BY_STORE)));
            grouped.sees(alert("told", "complaint", "c-1", "store-1", START));
            if (others) {
                grouped.sees(alert("loud-1", "complaint", "c-1", "store-2", START + 1));
                grouped.sees(alert("loud-2", "complaint", "c-1", "store-3", START + 1));
            }
            for (int i = 0; i < 9; i++) {
                grouped.sees(alert("quiet-" + i, "storm", "c-1", "quiet-" + i, START + 2));
            }
            grouped.silences(silence("s1", Action.Verb.SILENCE, START + MINUTE, START + 60 * MINUTE, null));
            grouped.advanceTo(START + 10 * MINUTE);
            List<String> told = new ArrayList<>(List.of("told 1"));
            if (others) {
                told.add("loud-2 2");
            }
            assertThat(grouped.told())
                    .extracting(each -> each.alert().alertId() + " " + each.count())
                    .containsExactlyInAnyOrderElementsOf(told);
        }
    }

    @Test
    void whoSilencesARuleBeforeAGroupIsToldHearsNothingOfItsAlerts() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        grouped.sees(alert("quiet", "storm", "c-1", "store-7", START));
        grouped.sees(alert("loud", "complaint", "c-1", "store-7", START));
        grouped.silences(silence("s1", Action.Verb.SILENCE, START + 1, START + 10 * MINUTE, null));
        grouped.advanceTo(START + MINUTE);
        assertThat(grouped.told()).singleElement().satisfies(told -> {
            assertThat(told.alert().alertId()).isEqualTo("loud");
            assertThat(told.count()).isEqualTo(1);
        });
    }

    @Test
    void whoSilencesACustomerBeforeAGroupIsToldHearsNothingOfAlertsThatTurnOutToBeTheirs() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        grouped.sees(alert("moves", "storm", "c-1", "store-7", START));
        grouped.sees(alert("moves", "storm", "c-2", "store-7", START), false, START + 1);
        grouped.silences(silence("s1", Action.Verb.SILENCE, START + 2, START + 10 * MINUTE, "c-2"));
        grouped.advanceTo(START + MINUTE);
        assertThat(grouped.told()).isEmpty();
    }

    @Test
    void whatComesToBeKnownInASilenceIsNotToldAlthoughItOpenedBefore() {
        Alert alert = at("a", START);
        office.sees(alert.inhibitedBy("a-other"));
        office.silences(silence("s1", Action.Verb.SILENCE, START + MINUTE, START + 10 * MINUTE, null));
        office.advanceTo(START + 2 * MINUTE);
        office.sees(alert, true, START + 2 * MINUTE);
        assertThat(office.told()).isEmpty();
    }

    @Test
    void aSilenceOfACustomerLeavesThatOfTheRuleAsItIs() {
        office.silences(silence("s1", Action.Verb.SILENCE, START, START + 60 * MINUTE, null));
        office.silences(silence("s2", Action.Verb.SILENCE, START + 1, START + 2, "c-1"));
        office.silences(silence("s3", Action.Verb.UNSILENCE, START + 3, null, "c-1"));
        office.sees(at("quiet", START + MINUTE));
        office.silences(silence("s4", Action.Verb.SILENCE, START + 2 * MINUTE, START + 90 * MINUTE, "c-1"));
        office.silences(silence("s5", Action.Verb.UNSILENCE, START + 3 * MINUTE, null, null));
        office.sees(at("of its customer", START + 4 * MINUTE));
        assertThat(office.told()).isEmpty();
    }

    @Test
    void aLongSilenceThatWasMadeAShortOneStaysShortAndIsForgotten() {
        office.silences(silence("s1", Action.Verb.SILENCE, START, START + 30 * DAY, null));
        office.silences(silence("s2", Action.Verb.SILENCE, START + 1, START + 60 * MINUTE, null));
        office.silences(silence("s3", Action.Verb.SILENCE, START, START + 30 * DAY, "c-1"));
        office.silences(silence("s4", Action.Verb.UNSILENCE, START + 1, null, "c-1"));
        for (int day = 1; day < 20; day++) {
            office.advanceTo(START + day * DAY);
            office.sees(at("day-" + day, START + day * DAY));
        }
        assertThat(office.told()).hasSize(19);
        assertThat(office.state.silences()).isEmpty();
    }

    @Test
    void aLongSilenceIsNotForgotten() {
        office.silences(silence("s1", Action.Verb.SILENCE, START, START + 30 * DAY, "c-1"));
        for (int day = 1; day < 29; day++) {
            office.sees(alert("other-" + day, "storm", "c-2", null, START + day * DAY));
            office.sees(at("day-" + day, START + day * DAY));
        }
        assertThat(office.told())
                .hasSize(28)
                .allSatisfy(told -> assertThat(told.alert().customerId()).isEqualTo("c-2"));
    }

    @Test
    void whatWaitsIsFollowedWhoeverTheCustomerTurnsOutToBe() {
        Office storm = new Office(new NotifyConfig(
                60 * MINUTE, 1, 10 * MINUTE, 5 * MINUTE, List.of(NotifyConfig.By.CUSTOMER), List.of()));
        storm.sees(at("told", START));
        storm.sees(at("waits", START + 1));
        storm.sees(alert("waits", "storm", "c-2", null, START + 1)
                .lived(Alert.Status.RESOLVED, START + 2, 2, Alert.Life.NONE));
        storm.advanceTo(START + 10 * MINUTE);
        assertThat(storm.told()).extracting(told -> told.alert().alertId()).containsExactly("told");
    }

    private static final Grouping BY_STORE =
            new Grouping("store", Set.of(), "info", List.of(NotifyConfig.By.LOCATION), MINUTE / 2, 5 * MINUTE);
    private static final Grouping BY_CUSTOMER =
            new Grouping("customer", Set.of(), "info", List.of(NotifyConfig.By.CUSTOMER), MINUTE / 2, 5 * MINUTE);

    @Test
    void fortyCustomersAtOneStoreAreOneNotificationThatListsThem() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        for (int i = 0; i < 40; i++) {
            grouped.sees(alert("a-" + i, i % 2 == 0 ? "complaint" : "long-wait", "c-" + i, "store-7", START + i));
        }
        assertThat(grouped.told()).isEmpty();
        grouped.advanceTo(START + MINUTE / 2);
        assertThat(grouped.told()).singleElement().satisfies(told -> {
            assertThat(told.event()).isEqualTo("opened");
            assertThat(told.count()).isEqualTo(40);
            assertThat(told.reason()).isEqualTo("40 alerts of location store-7, standing: 20 complaint, 20 long-wait");
            assertThat(told.group().shared()).isEqualTo(Map.of("location", "store-7"));
            assertThat(told.group().listed())
                    .extracting(Notification.Listed::customerId)
                    .hasSize(40)
                    .contains("c-0", "c-39");
        });
    }

    @Test
    void fiveRulesOnOneCustomerAreOneNotificationAsGraveAsTheGravest() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE, BY_CUSTOMER)));
        for (String rule : List.of("complaint", "long-wait", "high-effort", "detractor", "no-reply")) {
            grouped.sees(alert("a-" + rule, rule, "c-1", null, START));
        }
        grouped.sees(alert("a-other", "complaint", "c-2", null, START));
        grouped.advanceTo(START + MINUTE / 2);
        assertThat(grouped.told()).hasSize(2);
        assertThat(grouped.told().get(0).group().name()).isEqualTo("customer");
        assertThat(grouped.told().get(0).group().severity()).isEqualTo("error");
        assertThat(grouped.told().get(0).alert().ruleId()).isEqualTo("complaint");
        assertThat(grouped.told().get(1).count()).isEqualTo(1);
        assertThat(grouped.told().get(1).reason()).isEqualTo("Storm");
    }

    @Test
    void aGroupIsToldAgainWhenItGrowsIsTakenCareOfAndEnds() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        Alert first = alert("a-1", "complaint", "c-1", "store-7", START);
        Alert second = alert("a-2", "complaint", "c-2", "store-7", START + MINUTE);
        grouped.sees(first);
        grouped.advanceTo(START + MINUTE);
        grouped.sees(second);
        grouped.advanceTo(START + 5 * MINUTE);
        assertThat(grouped.told()).as("the interval has not passed").hasSize(1);
        grouped.advanceTo(START + 6 * MINUTE);
        grouped.sees(lived(first, Alert.Status.ACKNOWLEDGED, START + 7 * MINUTE));
        grouped.advanceTo(START + 20 * MINUTE);
        assertThat(grouped.told()).as("one is still nobody's").hasSize(2);
        grouped.sees(lived(second, Alert.Status.ASSIGNED, START + 21 * MINUTE));
        grouped.advanceTo(START + 30 * MINUTE);
        grouped.sees(lived(first, Alert.Status.RESOLVED, START + 31 * MINUTE));
        grouped.advanceTo(START + 40 * MINUTE);
        assertThat(grouped.told()).as("one still stands").hasSize(3);
        grouped.sees(lived(second, Alert.Status.RESOLVED, START + 41 * MINUTE));
        grouped.advanceTo(START + 50 * MINUTE);
        assertThat(grouped.told())
                .extracting(Notification::event)
                .containsExactly("opened", "opened", "acknowledged", "resolved");
        assertThat(grouped.told()).extracting(Notification::notificationId).doesNotHaveDuplicates();
        assertThat(grouped.told().stream().map(told -> told.group().groupId()).distinct())
                .as("to receivers it is one thing from beginning to end")
                .hasSize(1);
        assertThat(grouped.told().get(1).group().listed())
                .extracting(Notification.Listed::news)
                .containsExactly(true, false);
        assertThat(grouped.told().get(3).group().standing()).isZero();

        grouped.sees(alert("a-3", "complaint", "c-3", "store-7", START + 60 * MINUTE));
        grouped.advanceTo(START + 70 * MINUTE);
        assertThat(grouped.told()).last().satisfies(told -> {
            assertThat(told.count()).isEqualTo(1);
            assertThat(told.group().groupId())
                    .isNotEqualTo(grouped.told().get(0).group().groupId());
        });
    }

    @Test
    void anEscalationInAGroupIsToldAsOne() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        Alert alert = alert("a-1", "complaint", "c-1", "store-7", START);
        grouped.sees(alert);
        grouped.advanceTo(START + MINUTE);
        Alert.Life late = new Alert.Life(
                1,
                null,
                1,
                0,
                null,
                null,
                List.of(new Alert.Transition(START + 30 * MINUTE, "escalated", "system", null, null)));
        grouped.sees(alert.lived(Alert.Status.ESCALATED, null, 2, late), true, START + 30 * MINUTE);
        grouped.advanceTo(START + 31 * MINUTE);
        assertThat(grouped.told()).extracting(Notification::event).containsExactly("opened", "escalated");
    }

    @Test
    void whatIsOverSilencedOrSaidByAnotherBeforeItsGroupIsToldIsNotTold() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        for (String id : List.of("over", "inhibited", "silenced", "stays")) {
            grouped.sees(alert(id, "complaint", "c-1", "store-7", START));
        }
        grouped.sees(lived(alert("over", "complaint", "c-1", "store-7", START), Alert.Status.RESOLVED, START + 1));
        grouped.sees(alert("inhibited", "complaint", "c-1", "store-7", START).inhibitedBy("stays"), false, START);
        grouped.sees(
                alert("silenced", "complaint", "c-1", "store-7", START)
                        .lived(
                                Alert.Status.OPEN,
                                null,
                                2,
                                new Alert.Life(2, null, 0, 0, START + 60 * MINUTE, null, List.of())),
                false,
                START);
        grouped.advanceTo(START + MINUTE);
        assertThat(grouped.told()).singleElement().satisfies(told -> {
            assertThat(told.count()).isEqualTo(1);
            assertThat(told.alert().alertId()).isEqualTo("stays");
        });
    }

    @Test
    void aSilenceOfOneRuleLeavesTheOthersOfAGroupToldOf() {
        NotifyConfig config = NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE));
        Office grouped = new Office(config);
        assertThat(config.keys("storm")).hasSize(2);
        grouped.silences(silence("s1", Action.Verb.SILENCE, START - 1, START + 10 * MINUTE, null));
        grouped.sees(alert("quiet", "storm", "c-1", "store-7", START));
        grouped.sees(alert("loud", "complaint", "c-1", "store-7", START));
        grouped.advanceTo(START + MINUTE);
        assertThat(grouped.told())
                .singleElement()
                .satisfies(told -> assertThat(told.alert().alertId()).isEqualTo("loud"));
    }

    @Test
    void aGroupIsToldUnderTheSameIdsInWhateverOrderItsAlertsCame() {
        Random random = new Random(7);
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            alerts.add(alert("a-" + i, "complaint", "c-" + i, "store-7", START + random.nextInt(10_000)));
        }
        Office one = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        Office other = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        alerts.forEach(one::sees);
        Collections.shuffle(alerts, random);
        alerts.forEach(other::sees);
        one.advanceTo(START + 10 * MINUTE);
        other.advanceTo(START + 10 * MINUTE);
        assertThat(other.told()).isEqualTo(one.told()).hasSize(1);
    }

    @Test
    void anAlertThatComesToBeAtAnotherStoreEndsWhereItBegan() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        grouped.sees(alert("a-1", "complaint", "c-1", "store-7", START));
        grouped.sees(alert("a-2", "complaint", "c-2", null, START));
        grouped.advanceTo(START + MINUTE);
        for (Alert moved : List.of(
                alert("a-1", "complaint", "c-1", "store-8", START),
                alert("a-2", "complaint", "c-2", "store-8", START))) {
            grouped.sees(lived(moved, Alert.Status.RESOLVED, START + 20 * MINUTE));
        }
        grouped.advanceTo(START + 30 * MINUTE);
        assertThat(grouped.told())
                .extracting(told -> told.alert().alertId() + " " + told.event())
                .containsExactlyInAnyOrder("a-1 opened", "a-2 opened", "a-1 resolved", "a-2 resolved");
        assertThat(grouped.told().stream()
                        .filter(told -> told.group() != null)
                        .map(told -> told.group().groupId())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void anAlertThatNoLongerSharesWhatItDidIsToldByItself() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        grouped.sees(alert("a-1", "complaint", "c-1", "store-7", START).inhibitedBy("a-0"), false, START);
        grouped.sees(alert("a-1", "complaint", "c-1", null, START));
        assertThat(grouped.told()).singleElement().satisfies(told -> assertThat(told.group())
                .isNull());
    }

    @Test
    void aGroupWhoseGroupingWentFromTheConfigurationIsFollowedToItsEnd() {
        Office before = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        Alert alert = alert("a-1", "complaint", "c-1", "store-7", START);
        before.sees(alert);
        before.advanceTo(START + MINUTE);
        Notifier ungrouped = new Notifier(NotifyConfig.DEFAULTS);
        NotifyInput resolved = new NotifyInput.Changed(
                before.keys.get("a-1"), lived(alert, Alert.Status.RESOLVED, START + 9 * MINUTE), false, START);
        Step<NotifyState, Notification> step = ungrouped.on(before.state, resolved, START + 9 * MINUTE);
        assertThat(step.wakeAt()).isEqualTo(START + 9 * MINUTE);
        assertThat(ungrouped.wake(step.state(), step.wakeAt()).out())
                .extracting(Notification::event)
                .containsExactly("resolved");
    }

    @Test
    void ofThePastNoGroupIsToldEither() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        grouped.sees(alert("old", "complaint", "c-1", "store-7", START), START + 61 * MINUTE);
        grouped.advanceTo(START + 120 * MINUTE);
        assertThat(grouped.told()).isEmpty();
    }

    @Test
    void aGroupSaysToItsEndOfWhichRulesItWasAndHowGrave() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        Alert grave = alert("a-1", "complaint", "c-1", "store-7", START);
        Alert mild = alert("a-2", "long-wait", "c-2", "store-7", START);
        grouped.sees(grave);
        grouped.sees(mild);
        grouped.advanceTo(START + MINUTE);
        grouped.sees(lived(grave, Alert.Status.RESOLVED, START + 2 * MINUTE));
        Alert later = alert("a-3", "long-wait", "c-3", "store-7", START + 3 * MINUTE);
        grouped.sees(later);
        grouped.advanceTo(START + 10 * MINUTE);
        for (Alert alert : List.of(mild, later)) {
            grouped.sees(lived(alert, Alert.Status.RESOLVED, START + 11 * MINUTE));
        }
        grouped.advanceTo(START + 20 * MINUTE);
        assertThat(grouped.told())
                .extracting(told -> told.event() + " " + told.group().severity())
                .containsExactly("opened error", "opened warning", "resolved error");
        assertThat(grouped.told())
                .allSatisfy(told -> assertThat(told.group().rules()).containsExactly("complaint", "long-wait"));
    }

    @Test
    void aGroupEndsAsGravelyAsItWasToldEvenIfTheGravestIsNoLongerFollowed() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        List<Alert> alerts = new ArrayList<>(List.of(alert("grave", "complaint", "c-x", "store-7", START)));
        grouped.sees(alerts.get(0));
        grouped.advanceTo(START + MINUTE);
        grouped.sees(lived(alerts.get(0), Alert.Status.RESOLVED, START + 2 * MINUTE));
        for (int i = 0; i < 200; i++) {
            Alert mild = alert("a-" + i, "long-wait", "c-" + i, "store-7", START + 3 * MINUTE + i);
            grouped.sees(mild);
            alerts.add(mild);
        }
        grouped.advanceTo(START + 10 * MINUTE);
        alerts.subList(1, 201).forEach(alert -> grouped.sees(lived(alert, Alert.Status.RESOLVED, START + 11 * MINUTE)));
        grouped.advanceTo(START + 20 * MINUTE);
        assertThat(grouped.state.following("grave")).isNull();
        assertThat(grouped.told()).last().satisfies(told -> {
            assertThat(told.event()).isEqualTo("resolved");
            assertThat(told.group().severity()).isEqualTo("error");
            assertThat(told.group().rules()).containsExactly("complaint", "long-wait");
        });
    }

    @Test
    void anAlertOfAGroupThatEndedIsToldWhenItComesBackInTheNext() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        Alert first = alert("a-1", "complaint", "c-1", "store-7", START);
        grouped.sees(first);
        grouped.advanceTo(START + MINUTE);
        grouped.sees(lived(first, Alert.Status.RESOLVED, START + 2 * MINUTE));
        grouped.advanceTo(START + 10 * MINUTE);
        grouped.sees(alert("a-2", "complaint", "c-2", "store-7", START + 20 * MINUTE));
        grouped.advanceTo(START + 21 * MINUTE);
        grouped.sees(reopened(first, Alert.Status.OPEN, START + 22 * MINUTE), true, START + 22 * MINUTE);
        grouped.advanceTo(START + 30 * MINUTE);
        assertThat(grouped.told()).last().satisfies(told -> {
            assertThat(told.alert().alertId()).isEqualTo("a-1");
            assertThat(told.group().standing()).isEqualTo(2);
        });
        assertThat(grouped.told()).hasSize(4);
    }

    @Test
    void aReopenedAlertThatSomebodyStillHasIsNotToldAsAssignedAnew() {
        Alert alert = alert("a-1", "complaint", "c-1", null, START);
        office.sees(alert);
        office.sees(lived(alert, Alert.Status.RESOLVED, START + MINUTE));
        Alert back = reopened(alert, Alert.Status.ASSIGNED, START + 2 * MINUTE);
        office.sees(back);
        office.sees(back.lived(back.status(), null, 9, back.life()));
        assertThat(office.told()).extracting(Notification::event).containsExactly("opened", "resolved", "reopened");
    }

    /** Whoever was told that it is over must hear that it is not, whatever had been done about it before. */
    @Test
    void whatStandsAgainIsToldHoweverFarPeopleHadComeWithIt() {
        for (Alert.Status before : List.of(Alert.Status.ACKNOWLEDGED, Alert.Status.ASSIGNED, Alert.Status.ESCALATED)) {
            for (Alert.Status over : List.of(Alert.Status.RETRACTED, Alert.Status.RESOLVED)) {
                Office other = new Office();
                Alert alert = alert("a-1", "complaint", "c-1", null, START);
                Alert handled = lived(alert, before, START + 1);
                other.sees(alert);
                other.sees(handled);
                other.sees(handled.lived(over, null, 3, handled.life()));
                other.sees(handled.lived(before, null, 4, handled.life()));
                assertThat(other.told()).as("%s, %s", before, over).last().satisfies(told -> assertThat(told.event())
                        .isEqualTo("reopened"));
            }
        }
    }

    /** A late touchpoint may say that it was reopened, or escalated, before it was over: by now it is over all the same. */
    @Test
    void ofWhatIsOverNobodyHearsThatItWasReopenedOrEscalatedBefore() {
        for (int escalations = 0; escalations < 2; escalations++) {
            for (Alert.Status over : List.of(Alert.Status.RESOLVED, Alert.Status.RETRACTED)) {
                Office other = new Office();
                Alert alert = alert("a-1", "complaint", "c-1", null, START);
                other.sees(alert);
                other.sees(counted(alert, over, 2, escalations, 1 - escalations));
                assertThat(other.told()).extracting(Notification::event).containsExactly("opened", word(over));
            }
        }
    }

    @Test
    void whatCameToLightOfWhatIsOverIsNotNewsLater() {
        for (int escalations = 0; escalations < 2; escalations++) {
            Office other = new Office();
            Alert alert = alert("a-1", "complaint", "c-1", null, START);
            other.sees(alert);
            other.sees(counted(alert, Alert.Status.RESOLVED, 2, 0, 0));
            other.sees(counted(alert, Alert.Status.RESOLVED, 3, escalations, 1 - escalations));
            other.sees(counted(alert, Alert.Status.RETRACTED, 4, 0, 1 - escalations));
            assertThat(other.told()).extracting(Notification::event).containsExactly("opened", "resolved", "retracted");
            other.sees(counted(alert, Alert.Status.OPEN, 5, escalations, 1 - escalations));
            assertThat(other.told()).hasSize(4).last().satisfies(told -> assertThat(told.event())
                    .isEqualTo("reopened"));
        }
    }

    @Test
    void aGroupOfWhatIsOverIsNotToldAsReopenedOrEscalated() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        Alert alert = alert("a-1", "complaint", "c-1", "store-7", START);
        grouped.sees(alert);
        grouped.advanceTo(START + MINUTE);
        grouped.sees(counted(alert, Alert.Status.RESOLVED, 2, 0, 0));
        grouped.advanceTo(START + 10 * MINUTE);
        grouped.sees(counted(alert, Alert.Status.RESOLVED, 3, 1, 1));
        grouped.advanceTo(START + 20 * MINUTE);
        grouped.sees(counted(alert, Alert.Status.RETRACTED, 4, 0, 1));
        grouped.advanceTo(START + 30 * MINUTE);
        grouped.sees(counted(alert, Alert.Status.OPEN, 5, 1, 1));
        grouped.advanceTo(START + 40 * MINUTE);
        assertThat(grouped.told())
                .extracting(Notification::event)
                .containsExactly("opened", "resolved", "retracted", "reopened");
    }

    private static Alert counted(Alert alert, Alert.Status status, long revision, int escalations, int reopened) {
        return alert.lived(
                status, null, revision, new Alert.Life(1, null, escalations, reopened, null, null, List.of()));
    }

    private static String word(Alert.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    @Test
    void whatHappensAgainIsToldUnderAnotherId() {
        Alert alert = alert("a-1", "complaint", "c-1", null, START);
        Alert gone = lived(alert, Alert.Status.RETRACTED, START);
        office.sees(alert);
        office.sees(gone);
        office.sees(alert.lived(Alert.Status.OPEN, null, 3, Alert.Life.NONE));
        office.sees(gone.lived(Alert.Status.RETRACTED, null, 4, gone.life()));
        assertThat(office.told())
                .extracting(Notification::event)
                .containsExactly("opened", "retracted", "reopened", "retracted");
        assertThat(office.told()).extracting(Notification::notificationId).doesNotHaveDuplicates();
    }

    /** Three hundred mild ones and then a grave one, while two hundred are followed. */
    @Test
    void ofALargeGroupTheGravestIsFollowedAndItStandsUntilTheLastIsOver() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        List<Alert> alerts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            alerts.add(alert("a-" + i, "long-wait", "c-" + i, "store-7", START + i));
        }
        alerts.add(alert("grave", "complaint", "c-x", "store-7", START + 300));
        alerts.forEach(grouped::sees);
        grouped.advanceTo(START + MINUTE);
        assertThat(grouped.told()).singleElement().satisfies(told -> {
            assertThat(told.alert().alertId()).isEqualTo("grave");
            assertThat(told.count()).isEqualTo(301);
            assertThat(told.group().standing()).isEqualTo(301);
            assertThat(told.group().listed()).hasSize(GroupNotifier.MOST_LISTED);
            assertThat(told.reason()).endsWith("standing: 199 long-wait, 1 complaint, 101 more");
        });
        Office shuffled = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        List<Alert> inAnotherOrder = new ArrayList<>(alerts);
        Collections.shuffle(inAnotherOrder, new Random(3));
        inAnotherOrder.forEach(shuffled::sees);
        shuffled.advanceTo(START + MINUTE);
        assertThat(shuffled.told()).isEqualTo(grouped.told());

        Alert last = alerts.remove(250);
        alerts.forEach(alert -> grouped.sees(lived(alert, Alert.Status.RESOLVED, START + 2 * MINUTE)));
        grouped.advanceTo(START + 20 * MINUTE);
        assertThat(grouped.told()).as("one that is not followed stands").hasSize(1);
        grouped.sees(lived(last, Alert.Status.RESOLVED, START + 21 * MINUTE));
        grouped.advanceTo(START + 30 * MINUTE);
        assertThat(grouped.told()).last().satisfies(told -> {
            assertThat(told.event()).isEqualTo("resolved");
            assertThat(told.reason()).isEqualTo("None of 301 alerts of location store-7 stands any more");
        });
    }

    @Test
    void oneMoreOfALargeGroupIsToldEvenIfItCannotBeFollowed() {
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        for (int i = 0; i < 200; i++) {
            grouped.sees(alert("a-" + i, "complaint", "c-" + i, "store-7", START + i));
        }
        grouped.advanceTo(START + MINUTE);
        grouped.sees(alert("mild", "long-wait", "c-x", "store-7", START + 2 * MINUTE));
        grouped.advanceTo(START + 20 * MINUTE);
        assertThat(grouped.told()).last().satisfies(told -> {
            assertThat(told.alert().alertId()).isEqualTo("mild");
            assertThat(told.group()).isNull();
        });
    }

    @Test
    void furtherGroupsThanAreRememberedAreToldTogether() {
        int stores = GroupNotifier.MOST_GROUPS + 100;
        Office grouped = new Office(
                new NotifyConfig(60 * MINUTE, stores, 10 * MINUTE, 5 * MINUTE, List.of(), List.of(BY_STORE)));
        for (int i = 0; i < stores; i++) {
            grouped.sees(alert("a-" + i, "complaint", "c-" + i, "store-" + i, START + i));
        }
        assertThat(grouped.state.groups()).hasSize(GroupNotifier.MOST_GROUPS);
        grouped.advanceTo(START + 10 * MINUTE);
        assertThat(grouped.told()).hasSize(GroupNotifier.MOST_GROUPS + 1);
        assertThat(grouped.told())
                .filteredOn(told -> told.group() == null)
                .singleElement()
                .satisfies(told -> assertThat(told.count()).isEqualTo(100));
    }

    @Test
    void ofFurtherAlertsThanAreFollowedInAllGroupsItIsKnownThatTheyStand() {
        int stores = 120;
        int alerts = stores * GroupNotifier.MOST_MEMBERS;
        Office grouped = new Office(
                new NotifyConfig(60 * MINUTE, stores, 10 * MINUTE, 5 * MINUTE, List.of(), List.of(BY_STORE)));
        for (int i = 0; i < alerts; i++) {
            grouped.sees(alert("a-" + i, "complaint", "c-" + i, "store-" + i % stores, START + i));
        }
        assertThat(grouped.state.followed()).isEqualTo(GroupNotifier.MOST_FOLLOWED);
        grouped.advanceTo(START + 10 * MINUTE);
        assertThat(grouped.told())
                .hasSize(stores)
                .allSatisfy(told -> assertThat(told.group().standing()).isEqualTo(GroupNotifier.MOST_MEMBERS));
    }

    @Test
    void furtherAlertsThanCanBeLeftAreToldTogether() {
        int most = GroupNotifier.MOST_MEMBERS + GroupNotifier.MOST_LEFT;
        Office grouped = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE)));
        for (int i = 0; i < most + 7; i++) {
            grouped.sees(alert("a-" + i, "complaint", "c-" + i, "store-7", START + i));
        }
        assertThat(grouped.state.left()).isEqualTo(GroupNotifier.MOST_LEFT);
        grouped.advanceTo(START + 10 * MINUTE);
        assertThat(grouped.told()).extracting(Notification::count).containsExactly(7L, (long) most);
        assertThat(grouped.told().get(1).group().standing()).isEqualTo(most);
    }

    @Test
    void groupsThatShareOtherThingsUnderTheSameTextAreTwo() {
        NotifyState state = new NotifyState();
        state.group("g", Map.of("location", "x, topic y"));
        state.group("g", new TreeMap<>(Map.of("location", "x", "topic", "y")));
        assertThat(state.groups()).hasSize(2);
    }

    private static Alert reopened(Alert alert, Alert.Status status, long at) {
        return alert.lived(
                status,
                null,
                5,
                new Alert.Life(
                        3,
                        status == Alert.Status.ASSIGNED ? "grace" : null,
                        0,
                        1,
                        null,
                        null,
                        List.of(
                                new Alert.Transition(START, "assigned to grace", "ada", null, null),
                                new Alert.Transition(at, "reopened", "ada", null, null))));
    }

    /**
     * A hundred thousand alerts within an hour, half of them at two hundred stores, half of as many customers without one: what is told
     * and what is remembered are bounded, and every alert is counted in what is told.
     */
    @Test
    void aStormOfGroupsIsToldInABoundedNumberOfNotifications() {
        Office byStore = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE, BY_CUSTOMER)));
        Office byCustomer = new Office(NotifyConfig.DEFAULTS.withGroupings(List.of(BY_STORE, BY_CUSTOMER)));
        for (int i = 0; i < 100_000; i++) {
            long time = START + i * 60 * MINUTE / 100_000;
            boolean inStore = i % 2 == 0;
            Office office = inStore ? byStore : byCustomer;
            office.advanceTo(time);
            office.sees(alert("a-" + i, "complaint", "c-" + i, inStore ? "store-" + i / 2 % 200 : null, time));
        }
        for (Office office : List.of(byStore, byCustomer)) {
            office.advanceTo(START + 120 * MINUTE);
            long groups = office.told().stream()
                    .filter(told -> told.group() != null)
                    .map(told -> told.group().groupId())
                    .distinct()
                    .count();
            assertThat(groups).isLessThanOrEqualTo(20 * 7);
            assertThat(office.told()).hasSizeLessThanOrEqualTo(20 * 7 * 14 + 13);
            assertThat(office.state.followed()).isLessThanOrEqualTo(GroupNotifier.MOST_FOLLOWED);
            assertThat(office.state.groups().values()).allSatisfy(group -> assertThat(group.members())
                    .hasSizeLessThanOrEqualTo(GroupNotifier.MOST_MEMBERS));
            Map<String, Long> ofGroups = new TreeMap<>();
            office.told().stream()
                    .filter(told -> told.group() != null)
                    .forEach(told -> ofGroups.put(told.group().groupId(), told.count()));
            long inGroups =
                    ofGroups.values().stream().mapToLong(Long::longValue).sum();
            long inDigests = office.told().stream()
                    .filter(told -> told.group() == null)
                    .mapToLong(Notification::count)
                    .sum();
            assertThat(inGroups + inDigests).isEqualTo(50_000);
        }
        assertThat(byCustomer.told()).hasSizeLessThanOrEqualTo(20 * 7 + 13);
    }

    private static Alert alert(String id, String rule, String customer, String location, long openedAt) {
        return new Alert(
                id,
                rule,
                1,
                customer,
                Alert.Status.OPEN,
                rule.equals("complaint") ? "error" : "warning",
                openedAt,
                null,
                "Storm",
                null,
                List.of(),
                "closure",
                1,
                new Alert.Context(null, 2, null, null, null, null, null, null, null, null, location, null),
                Alert.Life.NONE);
    }

    private static Alert lived(Alert alert, Alert.Status status, long at) {
        return alert.lived(
                status,
                status == Alert.Status.RESOLVED ? at : null,
                alert.revision() + 1,
                new Alert.Life(
                        2, null, 0, 0, null, null, List.of(new Alert.Transition(at, word(status), "ada", null, null))));
    }

    private static Alert at(String id, long openedAt) {
        return new Alert(
                id,
                "storm",
                1,
                "c-1",
                Alert.Status.OPEN,
                "error",
                openedAt,
                null,
                "Storm",
                null,
                List.of(),
                "closure",
                1);
    }

    private static Alert on(String channel, String id) {
        Alert alert = at(id, START);
        return new Alert(
                id,
                alert.ruleId(),
                1,
                "c-1",
                Alert.Status.OPEN,
                "error",
                START,
                null,
                "Storm",
                null,
                List.of(new Alert.Evidence("t-" + id, START, channel, "complaint", null)),
                "closure",
                1);
    }

    private static Alert alert(String id, Alert.Status status, long revision) {
        return new Alert(
                id, "storm", 1, "c-1", status, "error", START, null, "Storm", null, List.of(), "closure", revision);
    }

    private static Action silence(String id, Action.Verb verb, long at, Long until, String customer) {
        return new Action(id, verb, null, "storm", customer, at, "ada", null, null, null, until);
    }

    /** Runs the notifier of one rule the way a keyed operator does. */
    private static final class Office {
        private final Notifier rule;
        private final NotifyConfig config;
        private final Map<String, String> keys = new HashMap<>();
        private final List<Notification> inOrder = new ArrayList<>();
        private NotifyState state;
        private long wakeAt = Step.NEVER;
        private long now = START;

        Office() {
            this(NotifyConfig.DEFAULTS);
        }

        Office(NotifyConfig config) {
            rule = new Notifier(config);
            this.config = config;
        }

        void sees(Alert alert) {
            sees(alert, alert.openedAt());
        }

        void sees(Alert alert, long seenAt) {
            sees(alert, alert.revision() == 1, seenAt);
        }

        void sees(Alert alert, boolean fresh, long seenAt) {
            String key = keys.computeIfAbsent(alert.alertId(), first -> config.key(alert));
            apply(rule.on(state, new NotifyInput.Changed(key, alert, fresh, seenAt), now));
        }

        void silences(Action action) {
            apply(rule.on(state, new NotifyInput.Silenced("storm", action), now));
        }

        void advanceTo(long time) {
            now = time;
            while (wakeAt <= now) {
                apply(rule.wake(state, now));
            }
        }

        private void apply(Step<NotifyState, Notification> step) {
            state = step.state();
            wakeAt = step.wakeAt();
            for (Notification notification : step.out()) {
                inOrder.add(notification);
            }
        }

        List<Notification> told() {
            return inOrder;
        }
    }
}
