package io.throughline.pipeline.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Books of which only the pages that were written on are written again. */
public class PartedStateTest {
    private static final int MAX_PARALLELISM = 16;
    private static final int TELL = 99;
    private static final int FORGET = 98;
    private static final int TEAR_OUT = 97;
    private static final int PAGE_BYTES = 300;

    /** Names of the pages whose bytes were asked for. */
    private static final List<Long> MADE = new ArrayList<>();

    /** How many pages were read. */
    private static int pagesRead;

    /** How often each page was written on. */
    private static final class Book {
        private final TreeMap<Long, Integer> pages = new TreeMap<>();
        private final TreeSet<Long> changed = new TreeSet<>();
    }

    /** Public, as Flink makes one by name when it restores. */
    public static final class BookLayout implements PartedLayout<Book> {
        private static final long serialVersionUID = 1;

        @Override
        public int version() {
            return 3;
        }

        @Override
        public void write(Book book, DataOutput out) throws IOException {
            out.writeInt(book.pages.size());
            for (Map.Entry<Long, Integer> page : book.pages.entrySet()) {
                out.writeLong(page.getKey());
                out.writeInt(page.getValue());
            }
        }

        @Override
        public Book read(DataInput in, int version) throws IOException {
            Book book = new Book();
            for (int size = in.readInt(); size > 0; size--) {
                book.pages.put(in.readLong(), in.readInt());
            }
            return book;
        }

        @Override
        public void writeHead(Book book, DataOutput out) throws IOException {
            out.writeInt(book.pages.size());
        }

        @Override
        public Book readHead(DataInput in, int version) throws IOException {
            in.readInt();
            return new Book();
        }

        @Override
        public void readPart(Book book, long part, byte[] bytes, int version) {
            assertThat(version).isEqualTo(3);
            assertThat(bytes).hasSize(PAGE_BYTES);
            book.pages.put(part, (int) bytes[0]);
            pagesRead++;
        }

        @Override
        public void parts(Book book, Parts out) throws Exception {
            for (Map.Entry<Long, Integer> page : book.pages.entrySet()) {
                out.part(page.getKey(), book.changed.contains(page.getKey()), () -> {
                    MADE.add(page.getKey());
                    byte[] bytes = new byte[PAGE_BYTES];
                    bytes[0] = page.getValue().byteValue();
                    return bytes;
                });
            }
        }

        @Override
        public void written(Book book) {
            book.changed.clear();
        }

        @Override
        public int partBytes(Book book) {
            return PAGE_BYTES * book.pages.size();
        }
    }

    /** Key k writes on page p when it hears 1000 k + p; there are pages that are none. */
    private static final class Writes implements KeyedRule<Book, Integer, String>, Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public Step<Book, String> on(@Nullable Book before, Integer number, long now) {
            Book book = before == null ? new Book() : before;
            int page = number % 1_000;
            if (page == TELL) {
                return Step.of(book, List.of(number / 1_000 + " " + book.pages), Step.NEVER);
            }
            if (page == FORGET) {
                return Step.of(null, List.of(), Step.NEVER);
            }
            if (page == TEAR_OUT) {
                book.pages.pollFirstEntry();
            } else {
                book.pages.merge((long) page, 1, Integer::sum);
                book.changed.add((long) page);
            }
            return Step.of(book, List.of(), Step.NEVER);
        }

        @Override
        public Step<Book, String> wake(@Nullable Book book, long now) {
            throw new IllegalStateException("nobody wished to be woken");
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void booksOfAllSizesAreRememberedWhateverMakesRoomAndWhoeverGoesOn(Backend backend) throws Exception {
        List<String> expected = new ArrayList<>();
        OperatorSubtaskState snapshot;
        try (var harness = started(backend, null, 1, 0)) {
            for (int key = 0; key < 40; key++) {
                hears(harness, 1_000 * key);
                StringBuilder pages = new StringBuilder();
                for (int page = 0; page < key; page++) {
                    hears(harness, 1_000 * key + page);
                    pages.append(pages.isEmpty() ? "" : ", ")
                            .append(page)
                            .append('=')
                            .append(page == 0 ? 2 : 1);
                }
                expected.add(key + (key == 0 ? " {0=1}" : " {" + pages + "}"));
            }
            othersMakeThemMakeRoom(harness);
            for (int key = 0; key < 40; key++) {
                hears(harness, 1_000 * key + TELL);
            }
            assertThat(harness.extractOutputValues()).isEqualTo(expected);
            harness.snapshot(1, 1);
            hears(harness, 12_000, 12_097, 12_097);
            expected.set(12, "12 {2=1, 3=1, 4=1, 5=1, 6=1, 7=1, 8=1, 9=1, 10=1, 11=1}");
            // A book that is no longer large, and one that is no more.
            hears(harness, 8_097, 8_097, 8_097, 39_098, 39_001);
            expected.set(8, "8 {3=1, 4=1, 5=1, 6=1, 7=1}");
            expected.set(39, "39 {1=1}");
            othersMakeThemMakeRoom(harness);
            snapshot = harness.snapshot(2, 2);
        }
        List<String> said = new ArrayList<>();
        for (int task = 0; task < 2; task++) {
            OperatorSubtaskState part =
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(snapshot, MAX_PARALLELISM, 1, 2, task);
            try (var harness = started(backend, part, 2, task)) {
                for (int key = 0; key < 40; key++) {
                    if (isOf(key, task)) {
                        hears(harness, 1_000 * key + TELL);
                    }
                }
                said.addAll(harness.extractOutputValues());
            }
        }
        assertThat(said).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void onlyPagesThatWereWrittenOnAreWrittenAgain() throws Exception {
        try (var harness = started(Backend.ROCKSDB, null, 1, 0)) {
            for (int page = 0; page < 20; page++) {
                hears(harness, page);
            }
            assertThat(madeBy(harness, 1)).hasSize(20);
            hears(harness, 3, 17, 3);
            assertThat(madeBy(harness, 2)).containsExactly(3L, 17L);
            hears(harness, TEAR_OUT);
            assertThat(madeBy(harness, 3)).isEmpty();
            assertThat(entries(harness)).as("a head and nineteen pages").isEqualTo(20);
            hears(harness, FORGET);
            harness.snapshot(4, 4);
            assertThat(entries(harness)).isZero();
        }
    }

    /** A savepoint in Flink's own format knows no backend. */
    @ParameterizedTest
    @CsvSource({"HEAP, ROCKSDB", "ROCKSDB, HEAP"})
    void whatOneBackendHasWrittenTheOtherGoesOnWith(Backend from, Backend to) throws Exception {
        OperatorSubtaskState savepoint;
        try (var harness = started(from, null, 1, 0)) {
            for (int page = 0; page < 12; page++) {
                hears(harness, page);
            }
            hears(harness, 1_005);
            savepoint = savepoint(harness);
        }
        OperatorSubtaskState between;
        try (var harness = started(to, savepoint, 1, 0)) {
            hears(harness, 4, TELL, 1_099);
            assertThat(harness.extractOutputValues())
                    .containsExactly("0 {0=1, 1=1, 2=1, 3=1, 4=2, 5=1, 6=1, 7=1, 8=1, 9=1, 10=1, 11=1}", "1 {5=1}");
            between = savepoint(harness);
        }
        try (var harness = started(from, between, 1, 0)) {
            hears(harness, TEAR_OUT, TELL);
            assertThat(harness.extractOutputValues())
                    .containsExactly("0 {1=1, 2=1, 3=1, 4=2, 5=1, 6=1, 7=1, 8=1, 9=1, 10=1, 11=1}");
            hears(harness, FORGET, 1_098);
            harness.snapshot(9, 9);
            assertThat(entries(harness)).isZero();
        }
    }

    /** Open, a book read back from its pages takes what these take. */
    @Test
    void largeBooksMakeRoomForOneAnotherAfterARestore() throws Exception {
        int pages = TEAR_OUT;
        int books = (33 << 20) / (pages * PAGE_BYTES);
        OperatorSubtaskState snapshot;
        try (var harness = started(Backend.ROCKSDB, null, 1, 0)) {
            for (int key = 0; key < books; key++) {
                for (int page = 0; page < pages; page++) {
                    hears(harness, 1_000 * key + page);
                }
            }
            snapshot = savepoint(harness);
        }
        try (var harness = started(Backend.ROCKSDB, snapshot, 1, 0)) {
            for (int key = 0; key < books; key++) {
                hears(harness, 1_000 * key + TELL);
            }
            pagesRead = 0;
            hears(harness, 1_000 * (books - 1) + TELL);
            assertThat(pagesRead).as("the last is still open").isZero();
            hears(harness, TELL);
            assertThat(pagesRead).as("the first had to make room").isEqualTo(pages);
        }
    }

    /** More small books than may be open. */
    private static void othersMakeThemMakeRoom(KeyedOneInputStreamOperatorTestHarness<Integer, Integer, String> harness)
            throws Exception {
        for (int key = 40; key < 40 + RecentStates.MOST + 1; key++) {
            hears(harness, 1_000 * key);
        }
    }

    private static boolean isOf(int key, int task) {
        int group = KeyGroupRangeAssignment.assignToKeyGroup(key, MAX_PARALLELISM);
        return KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(MAX_PARALLELISM, 2, group) == task;
    }

    private static List<Long> madeBy(
            KeyedOneInputStreamOperatorTestHarness<Integer, Integer, String> harness, long snapshot) throws Exception {
        MADE.clear();
        harness.snapshot(snapshot, snapshot);
        return List.copyOf(MADE);
    }

    private static OperatorSubtaskState savepoint(
            KeyedOneInputStreamOperatorTestHarness<Integer, Integer, String> harness) throws Exception {
        return OperatorSnapshotFinalizer.create(harness.getOperator()
                        .snapshotState(
                                7,
                                7,
                                new CheckpointOptions(
                                        SavepointType.savepoint(SavepointFormatType.CANONICAL),
                                        CheckpointStorageLocationReference.getDefault()),
                                new MemCheckpointStreamFactory(Integer.MAX_VALUE)))
                .getJobManagerOwnedState();
    }

    private static int entries(KeyedOneInputStreamOperatorTestHarness<Integer, Integer, String> harness) {
        return Backend.entries((AbstractStreamOperator<?>) harness.getOperator());
    }

    private static void hears(
            KeyedOneInputStreamOperatorTestHarness<Integer, Integer, String> harness, Integer... numbers)
            throws Exception {
        for (Integer number : Arrays.asList(numbers)) {
            harness.processElement(number, 0);
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<Integer, Integer, String> started(
            Backend backend, @Nullable OperatorSubtaskState from, int parallelism, int task) throws Exception {
        var function = new KeyedRuleFunction<Integer, Book, Integer, String, String>(
                new Writes(), LayoutType.state(Book.class, new BookLayout()), KeyedRuleFunction.Forward.all());
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                KeyedOperators.of(function), number -> number / 1_000, Types.INT, MAX_PARALLELISM, parallelism, task);
        harness.setStateBackend(backend.make());
        harness.setup(Types.STRING.createSerializer(new SerializerConfigImpl()));
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
        return harness;
    }
}
