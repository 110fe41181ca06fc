package io.throughline.domain.sessionize;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Hash128;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldByHashTest {

    /** Few places for all hashes, so that most stand in the way of others, also across the end. */
    @ParameterizedTest(name = "seed={0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void holdsWhatAMapHolds(long seed) {
        Random random = new Random(seed);
        HeldByHash held = new HeldByHash(random.nextInt(4));
        Map<Hash128, Held> map = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            long place = random.nextBoolean() ? random.nextInt(5) : -1 - random.nextInt(3);
            Hash128 hash = new Hash128(random.nextInt(12), place);
            if (random.nextInt(5) < (i % 1_000 < 500 ? 3 : 1)) {
                Held touchpoint = new Held("t-" + i, hash);
                held.add(touchpoint);
                map.put(hash, touchpoint);
            } else {
                held.remove(hash);
                map.remove(hash);
            }

            assertThat(held.get(hash)).isSameAs(map.get(hash));
            assertThat(held.size()).isEqualTo(map.size());
            assertThat(held.isEmpty()).isEqualTo(map.isEmpty());
            if (i % 50 == 0) {
                assertThat(held).containsExactlyInAnyOrderElementsOf(map.values());
                map.forEach((known, touchpoint) -> assertThat(held.get(known)).isSameAs(touchpoint));
            }
        }
    }
}
