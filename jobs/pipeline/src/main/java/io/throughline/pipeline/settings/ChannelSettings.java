package io.throughline.pipeline.settings;

import io.throughline.domain.ingest.Channel;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.sessionize.SessionizeConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@code channels}: named once, used by ingest, stitching and sessionizing.
 *
 * @param known by name
 * @param gapMs channel to the silence that ends a session, milliseconds
 */
record ChannelSettings(Map<String, Channel> known, Map<String, Long> gapMs) {

    /** @param defaultGapMs of channels that neither the file nor the defaults give one */
    static ChannelSettings read(Section root, long defaultGapMs) {
        Map<String, Channel> defaults = IngestConfig.DEFAULTS.channels();
        Map<String, Channel> known = new LinkedHashMap<>();
        Map<String, Long> gaps = new LinkedHashMap<>();
        root.sections("channels", defaults.keySet()).forEach((name, section) -> {
            Names.check(section, name);
            Channel byDefault = IngestConfig.DEFAULTS.channel(name);
            known.put(name, new Channel(name, section.optionalName("default_stage", byDefault.defaultStage())));
            gaps.put(
                    name,
                    section.duration("gap", SessionizeConfig.DEFAULTS.gapMs().getOrDefault(name, defaultGapMs)));
        });
        return new ChannelSettings(known, gaps);
    }
}
