package io.throughline.pipeline.settings;

import io.throughline.domain.stitch.StitchConfig;

/** Reads {@code stitch}, but for {@code stitch.identifiers}. */
final class StitchSettings {

    static StitchConfig read(
            Section section, IdentifierSettings identifiers, ChannelSettings channels, long defaultGapMs) {
        StitchConfig defaults = StitchConfig.DEFAULTS;
        int maxLinks = section.integer("max_links", defaults.maxLinks(), 2);
        int maxComponentLinks = section.integer("max_component_links", defaults.maxComponentLinks(), 10);
        long horizon = section.duration("reattribution_horizon", defaults.reattributionHorizonMs());
        return section.build(
                () -> new StitchConfig(
                        identifiers.types(), maxLinks, maxComponentLinks, horizon, channels.gapMs(), defaultGapMs),
                defaults);
    }

    private StitchSettings() {}
}
