package io.throughline.scenarios.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PastTest {
    private static final long NOW = 1_780_000_000_000L;
    private static final long STEADY_FROM = NOW - 5 * Rhythm.MINUTE;
    private static final Scale SCALE =
            new Scale(1, 20_000, NOW - 6 * Rhythm.HOUR, NOW + 10_000, 1, STEADY_FROM, 200, 0.005);

    @Test
    void aPastBeyondTheLimitIsThinnedByWholeEpisodes() {
        List<Emission> all = emissions();
        Past past = Past.of(SCALE, NOW, 8_000);

        List<Emission> before = all.stream().filter(one -> one.written() < NOW).toList();
        List<Emission> written =
                before.stream().filter(one -> !past.leavesOut(one)).toList();
        assertThat(before).hasSizeGreaterThan(30_000);
        assertThat(written).hasSizeBetween(3_000, 12_000);

        Map<String, Long> whole = before.stream()
                .filter(one -> one.written() >= STEADY_FROM)
                .collect(Collectors.groupingBy(Emission::episode, Collectors.counting()));
        assertThat(written.stream()
                        .filter(one -> one.written() >= STEADY_FROM)
                        .collect(Collectors.groupingBy(Emission::episode, Collectors.counting())))
                .isNotEmpty()
                .allSatisfy((episode, count) -> assertThat(count).isEqualTo(whole.get(episode)));
    }

    @Test
    void thePresentIsWhole() {
        Past past = Past.of(SCALE, NOW, 8_000);

        List<Emission> present =
                emissions().stream().filter(one -> one.written() >= NOW).toList();

        assertThat(present).isNotEmpty().noneMatch(past::leavesOut);
    }

    @Test
    void aPastWithinTheLimitIsWhole() {
        Past past = Past.of(SCALE, NOW, 200_000);

        assertThat(emissions()).noneMatch(past::leavesOut);
    }

    private static List<Emission> emissions() {
        Simulation simulation = new Simulation(SCALE, verdict -> {});
        List<Emission> all = new ArrayList<>();
        for (Emission next = simulation.next(); next != null; next = simulation.next()) {
            all.add(next);
        }
        return all;
    }
}
