package io.throughline.domain.alert;

/** What may have to be told about alerts of one rule or of one grouping. */
public sealed interface NotifyInput {

    /** Under what it is remembered what was told; see {@link NotifyConfig#key}. */
    String key();

    /**
     * An alert as it stands now.
     *
     * @param key as it was when the alert was first published
     * @param fresh whether somebody who was never told should be told now: it has just opened, come back from a retraction
     *     or an inhibition, been escalated or been reopened
     * @param seenAt when the pipeline came to know, epoch milliseconds of the machine's clock
     */
    record Changed(String key, Alert alert, boolean fresh, long seenAt) implements NotifyInput {}

    /**
     * A rule is silenced, or is no longer.
     *
     * @param key one of {@link NotifyConfig#keys}
     */
    record Silenced(String key, Action action) implements NotifyInput {}
}
