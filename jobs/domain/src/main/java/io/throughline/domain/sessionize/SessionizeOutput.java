package io.throughline.domain.sessionize;

/** What sessionizing says. */
public sealed interface SessionizeOutput {

    /** A touchpoint whose customer or session is new or has changed. */
    record Touch(StitchedTouchpoint stitched) implements SessionizeOutput {}

    /** A session document to be published. */
    record Published(Session session) implements SessionizeOutput {}

    /** The same change as seen by metrics. */
    record Changed(SessionChange change) implements SessionizeOutput {}

    /** An issue that begins, changes or ends to be, as seen by metrics. */
    record Raised(IssueChange change) implements SessionizeOutput {}

    /** An issue document to be published. */
    record IssueDocument(Issue issue) implements SessionizeOutput {}

    /** A journey document to be published. */
    record JourneyDocument(Journey journey) implements SessionizeOutput {}

    /** The same change of a journey as seen by metrics. */
    record JourneyChanged(JourneyChange change) implements SessionizeOutput {}

    /** What all these changes make of the transitions. */
    record Moved(TransitionChange change) implements SessionizeOutput {}

    /** Where an answer counts. */
    record Placed(AnswerPlace place) implements SessionizeOutput {}

    /** A customer document to be published. */
    record Profile(Customer customer) implements SessionizeOutput {}
}
