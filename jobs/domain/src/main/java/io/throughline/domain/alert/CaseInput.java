package io.throughline.domain.alert;

/** What concerns one alert. */
public sealed interface CaseInput {

    String alertId();

    /** What a rule says of it. */
    record Judged(Alert alert) implements CaseInput {
        @Override
        public String alertId() {
            return alert.alertId();
        }
    }

    /** What a person does about it. */
    record Acted(String alertId, Action action) implements CaseInput {}
}
