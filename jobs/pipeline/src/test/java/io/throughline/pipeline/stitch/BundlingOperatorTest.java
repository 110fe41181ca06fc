package io.throughline.pipeline.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stitch.Fence.Run;
import io.throughline.domain.stitch.Fence.Stamp;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put into bundles is, partition by partition, what was sent in the order it was sent, and nothing waits too long. */
class BundlingOperatorTest {
    private static final int PARTITIONS = 3;
    private static final Run RUN = new Run(42, 7, 1);

    private OneInputStreamOperatorTestHarness<Letter, Bundle> task;
    private final List<List<Letter>> sent = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        task = new OneInputStreamOperatorTestHarness<>(new BundlingOperator(() -> PARTITIONS));
        task.setup(Bundle.TYPE.createSerializer(task.getExecutionConfig().getSerializerConfig()));
        task.open();
        for (int i = 0; i < PARTITIONS; i++) {
            sent.add(new ArrayList<>());
        }
    }

    @AfterEach
    void stop() throws Exception {
        task.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyPartitionGetsItsLettersInTheOrderOfTheirSenders(long seed) throws Exception {
        Random random = new Random(seed);
        long now = 1;
        int snapshot = 8;
        for (int step = 0; step < 3_000; step++) {
            int what = random.nextInt(100);
            if (what < 3) {
                now += random.nextInt(2 * (int) BundlingOperator.LONGEST_WAIT_MS);
                task.setProcessingTime(now);
            } else if (what == 3) {
                snapshot++;
                task.prepareSnapshotPreBarrier(snapshot);
                assertThat(left())
                        .as("before the barrier of snapshot %d", snapshot)
                        .isEqualTo(sent);
                task.snapshot(snapshot, now);
            } else {
                send(random, snapshot);
            }
        }
        task.endInput();
        task.getOneInputOperator().finish();

        assertThat(left()).isEqualTo(sent);
        for (Bundle bundle : task.extractOutputValues()) {
            assertThat(bundle.bytes().length).isLessThanOrEqualTo(BundlingOperator.MOST_BYTES);
        }
    }

    @Test
    void aLetterWaitsForOthersAndNoLongerThanItMay() throws Exception {
        task.setProcessingTime(100);
        Random random = new Random(1);
        send(random, 1);
        task.setProcessingTime(100 + BundlingOperator.LONGEST_WAIT_MS - 1);
        send(random, 1);
        assertThat(task.extractOutputValues()).isEmpty();

        task.setProcessingTime(100 + BundlingOperator.LONGEST_WAIT_MS);

        assertThat(left()).isEqualTo(sent);

        send(random, 1);
        task.setProcessingTime(100 + 2 * BundlingOperator.LONGEST_WAIT_MS);
        assertThat(left()).isEqualTo(sent);
    }

    @Test
    void whatHasGrownLargeDoesNotWait() throws Exception {
        Random random = new Random(1);
        while (task.extractOutputValues().isEmpty()) {
            send(random, 1);
        }
        assertThat(task.extractOutputValues()).hasSize(1);
        Bundle bundle = task.extractOutputValues().get(0);
        List<Letter> ofItsPartition = sent.get(bundle.partition());
        assertThat(bundle.bytes().length).isBetween(BundlingOperator.MOST_BYTES - 12_000, BundlingOperator.MOST_BYTES);
        assertThat(opened(bundle))
                .as("all but the letter for which there was no room")
                .isEqualTo(ofItsPartition.subList(0, ofItsPartition.size() - 1));
    }

    /** A record bears one stamp, and the fence looks at it. */
    @Test
    void lettersOfDifferentStampsShareNoBundle() throws Exception {
        Letter first = letter(10, new Stamp(RUN, 8));
        Letter second = letter(10, new Stamp(RUN, 9));

        send(first);
        send(second);
        task.prepareSnapshotPreBarrier(1);

        assertThat(bundles()).containsExactly(List.of(first), List.of(second));
    }

    /** Beside others it would be more than the producer may send, for ever: what is read again is bundled again. */
    @Test
    void aLargeLetterBehindSmallOnesGoesInARecordOfItsOwn() throws Exception {
        Stamp stamp = new Stamp(RUN, 8);
        Letter small = letter(10, stamp);
        Letter large = letter(1_000_000, stamp);

        send(small);
        send(small);
        send(large);
        send(small);
        task.prepareSnapshotPreBarrier(1);

        assertThat(bundles()).containsExactly(List.of(small, small), List.of(large), List.of(small));
    }

    @Test
    void aLargeLetterThatIsPassedOnGoesInARecordOfItsOwn() throws Exception {
        Stamp stamp = new Stamp(RUN, 8);
        Letter small = letter(10, stamp);
        Letter large = letter(1_000_000, stamp);

        send(small);
        send(new Letter(large.to(), stamp, large.written(), LetterLayout.FORMAT));
        task.prepareSnapshotPreBarrier(1);

        assertThat(bundles()).containsExactly(List.of(small), List.of(large));
    }

    private static Letter letter(int size, Stamp stamp) {
        return new Letter(
                new StitchMessage.Belongs(
                        new Identifier("device_id", "shared"), new Identifier("email", "e".repeat(size)), "c-1", 1),
                stamp);
    }

    /** Some written anew, some passed on as they came, some long. */
    private void send(Random random, long epoch) throws Exception {
        Identifier member =
                new Identifier("email", "e".repeat(random.nextInt(50) == 0 ? 10_000 : 1 + random.nextInt(30)));
        Hash128 to = member.hash();
        StitchMessage message = new StitchMessage.Watch(member, new Hash128(random.nextLong(), random.nextLong()));
        Letter letter = new Letter(message, new Stamp(RUN, epoch));
        if (random.nextInt(3) == 0) {
            letter = new Letter(to, letter.stamp(), letter.written(), LetterLayout.FORMAT);
        }
        byte[] key =
                ByteBuffer.allocate(16).putLong(to.high()).putLong(to.low()).array();
        sent.get(BuiltInPartitioner.partitionForKey(key, PARTITIONS)).add(letter);
        send(letter);
    }

    private void send(Letter letter) throws Exception {
        task.processElement(new StreamRecord<>(letter));
    }

    private List<List<Letter>> bundles() throws IOException {
        List<List<Letter>> bundles = new ArrayList<>();
        for (Bundle bundle : task.extractOutputValues()) {
            bundles.add(opened(bundle));
        }
        return bundles;
    }

    private List<List<Letter>> left() throws IOException {
        List<List<Letter>> left = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            left.add(new ArrayList<>());
        }
        for (Bundle bundle : task.extractOutputValues()) {
            left.get(bundle.partition()).addAll(opened(bundle));
        }
        return left;
    }

    private static List<Letter> opened(Bundle bundle) throws IOException {
        List<Letter> letters = new ArrayList<>();
        Bundle.open(bundle.bytes(), letters::add);
        return letters;
    }
}
