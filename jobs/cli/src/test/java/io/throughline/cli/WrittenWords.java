package io.throughline.cli;

import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.KafkaSources;
import io.throughline.local.LocalServers;
import io.throughline.pipeline.kit.NoTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** What commands wrote to topics of a real broker, read as the job reads it. */
final class WrittenWords {

    /**
     * All there is in the topic now, whoever wrote it.
     *
     * @param parallelism of the job that reads; with one, words of one partition come in their order
     * @param reading the part of the job that makes words of records
     */
    static <T> List<T> of(
            String topic,
            LocalServers servers,
            int parallelism,
            Function<DataStream<KafkaRecord>, DataStream<T>> reading)
            throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
        DataStream<KafkaRecord> records = env.fromSource(
                KafkaSources.bounded(
                        List.of(topic),
                        servers.bootstrapServers(),
                        "written-words",
                        KafkaSources.Isolation.READ_COMMITTED,
                        Map.of()),
                NoTime.strategy(),
                "records");
        List<T> read = new ArrayList<>();
        try (CloseableIterator<T> words = reading.apply(records).executeAndCollect()) {
            words.forEachRemaining(read::add);
        }
        return read;
    }

    /** A configuration in the directory that names these servers and nothing else. */
    static Path config(Path directory, String kafka, String registry) throws IOException {
        return Files.writeString(
                directory.resolve("throughline.yaml"),
                "kafka:\n  bootstrap_servers: " + kafka + "\n  registry_url: " + registry + "\n");
    }

    private WrittenWords() {}
}
