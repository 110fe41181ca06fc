package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.sessionize.CustomerInput;
import io.throughline.domain.sessionize.CustomerState;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.sessionize.SessionizeOutput;
import io.throughline.domain.sessionize.SessionizeRule;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session before and after a change share is looked at once; that must make no difference to what is found. */
class SharedPathsTest {
    private static final long START = 1_795_392_000_000L;
    private static final MeasureConfig CONFIG = MeasureConfig.DEFAULTS;
    private static final String[] CHANNELS = {"web", "web", "app", "call", "store", "email"};
    private static final String[] KINDS = {"page_view", "page_view", "purchase", "transfer", "call_answered", "logout"};

    private final Facts facts = new Facts(CONFIG);
    private final VisitFacts visits = new VisitFacts(CONFIG);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void nothing_else_is_found_where_paths_share_their_steps(long seed) {
        List<SessionChange> changes = changes(new Random(seed));
        assertThat(changes)
                .anyMatch(change -> change.before() != null
                        && change.after() != null
                        && change.before().stepsSharedWith(change.after()) > 1);

        for (SessionChange change : changes) {
            SessionChange apart =
                    new SessionChange(withAPathOfItsOwn(change.before()), withAPathOfItsOwn(change.after()));

            assertThat(FoundFacts.of(sink -> facts.find(change, sink)))
                    .containsExactlyInAnyOrderElementsOf(FoundFacts.of(sink -> facts.find(apart, sink)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void a_change_moves_what_taking_away_and_adding_come_to(long seed) {
        for (SessionChange change : changes(new Random(seed))) {
            assertThat(FoundFacts.of(sink -> facts.find(change, sink)))
                    .containsExactlyInAnyOrderElementsOf(FoundFacts.of(sink -> {
                        facts.find(new SessionChange(change.before(), null), sink);
                        facts.find(new SessionChange(null, change.after()), sink);
                    }));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void a_visit_is_said_where_it_is_not_what_it_was(long seed) {
        SessionCourse courses = new SessionCourse(CONFIG);
        List<SessionChange> changes = changes(new Random(seed));
        // Said again without a change that could be seen, and taken back.
        changes.stream().map(SessionChange::after).toList().forEach(session -> {
            changes.add(new SessionChange(session, session));
            changes.add(new SessionChange(session, null));
        });

        for (SessionChange change : changes) {
            Visit before = change.before() == null ? null : visit(change.before(), courses);
            Visit after = change.after() == null ? null : visit(change.after(), courses);
            Visit known = after == null ? before : after;
            VisitInput expected = known == null || (before != null && before.equals(after))
                    ? null
                    : new VisitInput.Visited("c-1", known.sessionId(), after);

            assertThat(visits.of(change)).isEqualTo(expected);
        }
    }

    private static @Nullable Visit visit(Session session, SessionCourse courses) {
        return session.status() == Session.Status.ABSORBED ? null : Visit.of(session, courses, CONFIG);
    }

    /** What a customer's sessions go through, touchpoints coming late now and then. */
    private static List<SessionChange> changes(Random random) {
        SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS);
        CustomerState state = null;
        List<SessionChange> changes = new ArrayList<>();
        long now = START;
        for (int i = 0; i < 200; i++) {
            now += random.nextInt(12) == 0 ? 7_200_000 : random.nextInt(600_000);
            long time = random.nextInt(8) == 0 ? now - random.nextInt(3_600_000) : now;
            Touchpoint touchpoint = Touchpoint.of(
                            "t-" + i,
                            time,
                            CHANNELS[random.nextInt(CHANNELS.length)],
                            KINDS[random.nextInt(KINDS.length)])
                    .touchpoint("page-" + random.nextInt(3))
                    .topic(random.nextInt(4) == 0 ? "billing" : null)
                    .build();
            Step<CustomerState, SessionizeOutput> step =
                    rule.on(state, CustomerInput.of(new Attribution("c-1", touchpoint, 1, 1)), now);
            state = step.state();
            for (SessionizeOutput output : step.out()) {
                if (output instanceof SessionizeOutput.Changed changed) {
                    changes.add(changed.change());
                }
            }
        }
        return changes;
    }

    private static @Nullable Session withAPathOfItsOwn(@Nullable Session session) {
        return session == null
                ? null
                : new Session(
                        session.sessionId(),
                        session.customerId(),
                        session.status(),
                        session.start(),
                        session.end(),
                        session.channels(),
                        session.touchpointCount(),
                        List.copyOf(session.path()),
                        session.channelSwitches(),
                        session.handoffs(),
                        session.activeMs(),
                        session.cutCause(),
                        session.outcome(),
                        session.topics(),
                        session.stages(),
                        session.scores(),
                        session.value(),
                        session.errors(),
                        session.complaints(),
                        session.waitMs(),
                        session.handoffKinds(),
                        session.reAsks(),
                        session.flags(),
                        session.segment(),
                        session.revision());
    }
}
