package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connected run of one customer's touchpoints over all channels, as published. Times are event times, epoch
 * milliseconds UTC; durations milliseconds.
 *
 * @param sessionId the customer and the smallest hash of the touchpoints' ids
 * @param path by event time, then touchpoint_id; at most {@code sessionize.path_limit} steps
 * @param activeMs channel to time spent in it until the next touchpoint
 * @param scores latest survey score by metric
 * @param value one sum per currency, sorted
 * @param handoffs all handoffs
 * @param reAsks times the customer had to say again what had been said before
 * @param flags contradictory facts, sorted
 * @param segment the one named by its latest touchpoint that names one
 */
public record Session(
        String sessionId,
        String customerId,
        Status status,
        long start,
        long end,
        List<String> channels,
        long touchpointCount,
        List<Step> path,
        int channelSwitches,
        int handoffs,
        Map<String, Long> activeMs,
        CutCause cutCause,
        @Nullable String outcome,
        List<String> topics,
        List<String> stages,
        Map<String, Double> scores,
        List<Money> value,
        int errors,
        int complaints,
        long waitMs,
        HandoffKinds handoffKinds,
        int reAsks,
        List<String> flags,
        @Nullable String segment,
        long revision) {

    /** How many steps both paths begin with in common, at least: those that are known to be the same without a look at them. */
    public int stepsSharedWith(Session other) {
        return Path.common(path, other.path);
    }

    /** This content with another standing and revision. */
    Session as(Status newStatus, CutCause newCause, long newRevision) {
        return new Session(
                sessionId,
                customerId,
                newStatus,
                start,
                end,
                channels,
                touchpointCount,
                path,
                channelSwitches,
                handoffs,
                activeMs,
                newCause,
                outcome,
                topics,
                stages,
                scores,
                value,
                errors,
                complaints,
                waitMs,
                handoffKinds,
                reAsks,
                flags,
                segment,
                newRevision);
    }

    /** What is left of a session that is no longer one: its times, nothing that could be counted. */
    Session absorbed(long newRevision) {
        return new Session(
                sessionId,
                customerId,
                Status.ABSORBED,
                start,
                end,
                List.of(),
                0,
                List.of(),
                0,
                0,
                Map.of(),
                cutCause,
                null,
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                0,
                0,
                0,
                HandoffKinds.NONE,
                0,
                List.of(),
                null,
                newRevision);
    }

    /** Where a session stands. */
    public enum Status {
        OPEN,
        CLOSED,
        /** Corrected after closing. */
        REVISED,
        /** No longer a session of its own. */
        ABSORBED
    }

    /** What ended a session. */
    public enum CutCause {
        /** Nothing yet. */
        OPEN,
        INACTIVITY,
        LOGOUT,
        MAX_LENGTH,
        MAX_SIZE,
        CAMPAIGN,
        DAY
    }

    /** One touchpoint on the path. */
    public record Step(
            String touchpointId,
            long eventTime,
            String channel,
            String kind,
            @Nullable String touchpoint,
            @Nullable String stage) {

        public static Step of(Touchpoint touchpoint) {
            return new Step(
                    touchpoint.touchpointId(),
                    touchpoint.eventTime(),
                    touchpoint.channel(),
                    touchpoint.kind(),
                    touchpoint.touchpoint(),
                    touchpoint.stage());
        }

        /** Whether it is what {@link #of} would make of the touchpoint. */
        public boolean isOf(Touchpoint other) {
            return touchpointId.equals(other.touchpointId())
                    && eventTime == other.eventTime()
                    && channel.equals(other.channel())
                    && kind.equals(other.kind())
                    && Objects.equals(touchpoint, other.touchpoint())
                    && Objects.equals(stage, other.stage());
        }
    }
}
