package io.throughline.pipeline.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Times are what the tests say they are. */
class SnapshotPaceTest {
    private static final long MS = 1_000_000;
    private static final int RECORDS = 32;

    private final AtomicLong takenUntil = new AtomicLong();

    /** One who writes, with a clock of its own, as if each had a processor. */
    private final class Writer {
        private final SnapshotPace pace;
        private long now;
        private long slept;

        private Writer(int processors) {
            pace = new SnapshotPace(takenUntil, () -> now, this::sleep, processors);
        }

        private void sleep(long nanos) {
            slept += nanos;
            now += nanos;
        }

        private void write(int records, long nanosEach) {
            for (int i = 0; i < records; i++) {
                now += nanosEach;
                pace.wrote();
            }
        }
    }

    @Test
    void one_alone_is_not_held_back_where_there_are_two_processors() {
        Writer alone = new Writer(2);

        alone.write(100 * RECORDS, MS / 10);

        assertThat(alone.slept).isZero();
    }

    @Test
    void one_alone_takes_half_of_the_only_processor() {
        Writer alone = new Writer(1);

        alone.write(100 * RECORDS, MS / 10);

        assertThat(alone.slept).isEqualTo(100 * RECORDS * MS / 10);
    }

    @Test
    void three_together_take_half_of_two_processors() {
        Writer[] all = {new Writer(2), new Writer(2), new Writer(2)};

        for (int turn = 0; turn < 100; turn++) {
            for (Writer each : all) {
                each.write(RECORDS, MS / 10);
            }
        }

        long worked = 3 * 100 * RECORDS * MS / 10;
        for (Writer each : all) {
            assertThat(each.now).isBetween(worked - 3 * RECORDS * MS / 10, worked + 3 * RECORDS * MS / 10);
        }
    }

    @Test
    void with_as_many_writers_as_half_the_processors_nobody_sleeps() {
        Writer[] all = {new Writer(8), new Writer(8), new Writer(8), new Writer(8)};

        for (int turn = 0; turn < 100; turn++) {
            for (Writer each : all) {
                each.write(RECORDS, MS / 10);
            }
        }

        for (Writer each : all) {
            assertThat(each.slept).isZero();
        }
    }

    @Test
    void what_was_not_taken_long_ago_is_not_saved_up() {
        Writer one = new Writer(2);
        Writer other = new Writer(2);
        one.write(RECORDS, MS / 10);
        one.now += 10_000 * MS;
        other.now = one.now;

        for (int turn = 0; turn < 100; turn++) {
            one.write(RECORDS, MS / 10);
            other.write(RECORDS, MS / 10);
        }

        long worked = 2 * 100 * RECORDS * MS / 10;
        assertThat(one.slept + other.slept).isBetween(worked * 9 / 10, worked * 11 / 10);
    }

    @Test
    void short_records_are_written_without_a_pause() {
        Writer quick = new Writer(1);

        quick.write(RECORDS, 1_000);

        assertThat(quick.slept).isZero();
    }
}
