package io.throughline.scenarios.simulator;

/** When customers are awake: hour of the day by day of the week, UTC. Averages 1 over a week. */
final class Rhythm {
    static final long MINUTE = 60_000L;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    private static final double[] BY_HOUR = {
        0.25, 0.15, 0.10, 0.08, 0.10, 0.20, 0.45, 0.85, 1.30, 1.60, 1.65, 1.55,
        1.45, 1.40, 1.40, 1.45, 1.55, 1.60, 1.55, 1.50, 1.40, 1.15, 0.80, 0.47
    };
    /** Monday first. */
    private static final double[] BY_DAY = {1.20, 1.10, 1.05, 1.05, 1.05, 0.90, 0.65};

    private Rhythm() {}

    /** How busy the moment is compared with the week's average; continuous from hour to hour. */
    static double at(long time) {
        long sinceMidnight = Math.floorMod(time, DAY);
        int hour = (int) (sinceMidnight / HOUR);
        double within = (sinceMidnight % HOUR) / (double) HOUR;
        double hourly = BY_HOUR[hour] * (1 - within) + BY_HOUR[(hour + 1) % 24] * within;
        return hourly * BY_DAY[dayOfWeek(time)];
    }

    static double peak() {
        return 1.65 * 1.20;
    }

    /** 0 is Monday. */
    static int dayOfWeek(long time) {
        return (int) Math.floorMod(Math.floorDiv(time, DAY) + 3, 7L);
    }

    static boolean open(long time) {
        long hour = Math.floorMod(time, DAY) / HOUR;
        return hour >= 8 && hour < 20 && dayOfWeek(time) < 6;
    }

    /** The same moment where shops and branches are open, else the next opening plus the minutes past the hour. */
    static long nextOpen(long time) {
        long moment = time;
        while (!open(moment)) {
            moment += HOUR;
        }
        return moment;
    }
}
