package io.throughline.pipeline.alert;

import static io.throughline.pipeline.kit.Prompt.prompt;

import io.throughline.domain.alert.Action;
import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertCases;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.AlertRuleSet;
import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.CaseInput;
import io.throughline.domain.alert.CaseOutput;
import io.throughline.domain.alert.CaseOutput.Answer;
import io.throughline.domain.alert.CaseState;
import io.throughline.domain.alert.MetricState;
import io.throughline.domain.alert.Notification;
import io.throughline.domain.alert.Notifier;
import io.throughline.domain.alert.NotifyConfig;
import io.throughline.domain.alert.NotifyInput;
import io.throughline.domain.alert.NotifyState;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.measure.Window;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.pipeline.kit.KeyedRuleFunction;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.kit.OperatorMetrics;
import io.throughline.pipeline.wire.PublishedRule;
import io.throughline.pipeline.wire.RuleError;
import io.throughline.pipeline.wire.TextLayout;
import java.util.Collection;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * Touchpoints of customers, metrics, rules and what people do in; alerts out, retracted when their cause moves away, and what
 * people are to be told.
 */
public final class AlertTopology {

    private static final LayoutType<Alert> ALERT = LayoutType.of(Alert.class, AlertLayout.INSTANCE);

    private static final OutputTag<NotifyInput> SEEN = new OutputTag<>("seen", NotifyLayouts.InputLayout.TYPE);

    /** What people say: versions of rules, and what they do about alerts. */
    public record Said(DataStream<PublishedRule> rules, DataStream<Action> actions) {}

    /**
     * @param answers what became of commands and of versions of rules
     * @param errors of rules whose conditions cannot be evaluated
     */
    public record Alerted(
            DataStream<Alert> alerts,
            DataStream<Answer> answers,
            DataStream<Notification> notifications,
            DataStream<RuleError> errors) {}

    /** Of metrics over the windows by default. */
    public static Alerted alert(
            DataStream<Attribution> attributions, DataStream<MetricValue> metrics, Said said, AlertConfig config) {
        return alert(attributions, metrics, said, config, MeasureConfig.DEFAULTS.windows());
    }

    /** @param measured the windows of the metrics */
    public static Alerted alert(
            DataStream<Attribution> attributions,
            DataStream<MetricValue> metrics,
            Said said,
            AlertConfig config,
            List<Window> measured) {
        List<Window> windows = List.copyOf(measured);
        SingleOutputStreamOperator<Alert> ofCustomers = attributions
                .keyBy(Attribution::customerId, TextLayout.KEY)
                .connect(said.rules().broadcast())
                .transform(
                        "alert-customers",
                        ALERT,
                        new RuledFunction<String, AlertState, Attribution>(
                                        config,
                                        AlertRuleSet::new,
                                        LayoutType.state(AlertState.class, AlertStateLayout.INSTANCE),
                                        true,
                                        false)
                                .operator())
                .uid("alert-customers");
        SingleOutputStreamOperator<Alert> ofMetrics = metrics.keyBy(ValueAlerts::key, TextLayout.KEY)
                .connect(said.rules().broadcast())
                .transform(
                        "alert-metrics",
                        ALERT,
                        new RuledFunction<String, MetricState, MetricValue>(
                                        config,
                                        rules -> new ValueAlerts(rules, windows),
                                        LayoutType.state(MetricState.class, MetricLayouts.StateLayout.INSTANCE),
                                        false,
                                        true)
                                .operator())
                .uid("alert-metrics");
        DataStream<CaseInput> judged =
                prompt(judged("alert-judged", ofCustomers)).union(judged("alert-judged-metrics", ofMetrics));
        SingleOutputStreamOperator<Alert> cases = cases(judged, said.actions(), config);
        return new Alerted(
                cases,
                cases.getSideOutput(RuledFunction.ANSWERS).union(ofCustomers.getSideOutput(RuledFunction.ANSWERS)),
                notifications(cases.getSideOutput(SEEN), said.actions(), config),
                ofCustomers.getSideOutput(RuledFunction.ERRORS));
    }

    /** The rules with the published versions beside them; those that cannot be used are left out. */
    public static List<AlertRule> usable(AlertConfig config, Collection<PublishedRule> published) {
        return UsableRules.of(config, published).config().rules();
    }

    /** Of one stream each, so that it is chained to what judges: behind a union it would be a task of its own and a hop more. */
    private static SingleOutputStreamOperator<CaseInput> judged(String name, DataStream<Alert> alerts) {
        return alerts.<CaseInput>map(CaseInput.Judged::new, CaseLayouts.InputLayout.TYPE)
                .name(name)
                .uid(name);
    }

    private static SingleOutputStreamOperator<Alert> cases(
            DataStream<CaseInput> judged, DataStream<Action> actions, AlertConfig config) {
        DataStream<CaseInput> acted = actions.<CaseInput>flatMap(
                        (action, out) -> {
                            if (action.alertId() != null) {
                                out.collect(new CaseInput.Acted(action.alertId(), action));
                            }
                        },
                        CaseLayouts.InputLayout.TYPE)
                .name("alert-acted")
                .uid("alert-acted");
        return prompt(new KeyedRuleFunction<String, CaseState, CaseInput, CaseOutput, Alert>(
                        new AlertCases(config.cases(), config.notifications()),
                        LayoutType.state(CaseState.class, CaseLayouts.StateLayout.INSTANCE),
                        (output, main, side) -> {
                            if (output instanceof CaseOutput.Standing standing) {
                                main.collect(standing.alert());
                                // When it was seen, not when it happened: nobody is told of the past.
                                side.put(
                                        SEEN,
                                        new NotifyInput.Changed(
                                                standing.toldUnder(),
                                                standing.alert(),
                                                standing.fresh(),
                                                System.currentTimeMillis()));
                            } else if (output instanceof Answer answer) {
                                side.put(RuledFunction.ANSWERS, answer);
                            }
                        })
                .counting(OperatorMetrics.ALERTS_OPENED, AlertTopology::opens)
                .over(judged.union(acted).keyBy(CaseInput::alertId, TextLayout.KEY), "alert-cases", ALERT));
    }

    /** Whether an alert begins to stand; one that escalates stood before. */
    static boolean opens(CaseOutput output) {
        return output instanceof CaseOutput.Standing standing
                && standing.fresh()
                && standing.alert().status() == Alert.Status.OPEN;
    }

    private static DataStream<Notification> notifications(
            DataStream<NotifyInput> changed, DataStream<Action> actions, AlertConfig config) {
        NotifyConfig notifications = config.notifications();
        DataStream<NotifyInput> silenced = actions.<NotifyInput>flatMap(
                        (action, out) -> {
                            if (action.alertId() == null && action.ruleId() != null) {
                                for (String key : notifications.keys(action.ruleId())) {
                                    out.collect(new NotifyInput.Silenced(key, action));
                                }
                            }
                        },
                        NotifyLayouts.InputLayout.TYPE)
                .name("alert-silenced")
                .uid("alert-silenced");
        return new KeyedRuleFunction<String, NotifyState, NotifyInput, Notification, Notification>(
                        new Notifier(notifications),
                        LayoutType.state(NotifyState.class, NotifyLayouts.StateLayout.INSTANCE),
                        KeyedRuleFunction.Forward.all())
                .over(
                        changed.union(silenced).keyBy(NotifyInput::key, TextLayout.KEY),
                        "alert-notify",
                        NotifyLayouts.NotificationLayout.TYPE);
    }

    private AlertTopology() {}
}
