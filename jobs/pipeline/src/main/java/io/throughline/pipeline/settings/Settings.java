package io.throughline.pipeline.settings;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.stitch.StitchConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that can be configured, for all stages and jobs, from one YAML file. All keys are listed in
 * {@code docs/configuration.md}; what the file leaves out has its default.
 *
 * @param inForce every key with the value it has, secrets hidden, by path
 */
public record Settings(
        IngestConfig ingest,
        StitchConfig stitch,
        SessionizeConfig sessionize,
        MeasureConfig measure,
        AlertConfig alert,
        KafkaSettings kafka,
        ElasticsearchSettings elasticsearch,
        DeliverySettings delivery,
        DashboardSettings dashboard,
        JobSettings job,
        List<Setting> inForce) {

    /** All defaults. */
    public static Settings defaults() {
        return parse("defaults", "", Map.of());
    }

    /**
     * Reads a file, in the environment of this process.
     *
     * @throws SettingsException listing everything that is wrong with it; also where there is no such file
     */
    public static Settings load(Path file) {
        return load(file, System.getenv());
    }

    /** @param environment what {@code ${env:NAME}} refers to */
    public static Settings load(Path file, Map<String, String> environment) {
        return parse(file.toString(), SettingsFile.text(file), environment);
    }

    /** @param source what messages call the text, for example the file's name */
    public static Settings parse(String source, String yaml, Map<String, String> environment) {
        Reading reading = new Reading(environment);
        Settings settings = read(reading, reading.root(yaml));
        List<Problem> problems = reading.problems();
        if (!problems.isEmpty()) {
            throw new SettingsException(source, problems);
        }
        return settings;
    }

    /** Every key there is, {@code *} standing for names of channels and identifier types, {@code []} for entries. */
    static Set<String> keys() {
        Reading reading = new Reading(Map.of());
        // No target and no group is there by default, so one has to be, for its keys to be known.
        read(reading, reading.root("{delivery: {targets: {any: }}, alert: {notify: {groups: {any: }}}}"));
        return reading.keys();
    }

    private static Settings read(Reading reading, Section root) {
        Section ingestSection = root.section("ingest");
        Section stitchSection = root.section("stitch");
        Section sessionizeSection = root.section("sessionize");
        long defaultGap = SessionizeSettings.defaultGapMs(sessionizeSection);
        ChannelSettings channels = ChannelSettings.read(root, defaultGap);
        IdentifierSettings identifiers = IdentifierSettings.read(stitchSection);
        IngestConfig ingest = IngestSettings.read(ingestSection, identifiers, channels);
        StitchConfig stitch = StitchSettings.read(stitchSection, identifiers, channels, defaultGap);
        ExperienceConfig experience = ExperienceSettings.read(root.section("experience"));
        long correctable = ingest.latenessHorizonMs() + stitch.reattributionHorizonMs();
        SessionizeConfig sessionize =
                SessionizeSettings.read(sessionizeSection, channels, defaultGap, correctable, stitch, experience);
        MeasureConfig measure = MeasureSettings.read(root.section("measure"), correctable);
        Section alertSection = root.section("alert");
        AlertConfig alert = AlertSettings.read(alertSection, correctable, experience, measure);
        // Where windows are wrong, those by default stand in for them.
        if (!reading.isWrong("measure.windows")) {
            alert.rules().forEach(rule -> RuleWindows.unknown(rule, measure)
                    .ifPresent(wrong -> alertSection.problem("rules", wrong)));
        }
        KafkaSettings kafka = KafkaSettings.read(root.section("kafka"));
        Section elasticsearchSection = root.section("elasticsearch");
        Section retention = elasticsearchSection.section("retention");
        ElasticsearchSettings elasticsearch = ElasticsearchSettings.read(elasticsearchSection, retention);
        Corrected.requireKeptAsLong(retention, elasticsearch.retention(), correctable, sessionize, measure, alert);
        return new Settings(
                ingest,
                stitch,
                sessionize,
                measure,
                alert,
                kafka,
                elasticsearch,
                DeliverySettings.read(root.section("delivery")),
                DashboardSettings.read(root.section("dashboard")),
                JobSettings.read(root.section("job")),
                reading.settings());
    }

    /** The same with other alert rules. */
    public Settings withAlertRules(List<AlertRule> rules) {
        return new Settings(
                ingest,
                stitch,
                sessionize,
                measure,
                alert.withRules(rules),
                kafka,
                elasticsearch,
                delivery,
                dashboard,
                job,
                inForce);
    }

    /** What whoever starts a job should see and think about; empty for a configuration fit for real data. */
    public List<String> warnings() {
        return ingest.pseudonymKey().isDevelopment()
                ? List.of("ingest.pseudonym_key is not set: pseudonyms are made with the development key that"
                        + " everybody knows, so anybody can find out who they stand for")
                : List.of();
    }

    /** Every key, its value and where it comes from, a line each; secrets stay hidden. */
    public String explain() {
        return inForce.stream().map(Setting::toString).collect(Collectors.joining("\n", "", "\n"));
    }

    /** As {@link #explain()}: secrets stay hidden. */
    @Override
    public String toString() {
        return explain();
    }
}
