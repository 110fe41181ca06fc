package io.throughline.dashboard.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A rule of which something cannot be evaluated. It does not hold then; other rules go on.
 *
 * @param failures touchpoints for which that was so, by all tasks
 * @param since the first of them
 * @param lastAt the last of them
 * @param lastError the kind of error then
 */
record FailingRule(long failures, Instant since, Instant lastAt, String lastError) {

    /** By rule, from what each task says of it. */
    static Map<String, FailingRule> of(List<ObjectNode> newestFirst) {
        Map<String, FailingRule> failing = new LinkedHashMap<>();
        for (ObjectNode error : newestFirst) {
            failing.merge(
                    Searches.text(error, "rule_id"),
                    new FailingRule(
                            Searches.number(error, "failures"),
                            Instant.parse(Searches.text(error, "since")),
                            Instant.parse(Searches.text(error, "last_at")),
                            Searches.text(error, "last_error")),
                    FailingRule::and);
        }
        return failing;
    }

    private FailingRule and(FailingRule earlier) {
        return new FailingRule(
                failures + earlier.failures, since.isBefore(earlier.since) ? since : earlier.since, lastAt, lastError);
    }
}
