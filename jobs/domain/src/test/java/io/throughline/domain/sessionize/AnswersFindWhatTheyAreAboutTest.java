package io.throughline.domain.sessionize;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.measure.AnswerInput;
import io.throughline.domain.measure.AnswerRule;
import io.throughline.domain.measure.AnswerState;
import io.throughline.domain.measure.PlacedAnswer;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer that only names the touchpoint it is about counts where its customer had that, as far as anybody knows in the end. */
class AnswersFindWhatTheyAreAboutTest {
    private static final long START = Touchpoints.at("00:00");
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final SessionizeConfig CONFIG = SessionizeConfig.DEFAULTS;
    private static final List<String> CUSTOMERS = List.of("c-ada", "c-bob", "c-cyd");

    @Test
    void anAnswerByEmailCountsOnTheChannelOfTheCallItNames() {
        Measuring measuring = new Measuring();
        measuring.arrives(attribution("c-ada", call("t-call", START), 1, 1));
        measuring.arrives(attribution("c-ada", answer("t-answer", START + HOUR, "t-call", null), 1, 1));
        measuring.reaches(START + 2 * HOUR);
        assertThat(measuring.counts()).containsExactly(Map.entry("c-ada t-answer 1 on call of hotline", 1));
    }

    @Test
    void oneThatComesBeforeWhatItIsAboutCountsWhereItWasGivenUntilThen() {
        Measuring measuring = new Measuring();
        measuring.arrives(attribution("c-ada", answer("t-answer", START + HOUR, "t-call", null), 1, 1));
        measuring.reaches(START + 2 * HOUR);
        assertThat(measuring.counts()).containsExactly(Map.entry("c-ada t-answer 1 about nothing", 1));
        measuring.arrives(attribution("c-ada", call("t-call", START), 1, 1));
        measuring.reaches(START + 3 * HOUR);
        assertThat(measuring.counts()).containsExactly(Map.entry("c-ada t-answer 1 on call of hotline", 1));
        measuring.arrives(attribution("c-ada", call("t-call", START), -1, 1));
        measuring.reaches(START + 4 * HOUR);
        assertThat(measuring.counts()).containsExactly(Map.entry("c-ada t-answer 1 about nothing", 1));
    }

    @Test
    void whatTheSenderSaysItIsAboutStands() {
        Measuring measuring = new Measuring();
        measuring.arrives(attribution("c-ada", call("t-call", START), 1, 1));
        measuring.arrives(attribution("c-ada", answer("t-answer", START + HOUR, "t-call", "callback"), 1, 1));
        measuring.arrives(attribution("c-ada", answer("t-lost", START + HOUR, "t-other", "callback"), 1, 1));
        measuring.reaches(START + 2 * HOUR);
        assertThat(measuring.counts())
                .containsExactly(
                        Map.entry("c-ada t-answer 1 on call of callback", 1),
                        Map.entry("c-ada t-lost 1 of callback", 1));
    }

    @Test
    void whatItIsAboutMayBeForgottenBeforeTheAnswerIs() {
        Measuring measuring = new Measuring();
        long later = START + CONFIG.retentionMs() - HOUR;
        measuring.arrives(attribution("c-ada", call("t-call", START), 1, 1));
        measuring.reaches(START + HOUR);
        measuring.arrives(attribution("c-ada", answer("t-answer", later, "t-call", null), 1, 1));
        measuring.reaches(later + 4 * 24 * HOUR);
        measuring.arrives(attribution("c-ada", call("t-next", later + 4 * 24 * HOUR), 1, 1));
        measuring.reaches(later + 5 * 24 * HOUR);
        assertThat(measuring.listening.get("c-ada").state.held).hasSize(2);
        assertThat(measuring.counts()).containsExactly(Map.entry("c-ada t-answer 1 on call of hotline", 1));
        measuring.reaches(later + 2 * CONFIG.retentionMs());
        assertThat(measuring.answers)
                .allSatisfy((id, state) -> assertThat(state).isNull());
        assertThat(measuring.counts()).hasSize(1);
    }

    /** Whoever took over from a release that placed none has not heard that it was given. */
    @Test
    void whatWasNotGivenHereIsTakenBackWhereItWasGiven() {
        AnswerRule rule = new AnswerRule(CONFIG.retentionMs());
        Touchpoint answer = answer("t-answer", START, "t-call", null);
        AnswerPlace place = new AnswerPlace(
                "t-answer", START, 1, new AnswerPlace.About(START - HOUR, "call", "hotline"), START - 99 * HOUR);
        AnswerState state = rule.on(null, new AnswerInput.Placed(place), START).state();
        assertThat(rule.on(state, new AnswerInput.Given(attribution("c-ada", answer, -1, 1)), START)
                        .out())
                .singleElement()
                .satisfies(taken -> assertThat(
                                taken.attribution().touchpoint().survey().about())
                        .isNull());
    }

    @Test
    void ofManyAnswersAboutNobodyKnowsWhatEachIsSaidOnce() {
        Listening customer = new Listening(CONFIG);
        customer.reaches(START);
        for (int i = 0; i < 100; i++) {
            long time = START + i * HOUR;
            customer.hears(attribution(Touchpoints.CUSTOMER, answer("t-" + i, time, "unknown-" + i, null), 1, 1));
            customer.reaches(time + HOUR / 2);
        }
        assertThat(customer.said.stream().filter(SessionizeOutput.Placed.class::isInstance))
                .hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void inWhateverOrderAndThroughWhomeverTheyPassTheyEndWhereTheyBelong(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<Touchpoint> touchpoints = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                long time = START + random.nextInt(48) * HOUR;
                touchpoints.add(random.nextBoolean() ? call("t-" + i, time) : visit("t-" + i, time));
            }
            for (int i = 0; i < 4; i++) {
                touchpoints.add(answer(
                        "t-answer-" + i,
                        START + random.nextInt(72) * HOUR,
                        "t-" + random.nextInt(6),
                        random.nextInt(4) == 0 ? "callback" : null));
            }
            Map<String, Attribution> owned = new TreeMap<>();
            List<Attribution> all = new ArrayList<>();
            for (Touchpoint touchpoint : touchpoints) {
                int moves = random.nextInt(4);
                for (int sequence = 1; sequence <= 1 + moves; sequence++) {
                    String customer = CUSTOMERS.get(random.nextInt(CUSTOMERS.size()));
                    Attribution next = attribution(customer, touchpoint, 1, sequence);
                    Attribution before = owned.put(touchpoint.touchpointId(), next);
                    if (before != null) {
                        all.add(attribution(before.customerId(), touchpoint, -1, sequence - 1));
                    }
                    all.add(next);
                }
                if (random.nextInt(5) == 0) {
                    Attribution gone = owned.remove(touchpoint.touchpointId());
                    all.add(attribution(gone.customerId(), touchpoint, -1, gone.sequence()));
                }
            }
            Measuring measuring = new Measuring();
            measuring.late = random;
            long clock = START;
            java.util.Collections.shuffle(all, random);
            for (Attribution attribution : all) {
                if (random.nextInt(3) == 0) {
                    clock += random.nextInt(10) * HOUR;
                    measuring.reaches(clock);
                }
                measuring.arrives(attribution);
            }
            measuring.reaches(clock + 200 * HOUR);
            measuring.everythingArrives();
            assertThat(measuring.counts()).as("seed %s, round %s", seed, round).isEqualTo(expected(owned));
        }
    }

    /** From what everybody has in the end alone. */
    private static Map<String, Integer> expected(Map<String, Attribution> owned) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Attribution answer : owned.values()) {
            Survey survey = answer.touchpoint().survey();
            if (survey == null) {
                continue;
            }
            Attribution about = owned.get(survey.about().touchpointId());
            boolean known = about != null && about.customerId().equals(answer.customerId());
            String named = survey.about().touchpoint();
            String touchpoint =
                    named != null ? named : known ? about.touchpoint().touchpoint() : null;
            counts.put(
                    line(answer, known ? about.touchpoint().channel() : null, touchpoint, named == null && !known), 1);
        }
        return counts;
    }

    private static String line(
            Attribution answer, @Nullable String channel, @Nullable String touchpoint, boolean nothing) {
        return answer.customerId() + " " + answer.touchpoint().touchpointId() + " " + answer.sequence()
                + (nothing ? " about nothing" : "")
                + (channel == null ? "" : " on " + channel)
                + (touchpoint == null ? "" : " of " + touchpoint);
    }

    private static Attribution attribution(String customer, Touchpoint touchpoint, int sign, long sequence) {
        return new Attribution(customer, touchpoint, sign, sequence);
    }

    private static Touchpoint call(String id, long time) {
        return Touchpoint.of(id, time, "call", "call_ended")
                .touchpoint("hotline")
                .build();
    }

    private static Touchpoint visit(String id, long time) {
        return Touchpoint.of(id, time, "web", "page_view").build();
    }

    private static Touchpoint answer(String id, long time, String about, @Nullable String named) {
        return Touchpoint.of(id, time, "email", "survey_response")
                .touchpoint("csat mail")
                .survey(new Survey("csat", 1, 5, true, 2, null, new Survey.About(about, null, named, null)))
                .build();
    }

    /** Customers, and behind them what becomes of their answers. */
    private static final class Measuring {
        private final Map<String, Listening> listening = new TreeMap<>();
        private final Map<String, Integer> heard = new HashMap<>();
        private final AnswerRule rule = new AnswerRule(CONFIG.retentionMs());
        private final Map<String, AnswerState> answers = new TreeMap<>();
        private final Map<String, Long> wakes = new TreeMap<>();
        private final Map<String, Deque<AnswerInput>> underWay = new TreeMap<>();
        private final Map<String, Integer> counts = new TreeMap<>();
        private long now = Long.MIN_VALUE;
        /** Decides what is still under way; null: nothing stays so. */
        private @Nullable Random late;

        void arrives(Attribution attribution) {
            listening
                    .computeIfAbsent(attribution.customerId(), customer -> new Listening(CONFIG))
                    .hears(attribution);
            Survey survey = attribution.touchpoint().survey();
            if (survey != null && survey.asksAboutTouchpoint()) {
                send("attributions", new AnswerInput.Given(attribution));
            }
            pass();
        }

        void reaches(long time) {
            now = time;
            listening.values().forEach(customer -> customer.reaches(time));
            pass();
            wakes.forEach((id, wake) -> {
                if (wake <= now && answers.get(id) != null) {
                    take(id, rule.wake(answers.get(id), now));
                }
            });
        }

        void everythingArrives() {
            late = null;
            pass();
        }

        /** What comes the same way keeps its order, ways differ in how long they take. */
        private void pass() {
            listening.forEach((customer, each) -> {
                for (int i = heard.getOrDefault(customer, 0); i < each.said.size(); i++) {
                    if (each.said.get(i) instanceof SessionizeOutput.Placed placed) {
                        send(customer, new AnswerInput.Placed(placed.place()));
                    }
                }
                heard.put(customer, each.said.size());
            });
            underWay.values().forEach(way -> {
                while (!way.isEmpty() && (late == null || late.nextInt(3) > 0)) {
                    AnswerInput input = way.remove();
                    take(input.touchpointId(), rule.on(answers.get(input.touchpointId()), input, now));
                }
            });
        }

        private void send(String way, AnswerInput input) {
            underWay.computeIfAbsent(way, name -> new ArrayDeque<>()).add(input);
        }

        private void take(String id, Step<AnswerState, PlacedAnswer> step) {
            answers.put(id, step.state());
            wakes.put(id, step.wakeAt());
            for (PlacedAnswer each : step.out()) {
                Attribution placed = each.attribution();
                Survey.About about = placed.touchpoint().survey().about();
                String line = line(
                        placed,
                        about == null ? null : about.channel(),
                        about == null ? null : about.touchpoint(),
                        about == null);
                counts.merge(line, placed.sign(), Integer::sum);
            }
        }

        Map<String, Integer> counts() {
            counts.values().removeIf(count -> count == 0);
            return counts;
        }
    }
}
