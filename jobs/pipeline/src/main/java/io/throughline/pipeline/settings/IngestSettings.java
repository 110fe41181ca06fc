package io.throughline.pipeline.settings;

import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.PseudonymKey;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Locale;

/** Reads {@code ingest}. */
final class IngestSettings {

    static IngestConfig read(Section section, IdentifierSettings identifiers, ChannelSettings channels) {
        IngestConfig defaults = IngestConfig.DEFAULTS;
        long latenessHorizon = section.duration("lateness_horizon", defaults.latenessHorizonMs());
        long allowedSkew = section.durationOrZero("allowed_skew", defaults.allowedSkewMs());
        String earliestTime = section.text(
                "earliest_time", Instant.ofEpochMilli(defaults.earliestTime()).toString());
        int maxIdentifiers = section.integer("max_identifiers", defaults.maxIdentifiers(), 1);
        int maxRecordBytes = section.integer("max_record_bytes", defaults.maxRecordBytes(), 1, 1 << 20);
        String key = section.secret("pseudonym_key");
        var unknownIdentifierType = section.choice(
                "unknown_identifier_type", IngestConfig.UnknownIdentifierType.class, defaults.unknownIdentifierType());
        var blockedValues = new LinkedHashSet<String>();
        section.texts("blocked_values", defaults.blockedValues())
                .forEach(value -> blockedValues.add(value.strip().toLowerCase(Locale.ROOT)));
        var blockedPatterns = section.texts("blocked_patterns", defaults.blockedPatterns());
        String country = section.optionalText(
                "default_country",
                defaults.defaultCountry(),
                code -> new LibPhoneNumbers().knows(code),
                "an ISO 3166 country code such as DE");
        var unknownChannel =
                section.choice("unknown_channel", IngestConfig.UnknownName.class, defaults.unknownChannel());
        var kinds = new LinkedHashSet<>(section.names("kinds", defaults.kinds()));
        var unknownKind = section.choice("unknown_kind", IngestConfig.UnknownName.class, defaults.unknownKind());
        // Each by itself, so that all that is wrong is said at once.
        long earliest = section.build(() -> time(earliestTime), defaults.earliestTime());
        PseudonymKey pseudonymKey = key == null
                ? PseudonymKey.DEVELOPMENT
                : section.build(() -> new PseudonymKey(key), defaults.pseudonymKey());
        return section.build(
                () -> new IngestConfig(
                        latenessHorizon,
                        allowedSkew,
                        earliest,
                        maxIdentifiers,
                        maxRecordBytes,
                        pseudonymKey,
                        identifiers.rules(),
                        unknownIdentifierType,
                        blockedValues,
                        blockedPatterns,
                        country,
                        channels.known(),
                        unknownChannel,
                        kinds,
                        unknownKind),
                defaults);
    }

    private static long time(String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "ingest.earliest_time: must be a time such as 2000-01-01T00:00:00Z, was \"" + text + '"', e);
        }
    }

    private IngestSettings() {}
}
