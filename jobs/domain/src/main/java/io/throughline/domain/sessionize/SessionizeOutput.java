package io.throughline.domain.sessionize;

/** What sessionizing says. */
public sealed interface SessionizeOutput {

    /** A touchpoint whose customer or session is new or has changed. */
    record Touch(StitchedTouchpoint stitched) implements SessionizeOutput {

        /**
         * Whether an inbound touchpoint is in no session: its customer holds more than {@code
         * sessionize.max_touchpoints}, or it is older than {@code sessionize.retention}. It counts for the customer but
         * for no session; to be counted by whoever runs the rule.
         */
        public boolean unsessioned() {
            return stitched.sessionId() == null && !stitched.touchpoint().outbound();
        }
    }

    /** A session document to be published. */
    record Published(Session session) implements SessionizeOutput {}

    /** The same change as seen by metrics. */
    record Changed(SessionChange change) implements SessionizeOutput {}

    /** An issue that begins, changes or ends to be. */
    record Raised(IssueChange change) implements SessionizeOutput {}

    /** A customer document to be published. */
    record Profile(Customer customer) implements SessionizeOutput {}
}
