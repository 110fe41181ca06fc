package io.throughline.scenarios.simulator;

/**
 * The truth about one person in one episode.
 *
 * @param start first touchpoint, true time, epoch milliseconds
 * @param end last touchpoint, true time, epoch milliseconds
 * @param dissatisfaction latent, 0 (delighted) to 1; shaped by experiences, private sensitivity, mood, resentment and
 *     chance, never a function of published fields
 * @param touchpoints how many touchpoints of the episode were written, duplicates apart
 * @param over false where the stream ended first
 */
public record Verdict(
        String episode,
        String person,
        String household,
        String plot,
        long start,
        long end,
        double dissatisfaction,
        int touchpoints,
        boolean over) {
    /** From here on a person counts as dissatisfied. */
    public static final double DISSATISFIED = 0.5;

    public boolean dissatisfied() {
        return dissatisfaction >= DISSATISFIED;
    }
}
