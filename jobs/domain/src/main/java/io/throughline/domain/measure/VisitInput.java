package io.throughline.domain.measure;

import org.jspecify.annotations.Nullable;

/** What {@link VisitRule} hears of one customer. */
public sealed interface VisitInput {

    String customerId();

    /**
     * A session as it stands now.
     *
     * @param visit null: it is none any more
     */
    record Visited(String customerId, String sessionId, @Nullable Visit visit) implements VisitInput {}

    /** @param sign +1: given; -1: undoes a +1 that is equal in everything else */
    record Answered(String customerId, Answer answer, int sign) implements VisitInput {}

    /**
     * An answer on the one scale its question is counted on.
     *
     * @param survey 0: CSAT, in thousandths of a point; 1: NPS, a promoter 100, a detractor -100, in thousandths
     * @param channel the channel it asks about; null: the session it was given in
     * @param aboutTime event time of the touchpoint it names and is about; null: it names none, or that is not known
     */
    record Answer(
            String touchpointId,
            long time,
            int survey,
            long thousandths,
            @Nullable String channel,
            @Nullable Long aboutTime) {}
}
