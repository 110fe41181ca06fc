package io.throughline.domain.sessionize;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contacts of one customer about one subject, across channels, until none followed for the repeat window. Times are
 * event times, epoch milliseconds UTC; durations milliseconds.
 *
 * @param issueId the customer and the smallest hash of its contacts' touchpoint ids
 * @param topic smallest of the topics named; null where only a case is known
 * @param caseId smallest of the cases named
 * @param settled whether the repeat window has passed, so that another contact would be another issue; until then every
 *     verdict on the issue is provisional
 * @param resolved whether it was resolved after (or during) its last contact
 * @param resolvable whether the first contact could have resolved it: no touchpoint of it has an outcome of {@code
 *     sessionize.issue.not_resolvable_outcomes}
 * @param contacts by start, at least one
 * @param handoffs transfers and changes from bot to agent
 * @param firstResponseMs from the first contact to the first answer of an agent
 * @param resolutionMs from the first contact to the resolution; null while unresolved
 * @param longestSilenceMs longest time without a word from the company between the first contact and the resolution or
 *     last touchpoint
 */
public record Issue(
        String issueId,
        String customerId,
        @Nullable String topic,
        @Nullable String caseId,
        boolean settled,
        boolean resolved,
        boolean resolvable,
        List<Contact> contacts,
        int handoffs,
        int channelSwitches,
        @Nullable Long firstResponseMs,
        @Nullable Long resolutionMs,
        long longestSilenceMs,
        int promisesMade,
        int promisesKept) {

    public Issue {
        contacts = List.copyOf(contacts);
    }

    /**
     * One time the customer turned to the company: a call with its queue and transfers, a conversation, a visit. Its
     * dimensions are those of its first touchpoint.
     *
     * @param touchpointId its first touchpoint
     * @param start event time of its first touchpoint
     * @param repeat whether an earlier contact of the same customer about the same subject lies within the repeat window
     */
    public record Contact(
            String touchpointId,
            long start,
            long end,
            String channel,
            @Nullable String touchpoint,
            @Nullable String stage,
            @Nullable String location,
            @Nullable String product,
            @Nullable String segment,
            Map<String, String> experiments,
            boolean repeat) {

        public Contact {
            experiments = Map.copyOf(experiments);
        }
    }

    Issue asSettled() {
        return new Issue(
                issueId,
                customerId,
                topic,
                caseId,
                true,
                resolved,
                resolvable,
                contacts,
                handoffs,
                channelSwitches,
                firstResponseMs,
                resolutionMs,
                longestSilenceMs,
                promisesMade,
                promisesKept);
    }

    public Contact first() {
        return contacts.get(0);
    }

    /** Gross first-contact resolution: resolved, and one contact was enough. */
    public boolean resolvedAtFirstContact() {
        return resolved && contacts.size() == 1;
    }

    /** Behavioural first-contact resolution: the customer did not come back, whatever was recorded. */
    public boolean notRepeated() {
        return contacts.size() == 1;
    }
}
