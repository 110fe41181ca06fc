package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.AnswerPlace;
import io.throughline.domain.sessionize.Customer;
import io.throughline.domain.sessionize.CustomerInput;
import io.throughline.domain.sessionize.CustomerState;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.IssueChange;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.JourneyChange;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.sessionize.SessionizeOutput;
import io.throughline.domain.sessionize.SessionizeRule;
import io.throughline.domain.sessionize.StitchedTouchpoint;
import io.throughline.domain.sessionize.Transition;
import io.throughline.domain.sessionize.TransitionChange;
import io.throughline.domain.sessionize.TransitionRule;
import io.throughline.domain.sessionize.TransitionState;
import io.throughline.domain.stitch.StitchOutput;
import io.throughline.pipeline.kit.KeyedRuleFunction;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.stitch.StitchTopology.Stitched;
import io.throughline.pipeline.wire.AnswerPlaceLayout;
import io.throughline.pipeline.wire.TextLayout;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Touchpoints of customers in; sessions, issues, journeys, transitions and customers out, corrected whenever touchpoints move. */
public final class SessionizeTopology {

    private static final OutputTag<Session> SESSIONS =
            new OutputTag<>("sessions", LayoutType.of(Session.class, SessionLayout.INSTANCE));
    private static final OutputTag<SessionChange> SESSION_CHANGES =
            new OutputTag<>("session-changes", LayoutType.of(SessionChange.class, SessionChangeLayout.INSTANCE));
    private static final OutputTag<IssueChange> ISSUE_CHANGES =
            new OutputTag<>("issue-changes", LayoutType.of(IssueChange.class, IssueChangeLayout.INSTANCE));
    private static final OutputTag<Issue> ISSUES =
            new OutputTag<>("issues", LayoutType.of(Issue.class, IssueLayout.INSTANCE));
    private static final OutputTag<Journey> JOURNEYS =
            new OutputTag<>("journeys", LayoutType.of(Journey.class, JourneyLayout.INSTANCE));
    private static final OutputTag<JourneyChange> JOURNEY_CHANGES =
            new OutputTag<>("journey-changes", LayoutType.of(JourneyChange.class, JourneyChangeLayout.INSTANCE));
    private static final OutputTag<TransitionChange> TRANSITION_CHANGES = new OutputTag<>(
            "transition-changes", LayoutType.of(TransitionChange.class, TransitionChangeLayout.INSTANCE));
    private static final OutputTag<AnswerPlace> ANSWER_PLACES =
            new OutputTag<>("answer-places", LayoutType.of(AnswerPlace.class, AnswerPlaceLayout.INSTANCE));
    private static final OutputTag<Customer> CUSTOMERS =
            new OutputTag<>("customers", LayoutType.of(Customer.class, CustomerDocumentLayout.INSTANCE));

    /**
     * Documents, and the changes that metrics subtract and add.
     *
     * @param erased touchpoints that are nobody's any more, apart from those that are somebody's: a union would make whoever
     *     takes both a task of its own
     */
    public record Sessionized(
            DataStream<StitchedTouchpoint> touchpoints,
            DataStream<StitchedTouchpoint> erased,
            DataStream<Session> sessions,
            DataStream<Issue> issues,
            DataStream<Journey> journeys,
            DataStream<Transition> transitions,
            DataStream<Customer> customers,
            DataStream<SessionChange> sessionChanges,
            DataStream<IssueChange> issueChanges,
            DataStream<JourneyChange> journeyChanges,
            DataStream<AnswerPlace> answerPlaces) {}

    public static Sessionized sessionize(Stitched stitched, SessionizeConfig config) {
        LayoutType<CustomerInput> inputs = LayoutType.of(CustomerInput.class, CustomerInputLayout.INSTANCE);
        SingleOutputStreamOperator<CustomerInput> attributions = stitched.attributions()
                .map(CustomerInput::of, inputs)
                .name("sessionize-take-touchpoints")
                .uid("sessionize-take-touchpoints");
        SingleOutputStreamOperator<CustomerInput> identities = stitched.identities()
                .map(CustomerInput::of, inputs)
                .name("sessionize-take-identities")
                .uid("sessionize-take-identities");
        SingleOutputStreamOperator<StitchedTouchpoint> customers = new KeyedRuleFunction<
                        String, CustomerState, CustomerInput, SessionizeOutput, StitchedTouchpoint>(
                        new SessionizeRule(config),
                        LayoutType.state(CustomerState.class, CustomerStateLayout.INSTANCE),
                        SessionizeTopology::forward)
                .over(
                        attributions.union(identities).keyBy(CustomerInput::customerId, TextLayout.KEY),
                        "sessionize-customers",
                        LayoutType.of(StitchedTouchpoint.class, StitchedTouchpointLayout.INSTANCE));
        SingleOutputStreamOperator<StitchedTouchpoint> erased = stitched.erased()
                .flatMap(
                        SessionizeTopology::mark,
                        LayoutType.of(StitchedTouchpoint.class, StitchedTouchpointLayout.INSTANCE))
                .name("sessionize-erased")
                .uid("sessionize-erased");
        return new Sessionized(
                customers,
                erased,
                customers.getSideOutput(SESSIONS),
                customers.getSideOutput(ISSUES),
                customers.getSideOutput(JOURNEYS),
                transitions(customers.getSideOutput(TRANSITION_CHANGES), config),
                customers.getSideOutput(CUSTOMERS),
                customers.getSideOutput(SESSION_CHANGES),
                customers.getSideOutput(ISSUE_CHANGES),
                customers.getSideOutput(JOURNEY_CHANGES),
                customers.getSideOutput(ANSWER_PLACES));
    }

    private static void mark(StitchOutput.Erased erased, Collector<StitchedTouchpoint> out) {
        if (erased.change().sign() > 0) {
            out.collect(StitchedTouchpoint.erased(erased.change().touchpoint(), erased.sequence()));
        }
    }

    private static DataStream<Transition> transitions(DataStream<TransitionChange> changes, SessionizeConfig config) {
        return new KeyedRuleFunction<String, TransitionState, TransitionChange, Transition, Transition>(
                        new TransitionRule(config),
                        LayoutType.of(TransitionState.class, TransitionStateLayout.INSTANCE),
                        KeyedRuleFunction.Forward.all())
                .over(
                        changes.keyBy(change -> change.way().id(), TextLayout.KEY),
                        "sessionize-transitions",
                        LayoutType.of(Transition.class, TransitionLayout.INSTANCE));
    }

    private static void forward(
            SessionizeOutput output, Collector<StitchedTouchpoint> main, KeyedRuleFunction.Side side) {
        if (output instanceof SessionizeOutput.Touch touch) {
            main.collect(touch.stitched());
        } else if (output instanceof SessionizeOutput.Published published) {
            side.put(SESSIONS, published.session());
        } else if (output instanceof SessionizeOutput.Changed changed) {
            side.put(SESSION_CHANGES, changed.change());
        } else if (output instanceof SessionizeOutput.Raised raised) {
            side.put(ISSUE_CHANGES, raised.change());
        } else if (output instanceof SessionizeOutput.IssueDocument issue) {
            side.put(ISSUES, issue.issue());
        } else if (output instanceof SessionizeOutput.JourneyDocument journey) {
            side.put(JOURNEYS, journey.journey());
        } else if (output instanceof SessionizeOutput.JourneyChanged changed) {
            side.put(JOURNEY_CHANGES, changed.change());
        } else if (output instanceof SessionizeOutput.Moved moved) {
            side.put(TRANSITION_CHANGES, moved.change());
        } else if (output instanceof SessionizeOutput.Placed placed) {
            side.put(ANSWER_PLACES, placed.place());
        } else if (output instanceof SessionizeOutput.Profile profile) {
            side.put(CUSTOMERS, profile.customer());
        }
    }

    private SessionizeTopology() {}
}
