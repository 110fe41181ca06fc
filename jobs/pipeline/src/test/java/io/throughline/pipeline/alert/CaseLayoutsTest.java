package io.throughline.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.Action;
import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.CaseInput;
import io.throughline.domain.alert.CaseOutput;
import io.throughline.domain.alert.CaseState;
import io.throughline.domain.alert.MetricState;
import io.throughline.domain.alert.Notification;
import io.throughline.domain.alert.Notifier;
import io.throughline.domain.alert.NotifyConfig;
import io.throughline.domain.alert.NotifyInput;
import io.throughline.domain.alert.NotifyState;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.measure.StateBytes;
import io.throughline.pipeline.wire.ActionLayout;
import io.throughline.pipeline.wire.PublishedRule;
import io.throughline.pipeline.wire.RuleError;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CaseLayoutsTest {
    private static final long START = 1_795_392_000_000L;

    private static final Action FULL =
            new Action("x-1", Action.Verb.ASSIGN, "a-1", null, null, START, "ada", 3, "grace", "she knows them", null);
    private static final Action SILENCE = new Action(
            "x-2", Action.Verb.SILENCE, null, "complaint", "c-1", START + 1, "ada", null, null, null, START + 9);
    private static final Alert ALERT = new Alert(
            "a-1", "complaint", 1, "c-1", Alert.Status.OPEN, "error", START, null, "é", null, List.of(), null, 7);

    private static final Alert LAST = new Alert(
            "a-9", "csat-drop", 1, null, Alert.Status.OPEN, "error", START, null, "it fell", null, List.of(), null, 1);

    @Test
    void pinsTheBytesOfWhatIsRememberedOfAnAlert() throws IOException {
        CaseState state = new CaseState("a-1");
        state.actions().put("x-1", FULL);
        state.answered().put("x-1", "");
        state.answered().put("x-3", "it is resolved already");
        state.cause(ALERT);
        StateBytes.areStillRead("alert-case.v1.hex", 1, CaseLayouts.StateLayout.INSTANCE, state);
        StateBytes.areStillRead("alert-case.v1-alert.v3.hex", 1, CaseLayouts.StateLayout.INSTANCE, state);
        state.said(ALERT);
        state.toldUnder("complaint");
        StateBytes.areStillRead("alert-case-said.v1.hex", 1, CaseLayouts.StateLayout.INSTANCE, state);
        state.said(null);
        state.toldUnder("grouping store");
        StateBytes.areStillRead("alert-case.v2.hex", 2, CaseLayouts.StateLayout.INSTANCE, state);
        StateBytes.areGolden("alert-case.v2-alert.v4.hex", CaseLayouts.StateLayout.INSTANCE, state);
    }

    @Test
    void pinsTheBytesOfWhatIsRememberedOfWhatWasTold() throws IOException {
        NotifyState state = new NotifyState();
        state.told().put("a-1", new NotifyState.Told("opened", 1, 2, START, null, null));
        state.silences().put("x-2", SILENCE);
        state.burst("").times().add(START);
        // It is told already, so that the earlier versions did not count it among the 300.
        state.waits(state.burst(""), ALERT);
        state.burst("").digestAt(START + 5);
        state.burst("").earlier().put("complaint", 300L);
        StateBytes.areStillRead("alert-notify.v1.hex", 1, NotifyLayouts.StateLayout.INSTANCE, state);
        state.burst("channel web").times().add(START + 1);
        StateBytes.areStillRead("alert-notify.v2.hex", 2, NotifyLayouts.StateLayout.INSTANCE, state);

        NotifyState.Group group = state.group("store", Map.of("location", "store-7"));
        group.told("g-1", "opened", START + 2);
        group.due(START + 9);
        group.count(41);
        NotifyState.Told last = new NotifyState.Told("acknowledged", 1, 0, START + 3, null, null);
        state.follow(group, "a-1", new NotifyState.Member("complaint", "error", START, "c-1", "é", last, true, ALERT));
        state.follow(
                group, "a-2", new NotifyState.Member("csat-drop", "warning", START, null, "it fell", last, true, null));
        group.rules().addAll(List.of("complaint", "csat-drop"));
        state.leaveStanding(group, "a-3");
        group.rules().add("over");
        group.gravest("error");
        // Where there are groups, those before it may have been of any rule.
        state.burst("").earlier().remove("complaint");
        state.burst("").earlier().put("", 300L);
        StateBytes.areStillRead("alert-notify.v3.hex", 3, NotifyLayouts.StateLayout.INSTANCE, state);
        state.told().put("a-4", new NotifyState.Told("assigned", 0, 0, START, "grace", null));
        StateBytes.areStillRead("alert-notify.v4.hex", 4, NotifyLayouts.StateLayout.INSTANCE, state);
        StateBytes.areStillRead("alert-notify.v4-alert.v4.hex", 4, NotifyLayouts.StateLayout.INSTANCE, state);
        state.burst("").earlier().put("csat-drop", 7L);
        state.waits(state.burst(""), LAST);
        StateBytes.areStillRead("alert-notify.v5.hex", 5, NotifyLayouts.StateLayout.INSTANCE, state);
        state.told().put("a-5", new NotifyState.Told("reopened", 0, 1, START, null, "resolved"));
        StateBytes.areGolden("alert-notify.v6.hex", NotifyLayouts.StateLayout.INSTANCE, state);
    }

    /** Whatever their rule, which was not remembered, and although the last of them is silenced. */
    @Test
    void whatWaitedForADigestBeforeAnUpgradeIsToldAfterIt() throws IOException {
        for (int version : List.of(3, 4, 5)) {
            NotifyState restored =
                    StateBytes.read(NotifyLayouts.StateLayout.INSTANCE, "alert-notify.v" + version + ".hex", version);
            int others = version < 5 ? 0 : 8;
            assertThat(new Notifier(NotifyConfig.DEFAULTS)
                            .wake(restored, START + 5)
                            .out())
                    .as("version %d", version)
                    .singleElement()
                    .satisfies(told -> assertThat(told.count()).isEqualTo(300 + others));
        }
    }

    @Test
    void pinsTheBytesOfWhatIsRememberedOfAMetric() throws IOException {
        MetricState state = new MetricState();
        state.values()
                .put(
                        "24h",
                        new MetricState.Value(
                                "csat", Map.of("channel", "web"), "24h", 71.5, 40, 60.0, null, true, START));
        state.watches().put("csat-drop@1", new MetricState.Watch(START, ALERT));
        StateBytes.areStillRead("alert-metric.v1.hex", 1, MetricLayouts.StateLayout.INSTANCE, state);
        StateBytes.areStillRead("alert-metric.v1-alert.v3.hex", 1, MetricLayouts.StateLayout.INSTANCE, state);
        StateBytes.areGolden("alert-metric.v1-alert.v4.hex", MetricLayouts.StateLayout.INSTANCE, state);
    }

    @Test
    void whatTravelsComesBack() throws IOException {
        comesBack(ActionLayout.INSTANCE, FULL);
        comesBack(ActionLayout.INSTANCE, SILENCE);
        comesBack(CaseLayouts.InputLayout.INSTANCE, new CaseInput.Judged(ALERT));
        comesBack(CaseLayouts.InputLayout.INSTANCE, new CaseInput.Acted("a-1", FULL));
        comesBack(
                CaseLayouts.AnswerLayout.INSTANCE, new CaseOutput.Answer("x-1", "a-1", false, "it is over", 4, START));
        comesBack(NotifyLayouts.InputLayout.INSTANCE, new NotifyInput.Changed("complaint", ALERT, true, START));
        comesBack(NotifyLayouts.InputLayout.INSTANCE, new NotifyInput.Silenced("complaint", SILENCE));
        comesBack(
                NotifyLayouts.NotificationLayout.INSTANCE,
                new Notification("n-1", "assigned", ALERT, 3, START, "é", "ada", null));
        comesBack(
                NotifyLayouts.NotificationLayout.INSTANCE,
                new Notification(
                        "n-2",
                        "opened",
                        ALERT,
                        3,
                        START,
                        "é",
                        null,
                        new Notification.Group(
                                "g-1",
                                "store",
                                Map.of("location", "store-7"),
                                List.of("complaint", "csat-drop"),
                                "error",
                                2,
                                List.of(
                                        new Notification.Listed(
                                                "a-1", "complaint", "opened", true, "error", START, "c-1", "é"),
                                        new Notification.Listed(
                                                "a-2",
                                                "csat-drop",
                                                "opened",
                                                false,
                                                "warning",
                                                START,
                                                null,
                                                "fell")))));
        comesBack(RuleError.ErrorLayout.INSTANCE, new RuleError("dear", 1, 3, START, START + 1, "no number"));
        comesBack(PublishedRule.RuleLayout.INSTANCE, new PublishedRule("complaint", 2, START, "rules: {}"));
    }

    private static <T> void comesBack(Layout<T> layout, T value) throws IOException {
        assertThat(StateBytes.roundTrip(layout, value)).isEqualTo(value);
    }
}
