package io.throughline.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.throughline.delivery.Delivery.Broker;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TopicSnapshot;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From the topic on a real broker to a receiver on this machine. */
@Servers({Server.KAFKA, Server.REGISTRY})
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeliveryIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Broker broker;
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    DeliveryIT(LocalServers servers) throws Exception {
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
        broker = new Broker(servers.bootstrapServers(), servers.registryUrl(), "it-" + run, Map.of());
    }

    @Test
    void aReceiverThatWasDownGetsEverythingOnceItIsBackAndAfterARestartNothingTwice() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.always(503);
            TargetConfig config = config("hook-" + run);
            try (Delivery delivery = Delivery.start(broker, config, webhook(receiver), InstantSource.system())) {
                awaitPlace(config);
                publish(Notifications.of(run + "-1", Event.OPENED), Notifications.of(run + "-2", Event.OPENED));
                Awaitility.await().atMost(LONG).until(() -> receiver.requests().size() > 3);
                receiver.always(200);
                Awaitility.await().atMost(LONG).until(() -> delivery.counts().delivered() == 2);
                awaitCommitted(config);
            }
            int before = receiver.requests().size();

            try (Delivery delivery = Delivery.start(broker, config, webhook(receiver), InstantSource.system())) {
                publish(Notifications.of(run + "-1", Event.RESOLVED));
                Awaitility.await().atMost(LONG).until(() -> delivery.counts().delivered() == 1);
            }

            assertThat(receiver.requests().subList(before, receiver.requests().size()))
                    .extracting(request -> request.headers().get("idempotency-key"))
                    .containsExactly(run + "-1-resolved");
        }
    }

    @Test
    void whatWasUnderWayWhenTheProcessEndedComesAgain() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.always(503);
            TargetConfig config = config("ended-" + run);
            try (Delivery delivery = Delivery.start(broker, config, webhook(receiver), InstantSource.system())) {
                awaitPlace(config);
                publish(Notifications.of(run + "-e", Event.OPENED));
                Awaitility.await().atMost(LONG).until(() -> !receiver.requests().isEmpty());
                assertThat(delivery.counts().delivered()).isZero();
            }
            receiver.always(200);

            try (Delivery delivery = Delivery.start(broker, config, webhook(receiver), InstantSource.system())) {
                Awaitility.await().atMost(LONG).until(() -> delivery.counts().delivered() == 1);
            }
        }
    }

    @Test
    void whatIsRefusedAndWhatIsNoNotificationLieInTheDeadLettersAndHoldUpNothing() throws Exception {
        try (Receiver receiver = new Receiver()) {
            receiver.replies(400, Map.of(), "no such field");
            TargetConfig config = config("picky-" + run);
            try (Delivery delivery = Delivery.start(broker, config, webhook(receiver), InstantSource.system())) {
                awaitPlace(config);
                publish(Notifications.of(run + "-r", Event.OPENED));
                Awaitility.await().atMost(LONG).until(() -> delivery.counts().deadLetters() == 1);
                publishRaw(run + "-x", new byte[] {9, 9, 9});
                publish(Notifications.of(run + "-ok", Event.OPENED));
                Awaitility.await()
                        .atMost(LONG)
                        .until(() -> delivery.counts().delivered() == 1
                                && delivery.counts().deadLetters() == 2);
            }
        }

        assertThat(undelivered("picky-" + run))
                .extracting(letter -> letter.getAlertId(), letter -> letter.getReason(), letter -> letter.getAttempts())
                .containsExactlyInAnyOrder(tuple(run + "-r", "refused", 1), tuple(run + "-x", "unreadable", 0));
    }

    @Test
    void onKafkaANotificationIsACloudEventInBinaryModeWithAnAvroBody() throws Exception {
        TargetConfig config = config("kafka-" + run);
        Notification sent = Notifications.of(run + "-k", Event.ESCALATED);
        try (KafkaTarget target = KafkaTarget.open(
                        "alert-events",
                        URI.create("/throughline/test"),
                        broker.bootstrapServers(),
                        broker.registryUrl(),
                        Map.of());
                Delivery delivery = Delivery.start(broker, config, target, InstantSource.system())) {
            awaitPlace(config);
            publish(sent);
            Awaitility.await().atMost(LONG).until(() -> delivery.counts().delivered() == 1);
        }

        CloudEvent event = cloudEvent(run + "-k");
        assertThat(event.getId()).isEqualTo(run + "-k-escalated");
        assertThat(event.getType()).isEqualTo("io.throughline.alert.escalated");
        assertThat(event.getSource()).hasToString("/throughline/test");
        assertThat(event.getSubject()).isEqualTo(run + "-k");
        assertThat(event.getDataContentType()).isEqualTo("application/avro");
        try (AvroDecoder<io.throughline.schemas.Notification> decoder =
                AvroDecoder.of(io.throughline.schemas.Notification.class, broker.registryUrl())) {
            Decoded<io.throughline.schemas.Notification> decoded =
                    decoder.decode(event.getData().toBytes());
            assertThat(decoded).isInstanceOf(Decoded.Record.class);
            assertThat(NotificationAvro.read(((Decoded.Record<io.throughline.schemas.Notification>) decoded).value()))
                    .isEqualTo(sent);
        }
    }

    private Target webhook(Receiver receiver) {
        return new WebhookTarget(
                receiver.at("/hook"),
                URI.create("/throughline/test"),
                List.of(),
                Duration.ofSeconds(5),
                InstantSource.system());
    }

    /** Each test hears only of its own alerts: the topic is shared. */
    private static TargetConfig config(String name) {
        return new TargetConfig(
                name,
                Severity.INFO,
                Set.of(Event.values()),
                null,
                1000,
                2,
                Duration.ofHours(1),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                3);
    }

    private void publish(Notification... notifications) throws Exception {
        AvroWriter<io.throughline.schemas.Notification> writer = AvroWriter.of(
                io.throughline.schemas.Notification.class, Delivery.TOPIC, broker.registryUrl(), Map.of());
        for (Notification notification : notifications) {
            publishRaw(notification.alertId(), writer.write(NotificationAvro.write(notification)));
        }
    }

    private void publishRaw(String key, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Delivery.TOPIC, key.getBytes(UTF_8), value))
                    .get();
        }
    }

    private List<io.throughline.schemas.Undelivered> undelivered(String target) throws Exception {
        List<io.throughline.schemas.Undelivered> letters = new ArrayList<>();
        try (AvroDecoder<io.throughline.schemas.Undelivered> decoder =
                AvroDecoder.of(io.throughline.schemas.Undelivered.class, broker.registryUrl())) {
            TopicSnapshot.read("undelivered", broker.bootstrapServers(), Map.of(), 10_000, record -> {
                try {
                    if (decoder.decode(record.value()) instanceof Decoded.Record<io.throughline.schemas.Undelivered> r
                            && r.value().getTarget().equals(target)) {
                        letters.add(r.value());
                    }
                } catch (RegistryUnavailableException e) {
                    throw new AssertionError(e);
                }
            });
        }
        return letters;
    }

    private CloudEvent cloudEvent(String alert) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("alert-events").stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<CloudEvent> found = new ArrayList<>();
            Awaitility.await().atMost(LONG).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (alert.equals(record.key())) {
                        found.add(KafkaMessageFactory.createReader(record).toEvent());
                    }
                });
                return !found.isEmpty();
            });
            return found.get(0);
        }
    }

    private void awaitPlace(TargetConfig config) {
        Awaitility.await().atMost(LONG).until(() -> committed(config).size() == 4);
    }

    private void awaitCommitted(TargetConfig config) {
        Awaitility.await().atMost(LONG).until(() -> {
            try (KafkaConsumer<String, byte[]> consumer = consumer(config)) {
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions(consumer));
                return committed(config).equals(ends);
            }
        });
    }

    private Map<TopicPartition, Long> committed(TargetConfig config) {
        try (KafkaConsumer<String, byte[]> consumer = consumer(config)) {
            Map<TopicPartition, Long> places = new HashMap<>();
            consumer.committed(Set.copyOf(partitions(consumer))).forEach((partition, place) -> {
                if (place != null) {
                    places.put(partition, place.offset());
                }
            });
            return places;
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer) {
        return consumer.partitionsFor(Delivery.TOPIC).stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList();
    }

    private KafkaConsumer<String, byte[]> consumer(TargetConfig config) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        broker.group() + "-deliver-" + config.name()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }
}
