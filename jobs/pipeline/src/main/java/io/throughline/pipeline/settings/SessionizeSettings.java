package io.throughline.pipeline.settings;

import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.sessionize.IssueConfig;
import io.throughline.domain.sessionize.JourneyConfig;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.stitch.StitchConfig;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads {@code sessionize}. */
final class SessionizeSettings {

    /** How long a silence lasts that ends a session on a channel without a gap of its own, milliseconds. */
    static long defaultGapMs(Section section) {
        return section.duration("default_gap", SessionizeConfig.DEFAULTS.defaultGapMs());
    }

    /**
     * @param defaultGapMs as read before by {@link #defaultGapMs}
     * @param correctable how long touchpoints are corrected, milliseconds
     */
    static SessionizeConfig read(
            Section section,
            ChannelSettings channels,
            long defaultGapMs,
            long correctable,
            StitchConfig stitch,
            ExperienceConfig experience) {
        SessionizeConfig defaults = SessionizeConfig.DEFAULTS;
        boolean cutAtLogout = section.flag("cut_at_logout", defaults.cutAtLogout());
        long maxLength = section.duration("max_length", defaults.maxLengthMs());
        int maxSize = section.integer("max_size", defaults.maxSize(), 1);
        String campaignProperty = section.optionalText("campaign_property", defaults.campaignProperty());
        String dayZone = section.optionalText("day_zone", defaults.dayZone());
        int pathLimit = section.integer("path_limit", defaults.pathLimit(), 1);
        long publishEvery = section.durationOrZero("publish_every", defaults.publishEveryMs());
        int publishBurst = section.integer("publish_burst", defaults.publishBurst(), 0);
        long retention = section.duration("retention", correctable);
        if (retention < correctable) {
            section.problem(
                    "retention",
                    "must be at least ingest.lateness_horizon + stitch.reattribution_horizon = "
                            + DurationText.format(correctable) + ", was " + DurationText.format(retention));
        }
        long lifetime = section.duration("lifetime", Math.max(defaults.lifetimeMs(), retention));
        int maxTouchpoints = section.integer("max_touchpoints", defaults.maxTouchpoints(), 1);
        Set<String> handoffChannels = set(section, "handoff_channels", defaults.handoffChannels());
        Set<String> reAskKinds = set(section, "re_ask_kinds", defaults.reAskKinds());
        Set<String> reversalKinds = set(section, "reversal_kinds", defaults.reversalKinds());
        Set<String> valueKinds = set(section, "value_kinds", defaults.valueKinds());
        IssueConfig issue = issue(section.section("issue"));
        JourneyConfig journey = journey(section.section("journey"), retention);
        return section.build(
                () -> defaults.toBuilder()
                        .gapMs(channels.gapMs())
                        .defaultGapMs(defaultGapMs)
                        .cutAtLogout(cutAtLogout)
                        .maxLengthMs(maxLength)
                        .maxSize(maxSize)
                        .campaignProperty(campaignProperty)
                        .dayZone(dayZone)
                        .pathLimit(pathLimit)
                        .publishEveryMs(publishEvery)
                        .publishBurst(publishBurst)
                        .retentionMs(retention)
                        .lifetimeMs(lifetime)
                        .maxTouchpoints(maxTouchpoints)
                        .handoffChannels(handoffChannels)
                        .identifierOrder(List.copyOf(stitch.types().keySet()))
                        .reAskKinds(reAskKinds)
                        .reversalKinds(reversalKinds)
                        .valueKinds(valueKinds)
                        .issue(issue)
                        .journey(journey)
                        .experience(experience)
                        .build(),
                defaults);
    }

    private static IssueConfig issue(Section section) {
        IssueConfig defaults = IssueConfig.DEFAULTS;
        long repeatWindow = section.duration("repeat_window", defaults.repeatWindowMs());
        Set<String> contactKinds = set(section, "contact_kinds", defaults.contactKinds());
        Set<String> resolved = set(section, "resolved_outcomes", defaults.resolvedOutcomes());
        Set<String> notResolvable = set(section, "not_resolvable_outcomes", defaults.notResolvableOutcomes());
        long promiseGrace = section.durationOrZero("promise_grace", defaults.promiseGraceMs());
        return section.build(
                () -> new IssueConfig(repeatWindow, contactKinds, resolved, notResolvable, promiseGrace), defaults);
    }

    /** @param retentionMs beyond which no journey can be known to go on */
    private static JourneyConfig journey(Section section, long retentionMs) {
        JourneyConfig defaults = JourneyConfig.DEFAULTS;
        long quiet = section.duration("quiet", Math.min(defaults.quietMs(), retentionMs));
        Set<String> conversionKinds = set(section, "conversion_kinds", defaults.conversionKinds());
        Set<String> conversionOutcomes = set(section, "conversion_outcomes", defaults.conversionOutcomes());
        Set<String> churnKinds = set(section, "churn_kinds", defaults.churnKinds());
        Set<String> churnOutcomes = set(section, "churn_outcomes", defaults.churnOutcomes());
        int pathLimit = section.integer("path_limit", defaults.pathLimit(), 1);
        return section.build(
                () -> new JourneyConfig(
                        quiet, conversionKinds, conversionOutcomes, churnKinds, churnOutcomes, pathLimit),
                defaults);
    }

    private static Set<String> set(Section section, String name, Set<String> defaults) {
        return new LinkedHashSet<>(section.names(name, defaults));
    }

    private SessionizeSettings() {}
}
