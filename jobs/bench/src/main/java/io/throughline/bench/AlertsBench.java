package io.throughline.bench;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.AlertRuleSet;
import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.alert.Ruled;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.JobRules;
import io.throughline.pipeline.alert.AlertStateLayout;
import io.throughline.pipeline.alert.AlertTopology;
import io.throughline.pipeline.kit.Kept;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.measure.MetricValueLayout;
import io.throughline.pipeline.rules.CelCondition;
import io.throughline.pipeline.rules.ExpressionException;
import io.throughline.pipeline.settings.Settings;
import io.throughline.pipeline.wire.AttributionLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.jspecify.annotations.Nullable;

/**
 * What judging a touchpoint costs with no rules, with 50 and with 500, one after the other and again in one run: alone, in one
 * thread without any transport; the same where customers are packed after each turn and woken when they asked for it; and in
 * the alert stage as Flink runs it. Rules are of all kinds that look at customers, every third with an expression, and each
 * looks at one kind on one channel; or they are alike but for what they compare with. And what one that looks at experience
 * scores costs a customer of whom more is held.
 */
public final class AlertsBench {
    private static final long START = 1_795_392_000_000L;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long DAY = 24 * 60 * MINUTE;
    private static final int KINDS = 60;
    private static final int ROUNDS = 3;
    private static final String[] CHANNELS = {"web", "app", "email", "chat", "bot", "call", "store", "sms"};

    /** What the job under way reads. */
    private static volatile List<Attribution> toBeRead = List.of();

    private static final AtomicLong SAID = new AtomicLong();

    private static volatile long cpuAtHalf;

    /** Measures some attributions by some rules. */
    private interface Measure {
        Cost of(List<Attribution> attributions, List<AlertRule> rules) throws Exception;
    }

    /** Makes so many rules. */
    private interface Making {
        List<AlertRule> rules(int count) throws ExpressionException;
    }

    /**
     * @param args number of touchpoints, by default 400000; then which of the parts alone, packed, stage and experience are
     *     measured, by default all
     */
    public static void main(String[] args) throws Exception {
        int size = args.length == 0 ? 400_000 : Integer.parseInt(args[0]);
        List<String> parts = args.length < 2
                ? List.of("alone", "packed", "stage", "experience")
                : List.of(args).subList(1, args.length);
        List<Attribution> attributions = attributions(size);
        if (parts.contains("alone")) {
            measure(attributions.subList(0, size / 4), rules(500, KINDS));
            compare("judging alone", attributions, AlertsBench::measure);
        }
        if (parts.contains("packed")) {
            packed(attributions.subList(0, size / 4), rules(500, KINDS));
            compare("judging alone, packed after each turn", attributions, AlertsBench::packed);
        }
        if (parts.contains("stage")) {
            stage(attributions.subList(0, size / 4), rules(500, KINDS));
            compare("the alert stage", attributions, AlertsBench::stage);
        }
        if (parts.contains("experience")) {
            experience();
        }
    }

    private static void experience() {
        for (int held : new int[] {100, 200, 400, 800}) {
            System.out.printf(
                    "an experience rule, %3d touchpoints held of one customer: %,.1f us for a further one%n",
                    held, experience(held));
        }
    }

    private static void compare(String what, List<Attribution> attributions, Measure measure) throws Exception {
        // 450 further rules look at what does not happen here, or at what happens as the first 50 do.
        compare(what + ", as many matches", attributions, measure, n -> rules(n, n == 50 ? KINDS : 10 * KINDS));
        compare(what + ", ten times as many matches", attributions, measure, n -> rules(n, KINDS));
        compare(what + ", alike but for what they compare with", attributions, measure, AlertsBench::alike);
    }

    private static void compare(String what, List<Attribution> attributions, Measure measure, Making making)
            throws Exception {
        int[] rules = {0, 50, 500};
        double[][] costs = new double[rules.length][ROUNDS];
        double[][] bytes = new double[rules.length][ROUNDS];
        long[] alerts = new long[rules.length];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < rules.length; i++) {
                List<AlertRule> made = making.rules(rules[i]);
                long before = Cpu.allocated();
                Cost cost = measure.of(attributions, made);
                bytes[i][round] = (double) (Cpu.allocated() - before) / attributions.size();
                costs[i][round] = cost.nanos;
                alerts[i] = cost.alerts;
            }
        }
        double fifty = Cpu.median(costs[1]);
        System.out.println(what + ":");
        for (int i = 0; i < rules.length; i++) {
            double cost = Cpu.median(costs[i]);
            System.out.printf(
                    "  %3d rules: %,7.0f CPU ns/touchpoint, %.2f of 50 rules, %,7.0f bytes allocated by this thread,"
                            + " %,d alert documents%n",
                    rules[i], cost, cost / fifty, Cpu.median(bytes[i]), alerts[i]);
        }
    }

    /** From the half on, when everything is compiled: of the whole process without its compilers. */
    private static Cost stage(List<Attribution> attributions, List<AlertRule> rules) throws Exception {
        toBeRead = attributions;
        SAID.set(0);
        Configuration settings = JobRules.configuration();
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, true);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, settings);
        DataStream<Attribution> read = env.fromSequence(0, attributions.size() - 1)
                .map(AlertsBench::numbered)
                .returns(LayoutType.of(Attribution.class, AttributionLayout.INSTANCE))
                .assignTimestampsAndWatermarks(WatermarkStrategy.<Attribution>forMonotonousTimestamps()
                        .withTimestampAssigner(
                                (attribution, time) -> attribution.touchpoint().eventTime()));
        AlertTopology.alert(
                        read,
                        NothingSaid.nothing(
                                env, "no-metrics", LayoutType.of(MetricValue.class, MetricValueLayout.INSTANCE)),
                        NothingSaid.in(env),
                        AlertConfig.DEFAULTS.withRules(rules))
                .alerts()
                .filter(alert -> SAID.incrementAndGet() < 0)
                .sinkTo(new DiscardingSink<>());
        env.execute();
        return new Cost(
                (double) (Cpu.ofProcess() - cpuAtHalf) / (attributions.size() - attributions.size() / 2), SAID.get());
    }

    private static Attribution numbered(long number) {
        if (number == toBeRead.size() / 2) {
            cpuAtHalf = Cpu.ofProcess();
        }
        return toBeRead.get((int) number);
    }

    /** Microseconds of CPU for a touchpoint of a customer of whom so many matter; all are bad, none makes an alert. */
    private static double experience(int held) {
        Pattern.Experience pattern = new Pattern.Experience(
                100, null, Duration.ofDays(7).toMillis(), Duration.ofDays(30).toMillis(), ExperienceConfig.DEFAULTS);
        AlertRule rule = AlertRule.once("rule", "Rule", "warning", "speed", Match.anyOf("error"), DAY)
                .looking(pattern);
        AlertConfig held74Days =
                Settings.parse("bench", "alert: {keep_for: 74 d}", Map.of()).alert();
        AlertRuleSet set = new AlertRuleSet(held74Days.withRules(List.of(rule)));
        AlertState state = null;
        long before = 0;
        int further = 100;
        for (int i = 0; i < held + further; i++) {
            if (i == held) {
                before = Cpu.nanos();
            }
            long time = START + i * MINUTE;
            Touchpoint touchpoint = Touchpoint.of("t" + i, time, "web", "error").build();
            state = set.on(state, new Attribution("c", touchpoint, 1, 1), time).state();
        }
        return (Cpu.nanos() - before) / 1e3 / further;
    }

    private record Cost(double nanos, long alerts) {}

    private static Cost measure(List<Attribution> attributions, List<AlertRule> rules) {
        AlertRuleSet set = new AlertRuleSet(AlertConfig.DEFAULTS.withRules(rules));
        Map<String, AlertState> states = new HashMap<>();
        long alerts = 0;
        long before = Cpu.nanos();
        for (Attribution attribution : attributions) {
            long now = attribution.touchpoint().eventTime();
            Step<AlertState, Alert> step = set.on(states.get(attribution.customerId()), attribution, now);
            alerts += step.out().size();
            if (step.state() == null) {
                states.remove(attribution.customerId());
            } else {
                states.put(attribution.customerId(), step.state());
            }
        }
        return new Cost((double) (Cpu.nanos() - before) / attributions.size(), alerts);
    }

    /** What is due is judged before the customer's next touchpoint. */
    private static Cost packed(List<Attribution> attributions, List<AlertRule> rules) {
        AlertRuleSet set = new AlertRuleSet(AlertConfig.DEFAULTS.withRules(rules));
        Map<String, Kept<AlertState>> states = new HashMap<>();
        Map<String, Long> wakes = new HashMap<>();
        long alerts = 0;
        long before = Cpu.nanos();
        for (Attribution attribution : attributions) {
            long now = attribution.touchpoint().eventTime();
            String customer = attribution.customerId();
            Kept<AlertState> kept = states.get(customer);
            if (kept != null && wakes.getOrDefault(customer, Step.NEVER) <= now) {
                Step<AlertState, Alert> woken = set.wake(kept.open(AlertStateLayout.INSTANCE), now);
                alerts += woken.out().size();
                kept = keep(woken, kept);
                wakes.put(customer, woken.wakeAt());
            }
            Ruled.Turn<AlertState> turn = set.turn(attribution);
            if (turn != null) {
                Step<AlertState, Alert> step =
                        turn.take(kept == null ? null : kept.open(AlertStateLayout.INSTANCE), now);
                alerts += step.out().size();
                kept = keep(step, kept);
                wakes.put(customer, step.wakeAt());
            }
            if (kept == null) {
                states.remove(customer);
            } else {
                states.put(customer, kept);
            }
        }
        return new Cost((double) (Cpu.nanos() - before) / attributions.size(), alerts);
    }

    private static @Nullable Kept<AlertState> keep(Step<AlertState, Alert> step, @Nullable Kept<AlertState> before) {
        AlertState state = step.state();
        if (state == null) {
            return null;
        }
        Kept<AlertState> kept = before != null ? before : new Kept<>(state, AlertStateLayout.INSTANCE);
        kept.set(state, AlertStateLayout.INSTANCE);
        kept.close();
        return kept;
    }

    private static List<Attribution> attributions(int size) {
        Random random = new Random(1);
        List<Attribution> attributions = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Touchpoint touchpoint = Touchpoint.of(
                            "t" + i,
                            START + i * 200L,
                            CHANNELS[random.nextInt(CHANNELS.length)],
                            "kind" + random.nextInt(KINDS))
                    .waitMs((long) random.nextInt(900_000))
                    .topic("topic" + random.nextInt(10))
                    .build();
            attributions.add(new Attribution("c" + random.nextInt(size / 20), touchpoint, 1, 1));
        }
        return attributions;
    }

    private static List<AlertRule> rules(int count, int kinds) throws ExpressionException {
        List<AlertRule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Match first = match(i, 0, kinds);
            Match second = match(i, 1, kinds);
            Pattern pattern =
                    switch (i % 4) {
                        case 0 -> new Pattern.Count(first, 3, 60 * MINUTE, 0, null);
                        case 1 -> new Pattern.Sequence(List.of(first, second), null, 60 * MINUTE, null);
                        case 2 -> new Pattern.Absence(first, second, 60 * MINUTE, null, null);
                        default ->
                            new Pattern.Aggregate(
                                    first,
                                    Pattern.Figure.SUM,
                                    Pattern.Field.WAIT_MS,
                                    3,
                                    60 * MINUTE,
                                    null,
                                    1_800_000.0,
                                    null);
                    };
            rules.add(AlertRule.once("rule-" + i, "Rule", "warning", "speed", first, DAY)
                    .looking(pattern));
        }
        return rules;
    }

    /**
     * As people have them: alike but for the kind, channel, topic and wait they ask for, every other one says all of it in its
     * expression. Of those whose kind and channel a touchpoint has, one in twenty holds for it.
     */
    private static List<AlertRule> alike(int count) throws ExpressionException {
        List<AlertRule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String kind = "kind" + i / 2 % 10;
            String channel = CHANNELS[i / 20 % 4];
            int constant = i / 80;
            Match match = i % 2 == 0
                    ? match(
                            Set.of(kind),
                            Set.of(channel),
                            "touchpoint.topic == 'topic" + constant + "' && touchpoint.wait_ms > 450000")
                    : match(
                            Set.of(),
                            Set.of(),
                            "touchpoint.kind == '" + kind + "' && touchpoint.channel == '" + channel
                                    + "' && touchpoint.wait_ms > " + (885_000 - 10_000 * constant));
            rules.add(AlertRule.once("rule-" + i, "Rule", "warning", "speed", match, DAY)
                    .looking(new Pattern.Count(match, 3, 60 * MINUTE, 0, null)));
        }
        return rules;
    }

    /** @param kinds how many kinds the rules are spread over, of which 60 happen */
    private static Match match(int rule, int role, int kinds) throws ExpressionException {
        return match(
                Set.of("kind" + (rule * 7 + role) % kinds),
                Set.of(CHANNELS[(rule + role) % CHANNELS.length]),
                rule % 3 == 0 ? "touchpoint.wait_ms > 800000" : null);
    }

    private static Match match(Set<String> kinds, Set<String> channels, @Nullable String when)
            throws ExpressionException {
        return new Match(
                Match.Direction.INBOUND,
                kinds,
                channels,
                Set.of(),
                null,
                null,
                null,
                null,
                null,
                when == null ? null : CelCondition.of(when));
    }

    private AlertsBench() {}
}
