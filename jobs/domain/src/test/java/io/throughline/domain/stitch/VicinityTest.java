package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stitch.Vicinity.Passage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which messages need not travel, so that none overtakes one that does. */
class VicinityTest {

    private static final int GROUPS = 16;

    @Test
    void nodesOfOneTaskAreNear() {
        Vicinity vicinity = Vicinity.ofNew(GROUPS, 2);

        assertThat(vicinity.isNear(0, 7)).isTrue();
        assertThat(vicinity.isNear(8, 15)).isTrue();
        assertThat(vicinity.isNear(7, 8)).isFalse();
    }

    @Test
    void aloneEveryNodeIsNear() {
        Vicinity vicinity = Vicinity.ofNew(GROUPS, 1);

        assertThat(vicinity.isNear(0, 15)).isTrue();
    }

    @Test
    void whoWasApartStaysApartWhileSomethingTravels() {
        Vicinity two = Vicinity.ofNew(GROUPS, 2);
        two.sent();

        Vicinity one = Vicinity.ofRestored(GROUPS, 1, List.of(two.snapshot()), true);

        assertThat(one.isNear(0, 7)).isTrue();
        assertThat(one.isNear(7, 8)).as("it may be 7's to 8 that travels").isFalse();

        one.takenIn();
        Vicinity later = Vicinity.ofRestored(GROUPS, 1, List.of(one.snapshot()), true);

        assertThat(later.isNear(7, 8)).as("nothing travels any more").isTrue();
    }

    @Test
    void whatOneTaskSendsAndAnotherTakesInTravelsNoMore() {
        Vicinity sender = Vicinity.ofNew(GROUPS, 2);
        Vicinity receiver = Vicinity.ofNew(GROUPS, 2);
        sender.sent();
        receiver.takenIn();

        Vicinity one = Vicinity.ofRestored(GROUPS, 1, List.of(sender.snapshot(), receiver.snapshot()), true);

        assertThat(one.isNear(7, 8)).isTrue();
    }

    @Test
    void afterABuildThatSentEverythingEverythingTravelsForGood() {
        Vicinity restored = Vicinity.ofRestored(GROUPS, 1, List.of(), true);

        assertThat(restored.isNear(3, 3)).isFalse();
        assertThat(Vicinity.ofRestored(GROUPS, 1, List.of(restored.snapshot()), true)
                        .isNear(3, 3))
                .isFalse();
    }

    @Test
    void remembersAtWhichParallelismsMessagesWereSent() {
        Vicinity two = Vicinity.ofNew(GROUPS, 2);
        two.sent();
        Vicinity four = Vicinity.ofRestored(GROUPS, 4, List.of(two.snapshot()), true);

        assertThat(four.snapshot()).isEqualTo(new Passage(Set.of(2, 4), 1));
        assertThat(Vicinity.ofRestored(GROUPS, 4, List.of(two.snapshot()), false)
                        .snapshot())
                .as("counted by one task only")
                .isEqualTo(new Passage(Set.of(2, 4), 0));
    }

    /** A job is rescaled again and again with messages under way; every sender numbers what it tells each node. */
    @Test
    void noMessageOvertakesAnotherHoweverOftenTheJobIsRescaled() {
        int handedOver = 0;
        int travelled = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Queue<Sent>> topic = new ArrayList<>();
            for (int group = 0; group < GROUPS; group++) {
                topic.add(new ArrayDeque<>());
            }
            Map<Long, Integer> numbers = new HashMap<>();
            Map<Long, Integer> heard = new HashMap<>();
            List<Vicinity> tasks = started(1 + random.nextInt(5), null);
            for (int leg = 0; leg < 8; leg++) {
                for (int step = 0; step < 60; step++) {
                    int from = random.nextInt(GROUPS);
                    int to = random.nextInt(GROUPS);
                    Vicinity sender = tasks.get(from * tasks.size() / GROUPS);
                    Sent next = new Sent(from, to, numbers.merge(pair(from, to), 1, Integer::sum));
                    if (sender.isNear(from, to)) {
                        handedOver++;
                        hear(next, heard, seed);
                    } else {
                        travelled++;
                        sender.sent();
                        topic.get(to).add(next);
                    }
                    for (int arriving = random.nextInt(4); arriving > 0; arriving--) {
                        Sent arrived = topic.get(random.nextInt(GROUPS)).poll();
                        if (arrived != null) {
                            tasks.get(arrived.to() * tasks.size() / GROUPS).takenIn();
                            hear(arrived, heard, seed);
                        }
                    }
                }
                tasks = started(
                        1 + random.nextInt(5),
                        tasks.stream().map(Vicinity::snapshot).toList());
            }
        }
        assertThat(handedOver).isGreaterThan(10_000);
        assertThat(travelled).isGreaterThan(10_000);
    }

    private record Sent(int from, int to, int number) {}

    private static long pair(int from, int to) {
        return (long) from * GROUPS + to;
    }

    private static void hear(Sent message, Map<Long, Integer> heard, int seed) {
        assertThat(heard.merge(pair(message.from(), message.to()), 1, Integer::sum))
                .as("seed %d: from %d to %d", seed, message.from(), message.to())
                .isEqualTo(message.number());
    }

    private static List<Vicinity> started(int parallelism, List<Passage> remembered) {
        List<Vicinity> tasks = new ArrayList<>();
        for (int task = 0; task < parallelism; task++) {
            tasks.add(
                    remembered == null
                            ? Vicinity.ofNew(GROUPS, parallelism)
                            : Vicinity.ofRestored(GROUPS, parallelism, remembered, task == 0));
        }
        return tasks;
    }
}
