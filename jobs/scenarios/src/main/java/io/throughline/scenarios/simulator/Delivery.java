package io.throughline.scenarios.simulator;

import org.jspecify.annotations.Nullable;

/**
 * How a touchpoint travels from where it happened to the topic. Bounds, so that consumers can be tested against them:
 * everything is received within {@link #SLOWEST} of happening, and written within {@link #TRANSIT} of being received.
 *
 * @param eventTime by the clock of whoever sent it
 * @param sentTime by the same clock; null where the sender does not say
 * @param receivedTime by the collector's clock, true
 * @param writtenTime when it reaches the topic, true
 */
record Delivery(long eventTime, @Nullable Long sentTime, long receivedTime, long writtenTime) {
    static final long SLOWEST = 5 * Rhythm.DAY;
    static final long TRANSIT = 5_000;

    static Delivery of(Draft draft, long happened, Dice dice) {
        boolean onDevice = draft.device != null && !draft.outbound;
        long sent = happened + untilSent(draft, onDevice, dice);
        long received = Math.min(sent + dice.between(15L, onDevice ? 800L : 200L), happened + SLOWEST);
        long written = received + Math.min(TRANSIT, (long) dice.exponential(250));
        long skew = onDevice && draft.device != null ? draft.device.skew() : 0;
        boolean says = skew != 0 || onDevice || dice.chance(0.3);
        return new Delivery(happened + skew, says ? sent + skew : null, received, written);
    }

    private static long untilSent(Draft draft, boolean onDevice, Dice dice) {
        return switch (draft.channel) {
            case "paper" -> dice.between(12 * Rhythm.HOUR, SLOWEST - 1_000);
            case "store" -> dice.between(1_000L, 5 * Rhythm.MINUTE);
            case "kiosk" -> dice.chance(0.03) ? dice.between(Rhythm.HOUR, 12 * Rhythm.HOUR) : dice.between(50L, 2_000L);
            case "app" ->
                dice.chance(0.01) ? dice.between(10 * Rhythm.MINUTE, 6 * Rhythm.HOUR) : dice.between(50L, 3_000L);
            default -> onDevice ? dice.between(30L, 2_000L) : dice.between(5L, 150L);
        };
    }
}
