package io.throughline.cli;

import io.throughline.dashboard.know.Redriving;
import io.throughline.kafka.Redrive;
import io.throughline.pipeline.settings.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.KafkaException;

/** {@code throughline redrive}, for the pages. */
final class PublishedRedriving implements Redriving {

    private final Redrive redrive;

    PublishedRedriving(KafkaSettings kafka) {
        this.redrive = new Redrive(kafka.bootstrapServers(), kafka.registryUrl(), kafka.group(), kafka.properties());
    }

    @Override
    public Outcome redrive(String reason, String by) throws IOException {
        String from = reason.equals("late") ? "late" : "rejected";
        try {
            Redrive.Outcome outcome = redrive.run(new Redrive.Request(from, reason, 0, AT_ONCE, false, false, by));
            return new Outcome(outcome.total(), outcome.before(), outcome.others(), outcome.left());
        } catch (KafkaException | UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
