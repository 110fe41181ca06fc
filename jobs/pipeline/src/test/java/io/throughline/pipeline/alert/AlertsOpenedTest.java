package io.throughline.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.Alert.Status;
import io.throughline.domain.alert.CaseOutput;
import io.throughline.domain.alert.CaseOutput.Answer;
import io.throughline.domain.alert.CaseOutput.Standing;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which of what is said of alerts a cluster's monitoring counts as one that opened. */
class AlertsOpenedTest {

    @Test
    void anAlertIsCountedWhenItBeginsToStand() {
        assertThat(AlertTopology.opens(standing(Status.OPEN, true))).isTrue();
    }

    @Test
    void furtherEvidenceOfItIsNot() {
        assertThat(AlertTopology.opens(standing(Status.OPEN, false))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = "OPEN", mode = EnumSource.Mode.EXCLUDE)
    void whatBecomesOfItIsNot(Status status) {
        assertThat(AlertTopology.opens(standing(status, true))).isFalse();
    }

    @Test
    void answersToCommandsAreNot() {
        assertThat(AlertTopology.opens(new Answer("command-1", "a-1", true, null, 1, 0)))
                .isFalse();
    }

    private static CaseOutput standing(Status status, boolean fresh) {
        Alert alert = new Alert(
                "a-1", "detractor", 1, "c-1", status, "warning", 0, null, "score 2", null, List.of(), "speed", 1);
        return new Standing(alert, "detractor", fresh);
    }
}
