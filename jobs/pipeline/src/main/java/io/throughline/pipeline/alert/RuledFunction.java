package io.throughline.pipeline.alert;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.CaseOutput.Answer;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Ruled;
import io.throughline.domain.stage.Step;
import io.throughline.pipeline.kit.WakeUp;
import io.throughline.pipeline.rules.CelCondition;
import io.throughline.pipeline.settings.AlertRuleFile;
import io.throughline.pipeline.settings.SettingsException;
import io.throughline.pipeline.wire.PublishedRule;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, wakes up and forwards, as {@link io.throughline.pipeline.kit.KeyedRuleFunction} does, by rules that change while
 * it runs. A version that cannot be used is answered why, and those before it go on.
 *
 * @param <K> key
 * @param <S> state of one key
 * @param <I> input
 */
final class RuledFunction<K, S, I> extends KeyedBroadcastProcessFunction<K, I, PublishedRule, Alert> {
    private static final long serialVersionUID = 1;

    /** Versions as they were published, those taken back included. */
    static final MapStateDescriptor<String, PublishedRule> RULES =
            new MapStateDescriptor<>("alert-rules", Types.STRING, PublishedRule.RuleLayout.TYPE);

    static final OutputTag<Answer> ANSWERS = new OutputTag<>("answers", CaseLayouts.AnswerLayout.TYPE);

    /** Makes what judges by a configuration. */
    interface Maker<S, I> extends Serializable {
        Ruled<S, I> by(AlertConfig config);
    }

    private final AlertConfig config;
    private final Maker<S, I> maker;
    private final TypeInformation<S> stateType;
    private final boolean answers;

    private transient @Nullable Ruled<S, I> rule;

    @SuppressWarnings("NullAway.Init")
    private transient ValueState<S> state;

    @SuppressWarnings("NullAway.Init")
    private transient ValueState<Long> wakeAt;

    @SuppressWarnings("NullAway.Init")
    private transient ValueStateDescriptor<S> descriptor;

    /** By rule: its conditions, whose failures are counted. */
    @SuppressWarnings("NullAway.Init")
    private transient Map<String, List<CelCondition>> conditions;

    @SuppressWarnings("NullAway.Init")
    private transient TreeSet<String> gauged;

    /** @param answers whether this is the one of several operators by the same rules that answers for them */
    RuledFunction(AlertConfig config, Maker<S, I> maker, TypeInformation<S> stateType, boolean answers) {
        this.config = config;
        this.maker = maker;
        this.stateType = stateType;
        this.answers = answers;
    }

    @Override
    public void open(OpenContext context) {
        descriptor = new ValueStateDescriptor<>("state", stateType);
        state = getRuntimeContext().getState(descriptor);
        wakeAt = getRuntimeContext().getState(new ValueStateDescriptor<>("wake-at", Types.LONG));
        conditions = new ConcurrentSkipListMap<>();
        gauged = new TreeSet<>();
    }

    @Override
    public void processElement(I input, ReadOnlyContext context, Collector<Alert> out) throws Exception {
        long now = context.timerService().currentWatermark();
        apply(rule(context.getBroadcastState(RULES)).on(state.value(), input, now), context, out);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        long now = context.timerService().currentWatermark();
        if (now == Long.MAX_VALUE) {
            return;
        }
        Long due = wakeAt.value();
        if (due != null && due == timestamp) {
            wakeAt.clear();
            apply(rule(context.getBroadcastState(RULES)).wake(state.value(), now), context, out);
        }
    }

    @Override
    public void processBroadcastElement(PublishedRule published, Context context, Collector<Alert> out)
            throws Exception {
        BroadcastState<String, PublishedRule> rules = context.getBroadcastState(RULES);
        PublishedRule before = rules.get(published.key());
        if (published.equals(before)) {
            return;
        }
        rules.put(published.key(), published);
        try {
            use(config(rules));
        } catch (IllegalArgumentException | SettingsException e) {
            if (before == null) {
                rules.remove(published.key());
            } else {
                rules.put(published.key(), before);
            }
            answer(published, String.valueOf(e.getMessage()), context);
            return;
        }
        answer(published, null, context);
        Ruled<S, I> now = rule(rules);
        // No timer can be set here. Each key has one for what it remembers; it asks for its next then.
        context.applyToKeyedState(descriptor, (key, of) -> {
            S value = of.value();
            if (value != null) {
                Step<S, Alert> step = now.ruled(value, context.currentWatermark());
                step.out().forEach(out::collect);
                if (step.state() == null) {
                    of.clear();
                } else {
                    of.update(step.state());
                }
            }
        });
    }

    /** All tasks come to the same; one of them says it. */
    private void answer(PublishedRule published, @Nullable String because, Context context) {
        if (answers && getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            context.output(
                    ANSWERS,
                    new Answer(
                            published.key(),
                            "",
                            because == null,
                            because,
                            published.version(),
                            published.effectiveFrom()));
        }
    }

    private Ruled<S, I> rule(ReadOnlyBroadcastState<String, PublishedRule> rules) throws Exception {
        Ruled<S, I> known = rule;
        return known != null ? known : use(config(rules));
    }

    private Ruled<S, I> use(AlertConfig changed) {
        Ruled<S, I> made = maker.by(changed);
        rule = made;
        conditions.clear();
        for (AlertRule each : changed.rules()) {
            for (Match match : each.pattern().roles()) {
                if (match.when() instanceof CelCondition condition) {
                    conditions
                            .computeIfAbsent(each.ruleId(), id -> new ArrayList<>())
                            .add(condition);
                }
            }
        }
        for (String ruleId : conditions.keySet()) {
            if (gauged.add(ruleId)) {
                getRuntimeContext().getMetricGroup().addGroup("rule", ruleId).gauge("failures", () -> failures(ruleId));
            }
        }
        return made;
    }

    /**
     * How often a condition of the rule could not be evaluated. One that several rules have is evaluated once for all of them, and
     * fails for each.
     */
    long failures(String ruleId) {
        Set<CelCondition> own = new HashSet<>(conditions.getOrDefault(ruleId, List.of()));
        return conditions.values().stream()
                .flatMap(List::stream)
                .filter(own::contains)
                .mapToLong(CelCondition::failures)
                .sum();
    }

    private AlertConfig config(ReadOnlyBroadcastState<String, PublishedRule> rules) throws Exception {
        TreeMap<String, TreeMap<Integer, PublishedRule>> byId = new TreeMap<>();
        for (Map.Entry<String, PublishedRule> entry : rules.immutableEntries()) {
            PublishedRule published = entry.getValue();
            byId.computeIfAbsent(published.ruleId(), id -> new TreeMap<>()).put(published.version(), published);
        }
        return config.withRules(merged(
                config.rules(),
                byId.values().stream()
                        .flatMap(versions -> versions.values().stream())
                        .toList()));
    }

    /** @param published by rule, then version */
    static List<AlertRule> merged(List<AlertRule> rules, List<PublishedRule> published) {
        List<AlertRule> merged = rules;
        for (PublishedRule each : published) {
            merged = each.takenBack()
                    ? merged.stream()
                            .filter(rule -> !(rule.ruleId().equals(each.ruleId()) && rule.version() == each.version()))
                            .toList()
                    : AlertRuleFile.merged(
                            merged,
                            List.of(AlertRuleFile.version(
                                    each.key(),
                                    each.ruleId(),
                                    each.version(),
                                    each.effectiveFrom(),
                                    each.definition())));
        }
        return merged;
    }

    private void apply(Step<S, Alert> step, ReadOnlyContext context, Collector<Alert> out) throws Exception {
        step.out().forEach(out::collect);
        S next = step.state();
        if (next == null) {
            state.clear();
        } else {
            state.update(next);
        }
        new WakeUp(wakeAt).set(next == null ? Step.NEVER : step.wakeAt(), context.timerService());
    }
}
