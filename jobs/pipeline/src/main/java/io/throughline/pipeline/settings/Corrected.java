package io.throughline.pipeline.settings;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.elasticsearch.DocumentKind;
import java.time.Duration;
import java.util.Map;

/**
 * How long documents of a kind are written again. What is deleted sooner would come back.
 *
 * @param by the keys that say so
 */
record Corrected(long forMs, String by) {

    private Corrected orLonger(long otherMs, String otherBy) {
        return otherMs > forMs ? new Corrected(otherMs, otherBy) : this;
    }

    /**
     * Notes of each kind that is kept shorter than it is corrected for.
     *
     * @param correctable how long touchpoints are corrected, milliseconds
     */
    static void requireKeptAsLong(
            Section retention,
            Map<DocumentKind, Duration> keep,
            long correctable,
            SessionizeConfig sessionize,
            MeasureConfig measure,
            AlertConfig alert) {
        keep.forEach((kind, duration) -> {
            Corrected corrected = of(kind, correctable, sessionize, measure, alert);
            if (duration.toMillis() < corrected.forMs) {
                retention.problem(
                        ElasticsearchSettings.key(kind),
                        "is " + DurationText.format(duration.toMillis()) + ", but documents are corrected for "
                                + DurationText.format(corrected.forMs) + " (" + corrected.by
                                + ") and would come back: keep them at least as long");
            }
        });
    }

    private static Corrected of(
            DocumentKind kind,
            long correctable,
            SessionizeConfig sessionize,
            MeasureConfig measure,
            AlertConfig alert) {
        Corrected touchpoints = new Corrected(correctable, "ingest.lateness_horizon + stitch.reattribution_horizon");
        return switch (kind) {
            case SESSIONS, ISSUES, JOURNEYS -> touchpoints.orLonger(sessionize.retentionMs(), "sessionize.retention");
            case TRANSITIONS ->
                touchpoints.orLonger(
                        Duration.ofDays(1).toMillis() + sessionize.retentionMs() + sessionize.maxLengthMs(),
                        "a day, sessionize.retention and sessionize.max_length");
            case METRICS -> touchpoints.orLonger(measure.correctHistoryMs(), "measure.correct_history_for");
            case ALERTS ->
                touchpoints
                        .orLonger(alert.keepForMs(), "alert.keep_for")
                        .orLonger(alert.cases().keepForMs(), "alert.act_within");
            case REJECTED, RULE_ERRORS, QUALITY -> new Corrected(0, "");
            default -> touchpoints;
        };
    }
}
