package io.throughline.domain.alert;

/** What may have to be told about alerts of one rule. */
public sealed interface NotifyInput {

    String ruleId();

    /**
     * An alert as it stands now.
     *
     * @param fresh whether somebody who was never told should be told now: it has just opened, come back from a retraction
     *     or an inhibition, or been escalated
     * @param seenAt when the pipeline came to know, epoch milliseconds of the machine's clock
     */
    record Changed(Alert alert, boolean fresh, long seenAt) implements NotifyInput {
        @Override
        public String ruleId() {
            return alert.ruleId();
        }
    }

    /** A rule is silenced, or is no longer. */
    record Silenced(String ruleId, Action action) implements NotifyInput {}
}
