package io.throughline.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.AlertRuleSet;
import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Promised;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

class AlertRuleFileTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private static final Path LIBRARY = Path.of("src/main/resources/settings/alert-rules.yaml");
    private static final Path SCHEMA = Path.of("../../schemas/src/main/resources/alert-rules.schema.json");

    @Test
    void theLibraryKeepsTheRulesThatAlwaysHeldAsTheyWere() {
        List<AlertRule> library = AlertRuleFile.library();
        assertThat(library).hasSizeGreaterThanOrEqualTo(20);
        assertThat(library.subList(0, AlertConfig.DEFAULTS.rules().size()))
                .extracting(rule -> rule.caring(AlertRule.Care.NONE))
                .isEqualTo(AlertConfig.DEFAULTS.rules());
        assertThat(library)
                .extracting(AlertRule::ruleId)
                .contains(
                        "broken-promise",
                        "forgotten-price-promise",
                        "failed-bot-then-call",
                        "silence-gap",
                        "uninformative-replies",
                        "rage-at-checkout",
                        "sentiment-slide",
                        "silent-churn",
                        "valued-customer-dissatisfied",
                        "csat-drop",
                        "dissatisfaction-not-closed");
    }

    /** Who is told of an alert must know what is wrong, how bad it is, and what to do. */
    @Test
    void everyRuleOfTheLibrarySaysWhatIsWrongAndWhatToDo() throws IOException {
        Map<String, Map<String, Map<String, Object>>> library = new Yaml().load(Files.readString(LIBRARY));
        assertThat(library.get("rules")).hasSize(AlertRuleFile.library().size()).allSatisfy((id, rule) -> assertThat(
                        rule)
                .containsKeys("title", "severity", "expectation", "next_action"));
        assertThat(AlertRuleFile.library())
                .allSatisfy(rule -> assertThat(rule.title()).as(rule.ruleId()).isNotBlank())
                .allSatisfy(rule ->
                        assertThat(rule.care().nextAction()).as(rule.ruleId()).isNotBlank());
    }

    /** A further version judges anew; what is to be done about an alert may be worded without that. */
    @Test
    void aRuleOfTheLibraryThatMeansSomethingElseThanItDidHasAFurtherVersion() {
        assertThat(AlertRuleFile.library())
                .filteredOn(rule -> rule.version() > 1)
                .extracting(AlertRule::ruleId, AlertRule::version)
                .containsExactlyInAnyOrder(
                        tuple("broken-promise", 2),
                        tuple("failed-bot-then-call", 2),
                        tuple("no-reply", 2),
                        tuple("dissatisfaction-not-closed", 2));
    }

    /** It resolves a customer's alerts whatever its direction, so nobody is to be told two days later that nothing happened. */
    @Test
    void nobodyWaitsForAWordOnceTheCaseIsResolved() {
        List<AlertRule> waiting = AlertRuleFile.library().stream()
                .filter(rule -> Set.of("no-reply", "dissatisfaction-not-closed").contains(rule.ruleId()))
                .toList();
        AlertRuleSet rules = new AlertRuleSet(AlertConfig.DEFAULTS.withRules(waiting));
        long start = Instant.parse("2026-03-24T10:00:00Z").toEpochMilli();
        long later = start + Duration.ofDays(3).toMillis();
        Touchpoint complaint = Touchpoint.of("t1", start, "email", "complaint").build();
        Touchpoint resolved =
                Touchpoint.of("t2", start + 1, "web", "case_resolved").build();
        AlertState complained =
                rules.on(null, new Attribution("ada", complaint, 1, 1), start).state();
        AlertState over = rules.on(complained, new Attribution("ada", resolved, 1, 1), start + 1)
                .state();
        assertThat(rules.wake(over, later).out()).isEmpty();

        AlertState again =
                rules.on(null, new Attribution("ada", complaint, 1, 1), start).state();
        assertThat(rules.wake(again, later).out())
                .extracting(Alert::ruleId)
                .containsExactlyInAnyOrder("no-reply", "dissatisfaction-not-closed");
    }

    /** Fast answers keep every waiting time green, and no-reply and silence-gap quiet. */
    @Test
    void anOpenCaseThatIsAnsweredWithinAMinuteAndToldNothingIsAnAlert() {
        long opened = Instant.parse("2026-03-24T10:00:00Z").toEpochMilli();
        List<Touchpoint.Builder> answered = List.of(
                inCase("t1", opened, "case_opened"),
                inCase("t2", opened + HOUR, "message"),
                inCase("t3", opened + HOUR + MINUTE, "message").outbound(true),
                inCase("t4", opened + 60 * HOUR, "message"),
                inCase("t5", opened + 60 * HOUR + MINUTE, "message").outbound(true));

        assertThat(alertsOf(answered, opened + 120 * HOUR)).singleElement().satisfies(alert -> {
            assertThat(alert.ruleId()).isEqualTo("uninformative-replies");
            assertThat(alert.openedAt()).isEqualTo(opened + HOUR + MINUTE + 48 * HOUR);
            assertThat(alert.evidence())
                    .extracting(Alert.Evidence::touchpointId)
                    .containsExactly("t3", "t5");
        });
    }

    @Test
    void aCallThatEndsUnresolvedIsSuchAnAnswerToo() {
        long opened = Instant.parse("2026-03-24T10:00:00Z").toEpochMilli();

        assertThat(alertsOf(
                        List.of(
                                inCase("t1", opened, "case_opened"),
                                inCase("t2", opened + HOUR, "call_ended").outcome("unresolved"),
                                inCase("t3", opened + 48 * HOUR, "call_answered")),
                        opened + 60 * HOUR))
                .extracting(Alert::ruleId)
                .containsExactly("uninformative-replies");
    }

    @Test
    void whatChangesSomethingInTheCaseIsOfSubstance() {
        long opened = Instant.parse("2026-03-24T10:00:00Z").toEpochMilli();
        List<Touchpoint.Builder> ofSubstance = List.of(
                inCase("t3", opened + 24 * HOUR, "case_resolved"),
                inCase("t3", opened + 24 * HOUR, "promise_made").outbound(true),
                inCase("t3", opened + 24 * HOUR, "promise_due").outbound(true),
                inCase("t3", opened + 24 * HOUR, "promise_kept").outbound(true),
                inCase("t3", opened + 24 * HOUR, "call_ended").outcome("resolved"),
                inCase("t3", opened + 24 * HOUR, "message").outbound(true).outcome("resolved"));
        for (Touchpoint.Builder substance : ofSubstance) {
            List<Touchpoint.Builder> settled = new ArrayList<>(List.of(
                    inCase("t1", opened, "case_opened"),
                    inCase("t2", opened + HOUR, "message").outbound(true),
                    substance));

            assertThat(alertsOf(settled, opened + 60 * HOUR))
                    .as(substance.build().kind())
                    .extracting(Alert::ruleId)
                    .doesNotContain("uninformative-replies");
        }
    }

    /** What the rules of the library about open cases say of one customer's touchpoints by a time. */
    private static List<Alert> alertsOf(List<Touchpoint.Builder> touchpoints, long until) {
        return alertsOf(Set.of("no-reply", "silence-gap", "uninformative-replies"), touchpoints, until);
    }

    private static List<Alert> alertsOf(Set<String> ruleIds, List<Touchpoint.Builder> touchpoints, long until) {
        AlertRuleSet rules = new AlertRuleSet(AlertConfig.DEFAULTS.withRules(AlertRuleFile.library().stream()
                .filter(rule -> ruleIds.contains(rule.ruleId()))
                .toList()));
        Map<String, Alert> alerts = new LinkedHashMap<>();
        AlertState state = null;
        for (Touchpoint.Builder each : touchpoints) {
            Touchpoint touchpoint = each.build();
            Step<AlertState, Alert> step =
                    rules.on(state, new Attribution("ada", touchpoint, 1, 1), touchpoint.eventTime());
            state = step.state();
            step.out().forEach(alert -> alerts.put(alert.alertId(), alert));
        }
        rules.wake(state, until).out().forEach(alert -> alerts.put(alert.alertId(), alert));
        return List.copyOf(alerts.values());
    }

    private static Touchpoint.Builder inCase(String id, long time, String kind) {
        return Touchpoint.of(id, time, "whatsapp", kind).caseId("CASE-1");
    }

    /** Whoever calls a dissatisfied customer must see with what they are dissatisfied. */
    @Test
    void evidenceSaysWhatOfATouchpointMadeAnExpressionHold() {
        long start = Instant.parse("2026-03-24T10:00:00Z").toEpochMilli();
        Touchpoint.Builder answer = Touchpoint.of("t1", start, "web", "survey_response")
                .survey(new Survey("csat", 1, 5, true, 1, null, null));
        List<Touchpoint.Builder> dissatisfied = List.of(
                answer.segment("vip"),
                Touchpoint.of("t2", start + HOUR, "call", "call_ended")
                        .topic("billing")
                        .outcome("unresolved")
                        .sentiment(-0.8),
                Touchpoint.of("t3", start + 2 * HOUR, "email", "complaint")
                        .topic("billing")
                        .sentiment(-0.1));

        assertThat(detailsOf("valued-customer-dissatisfied", dissatisfied, start + 2 * HOUR))
                .containsExactly("csat 1 on 1-5", "sentiment -0.8", "billing");
        assertThat(detailsOf("dissatisfaction-not-closed", List.of(answer), start + 49 * HOUR))
                .containsExactly("csat 1 on 1-5");
        assertThat(detailsOf("silent-churn", List.of(answer), start + 721 * HOUR))
                .containsExactly("csat 1 on 1-5");
    }

    @Test
    void anAlertSaysSoInItsReasonToo() {
        long start = Instant.parse("2026-03-24T10:00:00Z").toEpochMilli();
        Touchpoint.Builder answer = Touchpoint.of("t1", start, "web", "survey_response")
                .segment("vip")
                .survey(new Survey("csat", 1, 5, true, 1, null, null));

        assertThat(alertsOf("valued-customer-dissatisfied", List.of(answer), start))
                .extracting(Alert::reason)
                .containsExactly("A valued customer is dissatisfied: csat 1 on 1-5 on web");
    }

    private static List<@Nullable String> detailsOf(String ruleId, List<Touchpoint.Builder> touchpoints, long until) {
        return alertsOf(ruleId, touchpoints, until).stream()
                .flatMap(alert -> alert.evidence().stream())
                .<@Nullable String>map(Alert.Evidence::detail)
                .toList();
    }

    private static List<Alert> alertsOf(String ruleId, List<Touchpoint.Builder> touchpoints, long until) {
        return alertsOf(Set.of(ruleId), touchpoints, until);
    }

    /** What makes, moves and takes back a promise in its issue does so for the alert. */
    @Test
    void brokenPromisesLookAtAllThatIsSaidOfPromises() {
        assertThat(AlertRuleFile.library())
                .filteredOn(rule -> rule.ruleId().equals("broken-promise"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.pattern().roles())
                        .flatExtracting(Match::kinds)
                        .containsExactlyInAnyOrder(Promised.MADE, Promised.DUE, Promised.BROKEN, Promised.KEPT));
    }

    @Test
    void boundsBetweenWhichNoAnswerLiesAreAProblem() {
        assertThatThrownBy(
                        () -> AlertRuleFile.parse(
                                "mine.yaml",
                                """
                        rules:
                          mine:
                            title: Mine
                            match: {satisfaction_above: 30, satisfaction_at_most: 30}
                        """))
                .hasMessageContaining(
                        "rules.mine.match.satisfaction_above: must be below satisfaction_at_most, since no"
                                + " answer lies above 30 and at most at 30 (line 4, column 33)");
    }

    @Test
    void aBaselineThatIsNoLongerThanWhatIsComparedWithItIsAProblem() {
        assertThatThrownBy(
                        () -> AlertRuleFile.parse(
                                "mine.yaml",
                                """
                        rules:
                          itself: {title: T, worse: {metric_id: csat, window: 7d, baseline: 7d}}
                          backwards: {title: T, worse: {metric_id: csat, window: 7d, baseline: 24h}}
                          by-default: {title: T, worse: {metric_id: csat, window: 30d}}
                          fine: {title: T, worse: {metric_id: csat, window: 1h, baseline: 24h}}
                          unknown: {title: T, worse: {metric_id: csat, window: 1h, baseline: today}}
                          unknown-itself: {title: T, worse: {metric_id: csat, window: today, baseline: today}}
                        """))
                .hasMessage(
                        """
                        mine.yaml: 4 errors
                          rules.itself.worse.baseline: must be longer than window, 7d, was 7d (line 2, column 69)
                          rules.backwards.worse.baseline: must be longer than window, 7d, was 24h (line 3, column 72)
                          rules.by-default.worse.window: must be shorter than baseline, 30d, was 30d (line 4, column 59)
                          rules.unknown-itself.worse.baseline: must be longer than window, today, was today (line 7, column 80)""");
    }

    @Test
    void aRuleIsReadWithAllThatItSays() {
        AlertRule rule = AlertRuleFile.parse(
                        "mine.yaml",
                        """
                        rules:
                          no-call-back:
                            version: 3
                            title: No call back
                            severity: critical
                            expectation: reliability
                            mode: shadow
                            effective_from: 2026-06-01T00:00:00Z
                            absence:
                              after: {direction: outbound, kinds: [promise_made], when: "touchpoint.properties.promise == 'callback'"}
                              of: {direction: any, kinds: [promise_kept]}
                              due: due
                              within: 5 min
                              linked_by: case_id
                            cool_down: 2 d
                            next_action: Call
                            acknowledge_within: 1 h
                            inhibits: [complaint]
                        """)
                .get(0);
        assertThat(rule.ruleId()).isEqualTo("no-call-back");
        assertThat(rule.version()).isEqualTo(3);
        assertThat(rule.mode()).isEqualTo(AlertRule.Mode.SHADOW);
        assertThat(rule.effectiveFrom())
                .isEqualTo(Instant.parse("2026-06-01T00:00:00Z").toEpochMilli());
        assertThat(rule.care().acknowledgeWithinMs())
                .isEqualTo(Duration.ofHours(1).toMillis());
        assertThat(rule.care().inhibits()).containsExactly("complaint");
        assertThat(rule.pattern()).isInstanceOfSatisfying(Pattern.Absence.class, absence -> {
            assertThat(absence.due()).isEqualTo("due");
            assertThat(absence.linkedBy()).isEqualTo("case_id");
            assertThat(absence.after().when()).hasToString("touchpoint.properties.promise == 'callback'");
        });
    }

    @Test
    void everythingThatIsWrongIsListedWithLineAndColumn() {
        SettingsException refused = catchThrowableOfType(
                SettingsException.class,
                () -> AlertRuleFile.parse(
                        "bad.yaml",
                        """
                        rules:
                          unknown-field:
                            title: t
                            match: {kinds: [error], when: "touchpoint.colour == 'blue'"}
                          not-typed:
                            title: t
                            match: {when: touchpoint.kind > 3}
                            cool_down: soon
                          two-things:
                            title: t
                            match: {kinds: [error]}
                            sequence: {steps: [{kinds: [a]}, {kinds: [b]}]}
                          mistyped:
                            title: t
                            mach: {kinds: [error]}
                        """));
        assertThat(refused.problems())
                .anySatisfy(problem -> {
                    assertThat(problem.path()).isEqualTo("rules.unknown-field.match.when");
                    assertThat(problem.message()).startsWith("undeclared reference to 'touchpoint");
                    assertThat(problem.line()).isEqualTo(4);
                    assertThat(problem.column()).isEqualTo("    match: {kinds: [error], when: \"t".length());
                })
                .anySatisfy(problem -> {
                    assertThat(problem.path()).isEqualTo("rules.not-typed.match.when");
                    assertThat(problem.message()).contains("no matching overload for '_>_'");
                    assertThat(problem.line()).isEqualTo(7);
                    assertThat(problem.column()).isEqualTo("    match: {when: touchpoint.kind >".length());
                })
                .anySatisfy(problem -> assertThat(problem.toString())
                        .startsWith("rules.not-typed.cool_down: must be a duration")
                        .endsWith("(line 8, column 16)"))
                .anySatisfy(problem -> assertThat(problem.toString())
                        .startsWith("rules.two-things.sequence: a rule looks for one thing; there is match already"))
                .anySatisfy(problem -> assertThat(problem.toString())
                        .startsWith("rules.mistyped.mach: unknown key, did you mean match?"));
    }

    @Test
    void whoMistypesAConditionIsToldOfAllThereAre() {
        assertThat(refused("rules: {a: {title: t, match: {kinds: [x], colour: red}}}"))
                .containsExactly("rules.a.match.colour: unknown key, known are channels, direction, kinds, outcomes,"
                        + " satisfaction_above, satisfaction_at_most, sentiment_at_most, survey_metric, wait_above, when"
                        + " (line 1, column 51)");
    }

    /** Whatever stands for a character of an expression, and wherever its line begins. */
    @Test
    void whatIsWrongInATextOfSeveralLinesIsSaidWhereItStandsInTheFile() {
        String yaml =
                """
                rules:
                  folded:
                    title: t
                    match:
                      when: >-
                        touchpoint.kind == 'complaint'
                        && touchpoint.mood == 'sad'
                  literal:
                    title: t
                    match:
                      when: |
                        touchpoint.kind == 'complaint' &&

                        touchpoint.mood == 'sad'
                  plain:
                    title: t
                    match:
                      when: touchpoint.kind == 'complaint' &&
                        touchpoint.mood == 'sad'
                  escaped: {title: t, match: {when: "touchpoint.kind == \\"a\\x62\\" && touchpoint.mood == 'sad'"}}
                  doubled: {title: t, match: {when: 'touchpoint.kind == ''a'' && touchpoint.mood == ''sad'''}}
                  continued: {title: t, match: {when: "touchpoint.kind == 'a' &&\\
                    \\ touchpoint.mood == 'sad'"}}
                """;
        List<String> lines = yaml.lines().toList();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            int mood = lines.get(i).indexOf("touchpoint.mood");
            if (mood >= 0) {
                expected.add((i + 1) + ":" + (mood + 1));
            }
        }

        SettingsException refused =
                catchThrowableOfType(SettingsException.class, () -> AlertRuleFile.parse("bad.yaml", yaml));

        assertThat(refused.problems())
                .allSatisfy(problem -> assertThat(problem.message()).startsWith("undeclared reference to 'touchpoint"))
                .extracting(problem -> problem.line() + ":" + problem.column())
                .containsExactlyElementsOf(expected);
        assertThat(expected).hasSize(6);
    }

    /** Its characters are not looked for: an indentation that is given is kept to, and the text keeps blanks of its own. */
    @Test
    void whereAPlaceIsNotFoundTheBeginningIsNamedAsThat() {
        assertThat(
                        refused(
                                """
                        rules:
                          indented:
                            title: t
                            match:
                              when: |2
                                    touchpoint.mood == 'sad'
                        """))
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .contains(", in the text that begins there")
                        .endsWith("(line 5, column 13)"));
    }

    @Test
    void allThatIsWrongWithARuleIsSaidAtOnce() {
        assertThat(refused("rules: {r: {title: T, match: {kinds: [a]}, severity: fatal, expectation: love}}"))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("severity must be one of") && problem.contains("was fatal"))
                .anyMatch(problem -> problem.contains("expectation must be one of") && problem.contains("was love"));
    }

    /** It would fail for every touchpoint there is, and nowhere before. */
    @Test
    void aRegularExpressionThatIsNoneIsRefusedWhereItStands() {
        String open = "    match: {when: \"touchpoint.topic.matches('a+') || touchpoint.topic.matches('(a+')\"}";

        assertThat(refused("rules:\n  open:\n    title: t\n" + open))
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .startsWith("rules.open.match.when: no regular expression: missing closing ): (a+")
                        .endsWith("(line 4, column " + (open.indexOf("'(a+'") + 1) + ")"));
        assertThat(refused("rules: {r: {title: t, match: {when: \"matches(touchpoint.topic, '[')\"}}}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem).contains("no regular expression: "));
        assertThat(refused("rules: {r: {title: t, match: {when: 'touchpoint.topic.matches(touchpoint.product)'}}}"))
                .as("nobody knows yet what it will be")
                .isEmpty();
    }

    @Test
    void whatWasPublishedByABuildThatDidNotReadItsRegularExpressionsStays() {
        String yaml = "rules: {r: {title: t, match: {when: \"touchpoint.topic.matches('(a+')\"}}}";

        assertThat(AlertRuleFile.version("alert-rules", "r", 1, 0, yaml).ruleId())
                .isEqualTo("r");
    }

    /** Such a rule would never fire, and nobody would notice. */
    @Test
    void aMetricThatIsNotMeasuredIsNone() {
        assertThatThrownBy(
                        () -> AlertRuleFile.parse(
                                "misspelt.yaml",
                                """
                        rules:
                          nps-low:
                            title: t
                            metric: {metric_id: npss, at_most: 5}
                        """))
                .hasMessageContaining(
                        "rules.nps-low.metric.metric_id: no metric is called npss; docs/metrics.md lists them (line 4,");
    }

    /** Whoever may publish a rule may not read what the job may read. */
    @Test
    void aRuleReadsNoReferences(@TempDir Path directory) throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "s3cr3t");
        String rules = "rules:\n  returns:\n    title: Returns ${file:" + secret
                + "}\n    match: {kinds: [return], survey_metric: \"${env:PATH}\", when: \"touchpoint.topic == '${file:"
                + secret + "}'\"}\n";
        String refused = " is read in the configuration alone, a rule stands for itself";

        assertThat(refused(rules))
                .containsExactly(
                        "rules.returns.title: ${file:" + secret + "}" + refused + " (line 3, column 12)",
                        "rules.returns.match.survey_metric: ${env:PATH}" + refused + " (line 4, column 45)",
                        "rules.returns.match.when: ${file:" + secret + "}" + refused + " (line 4, column 66)");

        Path file = Files.writeString(directory.resolve("rules.yaml"), rules);
        assertThatThrownBy(() -> Settings.parse("t", "alert: {rule_files: [" + file + "]}", Map.of("PATH", "/bin")))
                .hasMessageContaining("alert.rule_files: " + file + ": rules.returns.title: ${file:")
                .hasMessageNotContaining("s3cr3t");
        assertThatThrownBy(() -> AlertRuleFile.version("returns@1", "returns", 1, 0, rules))
                .hasMessageContaining("rules.returns.title: ${file:" + secret + "}" + refused)
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void aRuleOfTheConfigurationItselfMayRefer(@TempDir Path directory) throws IOException {
        Path title = Files.writeString(directory.resolve("title"), "Returns");
        assertThat(Settings.parse(
                                "t",
                                "alert: {rules: {returns: {title: \"${file:" + title
                                        + "}\", match: {kinds: [return]}}}}",
                                Map.of())
                        .alert()
                        .rules())
                .filteredOn(rule -> rule.ruleId().equals("returns"))
                .extracting(AlertRule::title)
                .containsExactly("Returns");
    }

    @Test
    void whatIsNoTextIsSaidToBeNone(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("rules.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThatThrownBy(() -> AlertRuleFile.load(file, null, MeasureConfig.DEFAULTS))
                .hasMessage(file + ": is not UTF-8 text");
        assertThatThrownBy(() -> Settings.load(file)).hasMessage(file + ": is not UTF-8 text");
    }

    @Test
    void aFileWithoutARuleIsNone() {
        assertThatThrownBy(() -> AlertRuleFile.parse("empty.yaml", "rules: {}"))
                .hasMessageContaining("empty.yaml: there is no rule under rules:");
    }

    @Test
    void aVersionFromACertainTimeOnStandsBesideTheOneBefore() {
        AlertRule before = AlertConfig.DEFAULTS.rules().get(0);
        AlertRule later = before.from(2, 1_000, AlertRule.Mode.DISABLED);
        assertThat(AlertRuleFile.merged(List.of(before), List.of(later))).containsExactly(before, later);
        assertThat(AlertRuleFile.merged(List.of(before, later), List.of(before.from(1, 5, AlertRule.Mode.ENABLED))))
                .as("a version that comes again keeps its place")
                .extracting(AlertRule::version)
                .containsExactly(1, 2);
        AlertRule instead = before.from(2, AlertRule.ALWAYS, AlertRule.Mode.SHADOW);
        assertThat(AlertRuleFile.merged(List.of(before, later), List.of(instead)))
                .containsExactly(instead);
    }

    /** Every key that the library uses and the reader knows is in the schema, and the other way round. */
    @Test
    void thePublishedSchemaKnowsTheKeysThatAreRead() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(Files.readString(SCHEMA));
        assertThat(names(schema.at("/$defs/rule/properties")))
                .containsExactlyInAnyOrder(
                        "version",
                        "title",
                        "severity",
                        "expectation",
                        "mode",
                        "effective_from",
                        "cool_down",
                        "next_action",
                        "acknowledge_within",
                        "resolve_within",
                        "inhibits",
                        "match",
                        "count",
                        "within",
                        "separate_by",
                        "same_topic",
                        "linked_by",
                        "aggregate",
                        "sequence",
                        "absence",
                        "metric",
                        "worse",
                        "experience");
        for (String pattern : List.of("aggregate", "sequence", "absence", "metric", "worse", "experience", "match")) {
            for (String key : names(schema.at("/$defs/" + pattern + "/properties"))) {
                assertThat(refused("rules: {a: {title: t, " + pattern + ": {" + key + ": {}}}}"))
                        .as("%s.%s is read", pattern, key)
                        .noneMatch(problem -> problem.contains("unknown key"));
            }
            assertThat(refused("rules: {a: {title: t, " + pattern + ": {wrong: 1}}}"))
                    .anyMatch(problem -> problem.contains("unknown key"));
        }
        Map<String, Map<String, Map<String, Object>>> library = new Yaml().load(Files.readString(LIBRARY));
        library.get("rules").forEach((id, rule) -> {
            assertThat(names(schema.at("/$defs/rule/properties"))).as(id).containsAll(rule.keySet());
            rule.forEach((key, value) -> {
                if (value instanceof Map<?, ?> map
                        && !schema.at("/$defs/" + key).isMissingNode()) {
                    assertThat(names(schema.at("/$defs/" + key + "/properties")))
                            .as(id + "." + key)
                            .containsAll(
                                    map.keySet().stream().map(String::valueOf).toList());
                }
            });
        });
    }

    private static List<String> refused(String yaml) {
        try {
            AlertRuleFile.parse("t", yaml);
            return List.of();
        } catch (SettingsException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    private static Set<String> names(JsonNode properties) {
        Set<String> names = new TreeSet<>();
        properties.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
