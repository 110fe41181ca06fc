package io.throughline.pipeline;

import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.kafka.AvroSinks;
import io.throughline.kafka.AvroSinks.ToRecord;
import io.throughline.kafka.RecordKey;
import io.throughline.pipeline.wire.AvroDocuments;
import io.throughline.pipeline.wire.Encoded;
import io.throughline.pipeline.wire.EncodedLayout;
import io.throughline.pipeline.wire.MetricSlot;
import io.throughline.schemas.Accounting;
import io.throughline.schemas.Alert;
import io.throughline.schemas.AlertAnswer;
import io.throughline.schemas.Customer;
import io.throughline.schemas.IdentityChange;
import io.throughline.schemas.Issue;
import io.throughline.schemas.Journey;
import io.throughline.schemas.Metric;
import io.throughline.schemas.Notification;
import io.throughline.schemas.NotificationGroup;
import io.throughline.schemas.Rejected;
import io.throughline.schemas.RuleError;
import io.throughline.schemas.Session;
import io.throughline.schemas.StitchedTouchpoint;
import io.throughline.schemas.Transition;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.transformations.UnionTransformation;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Every kind of document to its topic. Readers of committed records see each version of a document once; alerts do not
 * wait for a checkpoint and may be seen again after a failure, or say what a failed attempt took for true; {@code
 * alert-states} says the same in transactions.
 *
 * @param transactions prefix of transactional ids, unique among all jobs on the same brokers
 * @param experience what tiers of value customers are in
 * @param properties further properties of the Kafka producers, for example {@code security.protocol}
 */
public record KafkaOutlets(
        String bootstrapServers,
        String registryUrl,
        String transactions,
        Map<String, String> properties,
        ExperienceConfig experience)
        implements Outlets {

    @Override
    public void take(Documents documents) {
        DeliveryGuarantee once = DeliveryGuarantee.EXACTLY_ONCE;
        EncodeFunction<io.throughline.domain.sessionize.StitchedTouchpoint, StitchedTouchpoint> touchpoints =
                new EncodeFunction<>(
                        "stitched-touchpoints",
                        StitchedTouchpoint.class,
                        AvroDocuments::of,
                        StitchedTouchpoint::getTouchpointId,
                        registryUrl);
        transact(
                        "stitched-touchpoints",
                        encode("stitched-touchpoints", documents.touchpoints(), touchpoints)
                                .union(encode("erased-touchpoints", documents.erasedTouchpoints(), touchpoints)))
                .startNewChain();
        ExperienceConfig tiers = experience;
        write(
                "customers",
                documents.customers(),
                Customer.class,
                customer -> AvroDocuments.of(customer, tiers),
                Customer::getCustomerId,
                once);
        write("sessions", documents.sessions(), Session.class, AvroDocuments::of, Session::getSessionId, once);
        write("issues", documents.issues(), Issue.class, AvroDocuments::of, Issue::getIssueId, once);
        write("journeys", documents.journeys(), Journey.class, AvroDocuments::of, Journey::getJourneyId, once);
        write(
                "transitions",
                documents.transitions(),
                Transition.class,
                AvroDocuments::of,
                Transition::getTransitionId,
                once);
        write(
                "identity-changes",
                documents.identityChanges(),
                IdentityChange.class,
                change -> AvroDocuments.of(change, Instant.now()),
                IdentityChange::getChangeId,
                once);
        write("metrics", documents.metrics(), Metric.class, AvroDocuments::of, MetricSlot::idOf, once);
        write(
                "alerts",
                documents.alerts(),
                Alert.class,
                AvroDocuments::of,
                Alert::getAlertId,
                DeliveryGuarantee.AT_LEAST_ONCE);
        write("alert-states", documents.alerts(), Alert.class, AvroDocuments::of, Alert::getAlertId, once);
        write(
                "alert-answers",
                documents.alertAnswers(),
                AlertAnswer.class,
                AvroDocuments::of,
                AlertAnswer::getSubjectId,
                once);
        write(
                "alert-notifications",
                documents.notifications(),
                Notification.class,
                AvroDocuments::of,
                KafkaOutlets::subject,
                DeliveryGuarantee.AT_LEAST_ONCE);
        write(
                "rule-errors",
                documents.ruleErrors(),
                RuleError.class,
                AvroDocuments::of,
                RuleError::getRuleErrorId,
                once);
        write("rejected", documents.rejected(), Rejected.class, AvroDocuments::of, Rejected::getOrigin, once);
        write("late", documents.late(), Rejected.class, AvroDocuments::of, Rejected::getOrigin, once);
        write("accounting", documents.accounting(), Accounting.class, AvroDocuments::of, Accounting::getSource, once);
    }

    /** What is told of one thing, a group or an alert, stays in order. */
    private static String subject(Notification notification) {
        NotificationGroup group = notification.getGroup();
        return group == null ? notification.getAlertId() : group.getGroupId();
    }

    private <V, T extends SpecificRecord> void write(
            String topic,
            DataStream<V> values,
            Class<T> type,
            ToRecord<V, T> toRecord,
            RecordKey<T> key,
            DeliveryGuarantee guarantee) {
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            SingleOutputStreamOperator<Encoded> transacting = transact(
                    topic, encode(topic, values, new EncodeFunction<>(topic, type, toRecord, key, registryUrl)));
            // What takes a union is a task of its own already, and none that decides.
            if (!(values.getTransformation() instanceof UnionTransformation)) {
                transacting.startNewChain();
            }
            return;
        }
        values.sinkTo(AvroSinks.of(
                        topic,
                        type,
                        toRecord,
                        key,
                        bootstrapServers,
                        registryUrl,
                        guarantee,
                        transactions + "-" + topic,
                        TransactionNamingStrategy.INCREMENTING,
                        properties,
                        Map.of()))
                .name("publish-" + topic)
                .uid("publish-" + topic);
    }

    private static <V> DataStream<Encoded> encode(String what, DataStream<V> values, EncodeFunction<V, ?> function) {
        return values.map(function, EncodedLayout.TYPE).name("encode-" + what).uid("encode-" + what);
    }

    /**
     * A task waits for the broker when a transaction begins, is flushed and is committed, at every checkpoint and for each topic
     * anew: a quarter of a second that nobody who decides may wait, least of all those on the way to an alert.
     *
     * @return what is to begin a task of its own
     */
    private SingleOutputStreamOperator<Encoded> transact(String topic, DataStream<Encoded> documents) {
        SingleOutputStreamOperator<Encoded> transacting = documents
                .map(document -> document, EncodedLayout.TYPE)
                .name("transact-" + topic)
                .uid("transact-" + topic);
        transacting
                .sinkTo(AvroSinks.of(
                        new AsEncoded(topic),
                        bootstrapServers,
                        DeliveryGuarantee.EXACTLY_ONCE,
                        transactions + "-" + topic,
                        TransactionNamingStrategy.INCREMENTING,
                        properties))
                .name("publish-" + topic)
                .uid("publish-" + topic);
        return transacting;
    }

    private record AsEncoded(String topic) implements KafkaRecordSerializationSchema<Encoded> {
        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Encoded document, KafkaSinkContext context, @Nullable Long eventTime) {
            return new ProducerRecord<>(topic, document.key(), document.value());
        }
    }
}
