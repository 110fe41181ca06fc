package io.throughline.bench;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.stitch.HashLayout;
import io.throughline.pipeline.stitch.StitchTopology;
import io.throughline.pipeline.wire.AttributionLayout;
import io.throughline.pipeline.wire.DecisionLayout;
import io.throughline.pipeline.wire.ErasureLayout;
import io.throughline.pipeline.wire.TouchpointChangeLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * What a touchpoint costs whose identifiers are known: a job with stitching beside the same job with a keyed operator
 * that only passes touchpoints on. Both read from memory, and hand on to one more keyed operator, as sessions do.
 */
public final class SteadyBench {
    private static final StitchConfig CONFIG = StitchConfig.DEFAULTS;
    private static final LayoutType<Attribution> ATTRIBUTION =
            LayoutType.of(Attribution.class, AttributionLayout.INSTANCE);

    /** @param args customers, how often a combination of identifiers is seen, rounds, most parallelism: 2000 30 3 2 */
    public static void main(String[] args) throws Exception {
        int customers = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        int repeats = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        int most = args.length > 3 ? Integer.parseInt(args[3]) : 2;
        People people = new People(new People.Mix(customers, repeats, 3, 200, 2_000, 20, 5));
        Touchpoint[] all = new Touchpoint[people.size() & ~1];
        for (int i = 0; i < all.length; i++) {
            all[i] = people.touchpoint(i);
        }
        // Everything was seen once in the first part; then comes as much again for it to settle.
        int known = all.length / repeats * 5;
        for (int parallelism = 1; parallelism <= most; parallelism++) {
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
            double with = median(stitched);
            double without = median(passed);
            System.out.printf(
                    "parallelism %d: %,.0f CPU ns per known touchpoint with stitching, %,.0f passed on: ratio %.2f;"
                            + " %.4f messages per known touchpoint%n",
                    parallelism,
                    with,
                    without,
                    with / without,
                    (double) InMemory.messagesSinceMark() / (all.length - known));
        }
    }

    static double median(List<Double> values) {
        return Cpu.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double run(Touchpoint[] all, int known, boolean stitched, int parallelism) throws Exception {
        InMemory.start(all, known, stitched, parallelism);
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
        DataStream<TouchpointChange> touchpoints = env.fromSequence(0, all.length - 1)
                .map(InMemory::touchpoint)
                .returns(LayoutType.of(TouchpointChange.class, TouchpointChangeLayout.INSTANCE));
        DataStream<Attribution> attributions =
                stitched ? stitch(env, touchpoints).attributions() : passOn(touchpoints);
        attributions
                .keyBy(Attribution::customerId, Types.STRING)
                .process(new PassOn<>(), ATTRIBUTION)
                .sinkTo(new DiscardingSink<>());
        env.execute();
        return (double) (Cpu.ofProcess() - InMemory.cpuAtMark()) / (all.length - known);
    }

    static StitchTopology.Stitched stitch(StreamExecutionEnvironment env, DataStream<TouchpointChange> touchpoints) {
        DataStream<Decision> decisions = InMemory.none(env, DecisionLayout.TYPE);
        DataStream<Erasure> erasures = InMemory.none(env, ErasureLayout.TYPE);
        return StitchTopology.stitch(touchpoints, decisions, erasures, CONFIG, new InMemory());
    }

    private static DataStream<Attribution> passOn(DataStream<TouchpointChange> touchpoints) {
        return touchpoints
                .keyBy(change -> NodeRule.homeOf(change.touchpoint(), CONFIG), HashLayout.TYPE)
                .process(new Attribute(), ATTRIBUTION);
    }

    private static final class Attribute extends KeyedProcessFunction<Hash128, TouchpointChange, Attribution> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(TouchpointChange change, Context context, Collector<Attribution> out) {
            out.collect(new Attribution(
                    "c-" + context.getCurrentKey().hex(24), change.touchpoint(), change.sign(), change.generation()));
        }
    }

    private static final class PassOn<T> extends KeyedProcessFunction<String, T, T> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(T value, Context context, Collector<T> out) {
            out.collect(value);
        }
    }

    private SteadyBench() {}
}
