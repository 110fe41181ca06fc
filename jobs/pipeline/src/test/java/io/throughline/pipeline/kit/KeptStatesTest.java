package io.throughline.pipeline.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What keys remember on either backend, in Flink's own harness. */
public class KeptStatesTest {
    private static final int MAX_PARALLELISM = 16;

    /** So many that most cannot stay open. */
    private static final int KEYS = RecentStates.MOST + 2_000;

    /** The numbers heard under one key. */
    private static final class Heard {
        private final List<Integer> numbers = new ArrayList<>();
    }

    /** Public, as Flink makes one by name when it restores. */
    public static final class HeardLayout implements Layout<Heard> {
        private static final long serialVersionUID = 1;

        @Override
        public void write(Heard heard, DataOutput out) throws IOException {
            out.writeInt(heard.numbers.size());
            for (int number : heard.numbers) {
                out.writeInt(number);
            }
        }

        @Override
        public Heard read(DataInput in, int version) throws IOException {
            Heard heard = new Heard();
            for (int size = in.readInt(); size > 0; size--) {
                heard.numbers.add(in.readInt());
            }
            return heard;
        }
    }

    private static final LayoutType<Heard> HEARD = LayoutType.state(Heard.class, new HeardLayout());

    /** Says what it has heard ten after the largest number, and forgets it. */
    private static final class Repeats implements KeyedRule<Heard, Integer, String>, Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public Step<Heard, String> on(@Nullable Heard before, Integer number, long now) {
            Heard heard = before == null ? new Heard() : before;
            heard.numbers.add(number);
            return Step.of(heard, List.of(), wakeAt(heard));
        }

        @Override
        public Step<Heard, String> wake(@Nullable Heard heard, long now) {
            return Step.of(null, List.of(heard == null ? "nothing" : heard.numbers + " by " + now), Step.NEVER);
        }

        private static long wakeAt(Heard heard) {
            return heard.numbers.stream().mapToInt(each -> each % 100).max().orElseThrow() + 10;
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void manyMoreKeysThanStayOpenAreAllRemembered(Backend backend) throws Exception {
        try (var harness = started(backend, null, 1, 0)) {
            hearsEachKeyTwice(harness);
            harness.processWatermark(new Watermark(15));
            assertThat(harness.extractOutputValues()).containsExactlyInAnyOrderElementsOf(everyKeyTwice());
            harness.snapshot(1, 1);
            assertThat(entries(harness)).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aSnapshotKnowsWhatIsOpenAndWhatIsNotAlsoForTwoTasksThatGoOn(Backend backend) throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = started(backend, null, 1, 0)) {
            hearsEachKeyTwice(harness);
            snapshot = harness.snapshot(1, 1);
            // This is after the snapshot: of no interest to those who go on from it.
            harness.processElement(107, 107);
        }
        List<String> said = new ArrayList<>();
        for (int task = 0; task < 2; task++) {
            OperatorSubtaskState part =
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(snapshot, MAX_PARALLELISM, 1, 2, task);
            try (var harness = started(backend, part, 2, task)) {
                harness.processWatermark(new Watermark(15));
                said.addAll(harness.extractOutputValues());
            }
        }
        assertThat(said).containsExactlyInAnyOrderElementsOf(everyKeyTwice());
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aSnapshotIsNotChangedByWhatComesBeforeItIsWritten(Backend backend) throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = started(backend, null, 1, 0)) {
            hearsEachKeyTwice(harness);
            OperatorSnapshotFutures toBeWritten = harness.getOperator()
                    .snapshotState(
                            1,
                            1,
                            CheckpointOptions.forCheckpointWithDefaultLocation(),
                            new MemCheckpointStreamFactory(Integer.MAX_VALUE));
            // All have a turn, and most have to make room, while another thread would be writing.
            for (int key = 0; key < KEYS; key++) {
                harness.processElement(100 * key + 4, 0);
            }
            snapshot = OperatorSnapshotFinalizer.create(toBeWritten).getJobManagerOwnedState();
            harness.processWatermark(new Watermark(15));
            assertThat(harness.extractOutputValues()).hasSize(KEYS).allSatisfy(said -> assertThat(said)
                    .matches("\\[\\d+, \\d+, \\d+4\\] by 15|\\[1, 5, 4\\] by 15"));
        }
        try (var harness = started(backend, snapshot, 1, 0)) {
            harness.processWatermark(new Watermark(15));
            assertThat(harness.extractOutputValues()).containsExactlyInAnyOrderElementsOf(everyKeyTwice());
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aTaskThatEndsGivesItsMemoryBackToTheOthers(Backend backend) throws Exception {
        long before = RecentStates.bytesOfAll();
        try (var harness = started(backend, null, 1, 0)) {
            hearsEachKeyTwice(harness);
            assertThat(RecentStates.bytesOfAll()).isGreaterThan(before);
        }
        assertThat(RecentStates.bytesOfAll()).isEqualTo(before);
    }

    /** Stopped with {@code --drain}, all timers go off, and whoever goes on from that savepoint finds none. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void aKeyIsWokenAgainAfterTheEndOfTheInputWasNotTheEnd(Backend backend) throws Exception {
        OperatorSubtaskState drained;
        try (var harness = started(backend, null, 1, 0)) {
            harness.processElement(105, 0);
            harness.processWatermark(new Watermark(Long.MAX_VALUE));
            assertThat(harness.extractOutputValues()).isEmpty();
            drained = harness.snapshot(1, 1);
        }
        try (var harness = started(backend, drained, 1, 0)) {
            harness.processElement(130, 0);
            harness.processWatermark(new Watermark(40));
            assertThat(harness.extractOutputValues()).containsExactly("[105, 130] by 40");
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aKeyIsWokenWhenItWishesAndNotWhenItWishedBefore(Backend backend) throws Exception {
        try (var harness = started(backend, null, 1, 0)) {
            harness.processElement(105, 0);
            harness.processElement(130, 0);
            harness.processElement(205, 0);
            harness.processElement(201, 0);
            harness.processWatermark(new Watermark(39));
            assertThat(harness.extractOutputValues()).containsExactly("[205, 201] by 39");
            assertThat(harness.numEventTimeTimers()).isOne();
            harness.processWatermark(new Watermark(40));
            assertThat(harness.extractOutputValues())
                    .endsWith("[105, 130] by 40")
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatWasWrittenBeforeStatesWerePackedIsTakenOver(Backend backend) throws Exception {
        OperatorSubtaskState old;
        try (var harness = harness(new KeyedProcessOperator<>(new BeforePacking()), backend, 1, 0)) {
            harness.open();
            harness.processElement(105, 0);
            harness.processElement(205, 0);
            old = harness.snapshot(1, 1);
        }
        OperatorSubtaskState between;
        try (var harness = started(backend, old, 1, 0)) {
            harness.processElement(101, 0);
            between = harness.snapshot(2, 2);
        }
        try (var harness = started(backend, between, 1, 0)) {
            harness.processWatermark(new Watermark(15));
            assertThat(harness.extractOutputValues()).containsExactlyInAnyOrder("[105, 101] by 15", "[205] by 15");
            harness.snapshot(3, 3);
            assertThat(entries(harness)).isZero();
        }
    }

    /** Remembers as all did before: the state, and its wake-up beside it. */
    private static final class BeforePacking extends KeyedProcessFunction<Integer, Integer, String> {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("NullAway.Init")
        private transient ValueState<Heard> state;

        @SuppressWarnings("NullAway.Init")
        private transient ValueState<Long> wakeAt;

        @Override
        public void open(OpenContext context) {
            state = getRuntimeContext().getState(new ValueStateDescriptor<>("state", HEARD));
            wakeAt = getRuntimeContext().getState(new ValueStateDescriptor<>("wake-at", Types.LONG));
        }

        @Override
        public void processElement(Integer number, Context context, Collector<String> out) throws Exception {
            Step<Heard, String> step = new Repeats().on(null, number, 0);
            state.update(step.state());
            wakeAt.update(step.wakeAt());
            context.timerService().registerEventTimeTimer(step.wakeAt());
        }
    }

    @Test
    void itsBytesStayAsTheyAre() throws IOException {
        Heard heard = new Heard();
        heard.numbers.add(105);
        Kept<Heard> kept = new Kept<>(heard, HEARD.layout());
        assertThat(bytes(kept)).isEqualTo("00" + "00000009" + "01" + "0000000100000069");
        kept.wakeAt(16);
        kept.armedAt(16);
        assertThat(bytes(kept)).isEqualTo("01" + "0000000000000010" + "00000009" + "01" + "0000000100000069");
        kept.armedAt(15);
        String open = bytes(kept);
        assertThat(open)
                .isEqualTo("03" + "0000000000000010" + "000000000000000f" + "00000009" + "01" + "0000000100000069");
        kept.close();
        assertThat(bytes(kept)).isEqualTo(open);
        Kept<?> read = LayoutBytes.read(HexFormat.of().parseHex(open), KeptLayout.INSTANCE);
        assertThat(read).isEqualTo(kept);
    }

    @Test
    void textsAtRestAreWhatTheyStandForAndWrittenOnce() throws IOException {
        String id = "0190a3c4-7d2e-4f5a-8b6c-112233445566";
        List<String> texts = List.of("web", id, "c-0123456789abcdef01234567", "nordtel", id, "nordtel", "", "Grüße");
        TextsLayout layout = new TextsLayout();
        byte[] packed = LayoutBytes.pack(1, texts, layout);
        assertThat(HexFormat.of().formatHex(packed))
                .isEqualTo("01" + "00000008" + "0b" + "810190a3c47d2e4f5a8b6c112233445566"
                        + "820123456789abcdef01234567" + "8f" + "6e6f726474656c" + "7f00" + "7f02" + "52"
                        + "8f" + "4772c3bcc39f65");
        assertThat(LayoutBytes.unpack(packed, layout, 1)).isEqualTo(texts);
    }

    private static final class TextsLayout implements Layout<List<String>> {
        private static final long serialVersionUID = 1;

        @Override
        public void write(List<String> texts, DataOutput out) throws IOException {
            out.writeInt(texts.size());
            for (String text : texts) {
                Packed.writeText(text, out);
            }
        }

        @Override
        public List<String> read(DataInput in, int version) throws IOException {
            List<String> texts = new ArrayList<>();
            for (int size = in.readInt(); size > 0; size--) {
                texts.add(Packed.readText(in));
            }
            return texts;
        }
    }

    @Test
    void whatANewerBuildWroteIsRefused() {
        Kept<Heard> kept = new Kept<>(new byte[] {2, 0, 0, 0, 0}, Step.NEVER, Step.NEVER);
        assertThatThrownBy(() -> kept.open(HEARD.layout()))
                .hasMessage("state was written by version 2 of its layout, this build knows 1: start the newer"
                        + " build again");
    }

    private static int entries(KeyedOneInputStreamOperatorTestHarness<?, ?, ?> harness) {
        return Backend.entries((AbstractStreamOperator<?>) harness.getOperator());
    }

    private static String bytes(Kept<?> kept) {
        return HexFormat.of().formatHex(LayoutBytes.write(kept, KeptLayout.INSTANCE));
    }

    /** Key k hears 100 k + 1 and 100 k + 5. */
    private static void hearsEachKeyTwice(KeyedOneInputStreamOperatorTestHarness<Integer, Integer, String> harness)
            throws Exception {
        for (int number : Arrays.asList(1, 5)) {
            for (int key = 0; key < KEYS; key++) {
                harness.processElement(100 * key + number, 0);
            }
        }
    }

    private static List<String> everyKeyTwice() {
        return IntStream.range(0, KEYS)
                .mapToObj(key -> List.of(100 * key + 1, 100 * key + 5) + " by 15")
                .toList();
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, Integer, String> started(
            Backend backend, @Nullable OperatorSubtaskState from, int parallelism, int task) throws Exception {
        var function = new KeyedRuleFunction<Integer, Heard, Integer, String, String>(
                new Repeats(), HEARD, KeyedRuleFunction.Forward.all());
        var harness = harness(KeyedOperators.of(function), backend, parallelism, task);
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
        return harness;
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, Integer, String> harness(
            OneInputStreamOperator<Integer, String> operator, Backend backend, int parallelism, int task)
            throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                operator, number -> number / 100, Types.INT, MAX_PARALLELISM, parallelism, task);
        harness.setStateBackend(backend.make());
        harness.setup(Types.STRING.createSerializer(new SerializerConfigImpl()));
        return harness;
    }
}
