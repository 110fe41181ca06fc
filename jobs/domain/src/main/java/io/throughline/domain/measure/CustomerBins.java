package io.throughline.domain.measure;

import io.throughline.domain.touchpoint.Hash128;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What customers did, in integers that sort by customer: 44 bits of the customer's hash, 16 bits of what, 4 bits of what
 * kind. With ten million customers in a series three pairs of them are expected to count as one.
 */
final class CustomerBins implements Serializable {
    static final int ACTIVE = 0;
    static final int PURCHASED = 1;
    static final int CANCELLED = 2;

    private static final int NO_STAGE = 15;

    /** Stages a bin can tell apart. */
    static final int MOST_STAGES = NO_STAGE;

    private final List<String> stages;

    CustomerBins(List<String> stages) {
        this.stages = stages;
    }

    /** The customer turned to the company on a channel, in a stage. */
    long active(Hash128 customer, String channel, @Nullable String stage) {
        int place = stage == null ? -1 : stages.indexOf(stage);
        return bin(customer, channelCode(channel) << 4 | (place < 0 ? NO_STAGE : place), ACTIVE);
    }

    static long bin(Hash128 customer, int what, int kind) {
        return customer.high() & ~0xfffffL | (long) what << 4 | kind;
    }

    /** 12 bits; the eighteen channels known by default have different ones. */
    static int channelCode(String channel) {
        int hash = channel.hashCode() * 0x9E3779B9;
        return hash >>> 20;
    }

    static long customerOf(long bin) {
        return bin >> 20;
    }

    static int kindOf(long bin) {
        return (int) (bin & 0xf);
    }

    static int channelOf(long bin) {
        return (int) (bin >>> 8 & 0xfff);
    }

    /** Place among the configured stages; at least {@link #MOST_STAGES} where none of them is named. */
    static int stageOf(long bin) {
        return (int) (bin >>> 4 & 0xf);
    }
}
