package io.throughline.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.experience.Experience;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.ingest.IdentifierRule;
import io.throughline.domain.ingest.IdentifierRule.Form;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.PseudonymKey;
import io.throughline.domain.measure.Expectation;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.Window;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.stitch.Scope;
import io.throughline.domain.stitch.StitchConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @Test
    void anEmptyFileMeansTheDefaultsOfEveryStage() {
        Settings settings = parse("");

        assertThat(settings.ingest()).isEqualTo(IngestConfig.DEFAULTS);
        assertThat(settings.stitch().types()).isEqualTo(StitchConfig.DEFAULTS.types());
        assertThat(settings.stitch().reattributionHorizonMs())
                .isEqualTo(StitchConfig.DEFAULTS.reattributionHorizonMs());
        assertThat(settings.measure()).isEqualTo(MeasureConfig.DEFAULTS);
        assertThat(settings.alert()).isEqualTo(AlertConfig.DEFAULTS.withRules(AlertRuleFile.library()));
        assertThat(settings.sessionize().toBuilder()
                        .gapMs(SessionizeConfig.DEFAULTS.gapMs())
                        .build())
                .isEqualTo(SessionizeConfig.DEFAULTS);
        for (String channel : settings.ingest().channels().keySet()) {
            assertThat(settings.sessionize().gap(channel)).isEqualTo(SessionizeConfig.DEFAULTS.gap(channel));
            assertThat(settings.stitch().gapOf(channel)).isEqualTo(StitchConfig.DEFAULTS.gapOf(channel));
        }
    }

    @Test
    void whatAChannelIsIsSaidOnceForAllStages() {
        Settings settings = parse(
                """
                channels:
                  hologram:
                    gap: 2 h
                    default_stage: awareness
                  call:
                    gap: 90 min
                sessionize:
                  default_gap: 20 min
                """);

        assertThat(settings.ingest().channel("hologram").defaultStage()).isEqualTo("awareness");
        assertThat(settings.sessionize().gap("hologram")).isEqualTo(hours(2));
        assertThat(settings.stitch().gapOf("hologram")).isEqualTo(hours(2));
        assertThat(settings.sessionize().gap("call")).isEqualTo(minutes(90));
        assertThat(settings.sessionize().gap("store")).isEqualTo(hours(4));
        assertThat(settings.sessionize().gap("web")).isEqualTo(minutes(20));
        assertThat(settings.stitch().gapOf("unheard_of")).isEqualTo(minutes(20));
        assertThat(settings.ingest().channel("call").defaultStage()).isEqualTo("support");
    }

    @Test
    void whatAnIdentifierTypeIsIsSaidOnceForAllStages() {
        Settings settings = parse(
                """
                stitch:
                  identifiers:
                    employee_number: {priority: 10, unique: true, personal: true}
                    till: {scope: device}
                    fax: {form: phone, priority: 20}
                    customer_number: {priority: 30}
                """);

        assertThat(settings.ingest().identifiers())
                .extracting(IdentifierRule::name)
                .containsSubsequence("account_id", "cookie", "employee_number", "till", "fax", "customer_number")
                .hasSize(13);
        assertThat(settings.ingest().identifiers())
                .contains(new IdentifierRule("fax", Form.PHONE, true), new IdentifierRule("till", Form.TEXT, false));
        assertThat(settings.stitch().types().get("employee_number").unique()).isTrue();
        assertThat(settings.stitch().types().get("till").scope()).isEqualTo(Scope.DEVICE);
        assertThat(settings.sessionize().identifierOrder()).endsWith("fax", "customer_number");
    }

    @Test
    void retentionFollowsTheHorizonsItMustCover() {
        assertThat(parse("ingest: {lateness_horizon: 10 d}").sessionize().retentionMs())
                .isEqualTo(Duration.ofDays(40).toMillis());
        assertProblems(
                "sessionize: {retention: 10 d}",
                "sessionize.retention: must be at least ingest.lateness_horizon + stitch.reattribution_horizon = 37 d,"
                        + " was 10 d (line 1)");
    }

    @Test
    void allThatTheLibraryOfRulesLooksAtIsKnownToIngest() {
        Settings settings = Settings.defaults();
        assertThat(settings.ingest().kinds())
                .containsAll(settings.alert().rules().stream()
                        .flatMap(rule -> rule.pattern().roles().stream())
                        .flatMap(match -> match.kinds().stream())
                        .toList());
    }

    @Test
    void whatNothingCorrectsIsKeptAsShortAsOneLikes() {
        assertProblems(
                "elasticsearch: {retention: {rule_errors: 1 d, rejected: 1 d, quality: 1 d, sessions: 30 d}}",
                "elasticsearch.retention.sessions: is 30 d, but documents are corrected for 37 d"
                        + " (ingest.lateness_horizon + stitch.reattribution_horizon) and would come back: keep them at"
                        + " least as long (line 1)");
    }

    @Test
    void experiencesAndTiersAreWeighedAsConfigured() {
        Settings settings = parse(
                """
                experience:
                  neutral: 60
                  points: {complaint: -25}
                  tiers: {silver: {from: 100}, diamond: {from: 50_000}}
                """);
        ExperienceConfig experience = settings.sessionize().experience();
        assertThat(experience.neutral()).isEqualTo(60);
        assertThat(experience.points())
                .containsEntry(Experience.COMPLAINT, -25)
                .containsEntry(Experience.SATISFACTION, 20);
        assertThat(experience.tiers())
                .containsExactly(
                        Map.entry("silver", 100L),
                        Map.entry("gold", 2_000L),
                        Map.entry("platinum", 10_000L),
                        Map.entry("diamond", 50_000L));
        assertThat(settings.alert().experience()).isEqualTo(experience);
        assertProblems(
                "experience: {neutral: 101, half_life: 0 s, points: {complaint: -101, applause: 3}}",
                "experience.neutral: must be at most 100, was 101 (line 1)",
                "experience.half_life: must be positive, was 0 s (line 1)",
                "experience.points.complaint: must be at least -100, was -101 (line 1)",
                "experience.points.applause: unknown key, known are abandoned");
    }

    @Test
    void aNumberIsDigitsWithAPointAndWhatGroupsThem() {
        assertThat(best("300_000")).isEqualTo(300_000);
        assertThat(best("-1_000.5")).isEqualTo(-1_000.5);
        assertThat(best("+2.5e3")).isEqualTo(2_500);
        for (String none : List.of("3d", "3e5f", "0x1p3", "NaN", "Infinity", "1_", "_1", "1e", ".", "1.2.3")) {
            assertProblems(
                    "measure: " + components(none),
                    "measure.expectations.speed_flexibility.components[0].best: must be a number, was \"" + none
                            + "\"");
        }
    }

    private static double best(String text) {
        return parse("measure: " + components(text)).measure().expectations().stream()
                .filter(each -> each.kind() == Expectation.Kind.SPEED_FLEXIBILITY)
                .findFirst()
                .orElseThrow()
                .components()
                .get(0)
                .best();
    }

    private static String components(String best) {
        return "{expectations: {speed_flexibility: {components: [{metric: wait_p90, best: " + best
                + ", worst: 9_000_000}]}}}";
    }

    @Test
    void aKeyThatIsNoWordIsSaidToBeNone() {
        assertProblems(
                """
                kafka:
                  properties: {[a, b]: c, {d: e}: f}
                delivery:
                  targets: {pager: {type: pagerduty, routing_key: k, labels: {? [x] : y}}}
                """,
                "kafka.properties: a key must be a single word (line 2)",
                "delivery.targets.pager.labels: a key must be a single word (line 4)");
    }

    /** Alerts can be acted on for as long as they can change. */
    @Test
    void whatHoldsLongerLetsAlertsBeActedOnForLonger() {
        Settings longer = parse("ingest: {lateness_horizon: 100 d}");
        assertThat(longer.alert().keepForMs()).isEqualTo(Duration.ofDays(130).toMillis());
        assertThat(longer.alert().cases().keepForMs())
                .isEqualTo(Duration.ofDays(130).toMillis());
        assertThat(parse("alert: {keep_for: 100 d}").alert().cases().keepForMs())
                .isEqualTo(Duration.ofDays(100).toMillis());
        assertThat(parse("").alert().cases().keepForMs())
                .isEqualTo(Duration.ofDays(90).toMillis());
        assertProblems(
                "alert: {keep_for: 100 d, act_within: 99 d}",
                "alert.act_within: must be at least alert.keep_for, 100 d, was 99 d (line 1)");
    }

    @Test
    void durationsAreSaidAsTheyAreWritten() {
        assertProblems(
                """
                sessionize:
                  retention: 1200 d
                  lifetime: 1100 d
                alert:
                  keep_for: 43 d
                """,
                "sessionize.lifetime: must not be shorter than sessionize.retention, 1200 d, was 1100 d (line 3)",
                "alert.keep_for: must be at least 44 d for ");
        assertProblems(
                "measure: {windows: [{name: 15min, length: 15 min, pane: 15 min}]}",
                "measure.windows: the pane of 15min must divide 5 min, by which its history is kept, was 15 min");
    }

    @Test
    void aRuleOnTheExperienceScoreNeedsAllThatCountsToBeHeld() {
        String rule = "rules: {drop: {title: Drop, experience: {falls_by: 20, within: 7 d, counts: 30 d}}}";
        assertThat(parse("alert: {keep_for: 74 d, " + rule + "}").alert().rules())
                .filteredOn(each -> each.ruleId().equals("drop"))
                .singleElement()
                .satisfies(each -> assertThat(each.pattern())
                        .isEqualTo(new Pattern.Experience(
                                20,
                                null,
                                Duration.ofDays(7).toMillis(),
                                Duration.ofDays(30).toMillis(),
                                ExperienceConfig.DEFAULTS)));
        assertProblems(
                "alert: {" + rule + "}",
                "alert.keep_for: must be at least 74 d for drop: the time in which touchpoints are corrected, and the"
                        + " rule's within and counts; was 45 d (line 1)");
    }

    @Test
    void alertRulesAreChangedAddedAndTakenAwayByTheirIds() {
        Settings settings = parse(
                """
                alert:
                  rules:
                    detractor: {enabled: false}
                    long-wait: {version: 2, match: {wait_above: 5 min}}
                    two-wrong-parcels:
                      title: Two wrong parcels
                      match: {kinds: [delivery], outcomes: [wrong_item]}
                      count: 2
                      within: 30 d
                """);

        assertThat(settings.alert().rules())
                .extracting(AlertRule::ruleId)
                .doesNotContain("detractor")
                .contains("complaint", "long-wait", "two-wrong-parcels");
        assertThat(rule(settings, "long-wait").match().waitAboveMs()).isEqualTo(minutes(5));
        assertThat(rule(settings, "long-wait").version()).isEqualTo(2);
        assertThat(rule(settings, "long-wait").severity()).isEqualTo("warning");
        assertThat(rule(settings, "two-wrong-parcels"))
                .isEqualTo(new AlertRule(
                        "two-wrong-parcels",
                        1,
                        "Two wrong parcels",
                        "warning",
                        "interaction",
                        Match.anyOf("delivery").withOutcomes(Set.of("wrong_item")),
                        2,
                        Duration.ofDays(30).toMillis(),
                        0,
                        false,
                        Duration.ofDays(1).toMillis()));
    }

    @Test
    void alertRulesThatCannotBeAreNamed() {
        assertProblems(
                """
                alert:
                  rules:
                    No Spaces: {title: t, match: {kinds: [error]}}
                    empty: {title: t, match: {}}
                    bare: {severity: error}
                    detractor: {severity: dreadful, match: {satisfaction_at_most: 101}}
                  keep_for: 1 d
                """,
                "alert.rules.No Spaces: rule_id must be lower-case words joined by -",
                "alert.rules.empty: match must name at least one condition",
                "alert.rules.bare: a new rule needs a title and a match",
                "alert.rules.bare: match must name at least one condition",
                "alert.rules.detractor: severity must be one of",
                "alert.rules.detractor.match.satisfaction_at_most: must be at most 100, was 101 (line 6)",
                "alert.keep_for: must be at least ingest.lateness_horizon + stitch.reattribution_horizon = 37 d, was"
                        + " 1 d (line 7)",
                "alert.keep_for: must be at least 44 d for forgotten-price-promise: the rule's within and cool_down; was"
                        + " 1 d (line 7)");
    }

    @Test
    void listsReplaceTheDefaultAsAWhole() {
        Settings settings = parse(
                """
                ingest:
                  blocked_values: [" Nobody@Example.com "]
                  blocked_patterns: []
                measure:
                  dimensions: [[], [channel, topic]]
                  metrics: [nps]
                  windows:
                    - {name: 2h, length: 2 h, pane: 1 min}
                """);

        assertThat(settings.ingest().blockedValues()).containsExactly("nobody@example.com");
        assertThat(settings.ingest().blockedPatterns()).isEmpty();
        assertThat(settings.measure().dimensions()).containsExactly(List.of(), List.of("channel", "topic"));
        assertThat(settings.measure().windows()).containsExactly(new Window("2h", hours(2), minutes(1)));
    }

    /** Touchpoints bear names in snake_case only, so a name in any other spelling would never meet one. */
    @Test
    void namesAreSpelledAsIngestSpellsThem() {
        Settings settings = parse(
                """
                channels:
                  call:
                    default_stage: Onboarding
                ingest:
                  kinds: [Page View]
                sessionize:
                  re_ask_kinds: [Identity-Check]
                  issue:
                    resolved_outcomes: [Fixed At Once]
                measure:
                  purchase_kinds: [Order]
                  traffic_channels: [WEB]
                  kept_values:
                    channel: [Web]
                    location: [Berlin Mitte]
                alert:
                  resolved_by_kinds: [Case Resolved]
                  rules:
                    mine:
                      title: Mine
                      match: {kinds: [Page View], channels: [WhatsApp], outcomes: [Given-Up], survey_metric: NPS}
                    channel-figure:
                      title: Figure
                      metric: {metric_id: csat, dimensions: {channel: WEB, location: Berlin}, at_most: 50}
                    transitions:
                      title: Transitions
                      metric:
                        metric_id: channel_transitions
                        dimensions: {from_channel: WEB, to_channel: WhatsApp}
                        at_least: 50
                """);

        assertThat(settings.ingest().channel("call").defaultStage()).isEqualTo("onboarding");
        assertThat(settings.ingest().kinds()).containsExactly("page_view");
        assertThat(settings.sessionize().reAskKinds()).containsExactly("identity_check");
        assertThat(settings.sessionize().issue().resolvedOutcomes()).containsExactly("fixed_at_once");
        assertThat(settings.measure().purchaseKinds()).containsExactly("order");
        assertThat(settings.measure().trafficChannels()).containsExactly("web");
        assertThat(settings.measure().keptValues())
                .containsEntry("channel", List.of("web"))
                .containsEntry("location", List.of("Berlin Mitte"));
        assertThat(settings.alert().resolvedByKinds()).containsExactly("case_resolved");
        Match match = rule(settings, "mine").pattern().roles().get(0);
        assertThat(match.kinds()).containsExactly("page_view");
        assertThat(match.channels()).containsExactly("whatsapp");
        assertThat(match.outcomes()).containsExactly("given_up");
        assertThat(match.surveyMetric()).isEqualTo("nps");
        assertThat(((Pattern.Metric) rule(settings, "channel-figure").pattern())
                        .series()
                        .dimensions())
                .isEqualTo(Map.of("channel", "web", "location", "Berlin"));
        assertThat(((Pattern.Metric) rule(settings, "transitions").pattern())
                        .series()
                        .dimensions())
                .isEqualTo(Map.of("from_channel", "web", "to_channel", "whatsapp"));
    }

    @Test
    void whatIsWrongWithMeasuringIsSaidWhereItIs() {
        assertProblems(
                """
                measure:
                  windows:
                    - {name: 1h, length: 1 h, pane: 7 min}
                  max_values: 0
                  kept_values: {topics: [billing]}
                  assisted_channels: [call, web]
                  expectations:
                    speed: {}
                    interaction_attention:
                      components:
                        - {metric: csaat, best: 100, worst: 0}
                        - {metric: csat, best: 100, worst: 0, weight: -1}
                        - {metric: fcr_net, best: good, worst: 0}
                """,
                "measure.windows: 1h does not divide into panes of 7 min, its length is 1 h (line 3)",
                "measure.max_values: must be at least 1, was 0 (line 4)",
                "measure.kept_values.topics: unknown key, did you mean topic? (line 5)",
                "measure.assisted_channels: web is one of measure.self_service_channels too (line 6)",
                "measure.expectations.speed: is none of the expectations: speed_flexibility, reliability_transparency,"
                        + " interaction_attention, dissatisfaction_closure (line 8)",
                "measure.expectations.interaction_attention.components[0]: metric: no metric is called csaat;"
                        + " docs/metrics.md lists them (line 11)",
                "measure.expectations.interaction_attention.components[1]: weight: must be above 0, was -1.0 (line 12)",
                "measure.expectations.interaction_attention.components[2].best: must be a number, was \"good\" (line 13)");
    }

    @Test
    void aMetricThatNobodyKnowsIsNamedWithItsPath() {
        assertProblems(
                """
                measure:
                  metrics: [nps, ncat]
                """,
                "measure.metrics: knows no ncat; docs/metrics.md lists what it may name (line 2)");
    }

    @Test
    void theExpectationsAreScoredAsTheFileSays() {
        Settings settings = parse(
                """
                measure:
                  kept_values: {topic: [billing]}
                  expectations:
                    interaction_attention:
                      components:
                        - {metric: csat, best: 90, worst: 40, weight: 2.5}
                """);

        assertThat(settings.measure().keptValues()).isEqualTo(Map.of("topic", List.of("billing")));
        assertThat(settings.measure().expectations())
                .contains(new Expectation(
                        Expectation.Kind.INTERACTION_ATTENTION,
                        List.of(new Expectation.Component("csat", 90, 40, 2.5))))
                .hasSize(4);
    }

    @Test
    void everythingThatIsWrongIsFoundInOnePass() {
        assertProblems(
                """
                ingest:
                  lateness_horizon: -1h
                  lateness_horison: 7d
                  max_identifiers: many
                  max_record_bytes: 0
                  blocked_values: nobody
                  blocked_patterns: ["("]
                  default_country: Germany
                  unknown_channel: panic
                channels:
                  Web: {gap: 30}
                stitch:
                  identifiers:
                    email: {priority: 0, unique: perhaps}
                sessionize:
                  day_zone: Mars/Olympus
                measure:
                  dimensions: [[colour]]
                  windows: [{name: 1h}]
                kafka: [localhost]
                elasticsearch:
                  urls: [localhost]
                  username: elastic
                  bulk: {bytes: 100000000}
                job:
                  parallelism: 500
                  parallelism: 2
                metrics: {}
                """,
                "ingest.blocked_patterns: \"(\" is not a regular expression: unclosed group (line 7)",
                "ingest.lateness_horizon: must be positive, was -1h (line 2)",
                "ingest.lateness_horison: unknown key, did you mean lateness_horizon? (line 3)",
                "ingest.max_identifiers: must be a whole number, was \"many\" (line 4)",
                "ingest.max_record_bytes: must be at least 1, was 0 (line 5)",
                "ingest.blocked_values: must be a list, was a single value (line 6)",
                "ingest.default_country: must be an ISO 3166 country code such as DE, was \"Germany\" (line 8)",
                "ingest.unknown_channel: must be one of accept, reject, was \"panic\" (line 9)",
                "channels.Web: must be snake_case: lower-case letters, digits and underscores (line 11)",
                "channels.Web.gap: must be a duration such as 30 min, 7d, 1h 30min or PT30M, was \"30\" (line 11)",
                "stitch.identifiers.email.priority: 0 is the priority of customer_number already (line 14)",
                "stitch.identifiers.email.unique: must be true or false, was \"perhaps\" (line 14)",
                "sessionize.day_zone: must be a time zone, was Mars/Olympus (line 16)",
                "measure.dimensions: knows no colour",
                "measure.windows[0]: a window needs a name, a length and a pane (line 19)",
                "kafka: must be a mapping, was a list (line 20)",
                "elasticsearch.urls: must be http or https URLs, was \"localhost\" (line 22)",
                "elasticsearch.password: username and password need each other (line 22)",
                "elasticsearch.bulk.buffered_bytes: must hold at least one bulk of 100000000, was 33554432 (line 24)",
                "job.parallelism: must be at most job.max_parallelism, was 500 (line 26)",
                "job.parallelism: set twice (line 27)",
                "metrics: unknown key");
    }

    @Test
    void noPartOfIngestHidesWhatIsWrongWithAnother() {
        assertProblems(
                """
                ingest:
                  earliest_time: yesterday
                  pseudonym_key: short
                  blocked_patterns: ["("]
                """,
                "ingest.earliest_time: must be a time such as 2000-01-01T00:00:00Z, was \"yesterday\" (line 2)",
                "ingest.pseudonym_key: must have at least 16 characters, had 5 (line 3)",
                "ingest.blocked_patterns: \"(\" is not a regular expression: unclosed group (line 4)");
    }

    @Test
    void noPartOfSessionsHidesWhatIsWrongWithAnother() {
        assertProblems(
                """
                sessionize:
                  day_zone: Europe/Berln
                  max_length: 400 d
                  journey: {quiet: 90 d}
                """,
                "sessionize.day_zone: must be a time zone, was Europe/Berln (line 2)",
                "sessionize.retention: must be longer than sessionize.max_length",
                "sessionize.journey.quiet: must not be longer than sessionize.retention, 37 d, was 90 d" + " (line 4)");
    }

    @Test
    void noPartOfMetricsHidesWhatIsWrongWithAnother() {
        assertProblems(
                """
                measure:
                  dimensions: [[colour], [channel, channel]]
                  self_service_channels: [web, call]
                  stages: [awareness, awareness]
                  metrics: [nps, npss]
                """,
                "measure.dimensions: knows no colour; it may name [brand, channel, experiment, location, product,"
                        + " segment, stage, topic, touchpoint] (line 2)",
                "measure.dimensions: must not name a dimension twice in one combination, was [channel, channel] (line 2)",
                "measure.assisted_channels: call is one of measure.self_service_channels too",
                "measure.stages: must be at most 15 different ones, was [awareness, awareness] (line 4)",
                "measure.metrics: knows no npss; docs/metrics.md lists what it may name (line 5)");
    }

    @Test
    void aWindowIsWrongWhereItStandsAndNothingElseForItsSake() {
        assertProblems(
                """
                measure:
                  windows:
                    - {name: 1h, length: 1 h, pane: 1 min}
                    - {name: 2h, length: 2 h}
                    - {name: 3h, length: 3 h}
                    - {name: 1h, length: 6 h, pane: 1 min}
                """,
                "measure.windows[1]: a window needs a name, a length and a pane (line 4)",
                "measure.windows[2]: a window needs a name, a length and a pane (line 5)",
                "measure.windows[3].name: 1h is the name of measure.windows[0] already (line 6)");
    }

    @Test
    void aLineBreakInWhatIsWrongMakesNoProblemOfItsOwn() {
        assertProblems(
                """
                sessionize: {day_zone: "Europe/\\nBerlin"}
                """,
                "sessionize.day_zone: must be a time zone, was Europe/\nBerlin");
    }

    /** A window of the library that is not measured is no mistake of whoever measures others. */
    @Test
    void aRuleLooksAtAWindowThereIs() {
        assertProblems(
                """
                measure:
                  windows:
                    - {name: 15min, length: 15 min, pane: 1 min}
                alert:
                  rules:
                    soon: {title: T, metric: {metric_id: csat, at_most: 50, window: 15min}}
                    later: {title: T, metric: {metric_id: csat, at_most: 50, window: 24 hours}}
                    never: {title: T, worse: {metric_id: csat, window: 15min, baseline: 90d}}
                """,
                "alert.rules: later looks at window \"24 hours\", which is none of measure.windows: 15min",
                "alert.rules: never looks at window \"90d\", which is none of measure.windows: 15min");
    }

    /** By the length a window is measured over, which may not be the one it has by default. */
    @Test
    void aBaselineIsLongerThanWhatIsComparedWithIt() {
        assertProblems(
                """
                measure:
                  windows:
                    - {name: shift, length: 8 h, pane: 1 min}
                    - {name: day, length: 24 h, pane: 1 min}
                    - {name: 30d, length: 12 h, pane: 1 min}
                alert:
                  rules:
                    fine: {title: T, worse: {metric_id: csat, window: shift, baseline: day}}
                    backwards: {title: T, worse: {metric_id: csat, window: day, baseline: shift}}
                    own: {title: T, worse: {metric_id: csat, window: day}}
                """,
                "alert.rules.backwards.worse.baseline: must be longer than window, day, was shift (line 9)",
                "alert.rules.own.worse.window: must be shorter than baseline, 30d, was day (line 10)");
    }

    @Test
    void whatIsNoYamlMappingIsSaidSo() {
        assertProblems("- a\n- b\n", "must be a mapping of keys to values (line 1)");
        assertProblems("ingest: {\n", "not YAML: ");
        assertProblems("ingest: 7\n", "ingest: must be a mapping, was a single value (line 1)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nohost",
                "host",
                ":9092",
                "host:",
                "host:port",
                "host:0",
                "host:65536",
                "a:1,,b:2",
                "a:1,b",
                "http://host:1/path",
                "2001:db8::1"
            })
    void anAddressOfKafkaThatLeadsNowhereIsAProblem(String servers) {
        assertProblems(
                "kafka: {bootstrap_servers: \"" + servers + "\"}",
                "kafka.bootstrap_servers: must be HOST:PORT, several with commas, was \"" + servers + "\" (line 1)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"host:9092", "a.example:1,b_c-d:2", "a:1, b:2", "127.0.0.1:9092", "[::1]:9092", "SSL://host:9093"
            })
    void anAddressOfKafkaIsKeptAsItIs(String servers) {
        assertThat(Settings.parse("test", "kafka: {bootstrap_servers: \"" + servers + "\"}", Map.of())
                        .kafka()
                        .bootstrapServers())
                .isEqualTo(servers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "localhost:8081", "ftp://host", "http://", "http://host:99999", "http://a b"})
    void anAddressThatIsNoUrlIsAProblem(String url) {
        assertProblems(
                "kafka: {registry_url: \"" + url + "\"}\nelasticsearch: {urls: [\"" + url + "\"]}",
                "elasticsearch.urls: must be http or https URLs, was \"" + url + "\" (line 2)",
                "kafka.registry_url: must be an http or https URL, several with commas, was \"" + url + "\" (line 1)");
    }

    @Test
    void theMessageNamesTheFileAndCountsItsErrors(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("broken.yaml"), "ingest: {max_identifiers: 0}");

        assertThatThrownBy(() -> Settings.load(file))
                .isInstanceOf(SettingsException.class)
                .hasMessage(file + ": 1 error\n  ingest.max_identifiers: must be at least 1, was 0 (line 1)");
        assertThatThrownBy(() -> Settings.load(directory.resolve("none.yaml")))
                .hasMessageEndingWith("none.yaml: there is no such file");
    }

    @Test
    void valuesMayStandInTheEnvironmentOrInFiles(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("key"), "a secret from a file\n");
        Settings settings = Settings.parse(
                "test",
                """
                ingest:
                  pseudonym_key: ${file:%s}
                kafka:
                  bootstrap_servers: ${env:KAFKA_HOST}:9092
                """
                        .formatted(file),
                Map.of("KAFKA_HOST", "broker"));

        assertThat(settings.ingest().pseudonymKey()).isEqualTo(new PseudonymKey("a secret from a file"));
        assertThat(settings.kafka().bootstrapServers()).isEqualTo("broker:9092");
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings.explain())
                .contains("kafka.bootstrap_servers = ${env:KAFKA_HOST}:9092   (line 4)")
                .contains("ingest.pseudonym_key = (secret)   (line 2)")
                .contains("ingest.lateness_horizon = 7 d   (default)");
    }

    @Test
    void whatReferencesReferToMustBeThere() {
        assertProblems(
                "ingest: {pseudonym_key: \"${env:PSEUDONYM_KEY}\"}",
                "ingest.pseudonym_key: the environment variable PSEUDONYM_KEY is not set (line 1)");
        assertProblems(
                "ingest: {pseudonym_key: \"${file:/nowhere/key}\"}",
                "ingest.pseudonym_key: the file /nowhere/key cannot be read: NoSuchFileException (line 1)");
    }

    @Test
    void secretsShowThemselvesNowhere() {
        Settings settings = parse(
                """
                ingest: {pseudonym_key: hunter2-hunter2-hunter2}
                elasticsearch: {username: elastic, password: hunter2, api_key: hunter2}
                kafka:
                  properties: {sasl.jaas.config: 'password="hunter2"'}
                """);

        assertThat(settings.kafka().properties()).containsEntry("sasl.jaas.config", "password=\"hunter2\"");
        assertThat(settings.toString()
                        + settings.explain()
                        + settings.ingest()
                        + settings.kafka()
                        + settings.elasticsearch())
                .doesNotContain("hunter2");
        assertThatThrownBy(() -> parse("ingest: {pseudonym_key: hunter2}"))
                .hasMessageContaining("ingest.pseudonym_key: must have at least 16 characters, had 7")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void theDevelopmentKeyIsWarnedOf() {
        assertThat(parse("").warnings()).singleElement().asString().contains("ingest.pseudonym_key is not set");
    }

    private static AlertRule rule(Settings settings, String id) {
        return settings.alert().rules().stream()
                .filter(rule -> rule.ruleId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Settings parse(String yaml) {
        return Settings.parse("test", yaml, Map.of());
    }

    private static void assertProblems(String yaml, String... expected) {
        SettingsException thrown = catchThrowableOfType(SettingsException.class, () -> parse(yaml));
        assertThat(thrown).isNotNull();
        List<String> problems =
                thrown.problems().stream().map(Problem::toString).toList();
        for (String problem : expected) {
            assertThat(problems).anySatisfy(found -> assertThat(found).startsWith(problem));
        }
        assertThat(problems).hasSameSizeAs(expected);
    }

    private static long hours(long hours) {
        return Duration.ofHours(hours).toMillis();
    }

    private static long minutes(long minutes) {
        return Duration.ofMinutes(minutes).toMillis();
    }
}
