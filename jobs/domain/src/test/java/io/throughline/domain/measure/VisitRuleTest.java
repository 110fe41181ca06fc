package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stage.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VisitRuleTest {
    private static final long START = 1_795_392_000_000L;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long RETENTION = Duration.ofDays(37).toMillis();

    private final VisitRule rule = new VisitRule(MeasureConfig.DEFAULTS, RETENTION);

    @Test
    void selfServiceFailsOnceAPersonIsNeededForTheSameTopic() {
        VisitState state = on(null, visited("s1", visit("s1", START, "billing", START, false)))
                .state();
        assertThat(on(state, visited("s2", visit("s2", START + 2 * HOUR, "orders", null, true)))
                        .out())
                .as("another topic")
                .isEmpty();
        assertThat(on(state, visited("s3", visit("s3", START + 23 * HOUR, "billing", null, true)))
                        .out())
                .containsExactly(
                        new Fact(Family.SELF_SERVICE, Map.of(), START, -1, VisitFacts.CONTAINED),
                        new Fact(Family.SELF_SERVICE, Map.of(), START, 1, VisitFacts.FAILED));
        assertThat(on(state, visited("s3", null)).out())
                .as("and does not, once that is no session any more")
                .containsExactly(
                        new Fact(Family.SELF_SERVICE, Map.of(), START, -1, VisitFacts.FAILED),
                        new Fact(Family.SELF_SERVICE, Map.of(), START, 1, VisitFacts.CONTAINED));
    }

    @Test
    void anAnswerThatWasUndoneBeforeItWasGivenLeavesNothing() {
        VisitState state = on(null, visited("s1", visit("s1", START, "billing", START, false)))
                .state();
        VisitInput.Answer answer = new VisitInput.Answer("t1", START, 0, 4_000, null, null);
        assertThat(on(state, new VisitInput.Answered("ada", answer, -1)).out()).isEmpty();
        assertThat(on(state, new VisitInput.Answered("ada", answer, 1)).out()).isEmpty();
        assertThat(state.answers()).isEmpty();
        assertThat(on(state, new VisitInput.Answered("ada", answer, 1)).out())
                .hasSize(Drivers.Factor.values().length)
                .allMatch(fact -> fact.family() == Family.DRIVERS && fact.time() == START && fact.weight() == 1);
    }

    @Test
    void anAnswerByEmailIsAboutTheCallItNames() {
        VisitState state = on(null, visited("s1", visit("s1", START, "billing", null, true)))
                .state();
        VisitInput.Answer about = new VisitInput.Answer("t1", START + 30 * HOUR, 1, -100_000, "call", null);
        assertThat(on(state, new VisitInput.Answered("ada", about, 1)).out())
                .filteredOn(fact -> fact.dimensions().equals(Map.of("factor", "assisted")))
                .extracting(Fact::bin)
                .containsExactly(Drivers.bin(Drivers.Survey.NPS, true, -100_000));
        VisitInput.Answer late = new VisitInput.Answer("t2", START + 8 * 24 * HOUR, 1, -100_000, "call", null);
        assertThat(on(state, new VisitInput.Answered("ada", late, 1)).out())
                .as("more than seven days later")
                .isEmpty();
    }

    @Test
    void anAnswerThatNamesATouchpointIsAboutItsSessionAndNotTheLatestOnThatChannel() {
        VisitState state = on(null, visited("s1", visit("s1", START, "billing", null, true)))
                .state();
        on(state, visited("s2", visit("s2", START + 10 * HOUR, "billing", START + 10 * HOUR, false)));
        VisitInput.Answer about = new VisitInput.Answer("t1", START + 240 * HOUR, 1, -100_000, "call", START);
        assertThat(on(state, new VisitInput.Answered("ada", about, 1)).out())
                .filteredOn(fact -> fact.dimensions().equals(Map.of("factor", "assisted")))
                .extracting(Fact::bin)
                .containsExactly(Drivers.bin(Drivers.Survey.NPS, true, -100_000));
    }

    @Test
    void forgetsWhatCanNoLongerBeCorrectedWithoutTakingItBack() {
        Step<VisitState, Fact> first = on(null, visited("s1", visit("s1", START, "billing", START, false)));
        assertThat(first.wakeAt()).isEqualTo(START + VisitRule.ANSWER_WITHIN_MS + RETENTION + 1);
        Step<VisitState, Fact> later = rule.wake(first.state(), first.wakeAt());
        assertThat(later.out()).isEmpty();
        assertThat(later.state()).isNull();
    }

    private Step<VisitState, Fact> on(VisitState state, VisitInput input) {
        return rule.on(state, input, START);
    }

    private static VisitInput visited(String id, Visit visit) {
        return new VisitInput.Visited("ada", id, visit);
    }

    private static Visit visit(String id, long start, String topic, Long selfServedAt, boolean assisted) {
        return new Visit(
                id,
                start,
                start,
                List.of(assisted ? "call" : "web"),
                List.of(topic),
                assisted ? Drivers.Factor.ASSISTED.flag() : 0,
                selfServedAt == null ? Long.MAX_VALUE : selfServedAt,
                assisted ? start : Long.MAX_VALUE,
                false);
    }
}
