package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertRuleSetTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    /** 2026-11-23T00:00:00Z. */
    private static final long START = 1_795_392_000_000L;

    private final Desk desk = new Desk(AlertConfig.DEFAULTS).advanceTo(START);

    @Test
    void tellsAtOnceThatACustomerIsDissatisfied() {
        desk.sees("ada", answer("t1", START, "csat", 1, 5, true, 1));
        assertThat(desk.published()).singleElement().satisfies(alert -> {
            assertThat(alert.ruleId()).isEqualTo("low-satisfaction");
            assertThat(alert.status()).isEqualTo(Alert.Status.OPEN);
            assertThat(alert.severity()).isEqualTo("error");
            assertThat(alert.customerId()).isEqualTo("ada");
            assertThat(alert.openedAt()).isEqualTo(START);
            assertThat(alert.reason()).isEqualTo("Low satisfaction: csat 1 on 1-5 on call");
            assertThat(alert.evidence())
                    .containsExactly(new Alert.Evidence("t1", START, "call", "survey_response", "csat 1 on 1-5"));
        });
    }

    @Test
    void looksAtTouchpointsOnlyUntilTheNextVersionLooksAtAFigure() {
        AlertRule first = AlertRule.once("errors", "Errors", "error", "reliability", Match.anyOf("error"), 0);
        AlertRule second = first.from(2, START + HOUR, AlertRule.Mode.ENABLED)
                .looking(new Pattern.Metric(
                        new Pattern.Series("error_rate", Map.of()), "1h", null, 5.0, 1, false, null, 0));
        Desk versions = new Desk(AlertConfig.DEFAULTS.withRules(List.of(first, second))).advanceTo(START);
        versions.sees("ada", Touchpoint.of("t1", START, "web", "error"));
        versions.sees("ada", Touchpoint.of("t2", START + 2 * HOUR, "web", "error"));
        assertThat(versions.published()).extracting(Alert::openedAt).containsExactly(START);
    }

    /** An expression that counts how often it is evaluated. */
    private record Counting(String text, boolean looksAtTier, AtomicInteger evaluated) implements Condition {
        @Override
        public boolean holds(Signal signal, String tier) {
            evaluated.incrementAndGet();
            return signal.waitMs() != null && !"gold".equals(tier);
        }

        @Override
        public Set<String> properties() {
            return Set.of();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Counting that && that.text.equals(text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void evaluatesWhatManyRulesAskOnceForEachTouchpoint(boolean looksAtTier) {
        AtomicInteger evaluated = new AtomicInteger();
        List<AlertRule> rules = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            rules.add(AlertRule.once(
                    "rule-" + i,
                    "Waited",
                    "warning",
                    "speed",
                    Match.anyOf("call_ended").when(new Counting("waited", looksAtTier, evaluated)),
                    DAY));
        }
        Desk ruled = new Desk(AlertConfig.DEFAULTS.withRules(rules)).advanceTo(START);
        for (int i = 0; i < 3; i++) {
            ruled.sees(
                    "ada",
                    Touchpoint.of("t" + i, START + i, "call", "call_ended").waitMs(1_000L));
        }
        assertThat(ruled.documents()).hasSize(10);
        assertThat(ruled.documents().values())
                .allSatisfy(alert -> assertThat(alert.evidence()).hasSize(3));
        assertThat(evaluated.get()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void retractsOnceTheAlertsOfRulesThatWentFromTheFiles(boolean byTimeAlone) {
        AlertRule complained =
                AlertRule.once("complained", "Complained", "warning", "closure", Match.anyOf("complaint"), DAY);
        AlertRule refunded = AlertRule.once("refunded", "Refunded", "warning", "closure", Match.anyOf("refund"), DAY);
        AlertRule returned = AlertRule.once("returned", "Returned", "warning", "closure", Match.anyOf("return"), DAY);
        Attribution complaint = new Attribution(
                "ada", Touchpoint.of("t1", START, "call", "complaint").build(), 1, 1);
        Attribution comesBack = new Attribution(
                "ada", Touchpoint.of("t2", START + 1, "store", "return").build(), 1, 1);
        AlertConfig config = AlertConfig.DEFAULTS;
        AlertState state = new AlertRuleSet(config.withRules(List.of(complained, refunded, returned)))
                .on(null, complaint, START)
                .state();

        AlertRuleSet after = new AlertRuleSet(config.withRules(List.of(refunded, returned)));
        Step<AlertState, Alert> step =
                byTimeAlone ? after.wake(state, START + 1) : after.on(state, comesBack, START + 1);
        assertThat(step.out())
                .filteredOn(alert -> alert.ruleId().equals("complained"))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.status()).isEqualTo(Alert.Status.RETRACTED);
                    assertThat(alert.retractedBecause()).isEqualTo("rule complained is no longer configured");
                });
        assertThat(after.wake(step.state(), START + 2).out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "csat, 1, 5, true, 2, low-satisfaction",
        "csat, 1, 5, true, 3,",
        "csat, 1, 7, true, 2, low-satisfaction",
        "csat, 1, 7, true, 3,",
        "csat, 1, 5, true, 0,",
        "nps, 0, 10, true, 3, strong-detractor",
        "nps, 0, 10, true, 4, detractor",
        "nps, 0, 10, true, 6, detractor",
        "nps, 0, 10, true, 7,",
        "ces, 1, 7, true, 3, high-effort",
        "ces, 1, 7, true, 5,",
        "ces, 1, 5, false, 4, high-effort",
        "ces, 1, 5, false, 3,",
    })
    void readsAnAnswerOnItsOwnScaleAndDirection(
            String metric, int min, int max, boolean higherIsBetter, double score, String rule) {
        desk.sees("ada", answer("t1", START, metric, min, max, higherIsBetter, score));
        assertThat(desk.published())
                .extracting(Alert::ruleId)
                .containsExactlyElementsOf(rule == null ? List.of() : List.of(rule));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ms, 0 ms",
        "400, 400 ms, 400 ms",
        "90000, 1 min 30 s, 1 min 30 s",
        "600000, 10 min, 10 min",
        "87180000, 1 d 13 min, 1 d 13 min",
        "172800000, 2 d, 2 d",
        "93784500, 1 d 2 h, 1 d 2 h 3 min 4 s 500 ms"
    })
    void cutsLengthsThatWereMeasuredAndNoneThatWereSet(long ms, String measured, String set) {
        assertThat(AlertRule.about(ms)).isEqualTo(measured);
        assertThat(AlertRule.exactly(ms)).isEqualTo(set);
    }

    @Test
    void staysCalmAboutTwoErrorsButNotAboutThreeInTenMinutes() {
        desk.sees("ada", error("e1", START)).sees("ada", error("e2", START + 9 * MINUTE));
        assertThat(desk.published()).isEmpty();
        desk.sees("ada", error("e3", START + 10 * MINUTE));
        assertThat(desk.published()).singleElement().satisfies(alert -> {
            assertThat(alert.ruleId()).isEqualTo("repeated-errors");
            assertThat(alert.openedAt()).isEqualTo(START + 10 * MINUTE);
            assertThat(alert.reason()).isEqualTo("Repeated errors: 3 within 10 min, last checkout on web");
            assertThat(alert.evidence())
                    .extracting(Alert.Evidence::touchpointId)
                    .containsExactly("e1", "e2", "e3");
        });
    }

    @Test
    void addsEvidenceWhileItCoolsDownAndOpensAnewAfterwards() {
        for (int i = 0; i < 3; i++) {
            desk.sees("ada", error("e" + i, START + i));
        }
        desk.sees("ada", error("e3", START + HOUR + 2));
        assertThat(desk.standing()).hasSize(1);
        assertThat(desk.standing().values().iterator().next().evidence()).hasSize(4);
        for (int i = 4; i < 7; i++) {
            desk.sees("ada", error("e" + i, START + HOUR + i));
        }
        assertThat(desk.standing()).hasSize(2);
    }

    @Test
    void keepsTheAlertOfTheEarlierTouchpointWhenItArrivesLate() {
        desk.sees("ada", complaint("t2", START + HOUR));
        String second = desk.published().get(0).alertId();
        desk.sees("ada", complaint("t1", START));
        assertThat(desk.standing()).hasSize(1).doesNotContainKey(second);
        assertThat(desk.documents().get(second).retractedBecause())
                .startsWith("touchpoint t2 is evidence of alert a-")
                .endsWith("which began earlier");
    }

    @Test
    void anAlertSaysWhichOtherOfTheCustomerSaysItAlready() {
        AlertRule plain = AlertRule.once("plain", "Plain", "warning", "closure", Match.anyOf("complaint"), DAY);
        AlertRule grave = AlertRule.once("grave", "Grave", "critical", "closure", Match.anyOf("threat"), DAY)
                .caring(new AlertRule.Care(null, null, null, Set.of("plain")));
        AlertRule onTrial = AlertRule.once("on-trial", "On trial", "critical", "closure", Match.anyOf("rant"), DAY)
                .caring(new AlertRule.Care(null, null, null, Set.of("plain")))
                .from(1, Long.MIN_VALUE, AlertRule.Mode.SHADOW);
        Desk ruled = new Desk(AlertConfig.DEFAULTS.withRules(List.of(plain, grave, onTrial))).advanceTo(START);
        Touchpoint threat = Touchpoint.of("a1", START, "call", "threat").build();
        ruled.take(new Attribution("ada", threat, 1, 1));
        ruled.sees("ada", Touchpoint.of("a2", START + MINUTE, "call", "complaint"));
        ruled.sees("bob", Touchpoint.of("b1", START, "call", "complaint"));
        ruled.sees("bob", Touchpoint.of("b2", START + MINUTE, "call", "threat"));
        ruled.sees("carl", Touchpoint.of("c1", START, "call", "rant"));
        ruled.sees("carl", Touchpoint.of("c2", START + MINUTE, "call", "complaint"));

        assertThat(inhibitedBy(ruled, "ada", "plain"))
                .isEqualTo(alert(ruled, "ada", "grave").alertId());
        assertThat(inhibitedBy(ruled, "ada", "grave")).isNull();
        assertThat(inhibitedBy(ruled, "bob", "plain")).as("opened before").isNull();
        assertThat(inhibitedBy(ruled, "carl", "plain")).as("on trial").isNull();

        ruled.sees("dora", Touchpoint.of("d1", START, "call", "threat"));
        ruled.sees("dora", Touchpoint.of("d2", START + MINUTE, "call", "case_resolved"));
        ruled.sees("dora", Touchpoint.of("d3", START + 2 * MINUTE, "call", "complaint"));
        ruled.sees("dora", Touchpoint.of("d4", START + 3 * MINUTE, "call", "threat"));
        assertThat(inhibitedBy(ruled, "dora", "plain"))
                .as("opened while the other was resolved, though it came back")
                .isNull();

        ruled.take(new Attribution("ada", threat, -1, 1));

        assertThat(inhibitedBy(ruled, "ada", "plain")).as("taken back").isNull();
    }

    @Test
    void ofAlertsThatInhibitEachOtherOneIsTold() {
        List<AlertRule> round = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            round.add(AlertRule.once("r" + i, "R" + i, "error", "closure", Match.anyOf("complaint"), DAY)
                    .caring(new AlertRule.Care(null, null, null, Set.of("r" + (i + 1) % 3))));
        }
        Desk three = new Desk(AlertConfig.DEFAULTS.withRules(round)).advanceTo(START);
        three.sees("ada", Touchpoint.of("a1", START, "call", "complaint"));

        assertThat(three.documents().values())
                .hasSize(3)
                .filteredOn(alert -> alert.context().inhibitedBy() == null)
                .singleElement()
                .satisfies(told -> assertThat(three.documents().values())
                        .extracting(Alert::alertId)
                        .allMatch(id -> id.compareTo(told.alertId()) >= 0));

        AlertRule plain = AlertRule.once("plain", "Plain", "warning", "closure", Match.anyOf("complaint"), DAY)
                .caring(new AlertRule.Care(null, null, null, Set.of("grave")));
        AlertRule grave = AlertRule.once("grave", "Grave", "critical", "closure", Match.anyOf("complaint"), DAY)
                .caring(new AlertRule.Care(null, null, null, Set.of("plain")));
        for (String touchpointId : List.of("b1", "b2", "b3", "b4")) {
            Desk two = new Desk(AlertConfig.DEFAULTS.withRules(List.of(plain, grave))).advanceTo(START);
            two.sees("ada", Touchpoint.of(touchpointId, START, "call", "complaint"));
            assertThat(inhibitedBy(two, "ada", "grave"))
                    .as("the graver is told")
                    .isNull();
            assertThat(inhibitedBy(two, "ada", "plain"))
                    .isEqualTo(alert(two, "ada", "grave").alertId());
        }
    }

    @Test
    void ofEveryRoundOfTwoOrThreeTheGravestAloneIsTold() {
        List<String> severities = AlertRule.SEVERITIES.subList(0, 3);
        for (String a : severities) {
            for (String b : severities) {
                everyOrder(complained("a", a, "b"), complained("b", b, "a"));
                for (String c : severities) {
                    everyOrder(complained("a", a, "b"), complained("b", b, "c"), complained("c", c, "a"));
                    everyOrder(
                            complained("a", a, "b", "c"), complained("b", b, "a", "c"), complained("c", c, "a", "b"));
                    everyOrder(complained("a", a, "b"), complained("b", b, "a", "c"), complained("c", c, "b"));
                }
            }
        }
    }

    /** Of these rules' alerts the gravest is told, the others name one that inhibits them: the gravest if it does. */
    private static void everyOrder(AlertRule... rules) {
        Map<String, AlertRule> byId = new TreeMap<>();
        for (AlertRule rule : rules) {
            byId.put(rule.ruleId(), rule);
        }
        for (Desk seen : eachOrder(rules)) {
            Map<String, Alert> alerts = seen.documents();
            Alert gravest = alerts.values().stream()
                    .min(Comparator.comparingInt((Alert alert) -> AlertRule.SEVERITIES.indexOf(alert.severity()))
                            .thenComparing(Alert::alertId))
                    .orElseThrow();
            for (Alert alert : alerts.values()) {
                String by = alert.context().inhibitedBy();
                if (alert.equals(gravest)) {
                    assertThat(by).as("the gravest of %s", byId).isNull();
                } else if (inhibits(byId, gravest, alert)) {
                    assertThat(by).as("%s of %s", alert.ruleId(), byId).isEqualTo(gravest.alertId());
                } else {
                    assertThat(by).as("%s of %s", alert.ruleId(), byId).isNotNull();
                    assertThat(inhibits(byId, alerts.get(by), alert)).isTrue();
                }
            }
        }
    }

    private static boolean inhibits(Map<String, AlertRule> rules, Alert one, Alert other) {
        return rules.get(one.ruleId()).care().inhibits().contains(other.ruleId());
    }

    /** One complaint of ada's, under ids that order its alerts differently. */
    private static List<Desk> eachOrder(AlertRule... rules) {
        List<Desk> desks = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Desk seen = new Desk(AlertConfig.DEFAULTS.withRules(List.of(rules))).advanceTo(START);
            seen.sees("ada", Touchpoint.of("x" + i, START, "call", "complaint"));
            assertThat(seen.documents()).hasSameSizeAs(rules);
            desks.add(seen);
        }
        return desks;
    }

    private static AlertRule complained(String ruleId, String severity, String... inhibits) {
        return AlertRule.once(ruleId, ruleId, severity, "closure", Match.anyOf("complaint"), DAY)
                .caring(new AlertRule.Care(null, null, null, Set.of(inhibits)));
    }

    private static Set<String> told(Desk desk) {
        return desk.documents().values().stream()
                .filter(alert -> alert.context().inhibitedBy() == null)
                .map(Alert::ruleId)
                .collect(Collectors.toSet());
    }

    @Test
    void whatInhibitsTheGravestOfARoundFromOutsideIsToldInItsPlace() {
        AlertRule a = complained("a", "critical", "b");
        AlertRule b = complained("b", "warning", "c");
        AlertRule c = complained("c", "error", "a", "after");
        AlertRule after = complained("after", "critical");
        for (Desk seen :
                eachOrder(complained("first", "info", "before"), complained("before", "info", "a"), a, b, c, after)) {
            assertThat(told(seen)).containsExactly("first");
            assertThat(inhibitedBy(seen, "ada", "a"))
                    .isEqualTo(alert(seen, "ada", "before").alertId());
            assertThat(inhibitedBy(seen, "ada", "after"))
                    .isEqualTo(alert(seen, "ada", "c").alertId());
        }
        for (Desk seen : eachOrder(complained("before", "critical", "b"), a, b, c, after)) {
            assertThat(told(seen)).as("not the gravest").containsExactlyInAnyOrder("before", "a");
            assertThat(inhibitedBy(seen, "ada", "b"))
                    .isEqualTo(alert(seen, "ada", "a").alertId());
        }
    }

    @Test
    void ofTwoRoundsTheGravestOfEachIsToldUnlessTheOtherInhibitsIt() {
        AlertRule a = complained("a", "error", "b");
        AlertRule c = complained("c", "critical", "d");
        AlertRule d = complained("d", "warning", "c");
        for (Desk seen : eachOrder(a, complained("b", "warning", "a"), c, d)) {
            assertThat(told(seen)).containsExactlyInAnyOrder("a", "c");
        }
        for (Desk seen : eachOrder(a, complained("b", "warning", "a", "d"), c, d)) {
            assertThat(told(seen)).containsExactlyInAnyOrder("a", "c");
        }
        for (Desk seen : eachOrder(a, complained("b", "warning", "a", "c"), c, d)) {
            assertThat(told(seen)).containsExactly("a");
            assertThat(inhibitedBy(seen, "ada", "c"))
                    .isEqualTo(alert(seen, "ada", "b").alertId());
        }
    }

    @Test
    void whatIsOnTrialIsInNoRound() {
        AlertRule onTrial = complained("on-trial", "critical", "a").from(1, Long.MIN_VALUE, AlertRule.Mode.SHADOW);
        for (Desk seen : eachOrder(onTrial, complained("a", "error", "on-trial"))) {
            assertThat(told(seen)).containsExactly("a");
        }
        for (Desk seen : eachOrder(onTrial, complained("a", "warning", "b"), complained("b", "error", "on-trial"))) {
            assertThat(told(seen)).containsExactly("a");
        }
    }

    @Test
    void whatOpenedEarlierInhibitsEvenTheGravestOfARound() {
        AlertRule began = AlertRule.once("began", "Began", "info", "closure", Match.anyOf("threat"), DAY)
                .caring(new AlertRule.Care(null, null, null, Set.of("a", "b")));
        Desk seen = new Desk(AlertConfig.DEFAULTS.withRules(List.of(
                        began,
                        complained("a", "critical", "b", "c"),
                        complained("b", "error", "c"),
                        complained("c", "error", "a", "began"))))
                .advanceTo(START);
        seen.sees("ada", Touchpoint.of("a1", START, "call", "threat"));
        seen.sees("ada", Touchpoint.of("a2", START + MINUTE, "call", "complaint"));

        assertThat(told(seen)).containsExactly("began");
        String first = alert(seen, "ada", "began").alertId();
        assertThat(inhibitedBy(seen, "ada", "a")).isEqualTo(first);
        assertThat(inhibitedBy(seen, "ada", "b")).isEqualTo(first);
        assertThat(inhibitedBy(seen, "ada", "c"))
                .isEqualTo(alert(seen, "ada", "a").alertId());
    }

    private static String inhibitedBy(Desk desk, String customer, String rule) {
        return alert(desk, customer, rule).context().inhibitedBy();
    }

    private static Alert alert(Desk desk, String customer, String rule) {
        return desk.documents().values().stream()
                .filter(alert ->
                        customer.equals(alert.customerId()) && alert.ruleId().equals(rule))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void retractsAnAlertWhoseCauseWasCorrected() {
        Touchpoint complaint = complaint("t1", START).build();
        desk.take(new Attribution("ada", complaint, 1, 1));
        desk.take(new Attribution("ada", complaint, -1, 1));
        assertThat(desk.published()).hasSize(2).last().satisfies(alert -> {
            assertThat(alert.status()).isEqualTo(Alert.Status.RETRACTED);
            assertThat(alert.retractedBecause()).isEqualTo("touchpoint t1 is no longer this customer's");
            assertThat(alert.revision()).isGreaterThan(desk.published().get(0).revision());
        });
    }

    @Test
    void letsTheNewOwnerSpeakWhoeverSpeaksLast() {
        Touchpoint complaint = complaint("t1", START).build();
        for (boolean oldOwnerLast : new boolean[] {true, false}) {
            Desk merged = new Desk(AlertConfig.DEFAULTS).advanceTo(START);
            merged.take(new Attribution("guest", complaint, 1, 1));
            if (!oldOwnerLast) {
                merged.take(new Attribution("guest", complaint, -1, 1));
            }
            merged.take(new Attribution("ada", complaint, 1, 2));
            if (oldOwnerLast) {
                merged.take(new Attribution("guest", complaint, -1, 1));
            }
            assertThat(merged.published()).hasSize(3);
            assertThat(merged.documents()).hasSize(1);
            assertThat(merged.standing().values()).singleElement().satisfies(alert -> {
                assertThat(alert.customerId()).isEqualTo("ada");
                assertThat(alert.status()).isEqualTo(Alert.Status.OPEN);
            });
        }
    }

    @Test
    void takesATouchpointBackThatWentAndReturned() {
        Touchpoint complaint = complaint("t1", START).build();
        desk.take(new Attribution("ada", complaint, 1, 1));
        // What ada sees of ada -> bob -> ada, the return overtaking the departure.
        desk.take(new Attribution("ada", complaint, 1, 3));
        desk.take(new Attribution("bob", complaint, 1, 2));
        desk.take(new Attribution("bob", complaint, -1, 2));
        desk.take(new Attribution("ada", complaint, -1, 1));
        assertThat(desk.standing().values()).singleElement().satisfies(alert -> assertThat(alert.customerId())
                .isEqualTo("ada"));
    }

    @Test
    void acceptsAnUndoingBeforeWhatItUndoes() {
        Touchpoint complaint = complaint("t1", START).build();
        desk.take(new Attribution("ada", complaint, -1, 1));
        desk.take(new Attribution("ada", complaint, 1, 1));
        assertThat(desk.published()).isEmpty();
        assertThat(desk.remembered()).isZero();
    }

    @Test
    void resolvesOnceTheCaseIsAndReopensWithFurtherEvidence() {
        desk.sees("ada", complaint("t1", START));
        desk.sees("ada", Touchpoint.of("t2", START + HOUR, "call", "case_resolved"));
        assertThat(desk.standing().values()).singleElement().satisfies(alert -> {
            assertThat(alert.status()).isEqualTo(Alert.Status.RESOLVED);
            assertThat(alert.resolvedAt()).isEqualTo(START + HOUR);
        });
        desk.sees("ada", complaint("t3", START + 2 * HOUR));
        assertThat(desk.standing().values()).singleElement().satisfies(alert -> {
            assertThat(alert.status()).isEqualTo(Alert.Status.OPEN);
            assertThat(alert.resolvedAt()).isNull();
            assertThat(alert.life().history())
                    .extracting(Alert.Transition::at, Alert.Transition::what, Alert.Transition::because)
                    .containsExactly(
                            tuple(START + HOUR, "resolved", null),
                            tuple(START + 2 * HOUR, "reopened", "touchpoint t3 came after it was resolved"));
        });
        desk.sees("ada", answer("t4", START + 3 * HOUR, "csat", 1, 5, true, 4));
        assertThat(desk.standing().values())
                .singleElement()
                .extracting(Alert::status)
                .isEqualTo(Alert.Status.RESOLVED);
    }

    @Test
    void doesNotTakeAResolutionBeforeTheCauseOrLongAfter() {
        desk.sees("ada", Touchpoint.of("t0", START - 1, "call", "case_resolved"));
        desk.sees("ada", complaint("t1", START));
        desk.sees("ada", Touchpoint.of("t2", START + 7 * DAY + 1, "call", "case_resolved"));
        assertThat(desk.standing().values())
                .singleElement()
                .extracting(Alert::status)
                .isEqualTo(Alert.Status.OPEN);
    }

    @Test
    void countsRepeatContactsPerTopicAndACallOnlyOnce() {
        for (int day = 0; day < 2; day++) {
            long at = START + day * DAY;
            desk.sees("ada", contact("q" + day, at, "call_queued", "billing"));
            desk.sees("ada", contact("a" + day, at + MINUTE, "call_answered", "billing"));
            desk.sees("ada", contact("m" + day, at + HOUR, "message", "delivery"));
        }
        assertThat(desk.published()).isEmpty();
        desk.sees("ada", contact("m9", START + 6 * DAY, "message", "billing"));
        assertThat(desk.published()).singleElement().satisfies(alert -> {
            assertThat(alert.ruleId()).isEqualTo("repeat-contacts");
            assertThat(alert.evidence())
                    .extracting(Alert.Evidence::touchpointId)
                    .containsExactly("q0", "a0", "q1", "a1", "m9");
        });
    }

    @Test
    void noticesWaitingGivingUpAndSentiment() {
        desk.sees("ada", Touchpoint.of("w1", START, "call", "call_answered").waitMs(10 * MINUTE + 1));
        desk.sees("bob", Touchpoint.of("w2", START, "call", "call_answered").waitMs(10 * MINUTE));
        desk.sees("cem", Touchpoint.of("w3", START, "call", "call_ended").outcome("abandoned"));
        desk.sees("dan", Touchpoint.of("w4", START, "call", "call_abandoned"));
        for (int i = 0; i < 3; i++) {
            desk.sees(
                    "eve",
                    Touchpoint.of("s" + i, START + i * HOUR, "chat", "message").sentiment(-0.5 - i * 0.1));
        }
        assertThat(desk.published())
                .extracting(Alert::customerId, Alert::ruleId)
                .containsExactly(
                        tuple("ada", "long-wait"),
                        tuple("cem", "gave-up-waiting"),
                        tuple("dan", "left-queue"),
                        tuple("eve", "negative-sentiment"));
    }

    @Test
    void neverBlamesTheCustomerForWhatTheCompanySent() {
        desk.sees("ada", complaint("t1", START).outbound(true));
        assertThat(desk.published()).isEmpty();
        assertThat(desk.remembered()).isZero();
    }

    @Test
    void saysFinalThingsOnceWhereTimeIsNotKnownYet() {
        Desk replay = new Desk(AlertConfig.DEFAULTS);
        Touchpoint moved = complaint("t1", START).build();
        replay.take(new Attribution("guest", moved, 1, 1));
        replay.sees("ada", complaint("t2", START + HOUR));
        replay.take(new Attribution("guest", moved, -1, 1));
        replay.take(new Attribution("ada", moved, 1, 2));
        assertThat(replay.published()).isEmpty();
        replay.advanceTo(START + DAY);
        assertThat(replay.published()).singleElement().satisfies(alert -> {
            assertThat(alert.customerId()).isEqualTo("ada");
            assertThat(alert.evidence()).hasSize(2);
        });
    }

    @Test
    void aTouchpointThatMattersToNobodyNeedsNothingOfWhatIsRemembered() {
        AlertRuleSet rules = new AlertRuleSet(AlertConfig.DEFAULTS);
        AlertState remembered =
                rules.on(null, of(complaint("t1", START)), START).state();
        AlertState before = rules.on(null, of(complaint("t1", START)), START).state();

        Attribution viewed = of(Touchpoint.of("t2", START + MINUTE, "web", "page_view"));
        assertThat(rules.turn(viewed)).isNull();
        Step<AlertState, Alert> step = rules.on(remembered, viewed, START + MINUTE);
        assertThat(step.out()).isEmpty();
        assertThat(step.state()).isEqualTo(before);

        for (String kind : List.of("complaint", "error", "purchase", "case_resolved")) {
            assertThat(rules.turn(of(Touchpoint.of("t3", START + MINUTE, "web", kind))))
                    .as(kind)
                    .isNotNull();
        }
    }

    private static Attribution of(Touchpoint.Builder touchpoint) {
        return new Attribution("c", touchpoint.build(), 1, 1);
    }

    @Test
    void settlesWhatCanNoLongerBeCorrectedAndForgetsTheCustomer() {
        desk.sees("ada", complaint("t1", START));
        desk.advanceTo(START + 44 * DAY);
        assertThat(desk.remembered()).isEqualTo(1);
        desk.advanceTo(START + 47 * DAY);
        assertThat(desk.remembered()).isZero();
        assertThat(desk.published()).as("settling says nothing").hasSize(1);
    }

    @Test
    void neverCutsAnAlertInTwoWhenSettling() {
        // One complaint every 20 hours: alerts of two, the second inside the cool-down of the first.
        int days = 100;
        for (int i = 0; i * 20 < days * 24; i++) {
            long at = START + i * 20 * HOUR;
            desk.sees("ada", complaint(String.format("t%03d", i), at)).advanceTo(at);
        }
        assertThat(desk.published()).noneMatch(alert -> alert.status() == Alert.Status.RETRACTED);
        assertThat(desk.standing().values())
                .allSatisfy(alert -> assertThat(alert.evidence()).hasSize(2));
        assertThat(desk.state("ada").held()).hasSizeLessThan(45 * 24 / 20 + 5);
    }

    @Test
    void holdsNoMoreThanItsShareOfARestlessCustomer() {
        Desk small = new Desk(holding(100, 20)).advanceTo(START);
        for (int i = 0; i < 400; i++) {
            small.sees("bot", error("e" + i, START + i * MINUTE));
        }
        assertThat(small.state("bot").held().size()).isLessThanOrEqualTo(100);
        assertThat(small.published()).noneMatch(alert -> alert.status() == Alert.Status.RETRACTED);
        assertThat(small.standing().values())
                .hasSize(7)
                .allSatisfy(alert -> assertThat(alert.evidence().size()).isLessThanOrEqualTo(20));
    }

    @Test
    void judgesAHistoryOlderThanItKeepsBeforeItSettlesIt() {
        for (long at : new long[] {START + 100 * DAY, START + 101 * DAY}) {
            Desk replay = new Desk(AlertConfig.DEFAULTS);
            replay.sees("ada", complaint("t3", START + 100 * DAY))
                    .sees("ada", complaint("t1", START))
                    .sees("ada", complaint("t2", START + 60 * DAY));
            replay.advanceTo(at);
            assertThat(replay.standing().values())
                    .extracting(Alert::openedAt)
                    .containsExactlyInAnyOrder(START, START + 60 * DAY, START + 100 * DAY);
            assertThat(replay.state("ada").held())
                    .extracting(AlertState.Held::touchpointId)
                    .containsExactly("t2", "t3");
        }
    }

    @Test
    void judgesAHistoryHoweverMuchLaterTimeBecomesKnown() {
        Desk replay = new Desk(AlertConfig.DEFAULTS);
        replay.sees("ada", complaint("t1", START));
        replay.advanceTo(START + 400 * DAY);
        assertThat(replay.standing()).hasSize(1);
        assertThat(replay.remembered()).isZero();
    }

    @Test
    void judgesAHistoryLargerThanItHolds() {
        Desk replay = new Desk(holding(10, 20));
        for (int i = 0; i < 30; i++) {
            replay.sees("ada", complaint(String.format("t%03d", i), START + i * 26 * HOUR));
        }
        replay.advanceTo(START + 30 * 26 * HOUR);
        assertThat(replay.standing()).hasSize(30);
        assertThat(replay.state("ada").held()).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void judgesATouchpointThatIsTheOldestOfTooMany() {
        Desk full = new Desk(holding(10, 20)).advanceTo(START + 20 * DAY);
        for (int i = 1; i <= 10; i++) {
            full.sees("ada", complaint("t" + i, START + i * 26 * HOUR));
        }
        full.sees("ada", complaint("t0", START));
        assertThat(full.standing()).hasSize(11);
        assertThat(full.state("ada").held()).hasSizeLessThanOrEqualTo(10);
        assertThat(full.published()).noneMatch(alert -> alert.status() == Alert.Status.RETRACTED);
    }

    private static AlertConfig holding(int maxSignals, int maxEvidence) {
        AlertConfig d = AlertConfig.DEFAULTS;
        return new AlertConfig(
                d.rules(),
                d.resolvedByKinds(),
                d.resolvedBySatisfaction(),
                d.resolveWithinMs(),
                d.keepForMs(),
                d.correctableMs(),
                maxSignals,
                maxEvidence,
                Worth.DEFAULTS,
                CaseConfig.DEFAULTS,
                NotifyConfig.DEFAULTS,
                ExperienceConfig.DEFAULTS);
    }

    private static Touchpoint.Builder error(String id, long time) {
        return Touchpoint.of(id, time, "web", "error").touchpoint("checkout");
    }

    private static Touchpoint.Builder complaint(String id, long time) {
        return Touchpoint.of(id, time, "email", "complaint");
    }

    private static Touchpoint.Builder contact(String id, long time, String kind, String topic) {
        return Touchpoint.of(id, time, "call", kind).topic(topic);
    }

    private static Touchpoint.Builder answer(
            String id, long time, String metric, int min, int max, boolean higherIsBetter, double score) {
        return Touchpoint.of(id, time, "call", "survey_response")
                .survey(new Survey(metric, min, max, higherIsBetter, score, "no comment", null));
    }
}
