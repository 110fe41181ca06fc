package io.throughline.bench;

import io.throughline.domain.ingest.RawTouchpoint;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.stitch.Customers;
import io.throughline.domain.stitch.IdentityChange;
import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.JobRules;
import io.throughline.pipeline.alert.AlertTopology;
import io.throughline.pipeline.ingest.Incoming;
import io.throughline.pipeline.ingest.IngestTopology;
import io.throughline.pipeline.ingest.RecordFormat;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.measure.MeasureTopology;
import io.throughline.pipeline.sessionize.SessionizeTopology;
import io.throughline.pipeline.sessionize.SessionizeTopology.Sessionized;
import io.throughline.pipeline.stitch.DuplicateLayout;
import io.throughline.pipeline.stitch.ErasedLayout;
import io.throughline.pipeline.stitch.HashLayout;
import io.throughline.pipeline.stitch.IdentityChangeLayout;
import io.throughline.pipeline.stitch.StitchTopology;
import io.throughline.pipeline.stitch.StitchTopology.Stitched;
import io.throughline.pipeline.wire.AttributionLayout;
import io.throughline.pipeline.wire.CustomerIdentityLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * What a touchpoint costs whose identifiers are known, over the whole experience job: all its stages from ingest to
 * alert, beside the same with stitching replaced by a keyed operator that only passes touchpoints on. Records come from
 * memory and need no decoding; documents are thrown away.
 */
public final class JobBench {
    private static final Rules RULES = Rules.DEFAULTS;

    /** Whose each touchpoint is, so that the other job has the same customers to make sessions of. */
    private static volatile Map<String, String> customers = Map.of();

    /** @param args customers, how often a combination of identifiers is seen, rounds, parallelism: 2000 12 2 1 */
    public static void main(String[] args) throws Exception {
        int people = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        int repeats = args.length > 1 ? Integer.parseInt(args[1]) : 12;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 2;
        int parallelism = args.length > 3 ? Integer.parseInt(args[3]) : 1;
        People population = new People(new People.Mix(people, repeats, 3, 200, 2_000, 20, 5));
        Touchpoint[] all = new Touchpoint[population.size() / parallelism * parallelism];
        for (int i = 0; i < all.length; i++) {
            all[i] = population.touchpoint(i);
        }
        customers = Customers.of(Arrays.asList(all), List.of(), RULES.stitch());
        int known = all.length / repeats * 5;
        run(all, known, true, parallelism);
        run(all, known, false, parallelism);
        List<Double> stitched = new ArrayList<>();
        List<Double> passed = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            stitched.add(run(all, known, true, parallelism));
            passed.add(run(all, known, false, parallelism));
            passed.add(run(all, known, false, parallelism));
            stitched.add(run(all, known, true, parallelism));
        }
        double with = SteadyBench.median(stitched);
        double without = SteadyBench.median(passed);
        System.out.printf(
                "ingest to alert, parallelism %d: %,.0f CPU ns per known touchpoint with stitching, %,.0f passed on:"
                        + " ratio %.2f%n",
                parallelism, with, without, with / without);
    }

    private static double run(Touchpoint[] all, int known, boolean stitch, int parallelism) throws Exception {
        InMemory.start(all, known, stitch, parallelism);
        Configuration settings = JobRules.configuration();
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, true);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
        IngestTopology.Ingested ingested = IngestTopology.ingest(
                env.fromSequence(0, all.length - 1),
                new Numbered(),
                WatermarkStrategy.<Incoming>forBoundedOutOfOrderness(Duration.ofMinutes(1))
                        .withTimestampAssigner((incoming, time) ->
                                incoming.arrival().touchpoint().eventTime()),
                RULES.ingest());
        Stitched stitched = stitch ? SteadyBench.stitch(env, ingested.touchpoints()) : passOn(ingested.touchpoints());
        Sessionized sessions = SessionizeTopology.sessionize(stitched, RULES.sessionize());
        drop(sessions.touchpoints());
        drop(sessions.customers());
        drop(sessions.sessions());
        drop(stitched.changes());
        MeasureTopology.Measured metrics = MeasureTopology.measure(
                stitched.attributions(),
                sessions,
                RULES.measure(),
                RULES.sessionize().retentionMs());
        drop(metrics.documents());
        drop(AlertTopology.alert(stitched.attributions(), metrics.current(), NothingSaid.in(env), RULES.alert())
                .alerts());
        drop(ingested.rejected());
        drop(IngestTopology.account(ingested.fates(), stitched));
        env.execute();
        return (double) (Cpu.ofProcess() - InMemory.cpuAtMark()) / (all.length - known);
    }

    private static <T> void drop(DataStream<T> documents) {
        documents.sinkTo(new DiscardingSink<>());
    }

    /** A keyed operator that knows from the beginning whose each touchpoint is. */
    private static Stitched passOn(DataStream<TouchpointChange> touchpoints) {
        DataStream<Attribution> attributions = touchpoints
                .keyBy(change -> NodeRule.homeOf(change.touchpoint(), RULES.stitch()), HashLayout.TYPE)
                .process(new Attribute(), LayoutType.of(Attribution.class, AttributionLayout.INSTANCE));
        return new StitchTopology.Stitched(
                attributions,
                attributions
                        .filter(attribution -> false)
                        .map(never -> new CustomerIdentity("", null, List.of(), 0))
                        .returns(LayoutType.of(CustomerIdentity.class, CustomerIdentityLayout.INSTANCE)),
                attributions
                        .filter(attribution -> false)
                        .map(never -> new IdentityChange("", "", "", List.of(), null, "", List.of(), 0))
                        .returns(IdentityChangeLayout.TYPE),
                InMemory.none(attributions.getExecutionEnvironment(), ErasedLayout.TYPE),
                InMemory.none(attributions.getExecutionEnvironment(), DuplicateLayout.TYPE));
    }

    private static final class Attribute extends KeyedProcessFunction<Hash128, TouchpointChange, Attribution> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(TouchpointChange change, Context context, Collector<Attribution> out) {
            Touchpoint touchpoint = change.touchpoint();
            String customer = customers.getOrDefault(touchpoint.touchpointId(), "");
            out.collect(new Attribution(customer, touchpoint, change.sign(), change.generation()));
        }
    }

    /** Touchpoints as they were sent, by number. */
    private static final class Numbered implements RecordFormat<Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void open() {}

        @Override
        public Reading read(Long number) {
            Touchpoint touchpoint = InMemory.touchpoint(number).touchpoint();
            List<Identity> identifiers = new ArrayList<>();
            for (Identifier identifier : touchpoint.identifiers()) {
                identifiers.add(new Identity(identifier.type(), asSent(identifier)));
            }
            return new Reading(
                    RawTouchpoint.builder()
                            .touchpointId(touchpoint.touchpointId())
                            .eventTime(touchpoint.eventTime())
                            .channel(touchpoint.channel())
                            .kind(touchpoint.kind())
                            .identifiers(identifiers)
                            .touchpoint(touchpoint.touchpoint())
                            .stage("engagement")
                            .build(),
                    null);
        }

        private static String asSent(Identifier identifier) {
            return switch (identifier.type()) {
                case "email" -> identifier.value() + "@example.com";
                case "phone" ->
                    "+4930"
                            + (1_000_000
                                    + Long.remainderUnsigned(identifier.hash().high(), 9_000_000L));
                default -> identifier.value();
            };
        }

        @Override
        public String origin(Long number) {
            return "memory:" + number;
        }

        @Override
        public String source(Long number) {
            return "memory";
        }

        @Override
        public byte[] raw(Long number) {
            return new byte[0];
        }

        @Override
        public @Nullable String key(Long number) {
            return null;
        }

        @Override
        public @Nullable Long timestamp(Long number) {
            return null;
        }
    }

    private JobBench() {}
}
