package io.throughline.domain.sessionize;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Touchpoints move between customers while others merge and split: each customer ends with the documents of those it has
 * in the end, and the transitions of all add up to those of a count over everything.
 */
class MovingCustomersPropertyTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final List<String> CUSTOMERS = List.of("c-ada", "c-bob", "c-cyd");

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void whoeverATouchpointPassesThroughItCountsWhereItEnds(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            SessionizeConfig config = SessionizePropertyTest.config(random);
            Map<String, List<Attribution>> attributions = new TreeMap<>();
            List<Attribution> all = interleaved(random, attributions);
            Map<String, Listening> listening = new TreeMap<>();
            Counting counting = new Counting(config);
            for (String customer : CUSTOMERS) {
                listening.put(customer, new Listening(config));
                if (random.nextInt(3) == 0) {
                    listening.get(customer).restarting();
                }
            }
            long clock = Touchpoints.at("00:00");
            Map<String, Integer> heard = new HashMap<>();
            for (Attribution attribution : all) {
                if (random.nextInt(4) == 0) {
                    clock += random.nextInt(60) * MINUTE;
                    reach(listening, counting, heard, clock);
                }
                listening.get(attribution.customerId()).hears(attribution);
            }
            long asOf = clock + config.publishEveryMs() + random.nextInt(900) * MINUTE;
            reach(listening, counting, heard, asOf);
            // Counts of the last moment are published a moment later.
            counting.reaches(asOf + config.publishEveryMs());

            String story = "seed " + seed + " round " + round;
            List<Session> sessions = new ArrayList<>();
            List<Issue> issues = new ArrayList<>();
            List<Journey> journeys = new ArrayList<>();
            for (String customer : CUSTOMERS) {
                SessionizeOracle oracle =
                        new SessionizeOracle(customer, attributions.getOrDefault(customer, List.of()), config, asOf);
                SessionizePropertyTest.assertTheSame(listening.get(customer).surviving(), oracle.sessions, story);
                Map<String, Issue> issuesOf = new IssueOracle(customer, oracle, config, asOf).issues;
                SessionizePropertyTest.assertTheSame(listening.get(customer).issues(), issuesOf, story);
                Map<String, Journey> journeysOf = new JourneyOracle(customer, oracle, config, asOf).journeys;
                SessionizePropertyTest.assertTheSame(listening.get(customer).journeys(), journeysOf, story);
                sessions.addAll(oracle.sessions.values());
                issues.addAll(issuesOf.values());
                journeys.addAll(journeysOf.values());
            }
            assertThat(counting.published()).as(story).isEqualTo(TransitionOracle.count(sessions, issues, journeys));
        }
    }

    private static void reach(
            Map<String, Listening> listening, Counting counting, Map<String, Integer> heard, long time) {
        listening.forEach((customer, one) -> {
            one.reaches(time);
            int from = heard.getOrDefault(customer, 0);
            one.said.subList(from, one.said.size()).forEach(output -> {
                if (output instanceof SessionizeOutput.Moved moved) {
                    counting.hears(moved.change());
                }
            });
            heard.put(customer, one.said.size());
        });
        counting.reaches(time);
    }

    /** Each touchpoint goes from one to the next, or back, some twice; withdrawals may overtake. */
    private static List<Attribution> interleaved(Random random, Map<String, List<Attribution>> byCustomer) {
        List<Attribution> all = new ArrayList<>();
        int touchpoints = 1 + random.nextInt(25);
        for (int i = 0; i < touchpoints; i++) {
            Touchpoint touchpoint = SessionizePropertyTest.touchpoint(random, "t" + i, 30 + random.nextInt(600));
            int moves = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
            String customer = CUSTOMERS.get(random.nextInt(CUSTOMERS.size()));
            for (int sequence = 1; sequence <= 1 + moves; sequence++) {
                all.add(random.nextInt(all.size() + 1), new Attribution(customer, touchpoint, 1, sequence));
                if (sequence <= moves) {
                    all.add(random.nextInt(all.size() + 1), new Attribution(customer, touchpoint, -1, sequence));
                    customer = CUSTOMERS.get(random.nextInt(CUSTOMERS.size()));
                }
            }
        }
        all.forEach(attribution -> byCustomer
                .computeIfAbsent(attribution.customerId(), c -> new ArrayList<>())
                .add(attribution));
        return all;
    }

    /** The rule of transitions with everybody who listens to it, run as the pipeline would. */
    private static final class Counting {
        private final TransitionRule rule;
        private final Map<String, Step<TransitionState, Transition>> states = new HashMap<>();
        private final Map<String, Transition> documents = new TreeMap<>();
        private long now = Long.MIN_VALUE;

        Counting(SessionizeConfig config) {
            rule = new TransitionRule(config);
        }

        void hears(TransitionChange change) {
            String id = change.way().id();
            Step<TransitionState, Transition> before = states.get(id);
            take(id, rule.on(before == null ? null : before.state(), change, now));
        }

        void reaches(long time) {
            now = time;
            List.copyOf(states.keySet()).forEach(id -> {
                if (states.get(id).wakeAt() <= now) {
                    take(id, rule.wake(states.get(id).state(), now));
                }
            });
        }

        private void take(String id, Step<TransitionState, Transition> step) {
            states.put(id, step);
            step.out().forEach(transition -> {
                Transition old = documents.put(id, transition);
                assertThat(transition.revision()).isGreaterThan(old == null ? 0 : old.revision());
            });
        }

        /** Id to count, those above 0. */
        Map<String, Long> published() {
            Map<String, Long> counts = new TreeMap<>();
            documents.forEach((id, transition) -> {
                if (transition.count() > 0) {
                    counts.put(id, transition.count());
                }
            });
            return counts;
        }
    }
}
