package io.throughline.cli;

import io.throughline.dashboard.know.Operations;
import io.throughline.kafka.ConsumerLag;
import io.throughline.pipeline.settings.KafkaSettings;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The jobs as Flink and Kafka tell of them, for the pages. */
final class RunningOperations implements Operations {

    private final @Nullable FlinkJobs flink;
    private final ConsumerLag lag;
    private final Predicate<String> groups;

    /** @param flink Flink's REST interface; null: not said */
    RunningOperations(@Nullable URI flink, KafkaSettings kafka) {
        this.flink = flink == null ? null : new FlinkJobs(flink);
        this.lag = new ConsumerLag(kafka.bootstrapServers(), kafka.properties());
        this.groups = groupsOf(kafka.group());
    }

    /** Those of this pipeline's jobs and deliveries, not of another whose {@code kafka.group} begins with this one's. */
    static Predicate<String> groupsOf(String group) {
        return Pattern.compile(Pattern.quote(group + "-")
                        + "(experience|feedback|decisions|erasures|rules|actions|index-g\\d+|deliver-.+)")
                .asMatchPredicate();
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
