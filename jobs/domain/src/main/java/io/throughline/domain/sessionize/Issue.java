package io.throughline.domain.sessionize;

import java.util.ArrayList;
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
 * @param end the last touchpoint's
 * @param channels of its inbound touchpoints, sorted
 * @param contacts by start, at least one unless absorbed
 * @param handoffs transfers and changes from bot to agent
 * @param reAsks times the customer had to say again what had been said before
 * @param firstResponseMs from the first contact to the first answer of an agent
 * @param resolutionMs from the first contact to the resolution; null while unresolved
 * @param longestSilenceMs longest time without a word from the company between the first contact and the resolution or
 *     last touchpoint
 * @param promises in the order they were made
 * @param reopened contacts that came after it had been resolved
 * @param flags contradictory facts, sorted
 */
public record Issue(
        String issueId,
        String customerId,
        @Nullable String topic,
        @Nullable String caseId,
        boolean absorbed,
        boolean settled,
        boolean resolved,
        boolean resolvable,
        long start,
        long end,
        List<String> channels,
        List<Contact> contacts,
        HandoffKinds handoffKinds,
        int channelSwitches,
        int reAsks,
        @Nullable Long firstResponseMs,
        @Nullable Long resolutionMs,
        long longestSilenceMs,
        List<Promise> promises,
        int reopened,
        List<String> flags,
        long revision) {

    public Issue {
        contacts = List.copyOf(contacts);
        promises = List.copyOf(promises);
    }

    /** Where an issue stands. */
    public enum Status {
        OPEN,
        RESOLVED,
        /** The customer came back after the resolution. */
        REOPENED,
        /** Unresolved, and no contact for the repeat window. */
        QUIET,
        /** No longer an issue of its own. */
        ABSORBED
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

    /** As it stands at this event time, everything known of it before. */
    Issue asOf(long now, long settlesAt) {
        boolean nowSettled = settled || settlesAt <= now;
        boolean same = nowSettled == settled;
        List<Promise> standing = promises;
        for (int i = 0; i < promises.size(); i++) {
            Promise promise = promises.get(i).asOf(now);
            if (promise != promises.get(i)) {
                standing = standing == promises ? new ArrayList<>(promises) : standing;
                standing.set(i, promise);
                same = false;
            }
        }
        return same ? this : with(nowSettled, standing, revision);
    }

    Issue as(long newRevision) {
        return with(settled, promises, newRevision);
    }

    private Issue with(boolean nowSettled, List<Promise> newPromises, long newRevision) {
        return new Issue(
                issueId,
                customerId,
                topic,
                caseId,
                absorbed,
                nowSettled,
                resolved,
                resolvable,
                start,
                end,
                channels,
                contacts,
                handoffKinds,
                channelSwitches,
                reAsks,
                firstResponseMs,
                resolutionMs,
                longestSilenceMs,
                newPromises,
                reopened,
                flags,
                newRevision);
    }

    /** What is left of an issue that is no longer one: its times, nothing that could be counted. */
    Issue absorbed(long newRevision) {
        return new Issue(
                issueId,
                customerId,
                null,
                null,
                true,
                settled,
                false,
                true,
                start,
                end,
                List.of(),
                List.of(),
                HandoffKinds.NONE,
                0,
                0,
                null,
                null,
                0,
                List.of(),
                0,
                List.of(),
                newRevision);
    }

    /** Event time the next promise is due at that is neither kept nor broken. */
    long nextDue() {
        long next = Long.MAX_VALUE;
        for (Promise promise : promises) {
            if (promise.status() == Promise.Status.OPEN && promise.due() != null) {
                next = Math.min(next, promise.due());
            }
        }
        return next;
    }

    public Status status() {
        if (absorbed) {
            return Status.ABSORBED;
        }
        if (resolved) {
            return Status.RESOLVED;
        }
        if (settled) {
            return Status.QUIET;
        }
        return reopened > 0 ? Status.REOPENED : Status.OPEN;
    }

    /** Times the customer was passed on. */
    public int handoffs() {
        return handoffKinds.total();
    }

    public int promisesMade() {
        return promises.size();
    }

    /** Of the promises those kept in time, or kept where nothing was due. */
    public int promisesKept() {
        return promises(Promise.Status.KEPT);
    }

    public int promisesBroken() {
        return promises(Promise.Status.BROKEN);
    }

    private int promises(Promise.Status status) {
        return (int)
                promises.stream().filter(promise -> promise.status() == status).count();
    }

    /** Contacts after the first. */
    public int repeats() {
        return Math.max(0, contacts.size() - 1);
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
