package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NotifierTest {
    private static final long START = Instant.parse("2026-11-23T10:00:00Z").toEpochMilli();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

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
        Office byChannel =
                new Office(new NotifyConfig(60 * MINUTE, 2, 10 * MINUTE, 5 * MINUTE, List.of(NotifyConfig.By.CHANNEL)));
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
        AlertCases cases = new AlertCases(config.cases());
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
        private final List<Notification> inOrder = new ArrayList<>();
        private NotifyState state;
        private long wakeAt = Step.NEVER;
        private long now = START;

        Office() {
            this(NotifyConfig.DEFAULTS);
        }

        Office(NotifyConfig config) {
            rule = new Notifier(config);
        }

        void sees(Alert alert) {
            sees(alert, alert.openedAt());
        }

        void sees(Alert alert, long seenAt) {
            sees(alert, alert.revision() == 1, seenAt);
        }

        void sees(Alert alert, boolean fresh, long seenAt) {
            apply(rule.on(state, new NotifyInput.Changed(alert, fresh, seenAt), now));
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
