package io.throughline.pipeline.stitch;

import static io.throughline.pipeline.kit.Prompt.prompt;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.IdentityChange;
import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.stitch.StitchOutput;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.KeyedOperators;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.AttributionLayout;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Touchpoints in; the same touchpoints with their customers out, moved whenever evidence moves them. */
public final class StitchTopology {
    /**
     * A message waits so long for others before it crosses to its node's task. What a link moves has often gone round four
     * times.
     */
    private static final long LONGEST_WAIT_MS = 5;

    /**
     * @param attributions touchpoints beginning and ceasing to belong to customers
     * @param identities what is known of each customer id
     * @param changes merges, splits, quarantines and releases
     * @param erased touchpoints that counted and are erased
     * @param duplicates records that were counted as processed, of touchpoints that count already
     */
    public record Stitched(
            DataStream<Attribution> attributions,
            DataStream<CustomerIdentity> identities,
            DataStream<IdentityChange> changes,
            DataStream<StitchOutput.Erased> erased,
            DataStream<StitchOutput.Duplicate> duplicates) {}

    /**
     * @param decisions people's words on identifiers, in any order, each perhaps more than once
     * @param erasures likewise
     */
    public static Stitched stitch(
            DataStream<TouchpointChange> touchpoints,
            DataStream<Decision> decisions,
            DataStream<Erasure> erasures,
            StitchConfig config,
            Feedback feedback) {
        DataStream<Letter> received = feedback.receive(touchpoints.getExecutionEnvironment())
                .transform("stitch-fence", LetterLayout.TYPE, new FenceOperator())
                .uid("stitch-fence")
                .setBufferTimeout(LONGEST_WAIT_MS)
                .union(
                        DecisionEntry.letters(decisions, feedback.progress()),
                        ErasureEntry.letters(erasures, feedback.progress()));
        SingleOutputStreamOperator<Attribution> nodes = prompt(feedback.watch(touchpoints)
                .keyBy(change -> NodeRule.homeOf(change.touchpoint(), config), HashLayout.TYPE)
                .connect(received.keyBy(letter -> letter.to(), HashLayout.TYPE))
                .transform(
                        "stitch-nodes",
                        LayoutType.of(Attribution.class, AttributionLayout.INSTANCE),
                        KeyedOperators.of(new NodeFunction(new NodeRule(config), feedback.progress())))
                .uid("stitch-nodes"));
        feedback.send(nodes.getSideOutput(NodeFunction.MESSAGES));
        return new Stitched(
                nodes,
                nodes.getSideOutput(NodeFunction.IDENTITIES),
                nodes.getSideOutput(NodeFunction.CHANGES),
                nodes.getSideOutput(NodeFunction.ERASED),
                nodes.getSideOutput(NodeFunction.DUPLICATES));
    }

    private StitchTopology() {}
}
