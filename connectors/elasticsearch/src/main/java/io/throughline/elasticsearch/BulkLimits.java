package io.throughline.elasticsearch;

import java.io.Serializable;

/**
 * How much is sent at once and kept in memory, per subtask.
 *
 * @param bulkBytes a bulk is sent when it would exceed this; a bigger document goes alone
 * @param bulkActions or has this many documents
 * @param bulkDelayMillis or its oldest document has waited this long
 * @param inFlight bulks sent and not yet answered
 * @param bufferedBytes documents kept, waiting or in flight, before the stream is held back; exceeded by one document at most
 * @param bufferedActions the same by number
 * @param documentBytes a bigger document goes to the dead letters unsent
 */
public record BulkLimits(
        int bulkBytes,
        int bulkActions,
        long bulkDelayMillis,
        int inFlight,
        long bufferedBytes,
        int bufferedActions,
        int documentBytes)
        implements Serializable {

    public static final BulkLimits DEFAULT = new BulkLimits(5 << 20, 2_000, 500, 2, 32 << 20, 20_000, 16 << 20);

    public BulkLimits {
        if (bulkBytes < 1
                || bulkActions < 1
                || bulkDelayMillis < 0
                || inFlight < 1
                || bufferedBytes < bulkBytes
                || bufferedActions < bulkActions
                || documentBytes < 1) {
            throw new IllegalArgumentException(
                    "every limit must be positive and a buffer must hold at least one bulk, but limits are " + bulkBytes
                            + " bytes, " + bulkActions + " documents, " + bulkDelayMillis + " ms, " + inFlight
                            + " in flight, buffer " + bufferedBytes + " bytes, " + bufferedActions
                            + " documents, document " + documentBytes + " bytes");
        }
    }
}
