package io.throughline.domain.sessionize;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.experience.ExperienceScore;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the order, the repetitions and the wake-ups: the documents that survive are those of the oracle. */
class SessionizePropertyTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final int ROUNDS = 400;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void liveArrivalInAnyOrderEndsInTheDocumentsOfTheOracle(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            SessionizeConfig config = config(random);
            List<Attribution> attributions = attributions(random);
            Listening listening = new Listening(config);
            if (random.nextInt(4) == 0) {
                listening.restarting();
            }
            long clock = Touchpoints.at("00:00");
            for (Attribution attribution : attributions) {
                if (random.nextInt(3) == 0) {
                    clock += random.nextInt(40) * MINUTE / (1 + random.nextInt(1000));
                    listening.reaches(clock);
                }
                listening.hears(attribution);
            }
            long asOf = clock + config.publishEveryMs() + random.nextInt(600) * MINUTE;
            listening.reaches(asOf);
            assertIsWhatTheOracleSays(listening, attributions, config, asOf, "seed " + seed + " round " + round);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void replayPublishesOnceAndOnlyWhatHappenedByTheGivenTime(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            SessionizeConfig config =
                    config(random).toBuilder().publishAhead(false).build();
            List<Attribution> attributions = attributions(random);
            Listening listening = new Listening(config);
            attributions.forEach(listening::hears);
            assertThat(listening.said).isEmpty();

            long asOf = Touchpoints.at("00:00") + random.nextInt(600) * MINUTE;
            listening.reaches(asOf);

            assertIsWhatTheOracleSays(listening, attributions, config, asOf, "seed " + seed + " round " + round);
            assertThat(listening.said.stream().filter(SessionizeOutput.Published.class::isInstance))
                    .hasSameSizeAs(listening.sessions.keySet());

            listening.reaches(asOf + Duration.ofDays(1).toMillis());
            assertIsWhatTheOracleSays(
                    listening, attributions, config, listening.now, "a day later, seed " + seed + " round " + round);
        }
    }

    /** Late, moved, withdrawn, closed, turned away and retired: nobody can tell from what is said whether it was written in between. */
    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void aCustomerWhoIsWrittenAndReadBetweenAnyTwoTurnsSaysTheSameAsOneWhoNeverIs(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            SessionizeRule rule = new SessionizeRule(thatForgets(random));
            Step<CustomerState, SessionizeOutput> never = Step.of(null, List.of(), Step.NEVER);
            CustomerState written = null;
            long now = random.nextInt(3) == 0 ? Long.MIN_VALUE : Touchpoints.at("00:00");
            for (Attribution attribution : attributions(random)) {
                if (random.nextInt(3) == 0) {
                    long time = random.nextInt(4) == 0 ? 200 * MINUTE : 2_000;
                    now = Math.max(now, Touchpoints.at("00:00")) + (long) (random.nextDouble() * time);
                    never = rule.wake(never.state(), now);
                    written = saysTheSame(rule.wake(written, now), never, "seed " + seed + " round " + round);
                }
                CustomerInput input = CustomerInput.of(attribution);
                never = rule.on(never.state(), input, now);
                written = saysTheSame(rule.on(written, input, now), never, "seed " + seed + " round " + round);
            }
        }
    }

    private static CustomerState saysTheSame(
            Step<CustomerState, SessionizeOutput> step, Step<CustomerState, SessionizeOutput> never, String story) {
        assertThat(contents(step.out())).as(story).isEqualTo(contents(never.out()));
        assertThat(step.wakeAt()).as(story).isEqualTo(never.wakeAt());
        return step.state() == null ? null : CustomerState.of(step.state().remember());
    }

    /** Of several journeys that have something new at one turn, whose is said first depends on where the walk begins. */
    private static List<String> contents(List<SessionizeOutput> out) {
        return out.stream()
                .map(said -> said.toString().replaceAll("revision=\\d+", ""))
                .sorted()
                .toList();
    }

    private static SessionizeConfig thatForgets(Random random) {
        return config(random).toBuilder()
                .maxLengthMs((1 + random.nextInt(120)) * MINUTE)
                .retentionMs((200 + random.nextInt(400)) * MINUTE)
                .maxTouchpoints(5 + random.nextInt(30))
                .publishAhead(random.nextInt(4) > 0)
                .build();
    }

    private static void assertIsWhatTheOracleSays(
            Listening listening, List<Attribution> attributions, SessionizeConfig config, long asOf, String story) {
        SessionizeOracle oracle = new SessionizeOracle(Touchpoints.CUSTOMER, attributions, config, asOf);
        assertTheSame(listening.surviving(), oracle.sessions, story);
        assertThat(listening.sessionOf()).as(story).containsAllEntriesOf(oracle.sessionOf);
        IssueOracle issues = new IssueOracle(Touchpoints.CUSTOMER, oracle, config, asOf);
        assertTheSame(listening.issues(), issues.issues, story);
        JourneyOracle journeys = new JourneyOracle(Touchpoints.CUSTOMER, oracle, config, asOf);
        assertTheSame(listening.journeys(), journeys.journeys, story);
        assertThat(listening.transitions())
                .as(story)
                .isEqualTo(TransitionOracle.count(
                        oracle.sessions.values(), issues.issues.values(), journeys.journeys.values()));
        if (oracle.counting.isEmpty()) {
            assertThat(listening.customer == null || listening.customer.absorbed())
                    .as(story)
                    .isTrue();
            return;
        }
        assertThat(listening.customer.touchpointCount()).as(story).isEqualTo(oracle.counting.size());
        assertThat(listening.customer.sessionCount()).as(story).isEqualTo(oracle.sessions.size());
        assertThat(listening.customer.firstSeen())
                .isEqualTo(oracle.counting.get(0).eventTime());
        assertThat(listening.customer.lastSeen())
                .isEqualTo(oracle.counting.get(oracle.counting.size() - 1).eventTime());
        assertThat(listening.customer.value()).isEqualTo(oracle.earned(oracle.counting));
        assertThat(listening.customer.consents()).as(story).isEqualTo(SessionizeOracle.consents(oracle.counting));
        assertThat(listening.customer.experience())
                .as(story)
                .isEqualTo(ExperienceScore.of(oracle.counting, listening.customer.lastSeen(), config.experience()));
        assertThat(listening.customer.channels())
                .containsExactlyElementsOf(new TreeSet<>(
                        oracle.counting.stream().map(Touchpoint::channel).toList()));
    }

    /** One by one, so that a failure shows the document that differs and not all of them. */
    static <T> void assertTheSame(Map<String, T> found, Map<String, T> expected, String story) {
        assertThat(found.keySet()).as(story).isEqualTo(expected.keySet());
        expected.forEach((id, document) ->
                assertThat(found.get(id)).as(story + ", " + id).isEqualTo(document));
    }

    static SessionizeConfig config(Random random) {
        SessionizeConfig.Builder config = SessionizeConfig.DEFAULTS.toBuilder()
                .gapMs(Map.of("web", 20 * MINUTE, "call", 60 * MINUTE, "email", 5 * MINUTE))
                .defaultGapMs(10 * MINUTE)
                .cutAtLogout(random.nextInt(4) > 0)
                .publishEveryMs(random.nextBoolean() ? 1_000 : 10 * MINUTE)
                .publishBurst(random.nextInt(3))
                .issue(new IssueConfig(
                        (1 + random.nextInt(300)) * MINUTE,
                        IssueConfig.DEFAULTS.contactKinds(),
                        IssueConfig.DEFAULTS.resolvedOutcomes(),
                        IssueConfig.DEFAULTS.notResolvableOutcomes(),
                        random.nextInt(3) * 10 * MINUTE))
                .journey(new JourneyConfig(
                        (1 + random.nextInt(200)) * MINUTE,
                        JourneyConfig.DEFAULTS.conversionKinds(),
                        Set.of("converted", "escalated"),
                        JourneyConfig.DEFAULTS.churnKinds(),
                        Set.of("churned"),
                        random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 100));
        if (random.nextInt(3) == 0) {
            config.maxSize(1 + random.nextInt(6)).pathLimit(1 + random.nextInt(4));
        }
        if (random.nextInt(3) == 0) {
            config.maxLengthMs((1 + random.nextInt(120)) * MINUTE);
        }
        if (random.nextInt(3) == 0) {
            config.campaignProperty("campaign");
        }
        if (random.nextInt(3) == 0) {
            config.dayZone("Asia/Kathmandu");
        }
        return config.build();
    }

    /** Touchpoints that come, go, come back changed and are said twice under two sequences, shuffled. */
    private static List<Attribution> attributions(Random random) {
        List<Attribution> attributions = new ArrayList<>();
        int touchpoints = 1 + random.nextInt(30);
        int spread = 30 + random.nextInt(600);
        for (int i = 0; i < touchpoints; i++) {
            String id = "t" + random.nextInt(10_000) + "-" + i;
            int sequences = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1;
            Touchpoint touchpoint = touchpoint(random, id, spread);
            for (int sequence = 1; sequence <= sequences; sequence++) {
                attributions.add(new Attribution(Touchpoints.CUSTOMER, touchpoint, 1, sequence));
                if (sequence < sequences || random.nextInt(10) == 0) {
                    attributions.add(new Attribution(Touchpoints.CUSTOMER, touchpoint, -1, sequence));
                }
                if (random.nextInt(3) == 0) {
                    touchpoint = touchpoint(random, id, spread);
                }
            }
        }
        Collections.shuffle(attributions, random);
        if (random.nextInt(5) == 0) {
            attributions.sort((a, b) ->
                    Long.compare(a.touchpoint().eventTime(), b.touchpoint().eventTime()));
        }
        return attributions;
    }

    static Touchpoint touchpoint(Random random, String id, int spread) {
        long time = Touchpoints.at("00:00") + random.nextInt(spread) * MINUTE;
        String channel = pick(random, "web", "web", "call", "email", "bot", "chat");
        String kind = pick(
                random,
                "page_view",
                "page_view",
                "message",
                "message",
                "call_queued",
                "call_answered",
                "complaint",
                "error",
                "transfer",
                "logout",
                "case_resolved",
                "promise_made",
                "promise_made",
                "promise_kept",
                "promise_broken",
                "promise_due",
                "call_ended",
                "chat_ended",
                "authentication",
                "purchase",
                "purchase",
                "check_in",
                "return",
                "cancellation",
                "consent_given",
                "consent_withdrawn");
        Touchpoint.Builder touchpoint = Touchpoint.of(id, time, channel, kind)
                .identifiers(List.of(new Identifier("email", "ada")))
                .outbound(random.nextInt(4) == 0)
                .actor(pick(random, null, "customer", "agent", "bot"))
                .stage(pick(random, null, "support", "awareness", "zzz", "aaa"))
                .topic(pick(random, null, "billing", "roaming"))
                .caseId(pick(random, null, null, null, "case-1", "case-2"))
                .outcome(pick(random, null, null, "resolved", "escalated", "abandoned"))
                .product(pick(random, null, "sim", "fiber"))
                .segment(pick(random, null, null, "consumer", "business"))
                .waitMs(random.nextInt(3) == 0 ? random.nextLong(100_000) - 1_000 : null)
                .handleMs(random.nextInt(5) == 0 ? random.nextLong(40 * MINUTE) : null);
        if (random.nextInt(3) == 0) {
            touchpoint.value(new Money(random.nextInt(2_000_000) - 500_000, pick(random, "EUR", "USD")));
        }
        if (random.nextInt(4) == 0) {
            touchpoint.survey(new Survey(pick(random, "nps", "csat"), 0, 10, true, random.nextInt(12), null, null));
        }
        Map<String, String> properties = new HashMap<>();
        say(random, properties, "campaign", "spring", "summer");
        say(random, properties, "purpose", "marketing", "profiling");
        say(random, properties, "promise", "callback", "refund");
        say(random, properties, "from", "bot", "sales", "claims");
        say(random, properties, "to", "sales", "claims");
        say(random, properties, "asked_again", "true", "false");
        long due = time + (random.nextInt(400) - 50) * MINUTE;
        say(
                random,
                properties,
                "due",
                String.valueOf(due),
                Instant.ofEpochMilli(due).toString(),
                "tomorrow");
        return touchpoint.properties(properties).build();
    }

    private static void say(Random random, Map<String, String> properties, String name, String... values) {
        if (random.nextInt(3) == 0) {
            properties.put(name, pick(random, values));
        }
    }

    private static String pick(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }
}
