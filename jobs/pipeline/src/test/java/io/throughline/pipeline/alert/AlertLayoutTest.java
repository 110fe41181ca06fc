package io.throughline.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.Alert.Context;
import io.throughline.domain.alert.Alert.Evidence;
import io.throughline.domain.alert.Alert.Life;
import io.throughline.domain.alert.Alert.Transition;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRuleSet;
import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.AlertState.Counted;
import io.throughline.domain.alert.AlertState.Held;
import io.throughline.domain.alert.AlertState.Said;
import io.throughline.domain.alert.Signal;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.Enclosed;
import io.throughline.pipeline.kit.Kept;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutBytes;
import io.throughline.pipeline.kit.RunAtRest;
import io.throughline.pipeline.measure.StateBytes;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AlertLayoutTest {
    private static final long START = 1_795_392_000_000L;
    private static final long DAY = 86_400_000;

    private static final Alert FULL = new Alert(
            "a-1",
            "complaint",
            3,
            "c-1",
            Alert.Status.RETRACTED,
            "error",
            START,
            START + 5,
            "Complaint: billing on email",
            "touchpoint t1 is no longer this customer's",
            List.of(
                    new Evidence("t1", START - 7, "email", "complaint", "billing"),
                    new Evidence("t2", START, "call", "complaint", null)),
            "closure",
            1L << 21 | 2);

    private static final Alert BARE = new Alert(
            "a-2", "complaint", 1, null, Alert.Status.OPEN, "info", START, null, "é", null, List.of(), null, 0);

    private static final Alert CARED_FOR = new Alert(
            "a-3",
            "broken-promise",
            2,
            "c-1",
            Alert.Status.ASSIGNED,
            "error",
            START,
            null,
            "A promise was not kept",
            null,
            FULL.evidence(),
            "reliability",
            9,
            new Context("top", 1, START - 7, -0.9, -0.8, "Call", "a-4", 3_600_000L, 7_200_000L, null, null, null),
            new Life(
                    3,
                    "grace",
                    1,
                    2,
                    START + 9,
                    START + 10,
                    List.of(
                            new Transition(START, "opened", "system", "it did", null),
                            new Transition(START + 1, "assigned", "ada", null, "x-1"))));

    @Test
    void pinsTheBytesOfAnAlert() throws IOException {
        StateBytes.areGolden("alert.v4.hex", AlertLayout.INSTANCE, ofAChannel(placed(CARED_FOR)));
        StateBytes.areGolden("alert-bare.v4.hex", AlertLayout.INSTANCE, BARE);
        StateBytes.areStillRead("alert.v3.hex", 3, AlertLayout.INSTANCE, placed(CARED_FOR));
        StateBytes.areStillRead("alert-bare.v3.hex", 3, AlertLayout.INSTANCE, BARE);
        StateBytes.areStillRead("alert.v2.hex", 2, AlertLayout.INSTANCE, CARED_FOR);
        StateBytes.areStillRead("alert-bare.v2.hex", 2, AlertLayout.INSTANCE, BARE);
        StateBytes.areStillRead("alert.v1.hex", 1, AlertLayout.INSTANCE, FULL);
        StateBytes.areStillRead("alert-bare.v1.hex", 1, AlertLayout.INSTANCE, BARE);
    }

    @Test
    void pinsTheBytesOfACustomersAlerts() throws IOException {
        AlertState state = state(null);
        StateBytes.areStillRead("alert-state.v1.hex", 1, AlertStateLayout.INSTANCE, state);

        AlertState more = state("agent");
        more.waiting().put("no-reply@1", START + 5);
        more.totals().spent().put("EUR", 12_340_000L);
        more.totals().segments().put("gold", 2);
        more.totals().purchases(3);
        StateBytes.areStillRead("alert-state.v2.hex", 2, AlertStateLayout.INSTANCE, more);

        more.settledBefore(START - 9);
        StateBytes.areStillRead("alert-state.v3.hex", 3, AlertStateLayout.INSTANCE, more);

        more.said().put("a-3", new Said(placed(CARED_FOR), 2, 1));
        StateBytes.areStillRead("alert-state.v4.hex", 4, AlertStateLayout.INSTANCE, more);
        StateBytes.areStillRead("alert-state.v5.hex", 5, AlertStateLayout.INSTANCE, more);
        StateBytes.areGolden("alert-state.v5-alert.v4.hex", AlertStateLayout.INSTANCE, more);
    }

    /** They wrote touchpoints by touchpoint_id. */
    @Test
    void whatEarlierVersionsWroteByIdIsHeldByTime() throws IOException {
        Held first = new Held(List.of(new Counted(1, bare("t3", START, "web", "complaint"), 1)));
        Held second = new Held(List.of(new Counted(1, bare("t1", START + 1, "web", "complaint"), 1)));
        Held last = new Held(List.of(new Counted(1, bare("t2", START + 3, "web", "complaint"), 1)));
        AlertState state = new AlertState("c-1");
        state.unjudged(true);
        state.hold(List.of(first, second, last));
        StateBytes.areGolden("alert-state-unsorted.v4.hex", OlderLayouts.STATE_4, state);
        Kept<AlertState> packed = new Kept<>(state, OlderLayouts.STATE_4);
        packed.close();

        AlertState restored = packed.open(AlertStateLayout.INSTANCE);

        assertThat(restored.held()).containsExactly(first, second, last);
        AlertRuleSet rules = new AlertRuleSet(AlertConfig.DEFAULTS);
        Touchpoint between = Touchpoint.of("t4", START + 2, "web", "complaint").build();
        for (Attribution attribution : List.of(
                new Attribution("c-1", between, 1, 1),
                new Attribution(
                        "c-1", Touchpoint.of("t3", START, "web", "complaint").build(), -1, 1))) {
            Step<AlertState, Alert> one = rules.on(state, attribution, START + 9);
            Step<AlertState, Alert> other = rules.on(restored, attribution, START + 9);
            assertThat(other.out()).isNotEmpty().isEqualTo(one.out());
            assertThat(other.state()).isEqualTo(one.state());
        }
        assertThat(restored.held()).extracting(Held::touchpointId).containsExactly("t1", "t4", "t2");
    }

    @Test
    void anAlertWithinAStateThatAnOlderBuildWroteIsWrittenAsThisOneWrites() throws IOException {
        StateBytes.areGolden("alert.v2.hex", OlderLayouts.ALERT_2, CARED_FOR);
        AlertState state = new AlertState("c-1");
        Said older = AlertLayout.said(Enclosed.of(CARED_FOR, OlderLayouts.ALERT_2), 2, 1);
        state.said().put(older.alertId(), older);
        Kept<AlertState> packed = new Kept<>(state, AlertStateLayout.INSTANCE);
        packed.close();

        Said said = packed.open(AlertStateLayout.INSTANCE).said().get("a-3");

        assertThat(said).isEqualTo(new Said(CARED_FOR, 2, 1));
        assertThat(said.source()).isInstanceOfSatisfying(AlertLayout.AtRest.class, source -> assertThat(
                        source.enclosed().version())
                .isEqualTo(4));
    }

    @Test
    void anAlertWithinAStateThatANewerBuildWroteIsRefused() {
        Enclosed newer = Enclosed.of(CARED_FOR, new Newer());

        assertThatThrownBy(() -> AlertLayout.said(newer, 2, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("an alert was written by version 5 of its layout, this build knows 4: "
                        + "start the newer build again");
    }

    /** An alert of which nobody knows yet how it is written. */
    private static final class Newer implements Layout<Alert> {
        private static final long serialVersionUID = 1;

        @Override
        public int version() {
            return AlertLayout.INSTANCE.version() + 1;
        }

        @Override
        public void write(Alert alert, DataOutput out) throws IOException {
            AlertLayout.INSTANCE.write(alert, out);
        }

        @Override
        public Alert read(DataInput in, int version) throws IOException {
            return AlertLayout.INSTANCE.read(in, version);
        }
    }

    @Test
    void whatACustomerWasReadFromIsLetGoWhenItsFirstTouchpointIsNotTheFirstAnyMore() {
        AlertRuleSet rules = new AlertRuleSet(AlertConfig.DEFAULTS);
        AlertState never = null;
        Kept<AlertState> packed = null;
        for (int number : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0}) {
            AlertState before = packed == null ? null : packed.open(AlertStateLayout.INSTANCE);
            Touchpoint touchpoint = Touchpoint.of("t" + number, START + number, "web", "complaint")
                    .build();
            Attribution attribution = new Attribution("c-1", touchpoint, 1, 1);
            never = rules.on(never, attribution, START + 10).state();
            AlertState after = rules.on(before, attribution, START + 10).state();
            if (packed == null) {
                packed = new Kept<>(after, AlertStateLayout.INSTANCE);
            }
            packed.set(after, AlertStateLayout.INSTANCE);
            packed.close();

            assertThat(packed)
                    .isEqualTo(
                            new Kept<>(LayoutBytes.copy(never, AlertStateLayout.INSTANCE), AlertStateLayout.INSTANCE));
            if (number == 9 || number == 0) {
                assertThat(after.origin())
                        .isInstanceOfSatisfying(RunAtRest.class, origin -> assertThat(origin.isLetGo())
                                .as("after touchpoint %d", number)
                                .isEqualTo(number == 0));
            }
        }
    }

    private static Alert placed(Alert alert) {
        return within(alert, "billing", "store-7", null);
    }

    private static Alert ofAChannel(Alert alert) {
        return within(alert, alert.context().topic(), alert.context().location(), "call");
    }

    private static Alert within(Alert alert, String topic, String location, String channel) {
        Context context = alert.context();
        return new Alert(
                alert.alertId(),
                alert.ruleId(),
                alert.ruleVersion(),
                alert.customerId(),
                alert.status(),
                alert.severity(),
                alert.openedAt(),
                alert.resolvedAt(),
                alert.reason(),
                alert.retractedBecause(),
                alert.evidence(),
                alert.expectation(),
                alert.revision(),
                new Context(
                        context.valueTier(),
                        context.priority(),
                        context.windowStart(),
                        context.measured(),
                        context.bound(),
                        context.nextAction(),
                        context.inhibitedBy(),
                        context.acknowledgeWithinMs(),
                        context.resolveWithinMs(),
                        topic,
                        location,
                        channel),
                alert.life());
    }

    /** @param actor who acted, with all else that version 2 added; null for what version 1 knew */
    private static AlertState state(String actor) {
        Survey survey = new Survey("ces", 1, 7, false, 6.5, null, null);
        boolean more = actor != null;
        Signal full = new Signal(
                "t1",
                START,
                "call",
                "call_ended",
                true,
                "hotline",
                "billing",
                "abandoned",
                61_000L,
                -0.75,
                survey,
                actor,
                more ? "support" : null,
                more ? "CASE-1" : null,
                more ? "home" : null,
                more ? "gold" : null,
                more ? "berlin" : null,
                more ? 5L : null,
                more ? -7L : null,
                more ? Map.of("due", "2026-12-01T00:00:00Z", "promise", "callback") : Map.of());
        Signal bare = bare("t2", START + 1, "web", "error");
        AlertState state = new AlertState("c-1");
        state.unjudged(true);
        state.hold(List.of(
                new Held(List.of(new Counted(1, full, -1), new Counted(2, full, 1))),
                new Held(List.of(new Counted(1, bare, 1)))));
        state.said().put("a-1", new Said(FULL, 2, 2));
        return state;
    }

    private static Signal bare(String touchpointId, long eventTime, String channel, String kind) {
        return new Signal(
                touchpointId,
                eventTime,
                channel,
                kind,
                false,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of());
    }

    @Test
    void everyStatusComesBack() throws IOException {
        for (Alert.Status status : Alert.Status.values()) {
            Alert alert =
                    new Alert("a", "r", 1, null, status, "info", -1, null, "", null, List.of(), null, Long.MAX_VALUE);
            assertThat(StateBytes.roundTrip(AlertLayout.INSTANCE, alert)).isEqualTo(alert);
        }
    }

    @Test
    void aCustomerReadBackGoesOnAsIfNothingHadHappened() throws IOException {
        Random random = new Random(20261123);
        AlertRuleSet rules = new AlertRuleSet(AlertConfig.DEFAULTS);
        AlertState kept = null;
        AlertState restored = null;
        String[] kinds = {"complaint", "error", "message", "case_resolved", "survey_response"};
        for (int i = 0; i < 500; i++) {
            Touchpoint touchpoint = Touchpoint.of(
                            "t" + random.nextInt(100),
                            START + random.nextInt(100_000_000),
                            "web",
                            kinds[random.nextInt(kinds.length)])
                    .topic("billing")
                    .waitMs((long) random.nextInt(1_000_000))
                    .sentiment(random.nextDouble() * 2 - 1)
                    .survey(new Survey("csat", 1, 5, true, 1 + random.nextInt(5), "words", null))
                    .build();
            Attribution attribution =
                    new Attribution("c-1", touchpoint, random.nextInt(3) == 0 ? -1 : 1, 1 + random.nextInt(3));
            Step<AlertState, Alert> one = rules.on(kept, attribution, START);
            Step<AlertState, Alert> other = rules.on(restored, attribution, START);
            assertThat(other.out()).isEqualTo(one.out());
            assertThat(other.wakeAt()).isEqualTo(one.wakeAt());
            kept = one.state();
            restored = other.state() == null ? null : StateBytes.roundTrip(AlertStateLayout.INSTANCE, other.state());
            assertThat(restored).isEqualTo(kept);
        }
        assertThat(kept).isNotNull();
    }

    /** What has not changed is written as it was read: nobody can tell from the bytes, nor from what is said. */
    @Test
    void aCustomerWhoIsPackedAfterFourTurnsOfFiveSaysTheSameAndTakesTheBytesOfOneWhoWasNeverPacked() {
        int alerts = 0;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            boolean inOrder = random.nextBoolean();
            AlertRuleSet rules = new AlertRuleSet(AlertConfig.DEFAULTS);
            AlertState open = null;
            Kept<AlertState> packed = null;
            long now = random.nextBoolean() ? Long.MIN_VALUE : START;
            for (int i = 0; i < 60; i++) {
                AlertState before = packed == null ? null : packed.open(AlertStateLayout.INSTANCE);
                Step<AlertState, Alert> kept;
                Step<AlertState, Alert> turn;
                if (random.nextInt(5) == 0) {
                    now = Math.max(now, START + random.nextInt(70) * DAY);
                    kept = rules.wake(open, now);
                    turn = rules.wake(before, now);
                } else {
                    Attribution attribution = attribution(inOrder ? i : random.nextInt(40), inOrder, random);
                    kept = rules.on(open, attribution, now);
                    turn = rules.on(before, attribution, now);
                }
                assertThat(turn.out()).isEqualTo(kept.out());
                assertThat(turn.wakeAt()).isEqualTo(kept.wakeAt());
                alerts += turn.out().size();
                open = kept.state();
                AlertState after = turn.state();
                if (after == null || open == null) {
                    assertThat(after).isEqualTo(open);
                    packed = null;
                    continue;
                }
                if (packed == null) {
                    packed = new Kept<>(after, AlertStateLayout.INSTANCE);
                }
                packed.set(after, AlertStateLayout.INSTANCE);
                if (random.nextInt(5) > 0) {
                    packed.close();
                }
                assertThat(packed)
                        .as("seed %d, turn %d", seed, i)
                        .isEqualTo(new Kept<>(
                                LayoutBytes.copy(open, AlertStateLayout.INSTANCE), AlertStateLayout.INSTANCE));
            }
        }
        assertThat(alerts).isGreaterThan(1_000);
    }

    private static Attribution attribution(int number, boolean inOrder, Random random) {
        String[] kinds = {"complaint", "error", "message", "case_resolved", "purchase", "promise_made", "call_queued"};
        String[] words = {"billing", "roaming", "k\u00e4se", "\ud83d\ude80", "complaint"};
        Touchpoint touchpoint = Touchpoint.of(
                        "t" + number,
                        START + (inOrder ? number : random.nextInt(60)) * DAY / 2,
                        random.nextBoolean() ? "web" : "call",
                        kinds[random.nextInt(kinds.length)])
                .topic(random.nextInt(3) == 0 ? null : words[random.nextInt(words.length)])
                .segment(random.nextInt(9) == 0 ? "gold" : null)
                .waitMs((long) random.nextInt(1_000_000))
                .sentiment(random.nextDouble() * 2 - 1)
                .build();
        boolean plain = inOrder && random.nextInt(8) > 0;
        return new Attribution(
                "c-1", touchpoint, plain || random.nextInt(3) > 0 ? 1 : -1, plain ? 1 : 1 + random.nextInt(3));
    }
}
