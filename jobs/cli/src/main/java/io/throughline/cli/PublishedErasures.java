package io.throughline.cli;

import io.throughline.domain.stitch.Erasure;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.ControlTopic;
import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.kafka.TopicSnapshot;
import io.throughline.pipeline.ingest.AvroErasures;
import io.throughline.pipeline.ingest.ErasureTopology;
import io.throughline.pipeline.settings.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The topic of erasures, as it stands and for what is added to it. */
final class PublishedErasures {

    private final ControlTopic<io.throughline.schemas.Erasure> topic;
    private final Map<String, Long> untilByKey;

    private PublishedErasures(ControlTopic<io.throughline.schemas.Erasure> topic, Map<String, Long> untilByKey) {
        this.topic = topic;
        this.untilByKey = untilByKey;
    }

    /** @throws UnavailableException if Kafka or the Schema Registry is away; nothing can be written then either */
    static PublishedErasures read(KafkaSettings kafka) throws UnavailableException, IOException {
        Map<String, Long> until = new HashMap<>();
        try (AvroDecoder<io.throughline.schemas.Erasure> decoder =
                AvroDecoder.of(io.throughline.schemas.Erasure.class, kafka.registryUrl())) {
            TopicSnapshot.read(
                    ErasureTopology.TOPIC,
                    kafka.bootstrapServers(),
                    kafka.properties(),
                    Long.MAX_VALUE,
                    record -> take(record, decoder, until));
        }
        return new PublishedErasures(
                new ControlTopic<>(
                        ErasureTopology.TOPIC,
                        io.throughline.schemas.Erasure.class,
                        kafka.bootstrapServers(),
                        kafka.registryUrl(),
                        kafka.properties()),
                until);
    }

    private static void take(
            KafkaRecord record, AvroDecoder<io.throughline.schemas.Erasure> decoder, Map<String, Long> until) {
        byte[] key = record.key();
        try {
            if (key != null && decoder.decode(record) instanceof Decoded.Record<io.throughline.schemas.Erasure> read) {
                until.merge(
                        new String(key, StandardCharsets.UTF_8),
                        read.value().getErasedUntil().toEpochMilli(),
                        Math::max);
            }
        } catch (RegistryUnavailableException e) {
            throw new UncheckedIOException(new IOException(e.getMessage() + ": start it or set kafka.registry_url"));
        }
    }

    /** Up to when the identifier is erased already; null: it is not. */
    @Nullable
    Long until(Erasure erasure) {
        return untilByKey.get(AvroErasures.keyOf(erasure));
    }

    /** Returns when the brokers have taken it, with its place. */
    String write(Erasure erasure, Instant decidedAt) throws UnavailableException {
        return topic.write(AvroErasures.keyOf(erasure), AvroErasures.of(erasure, decidedAt));
    }
}
