package io.throughline.pipeline.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

public class KeyedRuleFunctionTest {

    /** Counts what it hears of a key and says the count ten after the first word. */
    private static final class CountsForTen implements KeyedRule<Long, Long, String>, Serializable {
        @Override
        public Step<Long, String> on(@Nullable Long count, Long at, long now) {
            return Step.of(count == null ? 1 : count + 1, List.of(), at + 10);
        }

        @Override
        public Step<Long, String> wake(@Nullable Long count, long now) {
            return Step.of(null, List.of(count + " by " + now), Step.NEVER);
        }
    }

    /** Public, as Flink makes one by name when it restores. */
    public static final class LongLayout implements Layout<Long> {
        @Override
        public void write(Long value, DataOutput out) throws IOException {
            out.writeLong(value);
        }

        @Override
        public Long read(DataInput in, int version) throws IOException {
            return in.readLong();
        }
    }

    @Test
    void wakesARuleWhenTimeHasComeAndForgetsTheKey() throws Exception {
        try (var harness = harness()) {
            harness.open();
            harness.processElement(5L, 5);
            harness.processElement(5L, 5);
            harness.processWatermark(new Watermark(14));
            assertThat(harness.extractOutputValues()).isEmpty();
            harness.processWatermark(new Watermark(20));
            assertThat(harness.extractOutputValues()).containsExactly("2 by 20");
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void takesTheEndOfInputForTheEndOfNothing() throws Exception {
        try (var harness = harness()) {
            harness.open();
            harness.processElement(5L, 5);
            harness.processWatermark(Watermark.MAX_WATERMARK);
            assertThat(harness.extractOutputValues()).isEmpty();
        }
    }

    @Test
    void goesOnAfterACrashWhereItStood() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = harness()) {
            harness.open();
            harness.processElement(5L, 5);
            snapshot = harness.snapshot(1, 1);
        }
        try (var harness = harness()) {
            harness.initializeState(snapshot);
            harness.open();
            harness.processElement(6L, 6);
            harness.processWatermark(new Watermark(16));
            assertThat(harness.extractOutputValues()).containsExactly("2 by 16");
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, Long, String> harness() throws Exception {
        var function = new KeyedRuleFunction<String, Long, Long, String, String>(
                new CountsForTen(), LayoutType.state(Long.class, new LongLayout()), KeyedRuleFunction.Forward.all());
        var harness = new KeyedOneInputStreamOperatorTestHarness<String, Long, String>(
                KeyedOperators.of(function), at -> "one key", Types.STRING);
        harness.setup(Types.STRING.createSerializer(new SerializerConfigImpl()));
        return harness;
    }
}
