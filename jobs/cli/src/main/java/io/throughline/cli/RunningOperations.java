package io.throughline.cli;

import io.throughline.dashboard.know.Operations;
import io.throughline.kafka.ConsumerLag;
import io.throughline.pipeline.settings.KafkaSettings;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The jobs as Flink and Kafka tell of them, for the pages. */
final class RunningOperations implements Operations {

    private final @Nullable FlinkJobs flink;
    private final ConsumerLag lag;
    private final String groups;

    /** @param flink Flink's REST interface; null: not said */
    RunningOperations(@Nullable URI flink, KafkaSettings kafka) {
        this.flink = flink == null ? null : new FlinkJobs(flink);
        this.lag = new ConsumerLag(kafka.bootstrapServers(), kafka.properties());
        this.groups = kafka.group() + "-";
    }

    @Override
    public List<Job> jobs() throws IOException, InterruptedException {
        if (flink == null) {
            throw new IOException("Where Flink is has not been said: set dashboard.flink_url.");
        }
        return flink.read();
    }

    @Override
    public List<Lag> lag() throws IOException, InterruptedException {
        try {
            return lag.of(groups).stream()
                    .map(each -> new Lag(each.group(), each.topic(), each.records(), each.partitions()))
                    .toList();
        } catch (KafkaException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
