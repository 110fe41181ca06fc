package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.sessionize.CustomerInput;
import io.throughline.domain.sessionize.CustomerState;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.Promise;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.sessionize.SessionizeOutput;
import io.throughline.domain.sessionize.SessionizeRule;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Promised;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is alerted of a promise is who finds it broken in the issue: what keeps a promise keeps one, the earliest it can mean. */
class BrokenPromisesTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long GRACE = Duration.ofMinutes(15).toMillis();
    /** 2026-11-23T00:00:00Z. */
    private static final long START = 1_795_392_000_000L;

    private static final AlertConfig CONFIG = AlertConfig.DEFAULTS.withRules(List.of(AlertRule.once(
                    "broken-promise", "A promise was not kept", "error", "reliability", Match.anyOf("promise_made"), 0)
            .looking(new Pattern.Absence(
                    Match.anyOf("promise_made", "promise_due", "promise_broken").going(Match.Direction.OUTBOUND),
                    Match.anyOf("promise_kept").going(Match.Direction.ANY),
                    GRACE,
                    "due",
                    "properties.promise"))));

    private final List<Touchpoint> said = new ArrayList<>();

    @Test
    void oneCallKeepsOneOfTwoPromises() {
        says("a", 0, "promise_made", "billing", null, 10);
        says("b", 1, "promise_made", "billing", null, 20);
        says("k", 5, "promise_kept", "billing", null, null);
        assertThat(broken()).isEqualTo(Map.of("b", START + 20 * HOUR + GRACE));
    }

    @Test
    void whatKeepsAPromiseAboutOneThingKeepsNoneAboutAnother() {
        says("a", 0, "promise_made", "delivery", null, 10);
        says("b", 1, "promise_made", "billing", null, 20);
        says("k", 5, "promise_kept", "billing", null, null);
        assertThat(broken()).isEqualTo(Map.of("a", START + 10 * HOUR + GRACE));
    }

    @Test
    void whatKeepsAPromiseWithoutNamingItKeepsTheEarliestNamedOrNot() {
        says("a", 0, "promise_made", "billing", "refund", 10);
        says("b", 1, "promise_made", "billing", "callback", 20);
        says("k", 5, "promise_kept", "billing", null, null);
        assertThat(broken()).isEqualTo(Map.of("b", START + 20 * HOUR + GRACE));
    }

    @Test
    void whatNamesAPromiseKeepsNoOther() {
        says("a", 0, "promise_made", "billing", null, 10);
        says("b", 1, "promise_made", "billing", "refund", 20);
        says("k", 5, "promise_kept", "billing", "callback", null);
        assertThat(broken()).isEqualTo(Map.of("a", START + 10 * HOUR + GRACE, "b", START + 20 * HOUR + GRACE));
    }

    @Test
    void aPromiseWithoutADateIsKeptBeforeALaterOne() {
        says("a", 0, "promise_made", "billing", null, null);
        says("b", 1, "promise_made", "billing", null, 20);
        says("k", 5, "promise_kept", "billing", null, null);
        assertThat(broken()).isEqualTo(Map.of("b", START + 20 * HOUR + GRACE));
    }

    @Test
    void whatDoesNotSayWhatItIsAboutKeepsTheEarliestOfAnything() {
        says("a", 0, "promise_made", "delivery", "parcel", 10);
        says("b", 1, "promise_made", "billing", "refund", 20);
        says("k", 5, "promise_kept", null, "refund", null);
        says("l", 6, "promise_kept", null, null, null);
        assertThat(broken()).isEmpty();
    }

    @Test
    void whatSaysWhatItIsAboutPrefersAPromiseThatSaysTheSame() {
        says("a", 0, "promise_made", null, null, 10);
        says("b", 1, "promise_made", "billing", null, 20);
        says("k", 5, "promise_kept", "billing", null, null);
        assertThat(broken()).isEqualTo(Map.of("a", START + 10 * HOUR + GRACE));
    }

    @Test
    void aDateThatIsMovedIsNoSecondPromise() {
        says("a", 0, "promise_made", "billing", "refund", 10);
        says("d", 8, "promise_due", "billing", "refund", 20);
        says("k", 15, "promise_kept", "billing", "refund", null);
        assertThat(broken()).isEmpty();
    }

    @Test
    void aDateThatIsMovedIsDueThen() {
        says("a", 0, "promise_made", "billing", "refund", null);
        says("d", 8, "promise_due", "billing", null, 20);
        assertThat(broken()).isEqualTo(Map.of("d", START + 20 * HOUR + GRACE));
    }

    @Test
    void aDateThatIsSaidAgainOnceItHasPassedIsStillThatOfThePromise() {
        says("a", 0, "promise_made", "billing", "refund", 10);
        says("d", 12, "promise_due", "billing", "refund", 10);
        assertThat(broken()).isEqualTo(Map.of("a", START + 10 * HOUR + GRACE));
    }

    @Test
    void aDateThatIsMovedIntoThePastIsMissedAtOnce() {
        says("a", 0, "promise_made", "billing", "refund", 10);
        says("d", 8, "promise_due", "billing", "refund", 2);
        assertThat(broken()).isEqualTo(Map.of("d", START + 8 * HOUR));
    }

    @Test
    void nothingKeepsAPromiseThatWasSaidToBeBroken() {
        says("a", 0, "promise_made", "billing", null, 10);
        says("b", 1, "promise_made", "billing", null, 20);
        says("x", 5, "promise_broken", "billing", null, null);
        says("k", 6, "promise_kept", "billing", null, null);
        assertThat(broken()).isEqualTo(Map.of("a", START + 10 * HOUR + GRACE));
    }

    @Test
    void aPromiseKeptTooLateWasBrokenUntilThen() {
        says("a", 0, "promise_made", "billing", null, 10);
        says("k", 12, "promise_kept", "billing", null, null);
        assertThat(desk().standing().values()).singleElement().satisfies(alert -> {
            assertThat(alert.status()).isEqualTo(Alert.Status.RESOLVED);
            assertThat(alert.resolvedAt()).isEqualTo(START + 12 * HOUR);
        });
    }

    /** The first promise is forgotten before the second, and what kept the first must not keep the second then. */
    @Test
    void whatKeptAPromiseKeepsNoOtherOnceThatOneIsForgotten() {
        says("a", 0, "promise_made", "billing", null, 100);
        says("b", 24, "promise_made", "billing", null, 60);
        says("k", 48, "promise_kept", "billing", null, null);
        Desk desk = desk();
        for (int hour = 60; hour < 60 * 24; hour += 3) {
            desk.advanceTo(START + hour * HOUR);
            desk.sees("ada", promise("o" + hour, hour, "promise_made", "other", "other", null));
        }
        assertThat(alerts(desk)).isEqualTo(Map.of("b", START + 60 * HOUR + GRACE));
        assertThat(desk.documents()).hasSize(1);
        assertThat(desk.published()).hasSize(1);
        assertThat(desk.state("ada").held())
                .extracting(AlertState.Held::touchpointId)
                .doesNotContain("a", "b", "k");
    }

    /** What is not kept for so long is forgotten, and so it is where all is known. */
    @Test
    void aPromiseForgottenLongAgoTakesNothingThatKeepsALaterOne() {
        says("a", 0, "promise_made", "billing", null, null);
        says("b", 60 * 24, "promise_made", "billing", null, 60 * 24 + 10);
        says("k", 60 * 24 + 5, "promise_kept", "billing", null, null);
        assertThat(broken()).isEmpty();
    }

    /**
     * Promises of one topic, all with a time that is ahead, kept, moved and taken back by name or without. Where something moves
     * none, the alert follows it as a promise and the issue does not: such a history is not compared.
     */
    @Test
    void whoIsAlertedIsWhoFindsThePromiseBrokenInTheIssue() {
        int compared = 0;
        int broken = 0;
        for (int seed = 0; seed < 600; seed++) {
            Random random = new Random(seed);
            List<Touchpoint> history = new ArrayList<>();
            history.add(Touchpoint.of("contact", START, "email", "message")
                    .topic("billing")
                    .build());
            for (int hour = 1; hour <= 12; hour++) {
                String kind = KINDS.get(random.nextInt(KINDS.size()));
                boolean dated = kind.equals(Promised.MADE) || kind.equals(Promised.DUE);
                history.add(promise(
                                "t" + hour,
                                hour,
                                kind,
                                "billing",
                                NAMES.get(random.nextInt(NAMES.size())),
                                // Each its own, so that it says which promise was broken.
                                dated ? hour + 1 + 13 * random.nextInt(2) : null)
                        .build());
            }
            Issue issue = issue(history);
            if (issue.flags().contains("unknown_promise")) {
                continue;
            }
            compared++;
            Set<Long> overdue = new TreeSet<>();
            for (Promise promise : issue.promises()) {
                if (promise.status() == Promise.Status.BROKEN) {
                    overdue.add(Objects.requireNonNull(promise.due()) + GRACE);
                }
            }
            broken += overdue.size();
            said.clear();
            said.addAll(history);
            assertThat(new TreeSet<>(broken().values())).as("seed %d", seed).isEqualTo(overdue);
        }
        assertThat(compared).isGreaterThan(50);
        assertThat(broken).isGreaterThan(100);
    }

    private static final List<String> KINDS =
            List.of(Promised.MADE, Promised.MADE, Promised.MADE, Promised.DUE, Promised.KEPT, Promised.BROKEN);
    private static final List<@Nullable String> NAMES = Arrays.asList(null, null, "refund", "callback");

    /** How the one issue of the history stands when all of it is due. */
    private static Issue issue(List<Touchpoint> history) {
        SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS);
        long now = START;
        CustomerState state = null;
        List<SessionizeOutput> out = new ArrayList<>();
        for (Touchpoint touchpoint : history) {
            var step = rule.on(state, CustomerInput.of(new Attribution("ada", touchpoint, 1, 1)), now);
            state = step.state();
            out.addAll(step.out());
        }
        out.addAll(rule.wake(state, START + 4 * 24 * HOUR).out());
        List<Issue> documents = out.stream()
                .filter(SessionizeOutput.IssueDocument.class::isInstance)
                .map(document -> ((SessionizeOutput.IssueDocument) document).issue())
                .toList();
        assertThat(documents)
                .extracting(Issue::issueId)
                .containsOnly(documents.get(0).issueId());
        return documents.get(documents.size() - 1);
    }

    private void says(
            String id, int hour, String kind, @Nullable String topic, @Nullable String name, @Nullable Integer due) {
        said.add(promise(id, hour, kind, topic, name, due).build());
    }

    private static Touchpoint.Builder promise(
            String id, int hour, String kind, @Nullable String topic, @Nullable String name, @Nullable Integer due) {
        Map<String, String> properties = new HashMap<>();
        if (name != null) {
            properties.put("promise", name);
        }
        if (due != null) {
            properties.put("due", Long.toString(START + due * HOUR));
        }
        return Touchpoint.of(id, START + hour * HOUR, "email", kind)
                .outbound(true)
                .topic(topic)
                .properties(properties);
    }

    /** By first evidence: when alerts opened; the same live, in a replay and in any order. */
    private Map<String, Long> broken() {
        Map<String, Long> live = alerts(desk().advanceTo(START + 100 * 24 * HOUR));
        for (int order = 0; order < 10; order++) {
            List<Touchpoint> shuffled = new ArrayList<>(said);
            Collections.shuffle(shuffled, new Random(order));
            Desk replay = new Desk(CONFIG);
            shuffled.forEach(touchpoint -> replay.take(new Attribution("ada", touchpoint, 1, 1)));
            replay.advanceTo(START + 100 * 24 * HOUR);
            assertThat(alerts(replay)).isEqualTo(live);
        }
        return live;
    }

    /** Has seen each as it happened. */
    private Desk desk() {
        Desk desk = new Desk(CONFIG).advanceTo(START);
        for (Touchpoint touchpoint : said) {
            desk.advanceTo(touchpoint.eventTime());
            desk.take(new Attribution("ada", touchpoint, 1, 1));
        }
        return desk;
    }

    private static Map<String, Long> alerts(Desk desk) {
        Map<String, Long> alerts = new TreeMap<>();
        desk.standing()
                .values()
                .forEach(alert -> alerts.put(alert.evidence().get(0).touchpointId(), alert.openedAt()));
        return alerts;
    }
}
