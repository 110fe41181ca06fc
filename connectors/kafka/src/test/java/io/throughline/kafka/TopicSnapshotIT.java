package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Servers({Server.KAFKA})
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TopicSnapshotIT {

    private final String kafka;
    private final String topic = "it-snapshot-" + UUID.randomUUID();

    TopicSnapshotIT(LocalServers servers) {
        kafka = servers.bootstrapServers();
    }

    @Test
    void what_is_committed_is_read_to_the_present_end_marks_of_transactions_included() throws Exception {
        create();
        send(0, "a", "b", "c");
        send(1, "d");
        abort(1, "never");

        assertThat(read(Long.MAX_VALUE)).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void an_empty_topic_ends_at_once_and_a_missing_one_is_named() throws Exception {
        create();

        assertThat(read(Long.MAX_VALUE)).isEmpty();
        assertThatThrownBy(() -> TopicSnapshot.read(topic + "-none", kafka, Map.of(), 1, record -> {}))
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith("there is no topic " + topic + "-none at " + kafka);
    }

    @Test
    void of_a_limited_read_the_newest_of_each_partition_come() throws Exception {
        create();
        for (int i = 0; i < 10; i++) {
            // One transaction each would put a mark after every record, and a mark takes an offset.
            send(0, "p0-" + i);
        }

        List<String> newest = read(6);

        assertThat(newest)
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(6)
                .contains("p0-9")
                .doesNotContain("p0-0");
    }

    private List<String> read(long most) {
        List<String> values = new ArrayList<>();
        TopicSnapshot.read(topic, kafka, Map.of(), most, record -> values.add(new String(record.value(), UTF_8)));
        return values;
    }

    private void create() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(3), Optional.empty())))
                    .all()
                    .get();
        }
    }

    private void send(int partition, String... values) {
        try (KafkaProducer<String, String> producer = producer()) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, partition, null, value));
            }
            producer.commitTransaction();
        }
    }

    private void abort(int partition, String value) {
        try (KafkaProducer<String, String> producer = producer()) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, partition, null, value));
            producer.flush();
            producer.abortTransaction();
        }
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "transactional.id", topic + UUID.randomUUID()),
                new StringSerializer(),
                new StringSerializer());
    }
}
