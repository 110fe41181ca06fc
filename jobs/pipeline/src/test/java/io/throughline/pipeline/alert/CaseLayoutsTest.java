package io.throughline.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.Action;
import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.CaseInput;
import io.throughline.domain.alert.CaseOutput;
import io.throughline.domain.alert.CaseState;
import io.throughline.domain.alert.MetricState;
import io.throughline.domain.alert.Notification;
import io.throughline.domain.alert.NotifyInput;
import io.throughline.domain.alert.NotifyState;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.measure.StateBytes;
import io.throughline.pipeline.wire.ActionLayout;
import io.throughline.pipeline.wire.PublishedRule;
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

    @Test
    void pinsTheBytesOfWhatIsRememberedOfAnAlert() throws IOException {
        CaseState state = new CaseState("a-1");
        state.actions().put("x-1", FULL);
        state.answered().put("x-1", "");
        state.answered().put("x-3", "it is resolved already");
        state.cause(ALERT);
        StateBytes.areGolden("alert-case.v1.hex", CaseLayouts.StateLayout.INSTANCE, state);
    }

    @Test
    void pinsTheBytesOfWhatIsRememberedOfWhatWasTold() throws IOException {
        NotifyState state = new NotifyState();
        state.told().put("a-1", new NotifyState.Told("opened", 1, 2, START));
        state.silences().put("x-2", SILENCE);
        state.group("").burst().add(START);
        state.group("").waiting(300, START + 5, ALERT);
        StateBytes.areStillRead("alert-notify.v1.hex", 1, NotifyLayouts.StateLayout.INSTANCE, state);
        state.group("channel web").burst().add(START + 1);
        StateBytes.areGolden("alert-notify.v2.hex", NotifyLayouts.StateLayout.INSTANCE, state);
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
        StateBytes.areGolden("alert-metric.v1.hex", MetricLayouts.StateLayout.INSTANCE, state);
    }

    @Test
    void whatTravelsComesBack() throws IOException {
        comesBack(ActionLayout.INSTANCE, FULL);
        comesBack(ActionLayout.INSTANCE, SILENCE);
        comesBack(CaseLayouts.InputLayout.INSTANCE, new CaseInput.Judged(ALERT));
        comesBack(CaseLayouts.InputLayout.INSTANCE, new CaseInput.Acted("a-1", FULL));
        comesBack(
                CaseLayouts.AnswerLayout.INSTANCE, new CaseOutput.Answer("x-1", "a-1", false, "it is over", 4, START));
        comesBack(NotifyLayouts.InputLayout.INSTANCE, new NotifyInput.Changed(ALERT, true, START));
        comesBack(NotifyLayouts.InputLayout.INSTANCE, new NotifyInput.Silenced("complaint", SILENCE));
        comesBack(
                NotifyLayouts.NotificationLayout.INSTANCE,
                new Notification("n-1", "assigned", ALERT, 3, START, "é", "ada"));
        comesBack(PublishedRule.RuleLayout.INSTANCE, new PublishedRule("complaint", 2, START, "rules: {}"));
    }

    private static <T> void comesBack(Layout<T> layout, T value) throws IOException {
        assertThat(StateBytes.roundTrip(layout, value)).isEqualTo(value);
    }
}
