package io.throughline.pipeline.alert;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.CaseOutput.Answer;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Ruled;
import io.throughline.domain.stage.Step;
import io.throughline.pipeline.alert.UsableRules.Unusable;
import io.throughline.pipeline.kit.Kept;
import io.throughline.pipeline.kit.KeptStates;
import io.throughline.pipeline.kit.KeyedOperators;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.kit.OperatorMetrics;
import io.throughline.pipeline.kit.RememberingOverruled;
import io.throughline.pipeline.rules.CelCondition;
import io.throughline.pipeline.wire.PublishedRule;
import io.throughline.pipeline.wire.RuleError;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, wakes up and forwards, as {@link io.throughline.pipeline.kit.KeyedRuleFunction} does, by rules that change while
 * it runs. A version that cannot be used is answered why, and those before it go on; so is one that was stored and no longer
 * can be used.
 *
 * @param <K> key
 * @param <S> state of one key
 * @param <I> input
 */
final class RuledFunction<K, S, I> extends KeyedBroadcastProcessFunction<K, I, PublishedRule, Alert>
        implements RememberingOverruled {
    private static final long serialVersionUID = 1;

    /** Versions as they were published, those taken back included. */
    static final MapStateDescriptor<String, PublishedRule> RULES =
            new MapStateDescriptor<>("alert-rules", Types.STRING, PublishedRule.RuleLayout.TYPE);

    static final OutputTag<Answer> ANSWERS = new OutputTag<>("answers", CaseLayouts.AnswerLayout.TYPE);

    /** Of rules whose conditions fail; only of the operator that answers. */
    static final OutputTag<RuleError> ERRORS = new OutputTag<>("errors", RuleError.ErrorLayout.TYPE);

    /** Makes what judges by a configuration. */
    interface Maker<S, I> extends Serializable {
        Ruled<S, I> by(AlertConfig config);
    }

    private final AlertConfig config;
    private final Maker<S, I> maker;
    private final LayoutType<S> stateType;
    private final boolean answers;
    private final boolean looksAgain;

    private transient @Nullable Ruled<S, I> rule;

    /** Stored versions that are left out, by {@link PublishedRule#key}; another map where it changes, for a gauge reads it. */
    private transient volatile Map<String, Unusable> unusable = Map.of();

    @SuppressWarnings("NullAway.Init")
    private transient KeyContext keys;

    @SuppressWarnings("NullAway.Init")
    private transient TimerService timers;

    private transient boolean backendHoldsBytes;

    @SuppressWarnings("NullAway.Init")
    private transient KeptStates<S> states;

    @SuppressWarnings("NullAway.Init")
    private transient FailingRules failing;

    @SuppressWarnings("NullAway.Init")
    private transient TreeSet<String> gauged;

    /**
     * @param answers whether this is the one of several operators by the same rules that answers for them
     * @param looksAgain whether every key is judged once after a restart, by rules of files that may have changed: where keys
     *     are few, and what is judged may stay as it is for hours
     */
    RuledFunction(AlertConfig config, Maker<S, I> maker, LayoutType<S> stateType, boolean answers, boolean looksAgain) {
        this.config = config;
        this.maker = maker;
        this.stateType = stateType;
        this.answers = answers;
        this.looksAgain = looksAgain;
    }

    /** Of two inputs: what is judged, by key, and the rules, all of which every task gets. */
    TwoInputStreamOperator<I, PublishedRule, Alert> operator() {
        return KeyedOperators.of(this, List.of(RULES));
    }

    @Override
    public void remembers(KeyContext context, boolean holdsBytes) {
        keys = context;
        backendHoldsBytes = holdsBytes;
    }

    @Override
    public void setsTimers(TimerService service) {
        timers = service;
    }

    @Override
    public void goesOn(long now, AllKeys all) throws Exception {
        if (looksAgain) {
            states.wakeAll(all, now, timers);
        }
    }

    @Override
    public void settle() throws Exception {
        states.settle();
    }

    @Override
    public void close() {
        if (states != null) {
            states.forget();
        }
    }

    @Override
    public void open(OpenContext context) {
        states = new KeptStates<>(stateType, getRuntimeContext(), keys, backendHoldsBytes, false);
        failing = new FailingRules(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        gauged = new TreeSet<>();
        unusable = Map.of();
        getRuntimeContext().getMetricGroup().gauge(OperatorMetrics.UNUSABLE_VERSIONS, this::unusable);
    }

    @Override
    public void processElement(I input, ReadOnlyContext context, Collector<Alert> out) throws Exception {
        Ruled.Turn<S> turn = rule(context.getBroadcastState(RULES), answer -> context.output(ANSWERS, answer))
                .turn(input);
        Kept<S> kept = states.get();
        if (turn != null) {
            apply(kept, turn.take(states.open(kept), context.timerService().currentWatermark()), context, out);
        } else {
            states.rearm(kept, context.timerService());
        }
        sayWhatFails(context);
    }

    private void sayWhatFails(ReadOnlyContext context) {
        if (answers && failing.some()) {
            failing.say(System.currentTimeMillis(), error -> context.output(ERRORS, error));
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        long now = context.timerService().currentWatermark();
        Kept<S> kept = states.get();
        if (states.wakes(kept, timestamp, now, context.timerService())) {
            apply(
                    kept,
                    rule(context.getBroadcastState(RULES), answer -> context.output(ANSWERS, answer))
                            .wake(states.open(kept), now),
                    context,
                    out);
            sayWhatFails(context);
        }
    }

    @Override
    public void processBroadcastElement(PublishedRule published, Context context, Collector<Alert> out)
            throws Exception {
        BroadcastState<String, PublishedRule> rules = context.getBroadcastState(RULES);
        Consumer<Answer> told = answer -> context.output(ANSWERS, answer);
        // So that what is unusable of what is stored is known and told before anything is added to it.
        rule(rules, told);
        PublishedRule before = rules.get(published.key());
        if (published.equals(before)) {
            Unusable still = unusable.get(published.key());
            if (still != null) {
                answer(published, still.because(), told);
            }
            return;
        }
        rules.put(published.key(), published);
        UsableRules changed = usable(rules);
        String because = because(published, changed);
        if (because != null) {
            if (before == null) {
                rules.remove(published.key());
            } else {
                rules.put(published.key(), before);
            }
            answer(published, because, told);
            return;
        }
        Ruled<S, I> now = use(changed);
        answer(published, null, told);
        states.takeOver(context);
        states.settle();
        context.applyToKeyedState(KeptStates.<S>descriptor(), (key, of) -> {
            Kept<S> kept = of.value();
            if (kept != null) {
                Step<S, Alert> step = now.ruled(kept.open(stateType.layout()), context.currentWatermark());
                step.out().forEach(out::collect);
                states.remember(of, kept, step, timers);
            }
        });
        states.forget();
    }

    /** Why a version is refused: it cannot be used itself, or one that could be used cannot be beside it. */
    private @Nullable String because(PublishedRule published, UsableRules changed) {
        Unusable itself = changed.unusable().get(published.key());
        if (itself != null) {
            return itself.because();
        }
        return changed.unusable().entrySet().stream()
                .filter(each -> !unusable.containsKey(each.getKey()))
                .map(each -> each.getValue().because())
                .findFirst()
                .orElse(null);
    }

    /** All tasks come to the same; one of them says it. */
    private void answer(PublishedRule published, @Nullable String because, Consumer<Answer> out) {
        if (answers && getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            out.accept(new Answer(
                    published.key(), "", because == null, because, published.version(), published.effectiveFrom()));
        }
    }

    /** What judges now; made of what is stored at first, when what is left out of that is answered why. */
    private Ruled<S, I> rule(ReadOnlyBroadcastState<String, PublishedRule> rules, Consumer<Answer> out)
            throws Exception {
        Ruled<S, I> known = rule;
        if (known != null) {
            return known;
        }
        Ruled<S, I> made = use(usable(rules));
        unusable.values().forEach(each -> answer(each.published(), each.because(), out));
        return made;
    }

    private Ruled<S, I> use(UsableRules usable) {
        AlertConfig changed = usable.config();
        Ruled<S, I> made = maker.by(changed);
        rule = made;
        unusable = usable.unusable();
        failing.clear();
        for (AlertRule each : changed.rules()) {
            for (Match match : each.pattern().roles()) {
                if (match.when() instanceof CelCondition condition) {
                    failing.add(each.ruleId(), condition);
                }
            }
        }
        for (String ruleId : answers ? failing.rules() : Set.<String>of()) {
            if (gauged.add(ruleId)) {
                getRuntimeContext()
                        .getMetricGroup()
                        .addGroup(OperatorMetrics.RULE, ruleId)
                        .gauge(OperatorMetrics.FAILURES, () -> failures(ruleId));
            }
        }
        return made;
    }

    /** See {@link FailingRules#failures}. */
    long failures(String ruleId) {
        return failing.failures(ruleId);
    }

    /** How many stored versions are left out because they cannot be used. */
    int unusable() {
        return unusable.size();
    }

    private UsableRules usable(ReadOnlyBroadcastState<String, PublishedRule> rules) throws Exception {
        List<PublishedRule> published = new ArrayList<>();
        for (Map.Entry<String, PublishedRule> entry : rules.immutableEntries()) {
            published.add(entry.getValue());
        }
        return UsableRules.of(config, published);
    }

    private void apply(@Nullable Kept<S> kept, Step<S, Alert> step, ReadOnlyContext context, Collector<Alert> out)
            throws Exception {
        step.out().forEach(out::collect);
        states.remember(kept, step, context.timerService());
    }
}
