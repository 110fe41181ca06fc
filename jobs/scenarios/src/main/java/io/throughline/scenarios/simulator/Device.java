package io.throughline.scenarios.simulator;

/**
 * One physical device.
 *
 * @param deviceId what its app reports
 * @param cookieSeed its browser's cookie lives {@code cookieDays}, then a new one follows
 * @param skew how far its clock is ahead of true time, milliseconds; negative: behind
 */
record Device(String deviceId, long cookieSeed, int cookieDays, long skew) {

    static Device drawn(Dice dice, String prefix) {
        String deviceId = prefix + "-" + hex(dice.next());
        long skew =
                switch (dice.weighted(0.87, 0.10, 0.03)) {
                    case 1 -> sign(dice) * dice.between(5_000L, 180_000L);
                    case 2 -> sign(dice) * dice.between(2 * Rhythm.HOUR, 12 * Rhythm.HOUR);
                    default -> 0;
                };
        return new Device(deviceId, dice.next(), dice.between(20, 120), skew);
    }

    String cookieAt(long time) {
        long generation = time / (cookieDays * Rhythm.DAY);
        return "ck-" + hex(Dice.mix(cookieSeed + generation));
    }

    static String hex(long bits) {
        return Long.toHexString(bits | 0x1000_0000_0000_0000L);
    }

    private static long sign(Dice dice) {
        return dice.chance(0.5) ? 1 : -1;
    }
}
