package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonActionsTest {

    private static final String SILENCE =
            """
            {"action_id":"x-1","verb":"silence","rule_id":"long-wait","at":"2026-01-01T10:00:00Z","by":"ada","until":"2026-01-01T12:00:00Z"}""";

    @Test
    void anActionIsWrittenAsItWasRead() {
        assertThat(JsonActions.action(JsonActions.line(JsonActions.action(SILENCE))))
                .isEqualTo(JsonActions.action(SILENCE));
    }

    /** Such an action would be taken and do nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void whatItIsAboutMustBeNamed(String blank) {
        assertThatThrownBy(() -> JsonActions.action(SILENCE.replace("long-wait", blank)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rule_id must not be empty");
        assertThatThrownBy(() -> JsonActions.action(
                        SILENCE.replace("\"rule_id\":\"long-wait\"", "\"alert_id\":\"" + blank + "\"")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alert_id must not be empty");
    }
}
