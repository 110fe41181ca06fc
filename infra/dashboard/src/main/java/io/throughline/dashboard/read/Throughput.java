package io.throughline.dashboard.read;

import java.time.Instant;
import java.util.List;

/**
 * Touchpoints by the time they were received, in equal steps over the last 15 minutes.
 *
 * @param from start of the first step
 * @param stepMillis length of a step, milliseconds
 * @param partial whether the last step is still running
 * @param channels busiest first
 * @param other touchpoints per step of channels not listed, in the order of the steps
 */
public record Throughput(Instant from, long stepMillis, boolean partial, List<Channel> channels, List<Long> other) {

    /**
     * One channel's touchpoints.
     *
     * @param counts touchpoints per step
     * @param total sum of the counts
     */
    public record Channel(String channel, long total, List<Long> counts) {}
}
