package io.throughline.dashboard.read;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that are open now.
 *
 * @param open how many
 * @param troubled how many of them carry a complaint or an error
 * @param byChannel channel to sessions that touched it, most first; a session over two channels counts in both
 * @param newest those with the latest touchpoint
 */
public record Sessions(long open, long troubled, Map<String, Long> byChannel, List<Session> newest) {

    /** One open session; fields as in the session document. */
    public record Session(
            String sessionId,
            String customerId,
            @Nullable Instant start,
            @Nullable Instant end,
            List<String> channels,
            long touchpointCount,
            long channelSwitches,
            long handoffs,
            long errors,
            long complaints,
            List<String> topics) {}
}
