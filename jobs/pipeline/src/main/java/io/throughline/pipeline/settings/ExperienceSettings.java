package io.throughline.pipeline.settings;

import io.throughline.domain.experience.Experience;
import io.throughline.domain.experience.ExperienceConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code experience}. */
final class ExperienceSettings {

    static ExperienceConfig read(Section section) {
        ExperienceConfig defaults = ExperienceConfig.DEFAULTS;
        int neutral = section.integer("neutral", defaults.neutral(), 0, 100);
        long halfLife = section.duration("half_life", defaults.halfLifeMs());
        long longWait = section.duration("long_wait", defaults.longWaitMs());
        Map<Experience, Integer> points = new LinkedHashMap<>();
        Section given = section.section("points");
        for (Experience experience : Experience.values()) {
            points.put(
                    experience,
                    given.integer(experience.code(), defaults.points().getOrDefault(experience, 0), -100, 100));
        }
        Map<String, Long> tiers = new LinkedHashMap<>();
        section.sections("tiers", defaults.tiers().keySet())
                .forEach((name, tier) -> tiers.put(name, (long) tier.integer(
                        "from", defaults.tiers().getOrDefault(name, 0L).intValue(), 0)));
        return section.build(() -> new ExperienceConfig(neutral, halfLife, points, longWait, tiers), defaults);
    }

    private ExperienceSettings() {}
}
