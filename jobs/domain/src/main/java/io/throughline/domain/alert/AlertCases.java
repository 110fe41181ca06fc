package io.throughline.domain.alert;

import io.throughline.domain.alert.CaseOutput.Answer;
import io.throughline.domain.alert.CaseOutput.Standing;
import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The life of one alert: a pure function of what its rule says of it, of the set of actions, and of event time, by which
 * time limits pass. Key: the alert. It is the one writer of the alert's document, whoever its customer is.
 *
 * <p>Before the first watermark nothing is said, as in {@link AlertRuleSet}.
 */
public final class AlertCases implements KeyedRule<CaseState, CaseInput, CaseOutput>, Serializable {

    /** Who acts where nobody does. */
    static final String SYSTEM = "system";

    private final CaseConfig config;
    private final NotifyConfig notifications;

    public AlertCases(CaseConfig config, NotifyConfig notifications) {
        this.config = config;
        this.notifications = notifications;
    }

    @Override
    public Step<CaseState, CaseOutput> on(@Nullable CaseState before, CaseInput input, long now) {
        CaseState state = before != null ? before : new CaseState(input.alertId());
        if (input instanceof CaseInput.Judged judged) {
            Alert cause = state.cause();
            if (cause == null || judged.alert().revision() >= cause.revision()) {
                state.cause(judged.alert());
            }
        } else if (input instanceof CaseInput.Acted acted) {
            state.actions().merge(acted.action().actionId(), acted.action(), Action::orEarlier);
        }
        return look(state, now);
    }

    @Override
    public Step<CaseState, CaseOutput> wake(@Nullable CaseState state, long now) {
        return state == null ? Step.of(null, List.of(), Step.NEVER) : look(state, now);
    }

    private Step<CaseState, CaseOutput> look(CaseState state, long now) {
        Alert cause = state.cause();
        long begins = cause != null
                ? cause.openedAt()
                : state.actions().values().stream().mapToLong(Action::at).min().orElse(Long.MIN_VALUE);
        if (now == Long.MIN_VALUE) {
            return Step.of(state, List.of(), begins);
        }
        List<CaseOutput> out = new ArrayList<>();
        long due = Step.NEVER;
        if (cause == null) {
            for (Action action : state.actions().values()) {
                answer(state, action, "no alert " + state.alertId() + " is known; nothing was done", 0, out);
            }
        } else {
            Fold fold = new Fold(cause, state, now);
            Alert next = fold.alert();
            Alert said = state.said();
            long revision = said == null ? cause.revision() : Math.max(said.revision() + 1, cause.revision());
            if (said == null || !said.revised(0).equals(next.revised(0))) {
                Alert published = next.revised(revision);
                state.said(published);
                out.add(new Standing(published, toldUnder(state, published), fresh(said, published)));
            }
            fold.refused.forEach((actionId, because) -> {
                Action action = state.actions().get(actionId);
                if (action != null) {
                    answer(state, action, because, fold.version, out);
                }
            });
            Long dueAt = next.life().dueAt();
            due = dueAt == null ? Step.NEVER : Math.max(dueAt, now + 1);
        }
        long forgets = begins + config.keepForMs() + 1;
        if (now >= forgets) {
            return Step.of(null, out, Step.NEVER);
        }
        return Step.of(state, out, Math.min(due, forgets));
    }

    /** What an alert shares with others may change while it lives; whoever was told how it began is to hear how it ends. */
    private String toldUnder(CaseState state, Alert first) {
        String key = state.toldUnder();
        if (key == null) {
            key = notifications.key(first);
            state.toldUnder(key);
        }
        return key;
    }

    private static boolean fresh(@Nullable Alert before, Alert now) {
        return before == null
                || before.status() == Alert.Status.RETRACTED
                || before.status() == Alert.Status.SHADOW
                || (before.context().inhibitedBy() != null && now.context().inhibitedBy() == null)
                || now.life().escalations() > before.life().escalations()
                || now.life().reopened() > before.life().reopened();
    }

    /** Why further evidence opened it again. */
    static String cameAfter(String touchpointId) {
        return "touchpoint " + touchpointId + " came after it was resolved";
    }

    private static void answer(CaseState state, Action action, String because, int version, List<CaseOutput> out) {
        if (because.equals(state.answered().put(action.actionId(), because))) {
            return;
        }
        boolean taken = because.isEmpty();
        out.add(new Answer(action.actionId(), state.alertId(), taken, taken ? null : because, version, action.at()));
    }

    /** Goes through everything that happened to an alert, in order. */
    private final class Fold {
        private final Alert cause;
        private final CaseState state;
        private final List<Alert.Transition> history = new ArrayList<>();
        /** By action_id, why it was refused; empty where it was taken. */
        private final Map<String, String> refused = new TreeMap<>();

        private Alert.Status status = Alert.Status.OPEN;
        private int version = 1;
        private boolean acknowledged;
        private @Nullable String assignee;
        private int escalations;
        private int reopened;
        private @Nullable Long silencedUntil;
        private @Nullable Long resolvedAt;
        private @Nullable String resolvedBy;
        private @Nullable Long acknowledgeDue;
        private @Nullable Long resolveDue;
        /** How many of what its rule says of its course, then its end, have been gone through. */
        private int turnsTaken;

        private Fold(Alert cause, CaseState state, long now) {
            this.cause = cause;
            this.state = state;
            if (cause.status() == Alert.Status.SHADOW) {
                onTrial();
                return;
            }
            open(cause.openedAt());
            note(cause.openedAt(), "opened", SYSTEM, cause.reason(), null);
            List<Action> actions = new ArrayList<>(state.actions().values());
            actions.sort(null);
            for (Action action : actions) {
                long at = Math.max(action.at(), cause.openedAt());
                turnsUntil(at);
                evidenceUntil(at);
                limitsUntil(at);
                act(action, at);
            }
            turnsUntil(Long.MAX_VALUE);
            evidenceUntil(Long.MAX_VALUE);
            limitsUntil(now == Long.MAX_VALUE ? now : now + 1);
            if (cause.status() == Alert.Status.RETRACTED) {
                retract();
            }
        }

        private void onTrial() {
            status = Alert.Status.SHADOW;
            resolvedAt = cause.resolvedAt();
            for (String actionId : state.actions().keySet()) {
                refused.put(
                        actionId, "rule " + cause.ruleId() + " is on trial: there is nothing to do about its alerts");
            }
        }

        private void retract() {
            status = Alert.Status.RETRACTED;
            resolvedAt = null;
            acknowledgeDue = null;
            resolveDue = null;
            note(cause.openedAt(), "retracted", SYSTEM, cause.retractedBecause(), null);
        }

        private void open(long at) {
            Long acknowledgeWithin = cause.context().acknowledgeWithinMs();
            Long resolveWithin = cause.context().resolveWithinMs();
            acknowledgeDue = acknowledgeWithin == null ? null : (Long) config.after(at, acknowledgeWithin);
            resolveDue = resolveWithin == null ? null : (Long) config.after(at, resolveWithin);
        }

        /** A touchpoint that resolves comes before what people do at the same time, further evidence after it. */
        private void turnsUntil(long time) {
            List<Alert.Transition> turns = cause.life().history();
            for (; turnsTaken < turns.size(); turnsTaken++) {
                Alert.Transition turn = turns.get(turnsTaken);
                boolean resolves = turn.what().equals("resolved");
                if (resolves ? turn.at() > time : turn.at() >= time) {
                    return;
                }
                if (resolves) {
                    end(turn.at());
                } else {
                    again(turn);
                }
            }
            Long ended = cause.resolvedAt();
            if (turnsTaken == turns.size() && ended != null && ended <= time) {
                end(ended);
                turnsTaken++;
            }
        }

        private void again(Alert.Transition turn) {
            evidenceUntil(turn.at());
            limitsUntil(turn.at());
            if (status == Alert.Status.RESOLVED) {
                reopen(turn.at(), SYSTEM, turn.because(), null);
            }
        }

        private void end(long at) {
            // Whoever said before that it was over was wrong if evidence followed, and this comes after all evidence.
            evidenceUntil(at);
            limitsUntil(at);
            if (status != Alert.Status.RESOLVED) {
                close(at, SYSTEM, "a later touchpoint resolved it, or what it was about has recovered", null);
            }
            // Evidence of the same millisecond comes before it.
            resolvedBy = SYSTEM;
        }

        private void close(long at, String by, @Nullable String because, @Nullable String actionId) {
            status = Alert.Status.RESOLVED;
            resolvedAt = at;
            resolvedBy = by;
            acknowledgeDue = null;
            resolveDue = null;
            note(at, "resolved", by, because, actionId);
        }

        /** What goes on after a person said it was over opens it again. */
        private void evidenceUntil(long time) {
            Long closed = resolvedAt;
            if (status != Alert.Status.RESOLVED || closed == null || SYSTEM.equals(resolvedBy)) {
                return;
            }
            for (Alert.Evidence evidence : cause.evidence()) {
                if (evidence.eventTime() > closed && evidence.eventTime() < time) {
                    reopen(evidence.eventTime(), SYSTEM, cameAfter(evidence.touchpointId()), null);
                    return;
                }
            }
        }

        private void reopen(long at, String by, @Nullable String because, @Nullable String actionId) {
            status = assignee == null ? Alert.Status.OPEN : Alert.Status.ASSIGNED;
            acknowledged = false;
            resolvedAt = null;
            resolvedBy = null;
            reopened++;
            open(at);
            note(at, "reopened", by, because, actionId);
        }

        /** Those of what is retracted never were, and when they would have ended is not known any more. */
        private void limitsUntil(long time) {
            for (boolean passed = cause.status() != Alert.Status.RETRACTED; passed; ) {
                passed = false;
                Long first = acknowledgeDue;
                Long second = resolveDue;
                if (first != null && first < time && (second == null || first <= second)) {
                    acknowledgeDue = null;
                    escalate(first, "nobody had acknowledged it in time");
                    passed = true;
                } else if (second != null && second < time) {
                    resolveDue = null;
                    escalate(second, "it was not resolved in time");
                    passed = true;
                }
            }
        }

        private void escalate(long at, String because) {
            status = Alert.Status.ESCALATED;
            escalations++;
            note(at, "escalated", SYSTEM, because, null);
        }

        private void act(Action action, long at) {
            String no = objection(action);
            if (no != null) {
                refused.put(action.actionId(), no);
                note(at, "refused", action.by(), no, action.actionId());
                return;
            }
            refused.put(action.actionId(), "");
            version++;
            switch (action.verb()) {
                case ACKNOWLEDGE -> {
                    acknowledgeDue = null;
                    acknowledged = true;
                    status = Alert.Status.ACKNOWLEDGED;
                    note(at, "acknowledged", action.by(), action.because(), action.actionId());
                }
                case ASSIGN -> {
                    acknowledgeDue = null;
                    acknowledged = true;
                    assignee = action.assignee();
                    status = Alert.Status.ASSIGNED;
                    note(at, "assigned to " + assignee, action.by(), action.because(), action.actionId());
                }
                case RESOLVE -> close(at, action.by(), action.because(), action.actionId());
                case REOPEN -> reopen(at, action.by(), action.because(), action.actionId());
                case SILENCE -> {
                    silencedUntil = action.until();
                    note(at, "silenced", action.by(), action.because(), action.actionId());
                }
                case UNSILENCE -> {
                    silencedUntil = null;
                    note(at, "unsilenced", action.by(), action.because(), action.actionId());
                }
            }
        }

        private @Nullable String objection(Action action) {
            if (cause.status() == Alert.Status.RETRACTED) {
                // What was taken before it was retracted was taken, whatever of its course is not known any more.
                return "".equals(state.answered().get(action.actionId()))
                        ? null
                        : "the alert was retracted: " + cause.retractedBecause();
            }
            Integer expected = action.expectedVersion();
            if (expected != null && expected != version) {
                return "the alert is at version " + version + ", the command was meant for version " + expected
                        + ": look at it again";
            }
            boolean resolved = status == Alert.Status.RESOLVED;
            return switch (action.verb()) {
                case ACKNOWLEDGE ->
                    resolved
                            ? "it is resolved already"
                            : acknowledged && status != Alert.Status.ESCALATED
                                    ? "somebody has acknowledged it already"
                                    : null;
                case ASSIGN ->
                    resolved
                            ? "it is resolved already"
                            : action.assignee() == null ? "the command names nobody to assign it to" : null;
                case RESOLVE -> resolved ? "it is resolved already" : null;
                case REOPEN -> resolved ? null : "it is not resolved";
                case SILENCE -> action.until() == null ? "the command does not say until when" : null;
                case UNSILENCE -> silencedUntil == null ? "it is not silenced" : null;
            };
        }

        private void note(long at, String what, String by, @Nullable String because, @Nullable String actionId) {
            history.add(new Alert.Transition(at, what, by, because, actionId));
        }

        private Alert alert() {
            Long first = acknowledgeDue;
            Long second = resolveDue;
            Long dueAt = first == null ? second : second == null ? first : (Long) Math.min(first, second);
            return cause.lived(
                    status,
                    resolvedAt,
                    0,
                    new Alert.Life(
                            version, assignee, escalations, reopened, silencedUntil, dueAt, List.copyOf(history)));
        }
    }
}
