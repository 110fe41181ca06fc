package io.throughline.domain.alert;

/** What may have to be told about alerts of one rule. */
public sealed interface NotifyInput {

    String ruleId();

    /**
     * An alert as it stands now.
     *
     * @param seenAt when the pipeline came to know, epoch milliseconds of the machine's clock
     */
    record Changed(Alert alert, long seenAt) implements NotifyInput {
        @Override
        public String ruleId() {
            return alert.ruleId();
        }
    }

    /** A rule is silenced, or is no longer. */
    record Silenced(String ruleId, Action action) implements NotifyInput {}
}
