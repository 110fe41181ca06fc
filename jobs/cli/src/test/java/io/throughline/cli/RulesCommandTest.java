package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.pipeline.settings.AlertRuleFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules are checked, tried on history and measured, alerts are acted on and explained, without any server. */
class RulesCommandTest {

    private static final String TOUCHPOINTS =
            """
            {"touchpoint_id":"t1","event_time":"2026-01-01T10:00:00Z","channel":"call","kind":"promise_made","direction":"outbound","identifiers":[{"type":"customer_number","value":"7"}],"properties":{"promise":"callback","due":"2026-01-01T12:00:00Z"}}
            {"touchpoint_id":"t2","event_time":"2026-01-01T11:00:00Z","channel":"email","kind":"complaint","topic":"billing","identifiers":[{"type":"customer_number","value":"7"}]}
            {"touchpoint_id":"t3","event_time":"2026-01-02T10:00:00Z","channel":"web","kind":"page_view","identifiers":[{"type":"customer_number","value":"8"}]}
            """;

    @TempDir
    private Path directory;

    private Path touchpoints;

    @BeforeEach
    void write() throws IOException {
        touchpoints = Files.writeString(directory.resolve("touchpoints.ndjson"), TOUCHPOINTS);
    }

    @Test
    void checkListsEverythingThatIsWrongByLineAndColumn() throws IOException {
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                """
                rules:
                  bad:
                    title: Bad
                    match: {kinds: [complaint], when: touchpoint.wait_ms > 'long'}
                    cool_down: soon
                """);
        Invocation check = Invocation.of("rules", "check", file.toString());
        assertThat(check.exit()).isEqualTo(2);
        assertThat(check.err())
                .anyMatch(line -> line.contains("rules.bad.match.when: found no matching overload")
                        && line.endsWith("(line 4, column 58)"))
                .anyMatch(line -> line.contains("rules.bad.cool_down: must be a duration")
                        && line.endsWith("(line 5, column 16)"));
    }

    @Test
    void whatIsNoJsonIsNamedByFileAndLine() throws IOException {
        Path cut = Files.writeString(directory.resolve("alerts.ndjson"), "{\"alert_id\":\"a-1\"}\n{\"alert_id\":\"a-");
        Path truth = Files.writeString(directory.resolve("truth.ndjson"), "\ntouchpoint,customer\n");

        for (Invocation told : List.of(
                Invocation.of("explain", "a-2", "--result", directory.toString()),
                Invocation.of("quality", "--result", directory.toString(), "--truth", truth.toString()),
                Invocation.of("rules", "quality", "--on", touchpoints.toString(), "--truth", truth.toString()))) {
            assertThat(told.exit()).isEqualTo(1);
            assertThat(told.err())
                    .singleElement()
                    .asString()
                    .containsAnyOf(cut + ":2 is no JSON: ", truth + ":2 is no JSON: ");
        }
    }

    /** It may be published yet, so that it is no mistake for certain; but most likely it is one. */
    @Test
    void checkTellsOfInhibitedRulesThatNobodyKnows() throws IOException {
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                """
                rules:
                  angry:
                    title: Angry
                    match: {kinds: [complaint]}
                    inhibits: [complaint, compaint]
                """);

        Invocation check = Invocation.of("rules", "check", file.toString());

        assertThat(check.exit()).isEqualTo(0);
        assertThat(check.err())
                .containsExactly(
                        "angry: inhibits compaint, a rule that neither this file nor the configuration has: it inhibits"
                                + " nothing unless that rule is published");
    }

    @Test
    void checkSaysWhereARuleLooksBackTooFar() throws IOException {
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                """
                rules:
                  one: {title: T, match: {kinds: [a]}, cool_down: 400 d}
                  fine: {title: T, match: {kinds: [a]}, cool_down: 45 d}
                  two: {title: T, sequence: {steps: [{kinds: [a]}, {kinds: [b]}], within: 44 d}, cool_down: 2 d}
                """);

        Invocation check = Invocation.of("rules", "check", file.toString());

        assertThat(check.exit()).isEqualTo(2);
        assertThat(check.err())
                .containsExactly(
                        "rules check: " + file + ": 2 errors",
                        "rules check:   rules.one: looks back 400 d, cool_down included, more than alert.keep_for, 45 d (line 2,"
                                + " column 8)",
                        "rules check:   rules.two: looks back 46 d, cool_down included, more than alert.keep_for, 45 d (line 4,"
                                + " column 8)");
    }

    /** The configuration refuses it, and so would the job. */
    @Test
    void checkSaysWhereAScoreNeedsMoreThanIsHeld() throws IOException {
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                """
                rules:
                  drop: {title: T, experience: {falls_by: 20}, cool_down: 0 s}
                """);

        Invocation check = Invocation.of("rules", "check", file.toString());

        assertThat(check.exit()).isEqualTo(2);
        assertThat(check.err())
                .containsExactly(
                        "rules check: " + file + ": 1 error",
                        "rules check:   rules.drop: looks back 74 d, the time in which touchpoints are corrected included, more"
                                + " than alert.keep_for, 45 d (line 2, column 9)");
    }

    @Test
    void aRuleCanLookAtAnyWindowThatIsMeasured() throws IOException {
        Path config = Files.writeString(
                directory.resolve("throughline.yaml"),
                """
                measure:
                  windows: [{name: 15min, length: 15 min, pane: 1 min}, {name: 30d, length: 30 d, pane: 15 min}]
                """);
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                """
                rules:
                  soon: {title: T, metric: {metric_id: csat, at_most: 50, window: 15min}}
                  soon-worse: {title: T, worse: {metric_id: csat, window: 15min}}
                  later: {title: T, metric: {metric_id: csat, at_most: 50, window: 15 min}}
                """);

        Invocation check = Invocation.of("rules", "check", file.toString(), "--config", config.toString());

        assertThat(check.exit()).isZero();
        assertThat(check.err())
                .containsExactly(
                        "later: never fires, since window 15 min (measure.windows) is not published as configured");
    }

    @Test
    void checkTellsOfFiguresThatAreNotPublished() throws IOException {
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                """
                rules:
                  overall: {title: T, metric: {metric_id: csat, at_most: 50}}
                  misspelt: {title: T, metric: {metric_id: csat, dimensions: {chanel: call}, at_most: 50}}
                  together: {title: T, metric: {metric_id: csat, dimensions: {channel: call, topic: x}, at_most: 50}}
                  own: {title: T, metric: {metric_id: ces, dimensions: {channel: call, scale: 1-7}, at_most: 4}}
                  window: {title: T, worse: {metric_id: csat, baseline: 7d}}
                  left-out: {title: T, worse: {metric_id: nps, baseline: 24h, window: 1h}}
                """);
        Path config = Files.writeString(
                directory.resolve("config.yaml"),
                """
                ingest: {pseudonym_key: sixteen or more characters}
                measure:
                  metrics: [csat, ces]
                  windows: [{name: 1h, length: 1 h, pane: 1 min}, {name: 24h, length: 24 h, pane: 1 min}]
                alert:
                  rules: {csat-drop: {enabled: false}, abandonment-high: {enabled: false}}
                """);

        Invocation check = Invocation.of("rules", "check", file.toString(), "--config", config.toString());

        assertThat(check.exit()).isZero();
        assertThat(check.err())
                .containsExactly(
                        "misspelt: never fires, since csat by chanel (measure.dimensions) is not published as configured",
                        "together: never fires, since csat by channel, topic (measure.dimensions) is not published as"
                                + " configured",
                        "window: never fires, since window 7d (measure.windows) is not published as configured",
                        "left-out: never fires, since nps (measure.metrics) is not published as configured");
    }

    @Test
    void checkSaysWhereARuleComparesSomethingWithItselfOrBackwards() throws IOException {
        Path config = Files.writeString(
                directory.resolve("throughline.yaml"),
                """
                measure:
                  windows: [{name: shift, length: 8 h, pane: 1 min}, {name: 24h, length: 24 h, pane: 1 min}]
                """);
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                """
                rules:
                  fine: {title: T, worse: {metric_id: csat, window: shift, baseline: 24h}}
                  backwards: {title: T, worse: {metric_id: csat, window: 24h, baseline: shift}}
                """);

        Invocation check = Invocation.of("rules", "check", file.toString(), "--config", config.toString());

        assertThat(check.exit()).isEqualTo(2);
        assertThat(check.err())
                .containsExactly(
                        "rules check: " + file + ": 1 error",
                        "rules check:   rules.backwards.worse.baseline: must be longer than window, 24h, was shift (line 3,"
                                + " column 73)");
    }

    @Test
    void checkKnowsByWhatEachFigureIsBrokenDown() throws IOException {
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                """
                rules:
                  churn: {title: T, metric: {metric_id: churn_rate, dimensions: {channel: web}, at_least: 5}}
                  churn-of: {title: T, metric: {metric_id: churn_rate, dimensions: {segment: b}, at_least: 5}}
                  ways: {title: T, metric: {metric_id: channel_transitions, at_least: 5}}
                  ways-of: {title: T, metric: {metric_id: channel_transitions, dimensions: {channel: web}, at_least: 5}}
                  way: {title: T, metric: {metric_id: channel_transitions, dimensions: {from_channel: web, to_channel: call}, at_least: 5}}
                  effect: {title: T, metric: {metric_id: driver_csat_effect, at_most: 0}}
                  effect-of: {title: T, metric: {metric_id: driver_csat_effect, dimensions: {factor: error}, at_most: 0}}
                  scale: {title: T, metric: {metric_id: csat, dimensions: {channel: web, scale: 1-7}, at_most: 50}}
                  factor: {title: T, metric: {metric_id: nps, dimensions: {channel: web, factor: error}, at_most: 5}}
                  mean: {title: T, metric: {metric_id: csat_mean, dimensions: {channel: web, scale: 1-7}, at_most: 4}}
                  revenue: {title: T, metric: {metric_id: revenue, dimensions: {channel: web}, at_most: 5}}
                  euros: {title: T, metric: {metric_id: revenue, dimensions: {channel: web, currency: EUR}, at_most: 5}}
                  funnel: {title: T, metric: {metric_id: funnel_conversion, dimensions: {segment: b}, at_most: 5}}
                  step: {title: T, metric: {metric_id: funnel_conversion, dimensions: {segment: b, stages: use>loyalty}, at_most: 5}}
                  bot: {title: T, metric: {metric_id: failed_self_service_rate, at_least: 5}}
                  bot-of: {title: T, metric: {metric_id: failed_self_service_rate, dimensions: {channel: web}, at_least: 5}}
                  speed: {title: T, metric: {metric_id: expectation_speed_flexibility, dimensions: {channel: web}, at_most: 5}}
                  speed-of: {title: T, metric: {metric_id: expectation_speed_flexibility, dimensions: {topic: x}, at_most: 5}}
                """);
        Path config = Files.writeString(
                directory.resolve("config.yaml"),
                """
                ingest: {pseudonym_key: sixteen or more characters}
                measure:
                  dimensions: [[channel]]
                  customer_dimensions: [[segment]]
                """);

        Invocation check = Invocation.of("rules", "check", file.toString(), "--config", config.toString());

        assertThat(check.exit()).isZero();
        assertThat(check.err())
                .containsExactly(
                        neverFires("churn", "churn_rate by channel (measure.customer_dimensions)"),
                        neverFires("ways", "channel_transitions over everything (only by from_channel, to_channel)"),
                        neverFires("ways-of", "channel_transitions by channel (only by from_channel, to_channel)"),
                        neverFires("effect", "driver_csat_effect over everything (only by factor)"),
                        neverFires("scale", "csat by channel, scale (measure.dimensions)"),
                        neverFires("factor", "nps by channel, factor (measure.dimensions)"),
                        neverFires("revenue", "revenue by channel (measure.dimensions, always by currency)"),
                        neverFires(
                                "funnel",
                                "funnel_conversion by segment (measure.customer_dimensions, always by stages)"),
                        neverFires("bot-of", "failed_self_service_rate by channel (only over everything)"),
                        neverFires("speed-of", "expectation_speed_flexibility by topic (measure.dimensions)"));
    }

    /** Of an alert about a metric no touchpoints are listed, and what a former build said may lack what it was measured against. */
    @Test
    void explainSaysNothingOfWhatAnAlertLacks() throws IOException {
        Files.writeString(
                directory.resolve("alerts.ndjson"),
                """
                {"alert_id":"a-1","rule_id":"csat-drop","rule_version":1,"status":"shadow","severity":"error",\
                "opened_at":"2026-01-01T11:00:00.000Z","reason":"Satisfaction has dropped","evidence":[],"measured":20}
                """);

        Invocation explain = Invocation.of("explain", "a-1", "--result", directory.toString());

        assertThat(explain.exit()).isZero();
        assertThat(explain.out())
                .containsExactly(
                        "Satisfaction has dropped",
                        "  alert        a-1, shadow",
                        "  rule         csat-drop, version 1, error",
                        "  measured     20");
    }

    /** Whoever reads the alerts by machine must not take a rule that fails for one that finds nothing. */
    @Test
    void testSaysAsJsonTooWhichConditionsFail() throws IOException {
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                "rules: {failing: {title: F, match: {kinds: [complaint], when: int(touchpoint.topic) > 2}}}");

        Invocation test = Invocation.of("rules", "test", file.toString(), "--on", touchpoints.toString(), "--json");

        assertThat(test.exit()).isZero();
        assertThat(test.out()).isEmpty();
        assertThat(test.err())
                .singleElement()
                .asString()
                .startsWith("rules test: failing: \"int(touchpoint.topic) > 2\" could not be evaluated");
    }

    /** Else a library rule goes quiet because somebody left out a figure, and nobody knows. */
    @Test
    void validateTellsWhichRulesOfAConfigurationNeverFire() throws IOException {
        Path config = Files.writeString(
                directory.resolve("throughline.yaml"),
                """
                measure: {dimensions: [[channel]]}
                alert:
                  rules:
                    mine: {title: T, metric: {metric_id: csat, at_most: 50}}
                    heard: {title: T, metric: {metric_id: csat, at_most: 50, dimensions: {channel: call}}}
                """);

        Invocation validate = Invocation.of("validate", "--config", config.toString());

        assertThat(validate.exit()).isZero();
        assertThat(validate.err())
                .filteredOn(line -> line.contains("alert.rules"))
                .containsExactly(
                        "validate: warning: alert.rules."
                                + neverFires(
                                        "abandonment-high", "abandonment_rate over everything (measure.dimensions)"),
                        "validate: warning: alert.rules."
                                + neverFires("mine", "csat over everything (measure.dimensions)"));
    }

    private static String neverFires(String rule, String since) {
        return rule + ": never fires, since " + since + " is not published as configured";
    }

    @Test
    void testShowsWhatWouldFireAndWhen() throws IOException {
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                """
                rules:
                  broken:
                    title: Broken promise
                    mode: shadow
                    absence:
                      after: {direction: outbound, kinds: [promise_made]}
                      of: {direction: any, kinds: [promise_kept]}
                      due: due
                      within: 10 min
                  failing:
                    title: Failing
                    match: {kinds: [complaint], when: int(touchpoint.topic) > 1}
                """);
        Invocation test = Invocation.of("rules", "test", file.toString(), "--on", touchpoints.toString());
        assertThat(test.exit()).isZero();
        assertThat(test.out().get(0))
                .startsWith("2026-01-01T12:10:00.000Z  shadow  broken  ")
                .endsWith("Broken promise: nothing followed promise_made on call within 2 h 10 min");
        assertThat(test.out())
                .contains("broken: 1 alerts of 1 customers", "failing: 0 alerts of 0 customers")
                .anyMatch(line -> line.startsWith("failing: \"int(touchpoint.topic) > 1\" could not be evaluated"));
    }

    /** A figure that was bad on Saturday and is good on Monday, and one that has to be bad for a while. */
    @Test
    void testShowsWhenTheLibrarysRulesWouldHaveSeenAFigureDrop() throws IOException {
        List<String> lines = new ArrayList<>();
        Instant thursday = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 40; i++) {
            lines.add(answer("good" + i, thursday.plus(Duration.ofHours(i)), "chat", 5));
        }
        Instant saturday = Instant.parse("2026-01-03T00:00:00Z");
        for (int i = 0; i < 40; i++) {
            lines.add(answer("bad" + i, saturday.plus(Duration.ofMinutes(6L * i)), "chat", 1));
            lines.add(answer("web" + i, saturday.plus(Duration.ofMinutes(6L * i)), "web", 5));
        }
        for (int i = 0; i < 100; i++) {
            Instant queued = saturday.plus(Duration.ofSeconds(12 * 3600 + 30L * i));
            lines.add(touchpoint("queued" + i, queued, "call", "call_queued", "caller" + i, ""));
            lines.add(touchpoint(
                    "left" + i,
                    queued.plusSeconds(20),
                    "call",
                    i % 2 == 0 ? "call_abandoned" : "call_answered",
                    "caller" + i,
                    ""));
        }
        lines.add(touchpoint("monday", Instant.parse("2026-01-05T12:00:00Z"), "web", "page_view", "somebody", ""));
        Files.write(touchpoints, lines);
        Path library = directory.resolve("rules.yaml");
        try (InputStream own = AlertRuleFile.class.getResourceAsStream("/settings/alert-rules.yaml")) {
            Files.copy(Objects.requireNonNull(own), library);
        }

        Invocation test = Invocation.of("rules", "test", library.toString(), "--on", touchpoints.toString());

        assertThat(test.out())
                .filteredOn(line -> line.contains("  csat-drop  "))
                .singleElement()
                .asString()
                .startsWith("2026-01-03T")
                .contains("  resolved  ", "csat of channel chat: ");
        assertThat(test.out())
                .filteredOn(line -> line.contains("  abandonment-high  "))
                .singleElement()
                .asString()
                .startsWith("2026-01-03T12:")
                .contains("  resolved  ");
        assertThat(test.out())
                .contains("csat-drop: 1 alerts of metrics", "abandonment-high: 1 alerts of metrics")
                .anyMatch(line -> line.equals("low-satisfaction: 40 alerts of 40 customers"));
    }

    private static String answer(String id, Instant at, String channel, int score) {
        return touchpoint(
                id,
                at,
                channel,
                "survey_response",
                id,
                ",\"survey\":{\"metric\":\"csat\",\"scale_min\":1,\"scale_max\":5,\"score\":" + score + "}");
    }

    private static String touchpoint(
            String id, Instant at, String channel, String kind, String customer, String further) {
        return "{\"touchpoint_id\":\"" + id + "\",\"event_time\":\"" + at + "\",\"channel\":\"" + channel
                + "\",\"kind\":\"" + kind + "\",\"identifiers\":[{\"type\":\"customer_number\",\"value\":\""
                + customer + "\"}]" + further + "}";
    }

    /** Whoever wrote a field wrongly in every line would otherwise take the rules for harmless. */
    @Test
    void testSaysThatRecordsWereLeftOut() throws IOException {
        Path file = Files.writeString(
                directory.resolve("rules.yaml"),
                """
                rules:
                  angry:
                    title: Angry
                    match: {kinds: [Complaint]}
                """);
        Files.writeString(touchpoints, TOUCHPOINTS.replace("\"topic\"", "\"theme\""));

        Invocation test = Invocation.of("rules", "test", file.toString(), "--on", touchpoints.toString());

        assertThat(test.exit()).isZero();
        assertThat(test.out()).containsExactly("angry: 0 alerts of 0 customers");
        assertThat(test.err())
                .containsExactly(
                        "rules test: left out, since they cannot count: 1 of the records; throughline replay says why");
        assertThat(Invocation.of("rules", "test", file.toString(), "--on", directory.toString())
                        .err())
                .containsExactly("rules test: --on " + directory + " is not a file that can be read");
    }

    @Test
    void actionsAreReplayedAndAlertsExplained() throws IOException {
        Path result = directory.resolve("result");
        replay(result);
        String alert = id(result, "complaint");
        Path actions = directory.resolve("actions.ndjson");
        assertThat(Invocation.of(
                                "alert",
                                "ack",
                                alert,
                                "--at",
                                "2026-01-01T11:05:00Z",
                                "--by",
                                "ada",
                                "--reason",
                                "calling",
                                "--expect-version",
                                "1",
                                "--output",
                                actions.toString())
                        .exit())
                .isZero();
        assertThat(Invocation.of(
                                "alert",
                                "resolve",
                                alert,
                                "--at",
                                "2026-01-01T11:06:00Z",
                                "--by",
                                "bob",
                                "--expect-version",
                                "1",
                                "--output",
                                actions.toString())
                        .exit())
                .isZero();
        assertThat(Invocation.of(
                                "alert",
                                "ack",
                                "a-nobody-knows",
                                "--at",
                                "2026-01-01T11:06:00Z",
                                "--by",
                                "bob",
                                "--output",
                                actions.toString())
                        .exit())
                .isZero();

        replay(result, "--actions", actions.toString());

        Invocation explained = Invocation.of("explain", alert, "--result", result.toString());
        assertThat(explained.exit()).isZero();
        assertThat(explained.out())
                .anyMatch(line -> line.endsWith(alert + ", acknowledged"))
                .anyMatch(line -> line.contains("t2  complaint on email: billing"))
                .anyMatch(line -> line.contains("2026-01-01T11:05:00.000Z  acknowledged by ada: calling"))
                .anyMatch(line -> line.contains("refused by bob: the alert is at version 2"));
        assertThat(Files.readAllLines(result.resolve("alert-answers.ndjson")))
                .hasSize(3)
                .anyMatch(line -> line.contains("\"taken\":true"))
                .anyMatch(line -> line.contains("no alert a-nobody-knows is known"));
        Invocation unknown = Invocation.of("explain", "a-0", "--result", result.toString());
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).containsExactly("explain: nobody knows alert a-0");
    }

    @Test
    void ofAnAlertAboutAMetricTheWindowIsSaidAsFarAsItIsKnown() throws IOException {
        String metric =
                "{\"alert_id\":\"a-1\",\"status\":\"open\",\"opened_at\":\"2026-01-01T11:05:00.000Z\",\"reason\":"
                        + "\"Abandoned: abandonment rate: 20 over 1h with n 60, at least 15\"";
        Files.write(
                directory.resolve("alerts.ndjson"),
                List.of(
                        metric + ",\"window_start\":\"2026-01-01T10:01:00.000Z\"}",
                        metric.replace("a-1", "a-2") + "}",
                        metric.replace("a-1", "a-3")
                                + ",\"customer_id\":\"c-1\",\"window_start\":\"2026-01-01T10:01:00.000Z\"}"));
        assertThat(windows("a-1")).containsExactly("  window       from 2026-01-01T10:01:00.000Z");
        assertThat(windows("a-2")).as("of an older build").isEmpty();
        assertThat(windows("a-3"))
                .containsExactly("  window       2026-01-01T10:01:00.000Z to 2026-01-01T11:05:00.000Z");
    }

    private List<String> windows(String alert) {
        return Invocation.of("explain", alert, "--result", directory.toString()).out().stream()
                .filter(line -> line.startsWith("  window "))
                .toList();
    }

    @Test
    void commandsThatMakeNoSenseAreRefused() {
        assertThat(Invocation.of("alert", "ack").err()).anyMatch(line -> line.contains("name one alert after ack"));
        assertThat(Invocation.of("alert", "ack", "", "--output", "-").err())
                .anyMatch(line -> line.contains("name one alert after ack"));
        assertThat(Invocation.of("alert", "assign", "a-1", "--output", "-").err())
                .anyMatch(line -> line.contains("assign needs --to NAME"));
        assertThat(Invocation.of("alert", "silence", "--rule", "long-wait", "--output", "-")
                        .err())
                .anyMatch(line -> line.contains("silence needs --for SPAN"));
        Invocation nothing = Invocation.of("alert", "silence", "--rule", "", "--for", "2 h", "--output", "-");
        assertThat(nothing.exit()).isEqualTo(2);
        assertThat(nothing.err()).anyMatch(line -> line.contains("--rule must name a rule"));
        assertThat(Invocation.of("alert", "forget", "a-1").exit()).isEqualTo(2);
    }

    /** It would be forgotten that they were given. */
    @Test
    void whatMeansNothingToACommandIsNotTaken() {
        refused("--to says who takes care of an alert: with assign only", "alert", "ack", "a-1", "--to", "grace");
        refused("--for says how long a silence lasts: with silence only", "alert", "ack", "a-1", "--for", "2 h");
        refused(
                "--for says how long a silence lasts: with silence only",
                "alert",
                "unsilence",
                "--rule",
                "long-wait",
                "--for",
                "2 h");
        refused(
                "--customer says whose alerts of a rule are silenced: with --rule only",
                "alert",
                "silence",
                "a-1",
                "--for",
                "2 h",
                "--customer",
                "c-1");
        refused(
                "--expect-version is the version of an alert, and a rule has none: with an alert only",
                "alert",
                "silence",
                "--rule",
                "long-wait",
                "--for",
                "2 h",
                "--expect-version",
                "1");
        refused("a rule can only be silenced and unsilenced", "alert", "ack", "--rule", "long-wait");
    }

    /** Until then whatever is done would count as done before. */
    @Test
    void nothingIsDoneAboutAnAlertInTheFuture() {
        refused("--at: lies in the future,", "alert", "ack", "a-1", "--at", "2199-01-01T00:00:00Z");
        refused("--expect-version must be at least 1", "alert", "ack", "a-1", "--expect-version", "0");
        refused("--wait: must be a duration", "alert", "ack", "a-1", "--wait", "5");
    }

    private static void refused(String because, String... command) {
        Invocation alert = Invocation.of(
                Stream.concat(Stream.of(command), Stream.of("--output", "-")).toArray(String[]::new));
        assertThat(alert.exit()).isEqualTo(2);
        assertThat(alert.out()).isEmpty();
        assertThat(alert.err()).singleElement().asString().contains(because);
    }

    @Test
    void qualityIsMeasuredAgainstTheTruth() throws IOException {
        Path truth = Files.writeString(
                directory.resolve("truth.ndjson"),
                """
                {"truth":"touchpoint","touchpoint_id":"t1","person":"P1","episode":"E1","true_time":"2026-01-01T10:00:00Z"}
                {"truth":"touchpoint","touchpoint_id":"t2","person":"P1","episode":"E1","true_time":"2026-01-01T11:00:00Z"}
                {"truth":"touchpoint","touchpoint_id":"t3","person":"P2","episode":"E2","true_time":"2026-01-02T10:00:00Z"}
                {"truth":"episode","episode":"E1","person":"P1","household":"H1","plot":"call","start":"2026-01-01T09:00:00Z","end":"2026-01-02T10:00:00Z","dissatisfaction":0.9,"dissatisfied":true,"touchpoints":2,"over":true}
                {"truth":"episode","episode":"E2","person":"P2","household":"H2","plot":"browse","start":"2026-01-02T10:00:00Z","end":"2026-01-02T10:00:00Z","dissatisfaction":0.6,"dissatisfied":true,"touchpoints":1,"over":true}
                """);
        Invocation quality =
                Invocation.of("rules", "quality", "--on", touchpoints.toString(), "--truth", truth.toString());
        assertThat(quality.exit()).isZero();
        assertThat(quality.out().get(0)).startsWith("2 episodes, 2 of them dissatisfied");
        assertThat(line(quality.out(), "complaint").split(" +"))
                .containsExactly("complaint", "1", "100.0", "%", "50.0", "%", "2.0", "h", "2.0", "h");
        assertThat(line(quality.out(), "long-wait").split(" +"))
                .containsExactly("long-wait", "0", "-", "0.0", "%", "-", "-");
        assertThat(line(quality.out(), "csat-drop"))
                .as("episodes are of persons, and it is about none")
                .endsWith(" not judged: about a metric, rules test shows it");
    }

    @Test
    void qualitySaysHowQuicklyPeopleReacted() throws IOException {
        Path truth = Files.writeString(
                directory.resolve("truth.ndjson"),
                """
                {"truth":"touchpoint","touchpoint_id":"t1","person":"P1","episode":"E1","true_time":"2026-01-01T10:00:00Z"}
                {"truth":"episode","episode":"E1","person":"P1","household":"H1","plot":"call","start":"2026-01-01T09:00:00Z","end":"2026-01-02T10:00:00Z","dissatisfaction":0.9,"dissatisfied":true,"touchpoints":1,"over":true}
                """);
        replay(directory.resolve("before"));
        String alert = id(directory.resolve("before"), "complaint");
        Path actions = Files.writeString(
                directory.resolve("actions.ndjson"),
                """
                {"action_id":"x1","verb":"assign","alert_id":"%1$s","at":"2026-01-01T11:30:00Z","by":"ada","assignee":"grace"}
                {"action_id":"x2","verb":"acknowledge","alert_id":"%1$s","at":"2026-01-01T12:00:00Z","by":"grace"}
                {"action_id":"x3","verb":"resolve","alert_id":"%1$s","at":"2026-01-01T14:00:00Z","by":"grace"}
                """
                        .formatted(alert));

        Invocation quality = Invocation.of(
                "rules",
                "quality",
                "--on",
                touchpoints.toString(),
                "--truth",
                truth.toString(),
                "--actions",
                actions.toString());

        assertThat(quality.exit()).isZero();
        List<String> reactions = quality.out()
                .subList(
                        quality.out().indexOf("How quickly people reacted, from when an alert opened"),
                        quality.out().size());
        assertThat(line(reactions, "complaint").split(" +"))
                .containsExactly("complaint", "error", "1", "1", "30.0", "min", "1", "3.0", "h");
        assertThat(line(reactions, "any rule").split(" +"))
                .as("a promise was broken as well, and nobody reacted")
                .containsExactly("any", "rule", "error", "2", "1", "30.0", "min", "1", "3.0", "h");
    }

    /** Otherwise rules that saw nothing would look like rules that find nothing. */
    @Test
    void qualitySaysThatRecordsWereLeftOut() throws IOException {
        Path truth = Files.writeString(
                directory.resolve("truth.ndjson"),
                """
                {"truth":"touchpoint","touchpoint_id":"t2","person":"P1","episode":"E1","true_time":"2026-01-01T11:00:00Z"}
                {"truth":"episode","episode":"E1","person":"P1","household":"H1","plot":"call","start":"2026-01-01T09:00:00Z","end":"2026-01-02T10:00:00Z","dissatisfaction":0.9,"dissatisfied":true,"touchpoints":1,"over":true}
                """);
        Files.writeString(touchpoints, TOUCHPOINTS.replace("\"topic\"", "\"theme\""));

        Invocation quality =
                Invocation.of("rules", "quality", "--on", touchpoints.toString(), "--truth", truth.toString());

        assertThat(quality.exit()).isZero();
        assertThat(quality.err())
                .containsExactly(
                        "rules quality: left out, since they cannot count: 1 of the records; throughline replay says why");
    }

    private static String line(List<String> lines, String rule) {
        return lines.stream()
                .filter(line -> line.startsWith(rule + " "))
                .findFirst()
                .orElseThrow();
    }

    private void replay(Path result, String... more) {
        List<String> words =
                new ArrayList<>(List.of("replay", "--input", touchpoints.toString(), "--out", result.toString()));
        words.addAll(List.of(more));
        assertThat(Invocation.of(words.toArray(String[]::new)).exit()).isZero();
    }

    private static String id(Path result, String rule) throws IOException {
        return Files.readAllLines(result.resolve("alerts.ndjson")).stream()
                .filter(line -> line.contains("\"rule_id\":\"" + rule + "\""))
                .map(line -> line.replaceAll(".*\"alert_id\":\"([^\"]+)\".*", "$1"))
                .findFirst()
                .orElseThrow();
    }
}
