package io.throughline.domain.alert;

import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs {@link AlertRuleSet} the way a keyed operator does, and keeps documents the way an index does. */
final class Desk {
    private final AlertRuleSet rules;
    private final Map<String, AlertState> states = new HashMap<>();
    private final Map<String, Long> wakeUps = new TreeMap<>();
    private final List<Alert> published = new ArrayList<>();
    private long now = Long.MIN_VALUE;

    Desk(AlertConfig config) {
        rules = new AlertRuleSet(config);
    }

    Desk take(Attribution attribution) {
        String customer = attribution.customerId();
        apply(customer, rules.on(states.get(customer), attribution, now));
        return this;
    }

    /** The customer's own touchpoint, attributed once. */
    Desk sees(String customer, Touchpoint.Builder touchpoint) {
        return take(new Attribution(customer, touchpoint.build(), 1, 1));
    }

    Desk advanceTo(long time) {
        now = time;
        for (String customer : List.copyOf(wakeUps.keySet())) {
            while (wakeUps.getOrDefault(customer, Step.NEVER) <= now) {
                apply(customer, rules.wake(states.get(customer), now));
            }
        }
        return this;
    }

    private void apply(String customer, Step<AlertState, Alert> step) {
        states.put(customer, step.state());
        wakeUps.put(customer, step.wakeAt());
        published.addAll(step.out());
    }

    List<Alert> published() {
        return published;
    }

    AlertState state(String customer) {
        return states.get(customer);
    }

    int remembered() {
        return (int) states.values().stream().filter(state -> state != null).count();
    }

    /** The document with the highest revision per alert_id, retracted ones too. */
    Map<String, Alert> documents() {
        Map<String, Alert> documents = new TreeMap<>();
        for (Alert alert : published) {
            documents.merge(alert.alertId(), alert, (old, next) -> next.revision() >= old.revision() ? next : old);
        }
        return documents;
    }

    /** Documents that are not retracted. */
    Map<String, Alert> standing() {
        Map<String, Alert> standing = documents();
        standing.values().removeIf(alert -> alert.status() == Alert.Status.RETRACTED);
        return standing;
    }
}
