package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Decoded;
import io.throughline.domain.ingest.Refused;
import io.throughline.domain.ingest.RejectReason;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.kafka.TopicSnapshot;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.schemas.Touchpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;

/** What the topic {@code touchpoints} holds at this moment, decoded. */
public final class TouchpointTopic {

    /** The topic's name. */
    public static final String NAME = "touchpoints";

    /**
     * Hands on every record up to the topic's present end, with its Kafka timestamp.
     *
     * @param most records to read at most, the newest of each partition
     * @throws IOException if the Schema Registry does not answer; a job would wait, a person would rather be told
     */
    public static void read(KafkaSettings kafka, long most, BiConsumer<Decoded, Long> records) throws IOException {
        try (AvroDecoder<Touchpoint> decoder = AvroDecoder.of(Touchpoint.class, kafka.registryUrl())) {
            TopicSnapshot.read(
                    NAME,
                    kafka.bootstrapServers(),
                    kafka.properties(),
                    most,
                    record -> records.accept(decoded(decoder, record, kafka), record.timestamp()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Decoded decoded(AvroDecoder<Touchpoint> decoder, KafkaRecord record, KafkaSettings kafka) {
        try {
            var decoded = decoder.decode(record);
            return decoded instanceof io.throughline.kafka.Decoded.Record<Touchpoint> touchpoint
                    ? AvroTouchpoints.raw(touchpoint.value())
                    // Whichever reason it is: who only wants what counts does not ask.
                    : new Refused(RejectReason.MALFORMED, String.valueOf(decoded));
        } catch (RegistryUnavailableException e) {
            throw new UncheckedIOException(new IOException("the Schema Registry is not reachable at "
                    + kafka.registryUrl() + ": start it or set kafka.registry_url (" + e.getMessage() + ")"));
        }
    }

    private TouchpointTopic() {}
}
