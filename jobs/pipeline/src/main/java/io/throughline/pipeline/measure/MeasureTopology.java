package io.throughline.pipeline.measure;

import io.throughline.domain.measure.AnswerInput;
import io.throughline.domain.measure.AnswerRule;
import io.throughline.domain.measure.AnswerState;
import io.throughline.domain.measure.ExpectationRule;
import io.throughline.domain.measure.ExpectationState;
import io.throughline.domain.measure.Fact;
import io.throughline.domain.measure.Facts;
import io.throughline.domain.measure.GuardRule;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.measure.PastExpectation;
import io.throughline.domain.measure.PastExpectationRule;
import io.throughline.domain.measure.PlacedAnswer;
import io.throughline.domain.measure.Places;
import io.throughline.domain.measure.SeriesInput;
import io.throughline.domain.measure.SeriesOutput;
import io.throughline.domain.measure.SeriesRule;
import io.throughline.domain.measure.SeriesState;
import io.throughline.domain.measure.Subtotal;
import io.throughline.domain.measure.VisitFacts;
import io.throughline.domain.measure.VisitInput;
import io.throughline.domain.measure.VisitRule;
import io.throughline.domain.measure.VisitState;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.pipeline.kit.KeyedRuleFunction;
import io.throughline.pipeline.kit.KeyedRuleFunction.Forward;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.sessionize.SessionizeTopology.Sessionized;
import io.throughline.pipeline.wire.TextLayout;
import java.io.Serializable;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * What happened to customers in; rolling metrics out, restated when what happened is corrected.
 *
 * <pre>
 * touchpoints, sessions, issues -> facts, summed -> guard -> series -> values -> expectations
 * answers, what they are about -> answers placed -^ |
 *     sessions, answers -> visits -> facts, summed -^   \-> others -^       \-> expectations of the past
 * </pre>
 */
public final class MeasureTopology {

    private static final LayoutType<Subtotal> SUBTOTALS = LayoutType.of(Subtotal.class, SubtotalLayout.INSTANCE);
    private static final LayoutType<SeriesInput> INPUTS = LayoutType.of(SeriesInput.class, SeriesInputLayout.INSTANCE);
    private static final LayoutType<MetricValue> VALUES = LayoutType.of(MetricValue.class, MetricValueLayout.INSTANCE);
    private static final OutputTag<SeriesInput> OF_OTHERS = new OutputTag<>("of-others", INPUTS);
    private static final OutputTag<SeriesInput> HANDED_OVER = new OutputTag<>("handed-over", INPUTS);

    /**
     * @param current what is so now, as it is known; what alerts look at
     * @param documents the same, with the corrections of history: of each slot the newest revision is what it says. While
     *     event time passes fast, not all that is said of a slot
     */
    public record Measured(DataStream<MetricValue> current, DataStream<MetricValue> documents) {}

    /** @param retentionMs how long after its event time a session can be corrected */
    public static Measured measure(
            DataStream<Attribution> attributions, Sessionized sessionized, MeasureConfig config, long retentionMs) {
        Facts facts = new Facts(config);
        DataStream<PlacedAnswer> placed = place(attributions, sessionized, retentionMs);
        DataStream<Fact> compared = compare(attributions, placed, sessionized, config, retentionMs);
        SingleOutputStreamOperator<SeriesInput> guarded = new KeyedRuleFunction<
                        String, Places, Subtotal, SeriesInput, SeriesInput>(
                        new GuardRule(config),
                        LayoutType.state(Places.class, PlacesLayout.INSTANCE),
                        (input, own, side) -> {
                            if (GuardRule.isOfOthers(input)) {
                                side.put(OF_OTHERS, input);
                            } else {
                                own.collect(input);
                            }
                        })
                .over(
                        sum("touchpoint", attributions, facts::find, config)
                                .union(
                                        sum("answer", placed, facts::findAnswer, config),
                                        sum("session", sessionized.sessionChanges(), facts::find, config),
                                        sum("issue", sessionized.issueChanges(), facts::find, config),
                                        sum("journey", sessionized.journeyChanges(), facts::find, config),
                                        sum("visit", compared, (fact, sums) -> sums.add(fact), config))
                                .keyBy(GuardRule::key, TextLayout.KEY),
                        "measure-guard",
                        INPUTS);
        SingleOutputStreamOperator<MetricValue> own = roll("measure-series", guarded, config);
        DataStream<SeriesInput> ofOthers = guarded.getSideOutput(OF_OTHERS).union(own.getSideOutput(HANDED_OVER));
        SingleOutputStreamOperator<MetricValue> shared = roll("measure-others", ofOthers, config);
        ExpectationRule rule = new ExpectationRule(config);
        DataStream<MetricValue> expectations = score(
                only("measure-series-components", own, rule::takes)
                        .union(only("measure-others-components", shared, rule::takes)),
                rule);
        if (!config.history()) {
            DataStream<MetricValue> values = own.union(shared, expectations);
            return new Measured(values, values);
        }
        DataStream<MetricValue> past = scorePast(
                only("measure-series-past-components", own, rule::takesForHistory)
                        .union(only("measure-others-past-components", shared, rule::takesForHistory)),
                config);
        DataStream<MetricValue> betweenSlots =
                only("measure-between-slots", expectations, value -> !rule.isOfHistory(value));
        return new Measured(
                only("measure-series-current", own, MetricValue::isCurrent)
                        .union(only("measure-others-current", shared, MetricValue::isCurrent), expectations),
                paced("measure-series-paced", own, config)
                        .union(
                                paced("measure-others-paced", shared, config),
                                paced(
                                        "measure-expectations-paced",
                                        betweenSlots.union(past).keyBy(MetricValue::seriesId, TextLayout.KEY),
                                        config)));
    }

    /** Where the values are made: what is left out crosses no network. */
    private static DataStream<MetricValue> only(
            String name, DataStream<MetricValue> values, FilterFunction<MetricValue> which) {
        return values.filter(which).name(name).uid(name);
    }

    /** All values of one document have to come by the same task. */
    private static DataStream<MetricValue> paced(String name, DataStream<MetricValue> values, MeasureConfig config) {
        return values.transform(name, VALUES, new PacingOperator(config.publishEveryMs()))
                .uid(name);
    }

    private static <T> SingleOutputStreamOperator<Subtotal> sum(
            String what, DataStream<T> happened, SubtotalOperator.FactsOf<T> factsOf, MeasureConfig config) {
        String name = "measure-" + what + "-facts";
        return happened.transform(name, SUBTOTALS, new SubtotalOperator<>(factsOf, config))
                .uid(name);
    }

    /** The answers that name the touchpoint they are about, where that was. */
    private static DataStream<PlacedAnswer> place(
            DataStream<Attribution> attributions, Sessionized sessionized, long retentionMs) {
        LayoutType<AnswerInput> inputs = LayoutType.of(AnswerInput.class, AnswerInputLayout.INSTANCE);
        DataStream<AnswerInput> given = attributions
                .flatMap(
                        (Attribution attribution, Collector<AnswerInput> out) -> {
                            Survey survey = attribution.touchpoint().survey();
                            if (survey != null && survey.asksAboutTouchpoint()) {
                                out.collect(new AnswerInput.Given(attribution));
                            }
                        },
                        inputs)
                .name("measure-answers-given")
                .uid("measure-answers-given");
        DataStream<AnswerInput> places = sessionized
                .answerPlaces()
                .map(AnswerInput.Placed::new, inputs)
                .name("measure-answers-about")
                .uid("measure-answers-about");
        return new KeyedRuleFunction<String, AnswerState, AnswerInput, PlacedAnswer, PlacedAnswer>(
                        new AnswerRule(retentionMs),
                        LayoutType.state(AnswerState.class, AnswerStateLayout.INSTANCE),
                        Forward.all())
                .over(
                        given.union(places).keyBy(AnswerInput::touchpointId, TextLayout.KEY),
                        "measure-answers-placed",
                        LayoutType.of(PlacedAnswer.class, PlacedAnswerLayout.INSTANCE));
    }

    private static DataStream<Fact> compare(
            DataStream<Attribution> attributions,
            DataStream<PlacedAnswer> placed,
            Sessionized sessionized,
            MeasureConfig config,
            long retentionMs) {
        VisitFacts facts = new VisitFacts(config);
        LayoutType<VisitInput> inputs = LayoutType.of(VisitInput.class, VisitInputLayout.INSTANCE);
        // Each by itself: a union would make whoever takes both a task of its own.
        DataStream<VisitInput> answers = answers("measure-answers", attributions, facts::of, inputs)
                .union(answers("measure-answers-compared", placed, facts::of, inputs));
        DataStream<VisitInput> visits = sessionized
                .sessionChanges()
                .flatMap((SessionChange change, Collector<VisitInput> out) -> collect(facts.of(change), out), inputs)
                .name("measure-visits")
                .uid("measure-visits");
        return new KeyedRuleFunction<String, VisitState, VisitInput, Fact, Fact>(
                        new VisitRule(config, retentionMs),
                        LayoutType.state(VisitState.class, VisitStateLayout.INSTANCE),
                        Forward.all())
                .over(
                        answers.union(visits).keyBy(VisitInput::customerId, TextLayout.KEY),
                        "measure-compare-visits",
                        LayoutType.of(Fact.class, FactLayout.INSTANCE));
    }

    /** What a stage compares with sessions. */
    private interface Compared<T> extends Serializable {
        @Nullable
        VisitInput of(T answer);
    }

    private static <T> DataStream<VisitInput> answers(
            String name, DataStream<T> given, Compared<T> compared, LayoutType<VisitInput> inputs) {
        return given.flatMap((T answer, Collector<VisitInput> out) -> collect(compared.of(answer), out), inputs)
                .name(name)
                .uid(name);
    }

    private static void collect(@Nullable VisitInput input, Collector<VisitInput> out) {
        if (input != null) {
            out.collect(input);
        }
    }

    private static SingleOutputStreamOperator<MetricValue> roll(
            String name, DataStream<SeriesInput> inputs, MeasureConfig config) {
        return new KeyedRuleFunction<String, SeriesState, SeriesInput, SeriesOutput, MetricValue>(
                        new SeriesRule(config),
                        LayoutType.state(SeriesState.class, SeriesStateLayout.INSTANCE),
                        (output, values, side) -> {
                            if (output instanceof SeriesOutput.Published published) {
                                values.collect(published.value());
                            } else if (output instanceof SeriesOutput.HandedOver handedOver) {
                                side.put(HANDED_OVER, handedOver.inheritance());
                            }
                        })
                .withBusyKeys()
                .over(inputs.keyBy(SeriesInput::seriesKey, TextLayout.KEY), name, VALUES);
    }

    private static DataStream<MetricValue> scorePast(DataStream<MetricValue> values, MeasureConfig config) {
        return new KeyedRuleFunction<String, PastExpectation, MetricValue, MetricValue, MetricValue>(
                        new PastExpectationRule(config),
                        LayoutType.state(PastExpectation.class, PastExpectationLayout.INSTANCE),
                        Forward.all())
                .over(values.keyBy(PastExpectationRule::key, TextLayout.KEY), "measure-past-expectations", VALUES);
    }

    private static DataStream<MetricValue> score(DataStream<MetricValue> values, ExpectationRule rule) {
        return new KeyedRuleFunction<String, ExpectationState, MetricValue, MetricValue, MetricValue>(
                        rule, LayoutType.state(ExpectationState.class, ExpectationStateLayout.INSTANCE), Forward.all())
                .over(values.keyBy(ExpectationRule::key, TextLayout.KEY), "measure-expectations", VALUES);
    }

    private MeasureTopology() {}
}
