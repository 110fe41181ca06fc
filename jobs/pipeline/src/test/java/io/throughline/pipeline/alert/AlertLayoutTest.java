package io.throughline.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.Alert.Evidence;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRuleSet;
import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.AlertState.Counted;
import io.throughline.domain.alert.AlertState.Said;
import io.throughline.domain.alert.Signal;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.measure.StateBytes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AlertLayoutTest {
    private static final long START = 1_795_392_000_000L;

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

    @Test
    void pinsTheBytesOfAnAlert() throws IOException {
        StateBytes.areGolden("alert.v1.hex", AlertLayout.INSTANCE, FULL);
        StateBytes.areGolden("alert-bare.v1.hex", AlertLayout.INSTANCE, BARE);
    }

    @Test
    void pinsTheBytesOfACustomersAlerts() throws IOException {
        Survey survey = new Survey("ces", 1, 7, false, 6.5, null, null);
        Signal full = new Signal(
                "t1", START, "call", "call_ended", true, "hotline", "billing", "abandoned", 61_000L, -0.75, survey);
        Signal bare = new Signal("t2", START + 1, "web", "error", false, null, null, null, null, null, null);
        AlertState state = new AlertState("c-1");
        state.unjudged(true);
        state.held().put("t1", new TreeMap<>(Map.of(1L, new Counted(full, -1), 2L, new Counted(full, 1))));
        state.held().put("t2", new TreeMap<>(Map.of(1L, new Counted(bare, 1))));
        state.said().put("a-1", new Said(FULL, 2, 2));
        StateBytes.areGolden("alert-state.v1.hex", AlertStateLayout.INSTANCE, state);
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
}
