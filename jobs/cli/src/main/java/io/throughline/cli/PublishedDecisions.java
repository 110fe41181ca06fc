package io.throughline.cli;

import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.kafka.DecisionTopic;
import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.pipeline.ingest.AvroDecisions;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.settings.KafkaSettings;
import java.util.List;
import java.util.Objects;

/**
 * The decisions that people made with {@code link}, as the topic holds them at this moment.
 *
 * @param source where they were read, in words
 */
record PublishedDecisions(String source, List<DecisionTopic.Written> written) {

    static PublishedDecisions read(KafkaSettings kafka) throws UnavailableException {
        DecisionTopic topic = new DecisionTopic(kafka.bootstrapServers(), kafka.registryUrl(), kafka.properties());
        return new PublishedDecisions(source(kafka), topic.all());
    }

    static String source(KafkaSettings kafka) {
        return "topic " + DecisionTopic.NAME + " at " + kafka.bootstrapServers();
    }

    /** Those that count under these rules; the experience job rejects the others as well. */
    List<Decision> under(IngestConfig ingest, StitchConfig stitch) {
        DecisionValidation validation = new DecisionValidation(ingest, stitch, new LibPhoneNumbers());
        return written.stream()
                .map(each -> validation
                        .published(AvroDecisions.raw(each.decision()), each.timestamp())
                        .decision())
                .filter(Objects::nonNull)
                .toList();
    }
}
