package io.throughline.pipeline.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.throughline.elasticsearch.BackOff;
import io.throughline.elasticsearch.BulkAnswer;
import io.throughline.elasticsearch.BulkLimits;
import io.throughline.elasticsearch.BulkTransport;
import io.throughline.elasticsearch.DeadLetter;
import io.throughline.elasticsearch.DeadLetters;
import io.throughline.elasticsearch.ElasticsearchSink;
import io.throughline.elasticsearch.IndexAction;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.KafkaRecordTypeInfo;
import io.throughline.pipeline.JobRules;
import io.throughline.schemas.Rejected;
import io.throughline.schemas.Session;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The topology in a Flink of its own, between records in memory and an Elasticsearch in memory. */
@Timeout(60)
class IndexTopologyTest {

    /** Reached from tasks, which only get serialised factories. */
    private static final Map<String, IndexAction> INDEXED = new ConcurrentHashMap<>();

    private static final Queue<KafkaRecord> REJECTED = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void forget() {
        INDEXED.clear();
        REJECTED.clear();
    }

    @Test
    void documents_are_indexed_and_what_is_none_is_rejected_with_its_bytes() throws Exception {
        try (RegistryServer registry =
                new RegistryServer(List.of(Session.getClassSchema(), Rejected.getClassSchema()))) {
            byte[] session = bytes(registry, "sessions", Session.class, Documents.session("s1", "c1", 2));
            byte[] unknownSchema = {0, 0, 0, 0, 99, 1};
            run(
                    registry,
                    new KafkaRecord("sessions", 0, 0, 1_000, null, session, null),
                    new KafkaRecord("sessions", 0, 1, 2_000, null, unknownSchema, null),
                    new KafkaRecord("sessions", 0, 2, 3_000, null, new byte[] {'{', '}'}, null));

            assertThat(INDEXED).containsOnlyKeys("throughline-sessions-g3/s1");
            assertThat(INDEXED.get("throughline-sessions-g3/s1").version()).isEqualTo(2);
            assertThat(REJECTED)
                    .extracting(record -> rejectedIn(registry, record))
                    .extracting(Rejected::getOrigin, Rejected::getReason)
                    .containsExactlyInAnyOrder(
                            tuple("sessions-0-1", "unknown_schema"), tuple("sessions-0-2", "malformed"));
        }
    }

    private static void run(RegistryServer registry, KafkaRecord... records) throws Exception {
        Configuration configuration = JobRules.configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        environment.setParallelism(1);
        IndexTopology.build(
                environment
                        .fromData(KafkaRecordTypeInfo.INSTANCE, records)
                        .name("records")
                        .uid("records"),
                3,
                registry.url(),
                new ElasticsearchSink(
                        InMemory::new, NoDeadLetters::new, BulkLimits.DEFAULT, BackOff.DEFAULT, "prepare"),
                new Collecting());
        environment.execute();
    }

    private static <T extends SpecificRecord> byte[] bytes(
            RegistryServer registry, String topic, Class<T> type, T document) throws Exception {
        return AvroWriter.of(type, topic, registry.url(), Map.of()).write(document);
    }

    private static Rejected rejectedIn(RegistryServer registry, KafkaRecord record) {
        try (AvroDecoder<Rejected> decoder = AvroDecoder.of(Rejected.class, registry.url())) {
            return ((Decoded.Record<Rejected>) decoder.decode(record)).value();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class InMemory implements BulkTransport {

        @Override
        public void check() {}

        @Override
        public CompletionStage<BulkAnswer> send(List<IndexAction> actions) {
            actions.forEach(action -> INDEXED.put(action.index() + "/" + action.id(), action));
            return CompletableFuture.completedFuture(new BulkAnswer.PerDocument(actions.stream()
                    .map(action -> new BulkAnswer.Status(201, null, null))
                    .toList()));
        }

        @Override
        public void close() {}
    }

    private static final class NoDeadLetters implements DeadLetters {

        @Override
        public void accept(DeadLetter letter) {
            throw new AssertionError("not expected here: " + letter);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static final class Collecting implements Sink<KafkaRecord> {

        private static final long serialVersionUID = 1;

        @Override
        public SinkWriter<KafkaRecord> createWriter(WriterInitContext context) {
            return new SinkWriter<>() {
                @Override
                public void write(KafkaRecord record, Context writing) {
                    REJECTED.add(record);
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}
