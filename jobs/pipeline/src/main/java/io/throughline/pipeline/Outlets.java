package io.throughline.pipeline;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.CaseOutput.Answer;
import io.throughline.domain.alert.Notification;
import io.throughline.domain.ingest.Account;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.sessionize.Customer;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.StitchedTouchpoint;
import io.throughline.domain.sessionize.Transition;
import io.throughline.domain.stitch.IdentityChange;
import io.throughline.pipeline.wire.RuleError;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Where the experience job's documents go: Kafka topics in production, memory in replay and tests. */
public interface Outlets {

    /**
     * Everything the experience job says.
     *
     * @param erasedTouchpoints further ones, of the same kind and to the same place
     * @param alertAnswers what became of commands about alerts and of versions of rules
     * @param notifications what people are to be told; for those who run live only
     * @param ruleErrors of rules whose conditions cannot be evaluated; of a run, so not of a replay's result
     * @param late records beyond the lateness horizon, in the shape of rejected ones
     */
    record Documents(
            DataStream<StitchedTouchpoint> touchpoints,
            DataStream<StitchedTouchpoint> erasedTouchpoints,
            DataStream<Customer> customers,
            DataStream<Session> sessions,
            DataStream<Issue> issues,
            DataStream<Journey> journeys,
            DataStream<Transition> transitions,
            DataStream<IdentityChange> identityChanges,
            DataStream<MetricValue> metrics,
            DataStream<Alert> alerts,
            DataStream<Answer> alertAnswers,
            DataStream<Notification> notifications,
            DataStream<RuleError> ruleErrors,
            DataStream<Rejected> rejected,
            DataStream<Rejected> late,
            DataStream<Account> accounting) {}

    void take(Documents documents);
}
