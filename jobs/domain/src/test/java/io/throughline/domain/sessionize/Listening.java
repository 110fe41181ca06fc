package io.throughline.domain.sessionize;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.sessionize.Session.Status;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One customer's rule with everybody who listens to it: runs it as the pipeline would, keeps the newest of each document,
 * and checks on the way what readers rely on: revisions grow, and metrics can subtract exactly what they added.
 */
final class Listening {
    final Map<String, Session> sessions = new TreeMap<>();
    final Map<String, StitchedTouchpoint> touchpoints = new TreeMap<>();
    final List<SessionizeOutput> said = new ArrayList<>();
    Customer customer;
    CustomerState state;
    long now = Long.MIN_VALUE;
    long wakeAt = Step.NEVER;

    private final SessionizeRule rule;
    private final Map<String, Session> counted = new HashMap<>();
    private final Map<String, Issue> issues = new TreeMap<>();
    private final Map<String, Issue> issueDocuments = new TreeMap<>();
    private final Map<String, Journey> journeys = new TreeMap<>();
    private final Map<String, Journey> journeyDocuments = new TreeMap<>();
    private final Map<String, Long> transitions = new TreeMap<>();
    private boolean restarting;

    Listening(SessionizeConfig config) {
        rule = new SessionizeRule(config);
    }

    /** From now on the state is written and read back after every step. */
    Listening restarting() {
        restarting = true;
        return this;
    }

    Listening hears(Attribution attribution) {
        take(rule.on(state, CustomerInput.of(attribution), now));
        return this;
    }

    Listening hears(CustomerIdentity identity) {
        take(rule.on(state, CustomerInput.of(identity), now));
        return this;
    }

    Listening hears(Touchpoint... arriving) {
        for (Touchpoint touchpoint : arriving) {
            hears(new Attribution(Touchpoints.CUSTOMER, touchpoint, 1, 1));
        }
        return this;
    }

    Listening loses(Touchpoint touchpoint) {
        return hears(new Attribution(Touchpoints.CUSTOMER, touchpoint, -1, 1));
    }

    /** Lets event time go on, with every wake-up asked for. */
    Listening reaches(long time) {
        now = Math.max(now, time);
        for (int i = 0; wakeAt <= now; i++) {
            assertThat(i).as("wake-ups at one event time").isLessThan(10);
            take(rule.wake(state, now));
        }
        return this;
    }

    /** Surviving sessions without what depends on the order of arrival. */
    Map<String, Session> surviving() {
        Map<String, Session> result = new TreeMap<>();
        sessions.forEach((id, session) -> {
            if (session.status() != Status.ABSORBED) {
                Status status = session.status() == Status.REVISED ? Status.CLOSED : session.status();
                result.put(id, session.as(status, session.cutCause(), 0));
            }
        });
        return result;
    }

    /** Surviving issues as metrics hold them, without revisions. */
    Map<String, Issue> issues() {
        Map<String, Issue> result = new TreeMap<>();
        issues.forEach((id, issue) -> result.put(id, issue.as(0)));
        return result;
    }

    /** Surviving journeys as metrics hold them, without revisions. */
    Map<String, Journey> journeys() {
        Map<String, Journey> result = new TreeMap<>();
        journeys.forEach((id, journey) -> result.put(id, journey.as(0)));
        return result;
    }

    /** Transitions by id, those that add up to more than nothing. */
    Map<String, Long> transitions() {
        return transitions;
    }

    /** Touchpoint to session, the empty string for none. */
    Map<String, String> sessionOf() {
        Map<String, String> result = new TreeMap<>();
        touchpoints.forEach((id, stitched) -> result.put(id, stitched.sessionId() == null ? "" : stitched.sessionId()));
        return result;
    }

    private void take(Step<CustomerState, SessionizeOutput> step) {
        state = step.state();
        if (restarting && state != null) {
            state = CustomerState.of(state.remember());
        }
        wakeAt = step.wakeAt();
        step.out().forEach(this::listen);
        if (!step.out().isEmpty()) {
            assertMetricsSeeWhatIsPublished();
        }
    }

    private void listen(SessionizeOutput output) {
        said.add(output);
        if (output instanceof SessionizeOutput.Touch touch) {
            // Of a touchpoint that left and of which an older attribution came late, readers keep what is newer.
            touchpoints.merge(touch.stitched().touchpoint().touchpointId(), touch.stitched(), (old, stitched) -> {
                assertThat(stitched.revision()).isNotEqualTo(old.revision());
                return stitched.revision() > old.revision() ? stitched : old;
            });
        } else if (output instanceof SessionizeOutput.Published published) {
            Session old = sessions.put(published.session().sessionId(), published.session());
            assertThat(published.session().revision()).isGreaterThan(old == null ? -1 : old.revision());
        } else if (output instanceof SessionizeOutput.Changed changed) {
            SessionChange change = changed.change();
            assertThat(change.before()).isNotEqualTo(change.after());
            if (change.before() != null) {
                assertThat(counted.remove(change.before().sessionId())).isEqualTo(change.before());
            }
            if (change.after() != null) {
                assertThat(counted.put(change.after().sessionId(), change.after()))
                        .isNull();
            }
        } else if (output instanceof SessionizeOutput.Raised raised) {
            IssueChange change = raised.change();
            assertThat(change.before()).isNotEqualTo(change.after());
            if (change.before() != null) {
                assertThat(issues.remove(change.before().issueId())).isEqualTo(change.before());
            }
            if (change.after() != null) {
                assertThat(issues.put(change.after().issueId(), change.after())).isNull();
            }
        } else if (output instanceof SessionizeOutput.IssueDocument document) {
            Issue old = issueDocuments.put(document.issue().issueId(), document.issue());
            assertThat(document.issue().revision()).isGreaterThan(old == null ? -1 : old.revision());
        } else if (output instanceof SessionizeOutput.JourneyDocument document) {
            Journey old = journeyDocuments.put(document.journey().journeyId(), document.journey());
            assertThat(document.journey().revision()).isGreaterThan(old == null ? -1 : old.revision());
        } else if (output instanceof SessionizeOutput.JourneyChanged changed) {
            JourneyChange change = changed.change();
            assertThat(change.before()).isNotEqualTo(change.after());
            if (change.before() != null) {
                assertThat(journeys.remove(change.before().journeyId())).isEqualTo(change.before());
            }
            if (change.after() != null) {
                assertThat(journeys.put(change.after().journeyId(), change.after()))
                        .isNull();
            }
        } else if (output instanceof SessionizeOutput.Moved moved) {
            long sum = transitions.merge(
                    moved.change().way().id(), (long) moved.change().delta(), Long::sum);
            assertThat(sum).as("nobody can have gone less than never").isNotNegative();
            transitions.remove(moved.change().way().id(), 0L);
        } else if (output instanceof SessionizeOutput.Profile profile) {
            assertThat(profile.customer().revision()).isGreaterThan(customer == null ? -1 : customer.revision());
            customer = profile.customer();
        }
    }

    private void assertMetricsSeeWhatIsPublished() {
        Map<String, Session> published = new HashMap<>(sessions);
        published.values().removeIf(session -> session.status() == Status.ABSORBED);
        assertThat(counted).isEqualTo(published);
        Map<String, Issue> standing = new TreeMap<>(issueDocuments);
        standing.values().removeIf(Issue::absorbed);
        assertThat(issues).isEqualTo(standing);
        Map<String, Journey> travelled = new TreeMap<>(journeyDocuments);
        travelled.values().removeIf(journey -> journey.status() == Journey.Status.ABSORBED);
        assertThat(journeys).isEqualTo(travelled);
    }
}
