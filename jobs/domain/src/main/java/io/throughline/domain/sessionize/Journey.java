package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Money;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One customer's long arc through the stages, as published. Times are event times, epoch milliseconds UTC; durations
 * milliseconds.
 *
 * @param journeyId the customer and the hash of its first touchpoint's id
 * @param ended whether event time has passed its end; until then it may go on
 * @param product that of the first conversion that names one, else the first one named
 * @param topic the first one named
 * @param stage the last one entered
 * @param stages those reached, in journey order
 * @param stagePath stretches in one stage as they were entered; at most {@code sessionize.journey.path_limit}
 * @param dwellMs stage to time spent in it
 * @param stepsBack changes to a stage earlier in journey order
 * @param convertedAt time of the first conversion
 * @param sessionCount sessions that began in it
 * @param value of conversions and their reversals, one sum per currency, sorted
 * @param flags contradictory facts, sorted
 */
public record Journey(
        String journeyId,
        String customerId,
        Status status,
        boolean ended,
        EndCause endCause,
        long start,
        long end,
        @Nullable String product,
        @Nullable String topic,
        @Nullable String stage,
        List<String> stages,
        List<StageVisit> stagePath,
        Map<String, Long> dwellMs,
        int stepsBack,
        @Nullable Long convertedAt,
        @Nullable String conversionChannel,
        int conversionCount,
        @Nullable Long churnedAt,
        List<String> channels,
        String firstChannel,
        long touchpointCount,
        long sessionCount,
        List<Money> value,
        List<String> flags,
        long revision) {

    /** What a journey has come to. */
    public enum Status {
        ACTIVE,
        CONVERTED,
        /** Ended by silence, without a conversion. */
        ABANDONED,
        CHURNED,
        /** No longer a journey of its own. */
        ABSORBED
    }

    /** What ended a journey. */
    public enum EndCause {
        /** Nothing yet. */
        OPEN,
        QUIET,
        CHURNED,
        /** After a conversion the customer turned to another product. */
        NEW_PURPOSE
    }

    /**
     * A stretch in one stage.
     *
     * @param entered event time of its first touchpoint
     * @param dwellMs until the next stretch, or the end of the journey
     */
    public record StageVisit(String stage, long entered, long dwellMs, long touchpoints) {}

    public boolean converted() {
        return convertedAt != null;
    }

    public boolean churned() {
        return churnedAt != null;
    }

    /** The stage furthest along in journey order; null where no known one was reached. */
    public @Nullable String furthestStage() {
        return Stages.furthest(stages);
    }

    /** This content once event time has passed its end. */
    Journey ended(EndCause cause) {
        Status known = status == Status.ACTIVE && cause == EndCause.QUIET ? Status.ABANDONED : status;
        return with(known, true, cause, revision);
    }

    Journey as(long newRevision) {
        return with(status, ended, endCause, newRevision);
    }

    private Journey with(Status newStatus, boolean nowEnded, EndCause newCause, long newRevision) {
        return new Journey(
                journeyId,
                customerId,
                newStatus,
                nowEnded,
                newCause,
                start,
                end,
                product,
                topic,
                stage,
                stages,
                stagePath,
                dwellMs,
                stepsBack,
                convertedAt,
                conversionChannel,
                conversionCount,
                churnedAt,
                channels,
                firstChannel,
                touchpointCount,
                sessionCount,
                value,
                flags,
                newRevision);
    }

    /** What is left of a journey that is no longer one: its times, nothing that could be counted. */
    Journey absorbed(long newRevision) {
        return new Journey(
                journeyId,
                customerId,
                Status.ABSORBED,
                ended,
                endCause,
                start,
                end,
                null,
                null,
                null,
                List.of(),
                List.of(),
                Map.of(),
                0,
                null,
                null,
                0,
                null,
                List.of(),
                firstChannel,
                0,
                0,
                List.of(),
                List.of(),
                newRevision);
    }
}
