package io.throughline.pipeline.kit;

/**
 * Names of what our operators count beside what Flink counts of every operator. Dashboards and alerting rules outside this
 * build go by them; docs/operating.md says what each means.
 */
public final class OperatorMetrics {

    /** Records that cannot count; a label {@link #REASON} says why. */
    public static final String REJECTED = "rejected";

    public static final String REASON = "reason";

    /** Accepted records of which something was changed or left out; a label {@link #REMARK} says what. */
    public static final String REMARKED = "remarked";

    public static final String REMARK = "remark";

    /** Touchpoints beyond the lateness horizon. */
    public static final String LATE = "late";

    /** Records of touchpoints that count already. */
    public static final String DUPLICATES = "duplicates";

    /** Messages between identifiers that attempts sent which were rolled back. */
    public static final String ROLLED_BACK_MESSAGES = "rolled_back_messages";

    /** Messages between identifiers that wait for the snapshot after which they were sent. */
    public static final String WAITING_MESSAGES = "waiting_messages";

    /** Links not followed because too many identifiers hang together. */
    public static final String CAPPED_COMPONENT_LINKS = "capped_component_links";

    /** Links not followed because one identifier has too many. */
    public static final String CAPPED_SUPER_NODE_LINKS = "capped_super_node_links";

    /** Touchpoints that no new evidence can move any more. */
    public static final String FORGOTTEN_TOUCHPOINTS = "forgotten_touchpoints";

    /** Times an alert began to stand: opened, opened again, no longer held back by another. */
    public static final String ALERTS_OPENED = "alerts_opened";

    /** Published versions of rules that are left out because they cannot be used. */
    public static final String UNUSABLE_VERSIONS = "unusable_versions";

    /** Evaluations of a rule's condition that failed; a label {@link #RULE} names the rule. */
    public static final String FAILURES = "failures";

    public static final String RULE = "rule";

    private OperatorMetrics() {}
}
