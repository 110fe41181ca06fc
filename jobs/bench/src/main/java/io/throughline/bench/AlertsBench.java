package io.throughline.bench;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.AlertRuleSet;
import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.Condition;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.rules.CelCondition;
import io.throughline.pipeline.rules.ExpressionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What judging a touchpoint costs with no rules, with 50 and with 500, in one thread and one run, one after the other and
 * again, without any transport. Rules are of all kinds that look at customers, every third with an expression; each looks at
 * one kind on one channel.
 */
public final class AlertsBench {
    private static final long START = 1_795_392_000_000L;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final int KINDS = 60;
    private static final String[] CHANNELS = {"web", "app", "email", "chat", "bot", "call", "store", "sms"};

    /** @param args number of touchpoints; by default 400000 */
    public static void main(String[] args) throws ExpressionException {
        int size = args.length == 0 ? 400_000 : Integer.parseInt(args[0]);
        List<Attribution> attributions = attributions(size);
        int[] rules = {0, 50, 500};
        measure(attributions.subList(0, size / 4), rules(500, KINDS));
        // 450 further rules look at what does not happen here, or at what happens as the first 50 do.
        for (int kinds : new int[] {10 * KINDS, KINDS}) {
            double[][] costs = new double[rules.length][3];
            long[] alerts = new long[rules.length];
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < rules.length; i++) {
                    Cost cost = measure(attributions, rules(rules[i], rules[i] == 50 ? KINDS : kinds));
                    costs[i][round] = cost.nanos;
                    alerts[i] = cost.alerts;
                }
            }
            double fifty = Cpu.median(costs[1]);
            System.out.println(kinds == KINDS ? "ten times as many matches:" : "as many matches:");
            for (int i = 0; i < rules.length; i++) {
                double cost = Cpu.median(costs[i]);
                System.out.printf(
                        "  %3d rules: %,7.0f CPU ns/touchpoint, %.2f of 50 rules, %,d alert documents%n",
                        rules[i], cost, cost / fifty, alerts[i]);
            }
        }
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
            rules.add(AlertRule.once("rule-" + i, "Rule", "warning", "speed", first, 24 * 60 * MINUTE)
                    .looking(pattern));
        }
        return rules;
    }

    /** @param kinds how many kinds the rules are spread over, of which 60 happen */
    private static Match match(int rule, int role, int kinds) throws ExpressionException {
        Condition when = rule % 3 == 0 ? CelCondition.of("touchpoint.wait_ms > 800000") : null;
        return new Match(
                Match.Direction.INBOUND,
                Set.of("kind" + (rule * 7 + role) % kinds),
                Set.of(CHANNELS[(rule + role) % CHANNELS.length]),
                Set.of(),
                null,
                null,
                null,
                null,
                null,
                when);
    }

    private AlertsBench() {}
}
