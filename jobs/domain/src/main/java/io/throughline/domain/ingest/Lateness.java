package io.throughline.domain.ingest;

/**
 * Decides, once and for all stages, whether a touchpoint comes too late to count.
 *
 * @param horizonMs how far behind the watermark an event time may lie, milliseconds
 */
public record Lateness(long horizonMs) {

    public Lateness(IngestConfig config) {
        this(config.latenessHorizonMs());
    }

    /**
     * @param watermark the event time reached, epoch milliseconds; {@link Long#MIN_VALUE} before the first: nothing is
     *     late then
     */
    public boolean isLate(long eventTime, long watermark) {
        // An event time may be anything, so the sum may overflow; the difference of a reached watermark does not.
        return watermark >= Long.MIN_VALUE + horizonMs && eventTime < watermark - horizonMs;
    }
}
