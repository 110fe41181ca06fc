package io.throughline.domain.sessionize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpentTest {

    @ParameterizedTest(name = "seed={0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void addsUpByPlace(long seed) {
        Random random = new Random(seed);
        TimeSpent spent = new TimeSpent(Map.of("web", 5L));
        SortedMap<String, Long> map = new TreeMap<>(Map.of("web", 5L));
        for (int i = 0; i < 300; i++) {
            String place = List.of("web", "app", "chat", "call", "store").get(random.nextInt(5)) + i % 17 / 13;
            long ms = random.nextInt(3) * 1_000L;

            assertThat(spent.knows(place)).isEqualTo(map.containsKey(place));
            Map<String, Long> before = spent.soFar();
            Map<String, Long> copy = new TreeMap<>(before);
            Map<String, Long> after = spent.soFarAnd(place, ms);
            spent.add(place, ms);
            map.merge(place, ms, Long::sum);

            assertThat(before).isEqualTo(copy);
            assertThat(after).containsExactlyEntriesOf(map);
            assertThat(spent.soFar()).containsExactlyEntriesOf(map);
            assertThat(spent.size()).isEqualTo(map.size());
        }
    }

    @Test
    void noTimeIsTimeToo() {
        TimeSpent spent = new TimeSpent();
        assertThat(spent.soFar()).isEmpty();

        spent.add("web", 0);

        assertThat(spent.soFar()).isEqualTo(Map.of("web", 0L));
    }

    @Test
    void isReadInWhateverOrderItWasWritten() {
        Map<String, Long> read = TimeByPlace.of(new String[] {"web", "call", "web"}, new long[] {5, 7, 1});

        assertThat(read).containsExactlyEntriesOf(new TreeMap<>(Map.of("call", 7L, "web", 6L)));
        assertThat(read).isEqualTo(Map.of("call", 7L, "web", 6L)).hasSameHashCodeAs(Map.of("call", 7L, "web", 6L));
        assertThat(Map.of("call", 7L, "web", 6L)).isEqualTo(read);
        assertThat(read).isNotEqualTo(TimeByPlace.of(new String[] {"call", "web"}, new long[] {7, 7}));
        assertThat(read.get("chat")).isNull();
        assertThat(read.keySet()).containsExactly("call", "web");
    }
}
