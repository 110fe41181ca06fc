package io.throughline.pipeline.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.measure.AnswerInput;
import io.throughline.domain.measure.AnswerState;
import io.throughline.domain.measure.Expectation;
import io.throughline.domain.measure.ExpectationState;
import io.throughline.domain.measure.Fact;
import io.throughline.domain.measure.Family;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.measure.PastExpectation;
import io.throughline.domain.measure.Places;
import io.throughline.domain.measure.SeriesInput;
import io.throughline.domain.measure.SeriesOutput;
import io.throughline.domain.measure.SeriesRule;
import io.throughline.domain.measure.SeriesState;
import io.throughline.domain.measure.Subtotal;
import io.throughline.domain.measure.Tally;
import io.throughline.domain.measure.Visit;
import io.throughline.domain.measure.VisitInput;
import io.throughline.domain.measure.VisitState;
import io.throughline.domain.sessionize.AnswerPlace;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MeasureLayoutTest {
    private static final long START = 1_795_392_000_000L;

    @Test
    void pinsTheBytesOfAFact() throws IOException {
        StateBytes.areGolden(
                "fact.v1.hex",
                FactLayout.INSTANCE,
                new Fact(Family.WAIT, Map.of("channel", "call", "stage", "support"), START, -1, 812));
        StateBytes.areGolden("fact-bare.v1.hex", FactLayout.INSTANCE, new Fact(Family.NPS, Map.of(), 1, 1, -1));
    }

    @Test
    void pinsTheBytesOfASeries() throws IOException {
        SeriesState state = new SeriesState(Family.CES, Map.of("channel", "chat"), START);
        state.ahead().put(START + 1, tally(3, 1, 9, -1));
        state.panesOf(60_000).add(START / 60_000 - 1, tally(-5, 2), 1);
        state.panesOf(60_000).add(START / 60_000, tally(1L << 60, 1L << 33), 1);
        state.panesOf(900_000);
        state.said().put("1h", new SeriesState.Said(new TreeSet<>(List.of("ces", "ces/1-7")), true, false));
        state.said().put("24h", new SeriesState.Said(new TreeSet<>(), false, true));
        SeriesState.Past past = new SeriesState.Past(300_000, true);
        past.tallies().add(START / 300_000 - 300, tally(7, 2), 1);
        past.owed().put(START / 300_000 - 1, tally(7, -1, 8, 1));
        state.past(60_000, past);
        state.restated(START - 1, START - 60_000);
        StateBytes.areGolden("series.v3.hex", SeriesStateLayout.INSTANCE, state);
        StateBytes.areStillRead("series.v2.hex", 2, SeriesStateLayout.INSTANCE, state);

        state.restated(Long.MIN_VALUE, Long.MIN_VALUE);
        state.past(60_000, new SeriesState.Past(60_000, true));
        state.past(900_000, new SeriesState.Past(900_000, true));
        StateBytes.areStillRead("series.v1.hex", 1, SeriesStateLayout.INSTANCE, state);
    }

    @Test
    void pinsTheBytesOfAMetricValue() throws IOException {
        MetricValue value = new MetricValue(
                "nps",
                1,
                Map.of(),
                "1h",
                -12.5,
                "points",
                8,
                -40.25,
                15.25,
                true,
                "higher_is_better",
                START,
                true,
                START);
        StateBytes.areGolden("metric-value.v2.hex", MetricValueLayout.INSTANCE, value);
        StateBytes.areStillRead("metric-value.v1.hex", 1, MetricValueLayout.INSTANCE, value);
        MetricValue bare = new MetricValue(
                "touchpoints",
                1,
                Map.of("stage", "é"),
                "7d",
                0,
                "count",
                0,
                null,
                null,
                false,
                "neutral",
                -1,
                false,
                0);
        StateBytes.areGolden("metric-value-bare.v2.hex", MetricValueLayout.INSTANCE, bare);
        StateBytes.areStillRead("metric-value-bare.v1.hex", 1, MetricValueLayout.INSTANCE, bare);
    }

    @Test
    void pinsTheBytesOfWhatASeriesTakes() throws IOException {
        Subtotal subtotal = new Subtotal(
                Family.QUEUE,
                Map.of("channel", "call"),
                new TreeMap<>(Map.of(START, tally(1, 3), START + 5_000, tally(-1, 2, 4, -7))));
        StateBytes.areGolden("subtotal.v1.hex", SubtotalLayout.INSTANCE, subtotal);
        StateBytes.areStillRead("series-input-subtotal.v1.hex", 1, SeriesInputLayout.INSTANCE, subtotal);
        StateBytes.areStillRead(
                "series-input-eviction.v1.hex",
                1,
                SeriesInputLayout.INSTANCE,
                new SeriesInput.Eviction(Family.NPS, Map.of("topic", "billing")));
        SeriesState counted = new SeriesState(Family.NPS, Map.of("topic", "billing"), START);
        counted.panesOf(60_000).add(START / 60_000, tally(9, 1), 1);
        SeriesInput inheritance = new SeriesInput.Inheritance(Family.NPS, Map.of("topic", "(other)"), counted);
        assertThat(StateBytes.read(SeriesInputLayout.INSTANCE, "series-input-inheritance.v1.hex", 1))
                .isEqualTo(inheritance);
        StateBytes.areStillRead("series-input-inheritance.v2.hex", 2, SeriesInputLayout.INSTANCE, inheritance);
        StateBytes.areGolden("series-input-inheritance.v3.hex", SeriesInputLayout.INSTANCE, inheritance);
    }

    @Test
    void pinsTheBytesOfPlaces() throws IOException {
        Places places = new Places();
        places.take(-5L, Map.of("topic", "billing"));
        places.take(7L, Map.of("channel", "web", "topic", "orders"));
        StateBytes.areGolden("places.v1.hex", PlacesLayout.INSTANCE, places);
    }

    @Test
    void pinsTheBytesOfVisits() throws IOException {
        Visit visit = new Visit(
                "s-1",
                START,
                START + 90_000,
                List.of("call", "web"),
                List.of("billing"),
                5,
                START,
                START + 60_000,
                true);
        Visit bare = new Visit("s-2", START, START, List.of(), List.of(), 0, Long.MAX_VALUE, Long.MAX_VALUE, false);
        VisitInput.Answer answer = new VisitInput.Answer("t-1", START, 1, -100_000, "call", null);
        VisitState state = new VisitState();
        state.visits().put("s-1", visit);
        state.visits().put("s-2", bare);
        state.answers().put(answer, 1);
        state.answers().put(new VisitInput.Answer("t-2", START, 0, 4_500, null, null), -1);
        StateBytes.areStillRead("visit-state.v1.hex", 1, VisitStateLayout.INSTANCE, state);
        state.answers().put(new VisitInput.Answer("t-3", START, 0, 4_500, "call", START - 7), 1);
        StateBytes.areGolden("visit-state.v2.hex", VisitStateLayout.INSTANCE, state);
        StateBytes.areGolden(
                "visit-input.v1.hex", VisitInputLayout.INSTANCE, new VisitInput.Visited("ada", "s-1", visit));
        StateBytes.areGolden(
                "visit-input-gone.v1.hex", VisitInputLayout.INSTANCE, new VisitInput.Visited("ada", "s-1", null));
        StateBytes.areStillRead(
                "visit-input-answer.v1.hex", 1, VisitInputLayout.INSTANCE, new VisitInput.Answered("ada", answer, -1));
        StateBytes.areGolden(
                "visit-input-answer.v2.hex", VisitInputLayout.INSTANCE, new VisitInput.Answered("ada", answer, -1));
    }

    @Test
    void pinsTheBytesOfAnswers() throws IOException {
        Touchpoint answer = Touchpoint.of("t-answer", START, "email", "survey_response")
                .survey(new Survey("csat", 1, 5, true, 2, null, new Survey.About("t-call", null, "callback", null)))
                .build();
        AnswerPlace.About about = new AnswerPlace.About(START - 5, "call", "hotline");
        AnswerState state = new AnswerState();
        state.entries().put(1L, new AnswerState.Entry(START, 1, new Attribution("ada", answer, 1, 1), about));
        state.entries().put(2L, new AnswerState.Entry(START, 0, null, new AnswerPlace.About(START, "web", null)));
        state.entries().put(3L, new AnswerState.Entry(START, -1, new Attribution("bob", answer, -1, 3), null));
        StateBytes.areGolden("answer-state.v1.hex", AnswerStateLayout.INSTANCE, state);
        StateBytes.areGolden(
                "answer-given.v1.hex",
                AnswerInputLayout.INSTANCE,
                new AnswerInput.Given(new Attribution("ada", answer, 1, 1)));
        StateBytes.areGolden(
                "answer-placed.v1.hex",
                AnswerInputLayout.INSTANCE,
                new AnswerInput.Placed(new AnswerPlace("t-answer", START, 1, about, START - 99)));
    }

    @Test
    void pinsTheBytesOfExpectations() throws IOException {
        ExpectationState state = new ExpectationState("24h", Map.of("channel", "call"));
        state.note(START, true, false);
        state.standing().add("expectation_speed_flexibility");
        state.components()
                .put(
                        "wait_p90",
                        new MetricValue(
                                "wait_p90",
                                1,
                                Map.of("channel", "call"),
                                "24h",
                                12_000,
                                "ms",
                                9,
                                8_000.0,
                                15_000.0,
                                true,
                                "lower_is_better",
                                START,
                                false,
                                START));
        StateBytes.areGolden("expectation-state.v2.hex", ExpectationStateLayout.INSTANCE, state);
        StateBytes.areStillRead("expectation-state.v1.hex", 1, ExpectationStateLayout.INSTANCE, state);
    }

    @Test
    void pinsTheBytesOfAPastExpectation() throws IOException {
        PastExpectation state = new PastExpectation("24h", Map.of("channel", "call"), START);
        state.note(START + 65_000, true, true);
        state.standing().add("expectation_speed_flexibility");
        state.components().put("wait_p90", new Expectation.Seen(12_000, 9, 8_000, Double.NaN, true));
        StateBytes.areGolden("past-expectation.v1.hex", PastExpectationLayout.INSTANCE, state);
    }

    @Test
    void aSeriesReadBackGoesOnAsIfNothingHadHappened() throws IOException {
        Random random = new Random(20261123);
        SeriesRule rule = new SeriesRule(MeasureConfig.DEFAULTS);
        SeriesState kept = null;
        SeriesState restored = null;
        long now = START;
        for (int i = 0; i < 2_000; i++) {
            long time = now - random.nextInt(90_000_000) + random.nextInt(60_000);
            Fact fact = new Fact(Family.HANDLE, Map.of(), time, random.nextInt(5) == 0 ? -1 : 1, random.nextInt(300));
            Subtotal subtotal = new Subtotal(
                    fact.family(),
                    fact.dimensions(),
                    new TreeMap<>(Map.of(fact.time(), tally(fact.bin(), fact.weight()))));
            Step<SeriesState, SeriesOutput> one = rule.on(kept, subtotal, now);
            Step<SeriesState, SeriesOutput> other = rule.on(restored, subtotal, now);
            assertThat(other.wakeAt()).isEqualTo(one.wakeAt());
            if (random.nextInt(4) == 0 && one.state() != null) {
                now = Math.max(now, one.wakeAt()) + random.nextInt(600_000);
                one = rule.wake(one.state(), now);
                other = rule.wake(other.state(), now);
                assertThat(other.out()).isEqualTo(one.out());
            }
            kept = one.state();
            restored = other.state() == null ? null : StateBytes.roundTrip(SeriesStateLayout.INSTANCE, other.state());
            assertThat(restored).isEqualTo(kept);
        }
        assertThat(kept).isNotNull();
    }

    @Test
    void aSeriesReadBackFromItsPartsIsTheSame() throws Exception {
        Random random = new Random(11);
        SeriesState state = new SeriesState(Family.TOUCHPOINTS, Map.of(), START);
        for (int i = 0; i < 3_000; i++) {
            long pane = START / 60_000 - random.nextInt(50) * random.nextInt(50);
            state.panesOf(60_000).add(pane, tally(random.nextInt(200), 1), 1);
            state.panesOf(900_000).add(pane / 15, tally(random.nextLong(), 1), 1);
        }
        SeriesState.Past past = new SeriesState.Past(43_200_000, true);
        past.tallies().add(-3, tally(5, 5), 1);
        past.owed().put(-3L, tally(6, 1));
        state.past(900_000, past);
        SeriesStateLayout layout = SeriesStateLayout.INSTANCE;
        SeriesState read = StateBytes.roundTrip(layout.head(), state);
        assertThat(read).isNotEqualTo(state);
        layout.parts(state, (part, changed, bytes) -> {
            assertThat(changed).isTrue();
            layout.readPart(read, part, bytes.get(), layout.version());
        });
        assertThat(read).isEqualTo(state);
        state.panesOf(60_000).add(START / 60_000 - 600, tally(1, 1), 1);
        layout.parts(read, (part, changed, bytes) -> assertThat(changed).isFalse());
        layout.written(state);
        state.panesOf(60_000).add(START / 60_000 - 600, tally(1, 1), 1);
        List<Boolean> changes = new ArrayList<>();
        layout.parts(state, (part, changed, bytes) -> changes.add(changed));
        assertThat(changes).filteredOn(changed -> changed).hasSize(1);
        assertThat(changes).hasSizeGreaterThan(50);
        assertThat(layout.partBytes(state)).isBetween(20_000, 60_000);
    }

    private static Tally tally(long... binsAndCounts) {
        Tally tally = new Tally();
        for (int i = 0; i < binsAndCounts.length; i += 2) {
            tally.add(binsAndCounts[i], binsAndCounts[i + 1]);
        }
        return tally;
    }
}
