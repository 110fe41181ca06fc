package io.throughline.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRuleSet;
import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.CaseOutput.Answer;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.Backend;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.settings.AlertRuleFile;
import io.throughline.pipeline.wire.PublishedRule;
import io.throughline.pipeline.wire.RuleError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules that change while the job runs, in Flink's own harness, on either backend. */
@ParameterizedClass
@EnumSource(Backend.class)
class ChangingRulesTest {
    private static final long START = 1_795_392_000_000L;

    private final Backend backend;
    private AlertConfig files = AlertConfig.DEFAULTS.withRules(List.of());

    private KeyedTwoInputStreamOperatorTestHarness<String, Attribution, PublishedRule, Alert> harness;
    private RuledFunction<String, AlertState, Attribution> function;

    ChangingRulesTest(Backend backend) {
        this.backend = backend;
    }

    @BeforeEach
    void open() throws Exception {
        harness = started(null);
        harness.processBothWatermarks(new Watermark(START));
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aRuleThatIsPublishedJudgesFromItsTimeOn() throws Exception {
        seen("t1", START + 5, "return");
        published("returns", 1, START + 10, "{title: Returns, match: {kinds: [return]}}");
        seen("t2", START + 9, "return");
        seen("t3", START + 10, "return");
        assertThat(alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.ruleId()).isEqualTo("returns");
            assertThat(alert.evidence().get(0).touchpointId()).isEqualTo("t3");
        });
        assertThat(answers()).singleElement().satisfies(answer -> {
            assertThat(answer.actionId()).isEqualTo("returns@1");
            assertThat(answer.taken()).isTrue();
        });
    }

    @Test
    void aVersionThatCannotBeUsedSaysWhyAndTheOneBeforeGoesOn() throws Exception {
        published("returns", 1, START, "{title: Returns, match: {kinds: [return]}}");
        published(
                "returns", 2, START + 1, "{title: Returns, match: {kinds: [return], when: touchpoint.colour == 'x'}}");
        published("returns", 3, START - 5, "{title: Returns, match: {kinds: [refund]}}");
        seen("t1", START + 20, "return");
        assertThat(alerts()).singleElement().satisfies(alert -> assertThat(alert.ruleVersion())
                .isEqualTo(1));
        assertThat(answers()).extracting(Answer::taken).containsExactly(true, false, false);
        assertThat(answers().get(1).because())
                .contains("undeclared reference to 'touchpoint")
                .contains("(line 2, column");
        assertThat(answers().get(2).because())
                .contains("version 3 must judge from a later time than the version before");
    }

    @Test
    void aVersionThatIsDisabledEndsTheRuleAndLeavesItsAlerts() throws Exception {
        published("returns", 1, START, "{title: Returns, match: {kinds: [return]}, cool_down: 0 s}");
        seen("t1", START + 1, "return");
        published("returns", 2, START + 10, "{title: Returns, mode: disabled, match: {kinds: [return]}}");
        seen("t2", START + 20, "return");
        assertThat(alerts()).extracting(Alert::status).containsExactly(Alert.Status.OPEN);
    }

    @Test
    void aVersionThatIsTakenBackRetractsItsAlertsAndIsForgottenEverywhere() throws Exception {
        published("returns", 1, START, "{title: Returns, match: {kinds: [return]}}");
        seen("t1", START + 1, "return");
        harness.snapshot(1, 1);
        assertThat(remembered()).isPositive();
        harness.processElement2(new StreamRecord<>(new PublishedRule("returns", 1, 0, "")));
        assertThat(alerts()).last().satisfies(alert -> {
            assertThat(alert.status()).isEqualTo(Alert.Status.RETRACTED);
            assertThat(alert.retractedBecause()).isEqualTo("rule returns is no longer configured");
        });
        seen("t2", START + 2, "return");
        assertThat(alerts()).hasSize(2);
        // What is left is what was said: that it was retracted.
        harness.processBothWatermarks(new Watermark(START + Duration.ofDays(50).toMillis()));
        harness.snapshot(2, 2);
        assertThat(remembered()).isZero();
    }

    private static final String UNANSWERED = "{title: Unanswered, absence: {after: {kinds: [complaint]},"
            + " of: {direction: any, kinds: [call_answered]}, within: 1 h}}";

    @Test
    void aRuleThatIsPublishedWaitsForWhatIsMissingWithoutAFurtherTouchpoint() throws Exception {
        published("complaints", 1, START, "{title: Complaint, match: {kinds: [complaint]}}");
        seen("t1", START + 1, "complaint");
        published("unanswered", 1, START, UNANSWERED);
        harness.processBothWatermarks(new Watermark(START + Duration.ofHours(2).toMillis()));
        assertThat(alerts()).extracting(Alert::ruleId).containsExactly("complaints", "unanswered");
    }

    @Test
    void whatWaitedWhenAnInputEndedWaitsAgainFromTheNextTouchpointOnWhateverThatIs() throws Exception {
        published("unanswered", 1, START, UNANSWERED);
        seen("t1", START + 1, "complaint");
        harness.processBothWatermarks(Watermark.MAX_WATERMARK);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        assertThat(alerts()).isEmpty();
        harness.close();
        harness = started(snapshot);
        harness.processBothWatermarks(new Watermark(START + 5));
        seen("t2", START + 10, "page_view");
        harness.processBothWatermarks(new Watermark(START + Duration.ofHours(2).toMillis()));
        assertThat(alerts()).extracting(Alert::ruleId).containsExactly("unanswered");
    }

    @Test
    void aConditionThatFailsIsCountedForEveryRuleThatHasItAndStopsNoOther() throws Exception {
        String failing = "{title: Dear, match: {kinds: [return], when: \"int(touchpoint.properties.price) > 100\"}}";
        published("dear", 1, START, failing);
        published("dear-too", 1, START, failing);
        published(
                "returns", 1, START, "{title: Returns, match: {kinds: [return], when: touchpoint.channel == 'store'}}");
        harness.processElement1(new StreamRecord<>(new Attribution(
                "c-1",
                Touchpoint.of("t1", START + 1, "store", "return")
                        .properties(Map.of("price", "a lot"))
                        .build(),
                1,
                1)));
        assertThat(alerts()).extracting(Alert::ruleId).containsExactly("returns");
        assertThat(function.failures("dear")).isEqualTo(1);
        assertThat(function.failures("dear-too")).isEqualTo(1);
        assertThat(function.failures("returns")).isZero();
        assertThat(errors()).hasSize(2).allSatisfy(error -> {
            assertThat(error.ruleId()).startsWith("dear");
            assertThat(error.failures()).isEqualTo(1);
            assertThat(error.lastError()).contains("BAD_FORMAT").doesNotContain("a lot");
            assertThat(error.since()).isEqualTo(error.lastAt());
        });
        harness.processElement2(new StreamRecord<>(new PublishedRule("dear", 1, 0, "")));
        harness.processElement2(new StreamRecord<>(new PublishedRule("dear-too", 1, 0, "")));
        seen("t2", START + 11, "return");
        assertThat(errors())
                .as("what failed was taken back")
                .filteredOn(error -> error.failures() == 0)
                .extracting(RuleError::ruleId)
                .containsExactlyInAnyOrder("dear", "dear-too");
    }

    @Test
    void rulesOutliveARestart() throws Exception {
        published("returns", 1, START, "{title: Returns, match: {kinds: [return]}}");
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = started(snapshot);
        harness.processBothWatermarks(new Watermark(START));
        seen("t1", START + 1, "return");
        assertThat(alerts()).hasSize(1);
    }

    /** Accepted by a version of the program that did not look at the name of the metric. */
    private static final String MISSPELT = "{title: Satisfaction fell, metric: {metric_id: cast, at_most: 3}}";

    @Test
    void aStoredVersionThatCanNoLongerBeUsedIsLeftOutAndSaysWhyAndTheOthersGoOn() throws Exception {
        restarted(
                rule("fell", 1, START, MISSPELT),
                rule("returns", 1, START, "{title: Returns, match: {kinds: [return]}}"));
        seen("t1", START + 1, "return");
        seen("t2", START + 2, "return");
        assertThat(alerts()).extracting(Alert::ruleId).contains("returns").doesNotContain("fell");
        assertThat(function.unusable()).isEqualTo(1);
        assertThat(answers()).singleElement().satisfies(answer -> {
            assertThat(answer.actionId()).isEqualTo("fell@1");
            assertThat(answer.taken()).isFalse();
            assertThat(answer.because()).contains("no metric is called cast");
        });
    }

    @Test
    void aScoreThatNeedsMoreThanIsHeldSaysSoAndTheVersionBeforeGoesOn() throws Exception {
        published("drop", 1, START, "{title: Returns, match: {kinds: [return]}}");
        published("drop", 2, START + 1, "{title: Drop, experience: {falls_by: 20}}");
        seen("t1", START + 20, "return");
        assertThat(alerts()).extracting(Alert::ruleVersion).containsExactly(1);
        assertThat(answers()).extracting(Answer::taken).containsExactly(true, false);
        assertThat(answers().get(1).because()).contains("alert.keep_for must be at least 74 d for drop");
    }

    /** Builds before read the file, and its content went into alerts. */
    @Test
    void aStoredVersionThatRefersToAFileIsLeftOutAndTheOneBeforeGoesOn(@TempDir Path directory) throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "s3cr3t");
        restarted(
                rule("returns", 1, START, "{title: Returns, match: {kinds: [return]}}"),
                rule("returns", 2, START + 1, "{title: \"Returns ${file:" + secret + "}\", match: {kinds: [return]}}"));
        seen("t1", START + 20, "return");
        assertThat(alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.ruleVersion()).isEqualTo(1);
            assertThat(alert.toString()).doesNotContain("s3cr3t");
        });
        assertThat(answers()).singleElement().satisfies(answer -> {
            assertThat(answer.taken()).isFalse();
            assertThat(answer.because())
                    .contains("rules.returns.title: ${file:" + secret + "} is read in the configuration alone")
                    .doesNotContain("s3cr3t");
        });
    }

    /** Left out, it would let the version before it judge again. */
    @Test
    void aStoredVersionWithBoundsBetweenWhichNoAnswerLiesStillStandsInPlaceOfTheOneBefore() throws Exception {
        restarted(
                rule("returns", 1, START, "{title: Returns, match: {kinds: [return]}}"),
                rule(
                        "returns",
                        2,
                        START + 10,
                        "{title: Returns, match: {kinds: [return], satisfaction_above: 30, satisfaction_at_most: 30}}"));
        seen("t1", START + 20, "return");
        assertThat(alerts()).isEmpty();
        assertThat(function.unusable()).isZero();
        assertThat(answers()).isEmpty();
    }

    /** It was accepted by a build that did not look. */
    @Test
    void aStoredVersionThatComparesSomethingWithItselfIsStillUsed() throws Exception {
        restarted(rule("fell", 1, START, "{title: Fell, worse: {metric_id: csat, window: 24h, baseline: 24h}}"));
        seen("t1", START + 20, "return");
        assertThat(function.unusable()).isZero();
        assertThat(answers()).isEmpty();
    }

    private static final String RETURNS = "{title: Returns, match: {kinds: [return]}, cool_down: 0 s}";

    @Test
    void aVersionThatWasTakenBackTakesNoRuleOfTheFilesWithIt() throws Exception {
        files(2);
        restarted(new PublishedRule("returns", 2, 0, ""));
        seen("t1", START + 1, "return");
        assertThat(alerts()).singleElement().satisfies(alert -> assertThat(alert.ruleVersion())
                .isEqualTo(2));
    }

    /** The files count on, too, and may come to the number of what was published beside them. */
    @Test
    void aRuleThatWasEndedLeavesItsAlertsWhateverVersionTheFilesComeTo() throws Exception {
        files(1);
        restarted(rule("returns", 2, START + 10, RETURNS.replace("title", "mode: disabled, title")));
        seen("t1", START + 1, "return");
        assertThat(alerts()).hasSize(1);
        for (int version = 2; version < 4; version++) {
            OperatorSubtaskState snapshot = harness.snapshot(version, version);
            harness.close();
            files(version);
            harness = started(snapshot);
            harness.processBothWatermarks(new Watermark(START));
            seen("t-before" + version, START + version, "return");
            seen("t-after" + version, START + 10 + version, "return");
            assertThat(alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.status()).isEqualTo(Alert.Status.OPEN);
                assertThat(alert.openedAt()).isLessThan(START + 10);
                assertThat(alert.ruleVersion()).isEqualTo(1);
            });
            assertThat(function.unusable()).isZero();
        }
    }

    @Test
    void whatAlwaysHeldJudgesTheTimeBeforeWhateverIsPublishedUnderItsNumber() throws Exception {
        for (int version = 1; version < 3; version++) {
            files(version);
            restarted();
            seen("t1", START + 1, "return");
            published("returns", version, START + 10, RETURNS);
            seen("t2", START + 9, "return");
            seen("t3", START + 10, "return");
            harness.processElement2(new StreamRecord<>(new PublishedRule("returns", version, 0, "")));
            seen("t4", START + 11, "return");
            assertThat(alerts()).extracting(Alert::status).containsOnly(Alert.Status.OPEN);
            Map<String, Integer> last = new TreeMap<>();
            for (Alert alert : alerts()) {
                last.put(alert.evidence().get(0).touchpointId(), alert.ruleVersion());
            }
            assertThat(last).isEqualTo(Map.of("t1", version, "t2", version, "t3", version, "t4", version));
            assertThat(alerts())
                    .filteredOn(alert -> alert.evidence().get(0).touchpointId().equals("t2"))
                    .extracting(Alert::ruleVersion)
                    .containsExactly(version - 1, version);
            assertThat(answers()).extracting(Answer::taken).containsOnly(true);
        }
    }

    private void files(int version) {
        files = files.withRules(AlertRuleFile.parse(
                "mine.yaml",
                rule("returns", version, 0, RETURNS).definition().replaceFirst("\\{", "{version: " + version + ", ")));
    }

    @Test
    void rulesArePublishedBesideAStoredVersionThatCanNoLongerBeUsed() throws Exception {
        restarted(rule("fell", 1, START, MISSPELT));
        published("returns", 1, START, "{title: Returns, match: {kinds: [return]}}");
        published("fell", 1, START, MISSPELT);
        published("fell", 2, START + 1, MISSPELT.replace("cast", "csat"));
        seen("t1", START + 2, "return");
        assertThat(alerts()).extracting(Alert::ruleId).containsExactly("returns");
        assertThat(answers()).extracting(Answer::actionId).containsExactly("fell@1", "returns@1", "fell@1", "fell@2");
        assertThat(answers()).extracting(Answer::taken).containsExactly(false, true, false, true);
        harness.processElement2(new StreamRecord<>(new PublishedRule("fell", 1, 0, "")));
        assertThat(function.unusable()).isZero();
    }

    @Test
    void aVersionThatWouldMakeALaterOneUnusableIsRefused() throws Exception {
        published("returns", 3, START + 1, "{title: Returns, match: {kinds: [return]}}");
        published("returns", 2, START + 5, "{title: Returns, match: {kinds: [refund]}}");
        seen("t1", START + 10, "return");
        assertThat(answers()).extracting(Answer::taken).containsExactly(true, false);
        assertThat(answers().get(1).because())
                .contains("version 3 must judge from a later time than the version before");
        assertThat(alerts()).extracting(Alert::ruleVersion).containsExactly(3);
    }

    /** Starts again from a state that holds versions as they are, usable or not. */
    private void restarted(PublishedRule... stored) throws Exception {
        var before = new KeyedTwoInputStreamOperatorTestHarness<String, Attribution, PublishedRule, Alert>(
                new CoBroadcastWithKeyedOperator<>(new StoringUnseen(), List.of(RuledFunction.RULES)),
                Attribution::customerId,
                rule -> "",
                Types.STRING);
        before.setStateBackend(backend.make());
        before.setup(LayoutType.of(Alert.class, AlertLayout.INSTANCE).createSerializer(null));
        before.open();
        for (PublishedRule each : stored) {
            before.processElement2(new StreamRecord<>(each));
        }
        OperatorSubtaskState snapshot = before.snapshot(1, 1);
        before.close();
        harness.close();
        harness = started(snapshot);
        harness.processBothWatermarks(new Watermark(START));
    }

    /** Stores what is published without looking at it. */
    private static final class StoringUnseen
            extends KeyedBroadcastProcessFunction<String, Attribution, PublishedRule, Alert> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(Attribution value, ReadOnlyContext context, Collector<Alert> out) {}

        @Override
        public void processBroadcastElement(PublishedRule published, Context context, Collector<Alert> out)
                throws Exception {
            context.getBroadcastState(RuledFunction.RULES).put(published.key(), published);
        }
    }

    private KeyedTwoInputStreamOperatorTestHarness<String, Attribution, PublishedRule, Alert> started(
            OperatorSubtaskState state) throws Exception {
        function = new RuledFunction<>(
                files, AlertRuleSet::new, LayoutType.state(AlertState.class, AlertStateLayout.INSTANCE), true, false);
        var harness = new KeyedTwoInputStreamOperatorTestHarness<String, Attribution, PublishedRule, Alert>(
                function.operator(), Attribution::customerId, rule -> "", Types.STRING);
        harness.setStateBackend(backend.make());
        harness.setup(LayoutType.of(Alert.class, AlertLayout.INSTANCE).createSerializer(null));
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private void seen(String id, long time, String kind) throws Exception {
        harness.processElement1(new StreamRecord<>(
                new Attribution("c-1", Touchpoint.of(id, time, "store", kind).build(), 1, 1)));
    }

    private void published(String id, int version, long from, String rule) throws Exception {
        harness.processElement2(new StreamRecord<>(rule(id, version, from, rule)));
    }

    private static PublishedRule rule(String id, int version, long from, String rule) {
        return new PublishedRule(id, version, from, "rules:\n  " + id + ": " + rule + "\n");
    }

    private int remembered() {
        return Backend.entries((AbstractStreamOperator<?>) harness.getOperator());
    }

    private List<Alert> alerts() {
        return new ArrayList<>(harness.extractOutputValues());
    }

    private List<RuleError> errors() {
        Queue<StreamRecord<RuleError>> records = harness.getSideOutput(RuledFunction.ERRORS);
        return records == null
                ? List.of()
                : records.stream().map(StreamRecord::getValue).toList();
    }

    private List<Answer> answers() {
        Queue<StreamRecord<Answer>> records = harness.getSideOutput(RuledFunction.ANSWERS);
        return records == null
                ? List.of()
                : records.stream().map(StreamRecord::getValue).toList();
    }
}
