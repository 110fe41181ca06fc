package io.throughline.pipeline.sessionize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.experience.Experience;
import io.throughline.domain.experience.ExperienceScore;
import io.throughline.domain.sessionize.Consent;
import io.throughline.domain.sessionize.Customer;
import io.throughline.domain.sessionize.CustomerInput;
import io.throughline.domain.sessionize.CustomerState;
import io.throughline.domain.sessionize.HandoffKinds;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.IssueChange;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.JourneyChange;
import io.throughline.domain.sessionize.Promise;
import io.throughline.domain.sessionize.RememberedPath;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.sessionize.SessionizeOutput;
import io.throughline.domain.sessionize.SessionizeRule;
import io.throughline.domain.sessionize.StitchedTouchpoint;
import io.throughline.domain.sessionize.Transition;
import io.throughline.domain.sessionize.Transition.Way;
import io.throughline.domain.sessionize.TransitionChange;
import io.throughline.domain.sessionize.TransitionState;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.Kept;
import io.throughline.pipeline.kit.LayoutBytes;
import io.throughline.pipeline.kit.RunAtRest;
import io.throughline.pipeline.measure.StateBytes;
import io.throughline.pipeline.wire.TouchpointLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionizeLayoutTest {
    /** More than a short text has room for. */
    private static final String LONG_PAGE = "p".repeat(130);

    private static final long START = 1_795_392_000_000L;
    private static final long MINUTE = 60_000;
    private static final String ADA = "c-ada";

    private static final Session FULL = new Session(
            "s-c-ada-0123456789abcdef",
            ADA,
            Session.Status.REVISED,
            START,
            START + MINUTE,
            List.of("call", "web"),
            2,
            List.of(
                    new Session.Step("t-1", START, "web", "page_view", "checkout", "acquisition"),
                    new Session.Step("t-2", START + MINUTE, "call", "call_queued", null, null)),
            1,
            2,
            Map.of("web", MINUTE, "call", 0L),
            Session.CutCause.LOGOUT,
            "converted",
            List.of("billing"),
            List.of("acquisition", "support"),
            Map.of("nps", 9.0, "csat", 4.5),
            List.of(new Money(-1_500_000, "EUR"), new Money(7, "UAH")),
            3,
            4,
            5_000,
            new HandoffKinds(1, 0, 1),
            2,
            List.of("negative_duration", "purchase_reversed"),
            "consumer",
            START + 77);
    private static final Session BARE = new Session(
            "s",
            "",
            Session.Status.OPEN,
            -1,
            -1,
            List.of(),
            0,
            List.of(),
            0,
            0,
            Map.of(),
            Session.CutCause.OPEN,
            null,
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            0,
            0,
            0,
            HandoffKinds.NONE,
            0,
            List.of(),
            null,
            0);

    @Test
    void pinsTheBytesOfSessionsAndTheirChanges() throws IOException {
        StateBytes.areGolden("session-full.v3.hex", SessionLayout.INSTANCE, FULL);
        StateBytes.areGolden("session-bare.v3.hex", SessionLayout.INSTANCE, BARE);
        StateBytes.areGolden("session-change.v3.hex", SessionChangeLayout.INSTANCE, new SessionChange(BARE, FULL));
        StateBytes.areGolden("session-change-new.v3.hex", SessionChangeLayout.INSTANCE, new SessionChange(null, BARE));
        StateBytes.areGolden("session-change-gone.v3.hex", SessionChangeLayout.INSTANCE, new SessionChange(BARE, null));
    }

    @Test
    void everyStatusAndCauseComesBack() throws IOException {
        for (Session.Status status : Session.Status.values()) {
            for (Session.CutCause cause : Session.CutCause.values()) {
                Session session = new Session(
                        "s",
                        "c",
                        status,
                        0,
                        0,
                        List.of(),
                        0,
                        List.of(),
                        0,
                        0,
                        Map.of(),
                        cause,
                        null,
                        List.of(),
                        List.of(),
                        Map.of(),
                        List.of(),
                        0,
                        0,
                        0,
                        HandoffKinds.NONE,
                        0,
                        List.of(),
                        null,
                        0);
                assertThat(StateBytes.roundTrip(SessionLayout.INSTANCE, session))
                        .isEqualTo(session);
            }
        }
    }

    @Test
    void pinsTheBytesOfIssuesAndTheirChanges() throws IOException {
        Issue.Contact first = new Issue.Contact(
                "t-1",
                START,
                START + 9,
                "chat",
                "help",
                "support",
                "kyiv",
                "loan",
                "gold",
                Map.of("button", "b"),
                false);
        Issue.Contact second = new Issue.Contact(
                "t-2", START + MINUTE, START + MINUTE, "call", null, null, null, null, null, Map.of(), true);
        Issue full = new Issue(
                "i-c-ada-1",
                ADA,
                "billing",
                "case-1",
                false,
                true,
                true,
                false,
                START,
                START + MINUTE,
                List.of("call", "chat"),
                List.of(first, second),
                new HandoffKinds(1, 0, 1),
                1,
                3,
                300L,
                4_000L,
                77,
                List.of(
                        new Promise("t-3", "callback", START + 5, START + 900, null, false, Promise.Status.OPEN),
                        new Promise("t-4", null, START + 6, START + 8, START + 9, false, Promise.Status.BROKEN),
                        new Promise("t-5", null, START + 7, null, START + 9, false, Promise.Status.KEPT),
                        new Promise("t-6", null, START + 7, null, null, true, Promise.Status.BROKEN)),
                1,
                List.of("unknown_promise"),
                START + 78);
        Issue bare = new Issue(
                "i-c-ada-2",
                ADA,
                null,
                null,
                true,
                false,
                false,
                true,
                START,
                START,
                List.of(),
                List.of(second),
                HandoffKinds.NONE,
                0,
                0,
                null,
                null,
                0,
                List.of(),
                0,
                List.of(),
                0);
        StateBytes.areGolden("issue-full.v2.hex", IssueLayout.INSTANCE, full);
        StateBytes.areGolden("issue-bare.v2.hex", IssueLayout.INSTANCE, bare);
        StateBytes.areGolden("issue-change.v2.hex", IssueChangeLayout.INSTANCE, new IssueChange(full, bare));
        StateBytes.areGolden("issue-change-new.v2.hex", IssueChangeLayout.INSTANCE, new IssueChange(null, bare));
        StateBytes.areGolden("issue-change-gone.v2.hex", IssueChangeLayout.INSTANCE, new IssueChange(bare, null));
    }

    @Test
    void pinsTheBytesOfJourneysAndTheirChanges() throws IOException {
        Journey full = new Journey(
                "j-c-ada-1",
                ADA,
                Journey.Status.CHURNED,
                true,
                Journey.EndCause.CHURNED,
                START,
                START + MINUTE,
                "fiber",
                "billing",
                "support",
                List.of("awareness", "support"),
                List.of(
                        new Journey.StageVisit("awareness", START + 1, 9, 2),
                        new Journey.StageVisit("support", START + 10, 50, 1)),
                Map.of("awareness", 9L, "support", 50L),
                1,
                START + 5,
                "web",
                2,
                START + MINUTE,
                List.of("call", "web"),
                "web",
                3,
                1,
                List.of(new Money(-7, "UAH")),
                List.of("purchase_reversed"),
                START + 79);
        Journey bare = new Journey(
                "j-c-ada-2",
                ADA,
                Journey.Status.ACTIVE,
                false,
                Journey.EndCause.OPEN,
                -1,
                -1,
                null,
                null,
                null,
                List.of(),
                List.of(),
                Map.of(),
                0,
                null,
                null,
                0,
                null,
                List.of(),
                "web",
                1,
                0,
                List.of(),
                List.of(),
                0);
        StateBytes.areGolden("journey-full.v1.hex", JourneyLayout.INSTANCE, full);
        StateBytes.areGolden("journey-bare.v1.hex", JourneyLayout.INSTANCE, bare);
        StateBytes.areGolden("journey-change.v1.hex", JourneyChangeLayout.INSTANCE, new JourneyChange(full, bare));
        StateBytes.areGolden("journey-change-new.v1.hex", JourneyChangeLayout.INSTANCE, new JourneyChange(null, bare));
        StateBytes.areGolden("journey-change-gone.v1.hex", JourneyChangeLayout.INSTANCE, new JourneyChange(bare, null));
    }

    @Test
    void pinsTheBytesOfTransitions() throws IOException {
        Way way = new Way(Transition.Kind.CONTACT, "call", "chat", START);
        StateBytes.areGolden(
                "transition-change.v1.hex", TransitionChangeLayout.INSTANCE, new TransitionChange(way, -2));
        StateBytes.areGolden("transition.v1.hex", TransitionLayout.INSTANCE, new Transition(way, 17, 4));
        StateBytes.areGolden(
                "transition-state.v1.hex",
                TransitionStateLayout.INSTANCE,
                new TransitionState(way, 17, 16, 4, Long.MIN_VALUE));
        for (Transition.Kind kind : Transition.Kind.values()) {
            TransitionChange change = new TransitionChange(new Way(kind, "a", "b", 0), 1);
            assertThat(StateBytes.roundTrip(TransitionChangeLayout.INSTANCE, change))
                    .isEqualTo(change);
        }
    }

    @Test
    void sessionsAndIssuesOfTheFirstVersionAreStillRead() throws IOException {
        Session session = StateBytes.read(SessionLayout.INSTANCE, "session-full.v1.hex", 1);
        assertThat(session.path()).isEqualTo(FULL.path());
        assertThat(session.handoffs()).isEqualTo(FULL.handoffs());
        assertThat(session.flags()).isEmpty();
        assertThat(session.revision()).isEqualTo(FULL.revision());

        IssueChange change = StateBytes.read(IssueChangeLayout.INSTANCE, "issue-change.v1.hex", 1);
        assertThat(change.before()).satisfies(issue -> {
            assertThat(issue.contacts()).extracting(Issue.Contact::repeat).containsExactly(false, true);
            assertThat(issue.handoffs()).isEqualTo(2);
            assertThat(issue.firstResponseMs()).isEqualTo(300);
            assertThat(issue.start()).isEqualTo(START);
            assertThat(issue.channels()).containsExactly("call", "chat");
        });
    }

    @Test
    void sessionsAndCustomersBeforeConsentsAndSegmentsAreStillRead() throws IOException {
        Session session = StateBytes.read(SessionLayout.INSTANCE, "session-full.v2.hex", 2);
        assertThat(session.segment()).isNull();
        assertThat(session.flags()).isEqualTo(FULL.flags());
        assertThat(session.revision()).isEqualTo(FULL.revision());

        Customer customer = StateBytes.read(CustomerLayout.INSTANCE, "customer-full.v1.hex", 1);
        assertThat(customer.segment()).isEqualTo("gold");
        assertThat(customer.consents()).isEmpty();
        assertThat(customer.revision()).isEqualTo(START + 1);

        CustomerState.Memory then = StateBytes.read(CustomerStateLayout.INSTANCE, "customer-state.v2.hex", 2)
                .remember();
        CustomerState.Memory now = eventful().remember();
        assertThat(then.touches()).isEqualTo(now.touches());
        assertThat(then.sessions()).isEqualTo(now.sessions());
        assertThat(then.journeys()).isEqualTo(now.journeys());
        assertThat(then.sums().consents()).isEmpty();
        assertThat(then.sums().touchpoints()).isEqualTo(now.sums().touchpoints());
        assertThat(then.emptySince()).isEqualTo(now.emptySince());
    }

    /** It did not total when identifiers were seen. */
    @Test
    void aStateOfTheThirdVersionIsRead() throws IOException {
        CustomerState.Memory then = StateBytes.read(CustomerStateLayout.INSTANCE, "customer-state.v3.hex", 3)
                .remember();
        CustomerState.Memory now = eventful().remember();
        assertThat(then.touches()).isEqualTo(now.touches());
        assertThat(then.sums().consents()).isEqualTo(now.sums().consents());
        assertThat(then.sums().sightings()).isEmpty();
        assertThat(then.revision()).isEqualTo(now.revision());
    }

    /** Written when what was stated of an identifier widened the times of the customer's own touchpoints. */
    @Test
    void aStateOfTheFourthVersionWithStatedTimesIsRead() throws IOException {
        CustomerState.Memory then = StateBytes.read(CustomerStateLayout.INSTANCE, "customer-state.v4-stated.hex", 4)
                .remember();
        CustomerState.Memory now = eventful().remember();
        assertThat(then.touches()).isEqualTo(now.touches());
        assertThat(then.sessions()).isEqualTo(now.sessions());
        assertThat(then.sums()).isEqualTo(now.sums());
        assertThat(then.revision()).isEqualTo(now.revision());
    }

    /** It did not keep how the customer's experience stood, so that it is said again when the customer is looked at next. */
    @Test
    void aStateOfTheFourthVersionIsRead() throws IOException {
        CustomerState.Memory then = StateBytes.read(CustomerStateLayout.INSTANCE, "customer-state.v4.hex", 4)
                .remember();
        CustomerState.Memory now = eventful().remember();
        assertThat(then.touches()).isEqualTo(now.touches());
        assertThat(now.profile().experience()).isNotNull();
        assertThat(then.profile().experience()).isNull();
        assertThat(then.profile().with(now.profile().experience())).isEqualTo(now.profile());
        assertThat(then.sums()).isEqualTo(now.sums());
        assertThat(then.emptySince()).isEqualTo(now.emptySince());
    }

    /** Each of its touchpoints was written by itself. */
    @Test
    void aStateOfTheFifthVersionIsRead() throws IOException {
        CustomerState then = StateBytes.read(CustomerStateLayout.INSTANCE, "customer-state.v5.hex", 5);

        assertThat(then.remember()).isEqualTo(eventful().remember());
    }

    /** Metrics were told of its sessions and issues, but nobody of their transitions, and of no journey. */
    @Test
    void aStateOfTheFirstVersionIsReadAndSaysWhatItHadNotSaid() throws IOException {
        CustomerState state = StateBytes.read(CustomerStateLayout.INSTANCE, "customer-state.v1.hex", 1);
        CustomerState.Memory now = eventful().remember();
        CustomerState.Memory then = state.remember();
        assertThat(then.touches()).isEqualTo(now.touches());
        assertThat(then.sessions()).hasSameSizeAs(now.sessions());
        assertThat(then.issues())
                .extracting(Issue::issueId)
                .isEqualTo(now.issues().stream().map(Issue::issueId).toList());
        assertThat(then.journeys()).isEmpty();
        assertThat(then.transitionsSaid()).isFalse();

        List<SessionizeOutput> said = new SessionizeRule(SessionizeConfig.DEFAULTS.toBuilder()
                        .maxTouchpoints(7)
                        .publishAhead(false)
                        .build())
                .wake(state, START + 2_000 * MINUTE)
                .out();
        assertThat(said).anyMatch(SessionizeOutput.JourneyDocument.class::isInstance);
        assertThat(said).anyMatch(SessionizeOutput.Moved.class::isInstance);
    }

    @Test
    void pinsTheBytesOfStitchedTouchpoints() throws IOException {
        Touchpoint touchpoint = touchpoint("t-1", 0, "web", "page_view").build();
        StateBytes.areGolden(
                "stitched-touchpoint.v1.hex",
                StitchedTouchpointLayout.INSTANCE,
                new StitchedTouchpoint(touchpoint, ADA, "s-1", 3L << 20));
        StateBytes.areGolden(
                "stitched-touchpoint-alone.v1.hex",
                StitchedTouchpointLayout.INSTANCE,
                new StitchedTouchpoint(touchpoint, ADA, null, 1));
    }

    @Test
    void pinsTheBytesOfCustomers() throws IOException {
        StateBytes.areGolden(
                "customer-full.v3.hex",
                CustomerLayout.INSTANCE,
                new Customer(
                        ADA,
                        false,
                        null,
                        List.of(new Known(new Identifier("email", "8a1f"), START, START + MINUTE, "joined")),
                        START,
                        START + MINUTE,
                        List.of("web"),
                        2,
                        1,
                        List.of(new Money(7, "UAH")),
                        "gold",
                        List.of(new Consent("marketing", false, START + MINUTE, "t-2", "email")),
                        null,
                        START + 1));
        ExperienceScore experience =
                new ExperienceScore(37, START, List.of(new ExperienceScore.Reason(Experience.COMPLAINT, -13_400, 1)));
        StateBytes.areGolden(
                "customer-document.v3.hex",
                CustomerDocumentLayout.INSTANCE,
                new Customer(
                        ADA,
                        false,
                        null,
                        List.of(),
                        START,
                        START,
                        List.of("web"),
                        2,
                        1,
                        List.of(),
                        null,
                        List.of(),
                        experience,
                        START + 1));
        StateBytes.areGolden(
                "customer-absorbed.v3.hex",
                CustomerLayout.INSTANCE,
                new Customer(
                        ADA, true, "c-bob", List.of(), null, null, List.of(), 0, 0, List.of(), null, List.of(), null,
                        5));
    }

    @Test
    void pinsTheBytesOfTheState() throws IOException {
        CustomerState state = eventful();
        String file = "customer-state.v6.hex";
        byte[] golden = committed(file);
        assertThat(HexFormat.of().formatHex(StateBytes.write(CustomerStateLayout.INSTANCE, state)))
                .as("bytes of %s; if they must change, raise the version and add a new file", file)
                .isEqualTo(HexFormat.of().formatHex(golden));
        assertThat(LayoutBytes.read(golden, CustomerStateLayout.INSTANCE).remember())
                .isEqualTo(state.remember());
    }

    /** A state in which every part is present: also what is waiting, withdrawn, capped, retired and turned away. */
    private static CustomerState eventful() {
        SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS.toBuilder()
                .maxTouchpoints(7)
                .publishAhead(false)
                .build());
        Touchpoint retired = touchpoint("t-old", -60_000, "store", "consent_given")
                .segment("gold")
                .build();
        Touchpoint moving =
                touchpoint("t-2", 10, "chat", "message").topic("billing").build();
        List<Attribution> early = List.of(
                new Attribution(ADA, retired, 1, 1),
                new Attribution(ADA, touchpoint("t-1", 0, "web", "page_view").build(), 1, 1),
                new Attribution(ADA, moving, 1, 1),
                new Attribution(ADA, touchpoint("t-3", 20, "web", "logout").build(), 1, 1),
                new Attribution(ADA, touchpoint("t-4", 30, "web", "page_view").build(), -1, 1));
        CustomerState state = null;
        for (Attribution attribution : early) {
            state = rule.on(state, CustomerInput.of(attribution), Long.MIN_VALUE)
                    .state();
        }
        state = rule.wake(state, START + 5 * MINUTE).state();
        state = rule.wake(state, START + 60 * MINUTE).state();
        Known email = new Known(new Identifier("email", "8a1f"), START - MINUTE, START, "joined");
        Known heardOf = new Known(new Identifier("cookie", "k-1"), START - MINUTE, START, "shared");
        state = rule.on(
                        state,
                        CustomerInput.of(new CustomerIdentity(ADA, null, List.of(email, heardOf), 4)),
                        START + 70 * MINUTE)
                .state();
        for (int i = 5; i < 9; i++) {
            Touchpoint next = touchpoint("t-" + i, 70 + 200 * (i - 5), "call", "call_queued")
                    .topic("billing")
                    .build();
            state = rule.on(state, CustomerInput.of(new Attribution(ADA, next, 1, 1)), START + 70 * MINUTE)
                    .state();
        }
        Touchpoint corrected =
                touchpoint("t-2", 12, "chat", "message").topic("billing").build();
        state = rule.on(state, CustomerInput.of(new Attribution(ADA, corrected, 1, 2)), START + 70 * MINUTE + 1)
                .state();
        state = rule.on(state, CustomerInput.of(new Attribution(ADA, moving, -1, 1)), START + 70 * MINUTE + 2)
                .state();
        return broughtBefore(state, List.of(new Money(3_000_000, "EUR")));
    }

    /** With money in its totals, as the goldens have it: an earlier build counted what no purchase brought, too. */
    private static CustomerState broughtBefore(CustomerState state, List<Money> value) {
        CustomerState.Memory memory = state.remember();
        CustomerState.Memory.Sums sums = memory.sums();
        Customer profile = memory.profile();
        return CustomerState.of(new CustomerState.Memory(
                memory.customerId(),
                memory.revision(),
                memory.touches(),
                memory.sessions(),
                memory.issues(),
                memory.journeys(),
                memory.begun(),
                memory.transitionsSaid(),
                memory.left(),
                new CustomerState.Memory.Sums(
                        sums.touchpoints(),
                        sums.sessions(),
                        sums.firstSeen(),
                        sums.lastSeen(),
                        sums.channels(),
                        value,
                        sums.segment(),
                        sums.segmentAt(),
                        sums.consents(),
                        sums.sightings()),
                memory.identity(),
                new Customer(
                        profile.customerId(),
                        profile.absorbed(),
                        profile.absorbedInto(),
                        profile.identifiers(),
                        profile.firstSeen(),
                        profile.lastSeen(),
                        profile.channels(),
                        profile.touchpointCount(),
                        profile.sessionCount(),
                        value,
                        profile.segment(),
                        profile.consents(),
                        profile.experience(),
                        profile.revision()),
                memory.changedFrom(),
                memory.changedTo(),
                memory.profileChanged(),
                memory.timelineChanged(),
                memory.cap(),
                memory.publishedAt(),
                memory.publishedUpTo(),
                memory.burst(),
                memory.emptySince()));
    }

    @Test
    void theEventfulStateHasEveryPart() {
        CustomerState.Memory memory = eventful().remember();

        assertThat(memory.touches()).anyMatch(touch -> touch.facts().get(0).net() < 0);
        assertThat(memory.touches()).anyMatch(CustomerState.Memory.Touch::starts);
        assertThat(memory.sessions()).isNotEmpty();
        assertThat(memory.issues()).isNotEmpty();
        assertThat(memory.journeys()).isNotEmpty();
        assertThat(memory.begun()).isNotNull();
        assertThat(memory.sums().touchpoints()).isPositive();
        assertThat(memory.sums().consents()).isNotEmpty();
        assertThat(memory.identity()).isNotNull();
        assertThat(memory.profile()).isNotNull();
        assertThat(memory.changedFrom()).isNotNull();
        assertThat(memory.changedTo()).isNotNull();
        assertThat(memory.cap()).isNotNull();
    }

    @Test
    void aRuleThatIsRestoredAfterEveryStepSaysTheSame() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS.toBuilder()
                    .maxTouchpoints(20)
                    .publishAhead(random.nextBoolean())
                    .build());
            Step<CustomerState, SessionizeOutput> kept = Step.of(null, List.of(), Step.NEVER);
            Step<CustomerState, SessionizeOutput> restored = kept;
            long now = Long.MIN_VALUE;
            for (int i = 0; i < 60; i++) {
                if (random.nextInt(4) == 0) {
                    now = Math.max(now, START + random.nextInt(100_000) * MINUTE);
                    kept = rule.wake(kept.state(), now);
                    restored = rule.wake(restored.state(), now);
                } else {
                    CustomerInput input = input(random);
                    kept = rule.on(kept.state(), input, now);
                    restored = rule.on(restored.state(), input, now);
                }
                assertThat(restored.out()).isEqualTo(kept.out());
                assertThat(restored.wakeAt()).isEqualTo(kept.wakeAt());
                CustomerState state = restored.state();
                if (state != null) {
                    CustomerState read = LayoutBytes.read(
                            StateBytes.write(CustomerStateLayout.INSTANCE, state), CustomerStateLayout.INSTANCE);
                    assertThat(read.remember()).isEqualTo(state.remember());
                    restored = Step.of(read, List.of(), restored.wakeAt());
                }
                for (SessionizeOutput output : kept.out()) {
                    assertRoundTrip(output);
                }
            }
        }
    }

    /** What has not changed is written as it was read: nobody can tell from the bytes. */
    @Test
    void aCustomerWhoIsPackedAfterFourTurnsOfFiveSaysTheSameAndTakesTheBytesOfOneWhoWasNeverPacked() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            boolean inOrder = random.nextBoolean();
            SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS.toBuilder()
                    .maxTouchpoints(seed % 20 == 0 ? 100 : 20)
                    .publishAhead(random.nextBoolean())
                    .build());
            CustomerState open = null;
            Kept<CustomerState> packed = null;
            long now = Long.MIN_VALUE;
            for (int i = 0; i < (seed % 20 == 0 ? 200 : 60); i++) {
                Step<CustomerState, SessionizeOutput> kept;
                Step<CustomerState, SessionizeOutput> turn;
                CustomerState before = packed == null ? null : packed.open(CustomerStateLayout.INSTANCE);
                if (random.nextInt(4) == 0) {
                    now = Math.max(now, START + random.nextInt(100_000) * MINUTE);
                    kept = rule.wake(open, now);
                    turn = rule.wake(before, now);
                } else {
                    CustomerInput input = inOrder ? appended(i, random) : input(random, seed % 3 == 0 ? 3 : 40);
                    kept = rule.on(open, input, now);
                    turn = rule.on(before, input, now);
                }
                assertThat(turn.out()).isEqualTo(kept.out());
                assertThat(turn.wakeAt()).isEqualTo(kept.wakeAt());
                open = kept.state();
                CustomerState after = turn.state();
                if (after == null || open == null) {
                    assertThat(after).isEqualTo(open);
                    packed = null;
                    continue;
                }
                if (packed == null) {
                    packed = new Kept<>(after, CustomerStateLayout.INSTANCE);
                }
                packed.set(after, CustomerStateLayout.INSTANCE);
                if (random.nextInt(5) > 0) {
                    packed.close();
                }
                assertThat(packed).as("seed %d, turn %d", seed, i).isEqualTo(atRest(open));
            }
        }
    }

    /** Mostly nobody looks at a path before the customer is written again. */
    @Test
    void aPathThatIsReadIsOfTheTouchpointsThatWereRead() throws IOException {
        CustomerState state = withTwoTouchpointsInASessionAndOneThatWaits();

        CustomerState.Memory read =
                LayoutBytes.copy(state, CustomerStateLayout.INSTANCE).remember();

        assertThat(read.sessions()).singleElement().satisfies(known -> assertThat(
                        known.session().path())
                .isInstanceOfSatisfying(RememberedPath.class, path -> assertThat(path.isOf(read.touches(), 0))
                        .isTrue()));
        assertThat(read).isEqualTo(state.remember());
    }

    @Test
    void aPathOverATouchpointThatDoesNotCountIsDamage() {
        byte[] bytes = LayoutBytes.write(withTwoTouchpointsInASessionAndOneThatWaits(), CustomerStateLayout.INSTANCE);
        String hex = HexFormat.of().formatHex(bytes);
        String twoStepsFromTheFirstOn = "01" + "02" + "01" + "01" + "18";
        assertThat(hex).containsOnlyOnce(twoStepsFromTheFirstOn);

        byte[] damaged = HexFormat.of().parseHex(hex.replace(twoStepsFromTheFirstOn, "01" + "02" + "02" + "01" + "18"));

        assertThatThrownBy(() -> LayoutBytes.read(damaged, CustomerStateLayout.INSTANCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stands for touchpoint 2, which does not count");
    }

    /** What moved away is said later: until then a session of touchpoints that nobody holds stands there. */
    @Test
    void aSessionIsReadOfWhichAllTouchpointsHaveLeft() throws IOException {
        SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS);
        CustomerState state = null;
        for (int burst = 0; burst < 20; burst++) {
            for (int sign : new int[] {1, -1}) {
                Touchpoint touchpoint =
                        touchpoint("t" + burst, 0, "web", "page_view").build();
                state = rule.on(state, CustomerInput.of(new Attribution(ADA, touchpoint, sign, 1)), START)
                        .state();
            }
        }
        CustomerState.Memory written = present(state).remember();
        assertThat(written.touches()).isEmpty();
        assertThat(written.sessions()).isNotEmpty();

        assertThat(LayoutBytes.copy(present(state), CustomerStateLayout.INSTANCE)
                        .remember())
                .isEqualTo(written);
    }

    private static CustomerState present(@Nullable CustomerState state) {
        if (state == null) {
            throw new IllegalStateException("touchpoints leave a state");
        }
        return state;
    }

    private static CustomerState withTwoTouchpointsInASessionAndOneThatWaits() {
        SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS);
        CustomerState state = null;
        for (int i = 0; i < 3; i++) {
            Touchpoint touchpoint = touchpoint("t" + i, i, "web", "page_view").build();
            CustomerInput input = CustomerInput.of(new Attribution(ADA, touchpoint, i == 2 ? -1 : 1, 1));
            state = rule.on(state, input, START + i * MINUTE).state();
        }
        return present(state);
    }

    private static Kept<CustomerState> atRest(CustomerState state) {
        return new Kept<>(CustomerState.of(state.remember()), CustomerStateLayout.INSTANCE);
    }

    private static CustomerInput appended(int number, Random random) {
        Touchpoint touchpoint = touchpoint(
                        "t" + number,
                        10 * number,
                        pick(random, "web", "call", "chat"),
                        pick(random, "message", "logout", "page_view", "transfer", "consent_given"))
                .topic(pick(random, null, "billing", "roaming", "käse", "\ud83d\ude80"))
                .stage(pick(random, null, "support", "acquisition"))
                .touchpoint(pick(random, null, "home-page", "help-page", LONG_PAGE))
                .build();
        return CustomerInput.of(new Attribution(ADA, touchpoint, 1, 1));
    }

    @Test
    void whatACustomerWasReadFromIsLetGoWhenItsFirstTouchpointIsNotTheFirstAnyMore() {
        SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS);
        CustomerState never = null;
        Kept<CustomerState> packed = null;
        long now = START;
        for (int number : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0}) {
            CustomerState before = packed == null ? null : packed.open(CustomerStateLayout.INSTANCE);
            Touchpoint touchpoint =
                    touchpoint("t" + number, number, "web", "page_view").build();
            CustomerInput input = CustomerInput.of(new Attribution(ADA, touchpoint, 1, 1));
            now = Math.max(now, START + number * MINUTE + 1);
            never = rule.wake(rule.on(never, input, now).state(), now).state();
            CustomerState after =
                    rule.wake(rule.on(before, input, now).state(), now).state();
            if (packed == null) {
                packed = new Kept<>(after, CustomerStateLayout.INSTANCE);
            }
            packed.set(after, CustomerStateLayout.INSTANCE);
            packed.close();

            assertThat(packed).isEqualTo(atRest(never));
            if (number == 9 || number == 0) {
                assertThat(after.origin())
                        .isInstanceOfSatisfying(RunAtRest.class, origin -> assertThat(origin.isLetGo())
                                .as("after touchpoint %d", number)
                                .isEqualTo(number == 0));
            }
        }
    }

    @Test
    void aSessionTakesAFewBytesForEachTouchpointItSharesWithTheState() {
        SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS);
        CustomerState state = null;
        long touchpoints = 0;
        for (int i = 0; i < 500; i++) {
            Touchpoint touchpoint = touchpoint("touchpoint-" + i, i, "web", "page_view")
                    .touchpoint("product-page")
                    .stage("acquisition")
                    .build();
            touchpoints += LayoutBytes.write(touchpoint, TouchpointLayout.INSTANCE).length;
            state = rule.on(state, CustomerInput.of(new Attribution(ADA, touchpoint, 1, 1)), START + i * MINUTE)
                    .state();
        }

        assertThat(LayoutBytes.write(state, CustomerStateLayout.INSTANCE).length - touchpoints)
                .isLessThan(500 * 60);
    }

    private static void assertRoundTrip(SessionizeOutput output) throws IOException {
        if (output instanceof SessionizeOutput.Touch touch) {
            assertThat(StateBytes.roundTrip(StitchedTouchpointLayout.INSTANCE, touch.stitched()))
                    .isEqualTo(touch.stitched());
        } else if (output instanceof SessionizeOutput.Published published) {
            assertThat(StateBytes.roundTrip(SessionLayout.INSTANCE, published.session()))
                    .isEqualTo(published.session());
        } else if (output instanceof SessionizeOutput.Changed changed) {
            assertThat(StateBytes.roundTrip(SessionChangeLayout.INSTANCE, changed.change()))
                    .isEqualTo(changed.change());
        } else if (output instanceof SessionizeOutput.Raised raised) {
            assertThat(StateBytes.roundTrip(IssueChangeLayout.INSTANCE, raised.change()))
                    .isEqualTo(raised.change());
        } else if (output instanceof SessionizeOutput.JourneyChanged changed) {
            assertThat(StateBytes.roundTrip(JourneyChangeLayout.INSTANCE, changed.change()))
                    .isEqualTo(changed.change());
        } else if (output instanceof SessionizeOutput.IssueDocument document) {
            assertThat(StateBytes.roundTrip(IssueLayout.INSTANCE, document.issue()))
                    .isEqualTo(document.issue());
        } else if (output instanceof SessionizeOutput.JourneyDocument document) {
            assertThat(StateBytes.roundTrip(JourneyLayout.INSTANCE, document.journey()))
                    .isEqualTo(document.journey());
        } else if (output instanceof SessionizeOutput.Moved moved) {
            assertThat(StateBytes.roundTrip(TransitionChangeLayout.INSTANCE, moved.change()))
                    .isEqualTo(moved.change());
        } else if (output instanceof SessionizeOutput.Profile profile) {
            assertThat(StateBytes.roundTrip(CustomerDocumentLayout.INSTANCE, profile.customer()))
                    .isEqualTo(profile.customer());
        }
    }

    private static CustomerInput input(Random random) {
        return input(random, 40);
    }

    /** @param touchpoints among so many; of few often none is left */
    private static CustomerInput input(Random random, int touchpoints) {
        if (random.nextInt(10) == 0) {
            Known known = new Known(new Identifier("email", "e" + random.nextInt(3)), START, START + 1, "joined");
            return CustomerInput.of(new CustomerIdentity(
                    ADA, random.nextInt(4) == 0 ? "c-bob" : null, new ArrayList<>(List.of(known)), random.nextInt(9)));
        }
        String id = "t" + random.nextInt(touchpoints);
        int sequence = 1 + random.nextInt(2);
        // The same content for the same attribution, as stitching promises.
        Random content = new Random((id + sequence).hashCode());
        Touchpoint.Builder touchpoint = touchpoint(
                        id,
                        content.nextInt(90_000),
                        pick(content, "web", "call", "chat"),
                        pick(content, "message", "logout", "page_view", "transfer", "consent_given"))
                .segment(pick(content, null, "consumer"))
                .topic(pick(content, null, "billing", "roaming"))
                .stage(pick(content, null, "support"))
                .outbound(content.nextInt(5) == 0);
        if (content.nextBoolean()) {
            touchpoint.value(new Money(content.nextInt(9_000_000), "EUR"));
        }
        return CustomerInput.of(new Attribution(ADA, touchpoint.build(), random.nextInt(4) == 0 ? -1 : 1, sequence));
    }

    private static Touchpoint.Builder touchpoint(String id, int minute, String channel, String kind) {
        return Touchpoint.of(id, START + minute * MINUTE, channel, kind)
                .identifiers(List.of(new Identifier("email", "8a1f")));
    }

    private static String pick(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    private static byte[] committed(String file) throws IOException {
        try (InputStream in = SessionizeLayoutTest.class.getResourceAsStream("/state/" + file)) {
            assertThat(in).as("src/test/resources/state/%s", file).isNotNull();
            return HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
        }
    }
}
