package io.throughline.pipeline;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.pipeline.alert.AlertTopology;
import io.throughline.pipeline.alert.AlertTopology.Alerted;
import io.throughline.pipeline.alert.AlertTopology.Said;
import io.throughline.pipeline.ingest.AlertControlTopology.Controlled;
import io.throughline.pipeline.ingest.DecisionTopology.Decided;
import io.throughline.pipeline.ingest.ErasureTopology.Erasing;
import io.throughline.pipeline.ingest.Incoming;
import io.throughline.pipeline.ingest.IngestTopology;
import io.throughline.pipeline.ingest.IngestTopology.Ingested;
import io.throughline.pipeline.ingest.RecordFormat;
import io.throughline.pipeline.measure.MeasureTopology;
import io.throughline.pipeline.measure.MeasureTopology.Measured;
import io.throughline.pipeline.sessionize.SessionizeTopology;
import io.throughline.pipeline.sessionize.SessionizeTopology.Sessionized;
import io.throughline.pipeline.settings.AlertRuleFile;
import io.throughline.pipeline.settings.Settings;
import io.throughline.pipeline.stitch.Feedback;
import io.throughline.pipeline.stitch.StitchTopology;
import io.throughline.pipeline.stitch.StitchTopology.Stitched;
import java.util.Arrays;
import java.util.Collection;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.jspecify.annotations.Nullable;

/**
 * Raw touchpoint records, people's decisions, erasures, rules and actions in; customers, sessions, metrics and alerts out.
 *
 * <pre>
 * records -> ingest -> stitch <-> feedback
 *         decisions ---> |
 *         erasures ----> |
 *                        +-> sessionize -> measure
 *                        |                    |
 *                        +----------------> alert
 *                        rules, actions ----> |
 * </pre>
 */
public final class ExperienceTopology {

    /**
     * The rules of every stage.
     *
     * @param until event time after which a touchpoint is only evidence of who is who, epoch milliseconds; null: there is
     *     no such time
     */
    public record Rules(
            IngestConfig ingest,
            StitchConfig stitch,
            SessionizeConfig sessionize,
            MeasureConfig measure,
            AlertConfig alert,
            @Nullable Long until) {

        public static final Rules DEFAULTS = new Rules(
                IngestConfig.DEFAULTS,
                StitchConfig.DEFAULTS,
                SessionizeConfig.DEFAULTS,
                MeasureConfig.DEFAULTS,
                AlertConfig.DEFAULTS.withRules(AlertRuleFile.library()),
                null);

        public static Rules of(Settings settings) {
            return new Rules(
                    settings.ingest(),
                    settings.stitch(),
                    settings.sessionize(),
                    settings.measure(),
                    settings.alert(),
                    null);
        }

        /** The same with others for alerts. */
        public Rules withAlert(AlertConfig other) {
            return new Rules(ingest, stitch, sessionize, measure, other, until);
        }

        /** The same where only these values are asked for. */
        public Rules measuringOnly(Collection<MeasureConfig.LookedAt> values) {
            return new Rules(ingest, stitch, sessionize, measure.only(values), alert, until);
        }

        /** The same rules as a bounded replay needs them: windows exact to the millisecond, nothing after its time. */
        public Rules exact() {
            return new Rules(
                    ingest, stitch, sessionize.toBuilder().publishAhead(false).build(), measure.exact(), alert, until);
        }

        /** The same where the future is known, but is not to be told. */
        public Rules until(long asOf) {
            return new Rules(ingest, stitch, sessionize, measure, alert, asOf);
        }
    }

    public static <T> void build(
            DataStream<T> records,
            RecordFormat<T> format,
            WatermarkStrategy<Incoming> time,
            Decided decided,
            Erasing erasing,
            Controlled controlled,
            Feedback feedback,
            Outlets outlets,
            Rules rules) {
        Ingested ingested = IngestTopology.ingest(records, format, time, rules.ingest());
        Stitched stitched = seenBy(
                rules.until(),
                StitchTopology.stitch(
                        ingested.touchpoints(), decided.decisions(), erasing.erasures(), rules.stitch(), feedback));
        Sessionized sessionized = SessionizeTopology.sessionize(stitched, rules.sessionize());
        Measured metrics = MeasureTopology.measure(
                stitched.attributions(),
                sessionized,
                rules.measure(),
                rules.sessionize().retentionMs());
        Alerted alerted = AlertTopology.alert(
                stitched.attributions(),
                metrics.current(),
                new Said(controlled.rules(), controlled.actions()),
                rules.alert(),
                rules.measure().windows());
        outlets.take(new Outlets.Documents(
                sessionized.touchpoints(),
                sessionized.erased(),
                sessionized.customers(),
                sessionized.sessions(),
                sessionized.issues(),
                sessionized.journeys(),
                sessionized.transitions(),
                stitched.changes(),
                metrics.documents(),
                alerted.alerts(),
                alerted.answers(),
                alerted.notifications(),
                alerted.errors(),
                rejected(ingested, decided, erasing, controlled),
                ingested.late(),
                IngestTopology.account(ingested.fates(), stitched)));
    }

    /** What happened later is evidence of who is who, and nothing else: a stage that held it would make room for it. */
    private static Stitched seenBy(@Nullable Long until, Stitched stitched) {
        if (until == null) {
            return stitched;
        }
        long last = until;
        return new Stitched(
                stitched.attributions()
                        .filter(attribution -> attribution.touchpoint().eventTime() <= last)
                        .name("stitch-until")
                        .uid("stitch-until"),
                stitched.identities(),
                stitched.changes(),
                stitched.erased(),
                stitched.duplicates());
    }

    private static DataStream<Rejected> rejected(
            Ingested ingested, Decided decided, Erasing erasing, Controlled controlled) {
        DataStream<Rejected> rejected = ingested.rejected();
        for (DataStream<Rejected> further :
                Arrays.asList(decided.rejected(), erasing.rejected(), controlled.rejected())) {
            rejected = further == null ? rejected : rejected.union(further);
        }
        return rejected;
    }

    private ExperienceTopology() {}
}
