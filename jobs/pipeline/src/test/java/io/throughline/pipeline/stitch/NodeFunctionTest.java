package io.throughline.pipeline.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.Backend;
import io.throughline.pipeline.kit.KeyedOperators;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.AttributionLayout;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What nodes remember on either backend, in Flink's own harness. */
class NodeFunctionTest {
    private static final Identifier EMAIL = new Identifier("email", "ada");
    private static final long START = 1_700_000_000_000L;
    private static final long MINUTE = 60_000;
    private static final long FORGOTTEN = START + 2 * StitchConfig.DEFAULTS.reattributionHorizonMs();

    /** Stopped with {@code --drain}, all timers go off, and whoever goes on from that savepoint finds none. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void aNodeForgetsAgainAfterTheEndOfTheInputWasNotTheEnd(Backend backend) throws Exception {
        OperatorSubtaskState drained;
        try (var harness = started(backend, null)) {
            harness.processElement1(touched("t-1", START), 0);
            harness.processBothWatermarks(new Watermark(Long.MAX_VALUE));
            drained = harness.snapshot(1, 1);
            assertThat(nodes(harness)).isOne();
        }
        try (var harness = started(backend, drained)) {
            harness.processElement1(touched("t-2", START + MINUTE), 0);
            harness.processBothWatermarks(new Watermark(FORGOTTEN));
            assertThat(nodes(harness)).isZero();
        }
    }

    private static TouchpointChange touched(String id, long time) {
        Touchpoint touchpoint = Touchpoint.of(id, time, "web", "login")
                .identifiers(List.of(EMAIL))
                .build();
        return new TouchpointChange(touchpoint, +1, 1, "");
    }

    private static int nodes(KeyedTwoInputStreamOperatorTestHarness<?, ?, ?, ?> harness) throws Exception {
        harness.snapshot(2, 2);
        return Backend.entries((AbstractStreamOperator<?>) harness.getOperator());
    }

    private static KeyedTwoInputStreamOperatorTestHarness<Hash128, TouchpointChange, Letter, Attribution> started(
            Backend backend, @Nullable OperatorSubtaskState from) throws Exception {
        var function = new NodeFunction(new NodeRule(StitchConfig.DEFAULTS), Progress.UNWATCHED);
        var harness = new KeyedTwoInputStreamOperatorTestHarness<>(
                KeyedOperators.of(function),
                change -> NodeRule.homeOf(change.touchpoint(), StitchConfig.DEFAULTS),
                letter -> letter.to(),
                HashLayout.TYPE,
                16,
                1,
                0);
        harness.setStateBackend(backend.make());
        harness.setup(LayoutType.of(Attribution.class, AttributionLayout.INSTANCE)
                .createSerializer(new SerializerConfigImpl()));
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
        return harness;
    }
}
