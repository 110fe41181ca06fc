package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.dashboard.know.RuleDescription;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardCommandTest {

    @TempDir
    Path directory;

    @Test
    void othersThanThisMachineNeedAccess() {
        Invocation dashboard = Invocation.of("dashboard", "--host", "0.0.0.0");

        assertThat(dashboard.exit()).isEqualTo(2);
        assertThat(dashboard.err()).singleElement().asString().contains("without a login", "dashboard.access");
    }

    @Test
    void accessWithoutAnAuditLogIsAFaultOfTheConfiguration() throws IOException {
        Invocation dashboard = Invocation.of(
                "dashboard",
                "--config",
                config("dashboard: {access: {mode: proxy, public_url: 'https://cx', roles: {viewer: ['*']}}}"));

        assertThat(dashboard.exit()).isEqualTo(2);
        assertThat(dashboard.err()).anyMatch(line -> line.contains("dashboard.audit_log"));
    }

    @Test
    void anAuditLogThatCannotBeWrittenKeepsTheDoorShut() throws IOException {
        Invocation dashboard = Invocation.of(
                "dashboard",
                "--port",
                "0",
                "--host",
                "0.0.0.0",
                "--config",
                config("dashboard: {audit_log: '" + directory.resolve("no/such/directory/audit")
                        + "', access: {mode: proxy, public_url: 'https://cx', roles: {viewer: ['*']}}}"));

        assertThat(dashboard.exit()).isEqualTo(1);
        assertThat(dashboard.err())
                .anyMatch(line -> line.startsWith("The audit log ") && line.contains("cannot be written"));
    }

    @Test
    void aTakenPortIsSaidInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Invocation dashboard = Invocation.of("dashboard", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(dashboard.exit()).isEqualTo(1);
            assertThat(dashboard.err()).last().asString().contains("cannot be opened (is it in use?)");
        }
    }

    @Test
    void aPasswordOnTheCommandLineIsRefused() {
        Invocation dashboard = Invocation.of("dashboard", "--elasticsearch", "http://joe:hush@localhost:9200");

        assertThat(dashboard.exit()).isEqualTo(2);
        assertThat(dashboard.err())
                .singleElement()
                .asString()
                .contains("must not contain")
                .doesNotContain("hush");
    }

    @Test
    void rulesAreSaidInWords() {
        List<RuleDescription> rules = RuleWords.of(AlertConfig.DEFAULTS, "the defaults");

        assertThat(rules)
                .filteredOn(rule -> rule.ruleId().equals("repeated-errors"))
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.condition()).isEqualTo("3 times within 10 min: error");
                    assertThat(rule.coolDown()).isEqualTo("1 h");
                });
        assertThat(rules)
                .filteredOn(rule -> rule.ruleId().equals("detractor"))
                .extracting(RuleDescription::condition)
                .containsExactly("answer to NPS, satisfaction at most 60 %, satisfaction above 30 %");
    }

    @Test
    void expressionsOfTheLibraryAreSaidInWordsAndKeptAsTheyAreWritten() {
        List<RuleDescription> rules = RuleWords.of(Settings.defaults().alert(), "mine");

        assertThat(rules)
                .filteredOn(rule -> rule.ruleId().equals("rage-at-checkout"))
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.condition())
                            .isEqualTo(
                                    "2 times within 10 min: error or rage click (where touchpoint begins with checkout)");
                    assertThat(rule.expressions()).containsExactly("touchpoint.touchpoint.startsWith('checkout')");
                });
        assertThat(rules).extracting(RuleDescription::condition).noneMatch(words -> words.contains("touchpoint."));
    }

    @Test
    void anExpressionThatIsNotSimpleStandsApartFromTheWords() {
        Settings settings = Settings.parse(
                "test",
                """
                alert:
                  rules:
                    a: {title: A, severity: info, expectation: speed,
                        match: {kinds: [message], when: "touchpoint.topic.matches('^bill.*')"}}
                """,
                Map.of());

        assertThat(RuleWords.of(settings.alert(), "mine"))
                .filteredOn(rule -> rule.source().equals("mine"))
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.condition()).isEqualTo("message (where its expression holds)");
                    assertThat(rule.expressions()).containsExactly("touchpoint.topic.matches('^bill.*')");
                });
    }

    @Test
    void rulesOfTheLibraryAreNotSaidToStandInTheConfiguration() {
        Settings settings = Settings.parse(
                "test",
                "alert: {rules: {long-wait: {version: 2, title: Waited, match: {wait_above: 5 min}}}}",
                Map.of());

        Map<String, RuleDescription> rules = RuleWords.of(settings.alert(), "mine").stream()
                .collect(Collectors.toMap(RuleDescription::ruleId, Function.identity()));

        assertThat(rules.get("long-wait").source()).isEqualTo("mine");
        assertThat(rules.get("complaint").source()).isEqualTo("library");
        assertThat(rules.get("waiting-adds-up").condition())
                .isEqualTo("sum of wait at least 1 h within 7 d: waited more than 2 min");
        assertThat(rules.get("abandonment-high").condition())
                .isEqualTo("abandonment rate over 1 h at least 15 % with its whole interval, until 10 %,"
                        + " with at least 50 observations, for 10 min");
        assertThat(rules.get("csat-drop").condition())
                .isEqualTo("CSAT of each channel over 24 h worse than over 30 d, interval beyond interval,"
                        + " with at least 30 observations, for 15 min");
    }

    @Test
    void lengthsBelowAMinuteAreSaidInSeconds() {
        Settings settings = Settings.parse(
                "test",
                """
                alert:
                  rules:
                    a: {title: A, severity: info, expectation: speed, match: {wait_above: 5 s}}
                    b: {title: B, severity: info, expectation: speed,
                        aggregate: {match: {wait_above: 5 s}, figure: average, of: wait_ms, within: 1 h, at_least: 90000}}
                """,
                Map.of());

        assertThat(RuleWords.of(settings.alert(), "mine"))
                .filteredOn(rule -> rule.source().equals("mine"))
                .extracting(RuleDescription::condition)
                .containsExactly(
                        "waited more than 5 s", "average of wait at least 90 s within 1 h: waited more than 5 s");
    }

    @Test
    void aRuleOnTheExperienceScoreIsSaidInWords() {
        Pattern fallen = new Pattern.Experience(
                20, 30, Duration.ofDays(7).toMillis(), Duration.ofDays(30).toMillis(), ExperienceConfig.DEFAULTS);
        AlertConfig config = Settings.parse("test", "alert: {keep_for: 74 d}", Map.of())
                .alert()
                .withRules(List.of(AlertConfig.DEFAULTS.rules().get(0).looking(fallen)));

        assertThat(RuleWords.of(config, "mine"))
                .extracting(RuleDescription::condition)
                .containsExactly("experience score at least 20 points below its highest of 7 d or at most 30");
    }

    @Test
    void whyIsAnsweredForThePagesAsOnTheCommandLine() throws IOException {
        try (StubIndex index = StubIndex.of("email:Ada@Example.com", "phone:+4930901820")) {
            Settings settings = Settings.parse(
                    "test",
                    "elasticsearch: {urls: ['" + index.url() + "']}\n"
                            + "kafka: {bootstrap_servers: '127.0.0.1:1', registry_url: 'http://127.0.0.1:1'}",
                    Map.of());
            var answer = new ObjectMapper()
                    .readTree(new IndexedExplaining(
                                    settings, settings.elasticsearch().connection())
                            .explain("email:ada@example.com", "phone:+49 30 901820"));

            assertThat(answer.path("answer").asText()).isEqualTo("one_customer");
            assertThat(answer.path("path").get(0).path("touchpoint_id").asText())
                    .isEqualTo("t-1");
        }
    }

    private String config(String yaml) throws IOException {
        return Files.writeString(directory.resolve("throughline.yaml"), yaml).toString();
    }
}
