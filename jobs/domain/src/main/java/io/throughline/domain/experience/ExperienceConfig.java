package io.throughline.domain.experience;

import io.throughline.domain.stage.Requirements;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How experiences move a customer's score, and which value tiers there are. Keys are {@code experience.*}.
 *
 * @param neutral where the score of somebody nothing has happened to stands, 0 to 100
 * @param halfLifeMs after which an experience counts half, milliseconds
 * @param points kind of experience to what it adds on the day it happens, below 0 where it is bad
 * @param longWaitMs time waited that counts as {@link Experience#LONG_WAIT}
 * @param tiers name to the lifetime value from which it holds, in units of any currency; nobody below the smallest has one
 */
public record ExperienceConfig(
        int neutral, long halfLifeMs, Map<Experience, Integer> points, long longWaitMs, Map<String, Long> tiers)
        implements Serializable {

    /** The least that can be set. */
    static final long SHORTEST_LONG_WAIT = 1;

    public static final ExperienceConfig DEFAULTS = new ExperienceConfig(
            50,
            30L * 24 * 3_600_000,
            Map.ofEntries(
                    Map.entry(Experience.SATISFACTION, 20),
                    Map.entry(Experience.SENTIMENT, 6),
                    Map.entry(Experience.COMPLAINT, -15),
                    Map.entry(Experience.ERROR, -4),
                    Map.entry(Experience.ABANDONED, -8),
                    Map.entry(Experience.LONG_WAIT, -6),
                    Map.entry(Experience.TRANSFER, -4),
                    Map.entry(Experience.PROMISE_KEPT, 6),
                    Map.entry(Experience.PROMISE_BROKEN, -15),
                    Map.entry(Experience.RESOLVED, 8),
                    Map.entry(Experience.PURCHASE, 3)),
            2L * 60_000,
            Map.of("silver", 500L, "gold", 2_000L, "platinum", 10_000L));

    public ExperienceConfig {
        points = new TreeMap<>(points);
        Map<String, Long> ascending = new LinkedHashMap<>();
        tiers.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(tier -> ascending.put(tier.getKey(), tier.getValue()));
        tiers = ascending;
        Requirements required = new Requirements();
        required.that(neutral >= 0 && neutral <= 100, "experience.neutral must be from 0 to 100, was " + neutral);
        required.that(halfLifeMs > 0, "experience.half_life must be positive, was " + halfLifeMs + " ms");
        required.that(
                longWaitMs >= SHORTEST_LONG_WAIT, "experience.long_wait must be positive, was " + longWaitMs + " ms");
        points.forEach((experience, most) -> required.that(
                most >= -100 && most <= 100,
                "experience.points." + experience.code() + " must be from -100 to 100, was " + most));
        required.that(
                tiers.values().stream().distinct().count() == tiers.size(),
                "experience.tiers must not begin at the same value, was " + tiers);
        required.check();
    }
}
