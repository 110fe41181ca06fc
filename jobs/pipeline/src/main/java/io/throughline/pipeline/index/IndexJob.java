package io.throughline.pipeline.index;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import io.throughline.elasticsearch.BackOff;
import io.throughline.elasticsearch.ElasticsearchSink;
import io.throughline.elasticsearch.TemplateInstaller;
import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.KafkaSources;
import io.throughline.kafka.KafkaSources.Isolation;
import io.throughline.pipeline.settings.ElasticsearchSettings;
import io.throughline.pipeline.settings.JobSettings;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Document topics in, Elasticsearch out. */
public final class IndexJob {

    private static final String USAGE = "usage: IndexJob --config FILE [--prepare | --make-live]";

    /** What people are told to run where an index is missing. */
    private static final String PREPARATION = "run io.throughline.pipeline.index.IndexJob --config FILE --prepare";

    private IndexJob() {}

    /**
     * {@code --config FILE} creates what is missing in Elasticsearch and starts the job; with {@code --prepare} it only
     * creates, with {@code --make-live} it points the aliases at {@code elasticsearch.generation} and ends.
     *
     * @throws IllegalArgumentException if the arguments cannot be understood
     * @throws io.throughline.pipeline.settings.SettingsException listing everything wrong with the configuration
     * @throws io.throughline.elasticsearch.UnusableElasticsearchException if Elasticsearch is unreachable or unfit
     */
    public static void main(String[] args) throws Exception {
        if (args.length < 2 || args.length > 3 || !args[0].equals("--config")) {
            throw new IllegalArgumentException(USAGE);
        }
        Settings settings = Settings.load(Path.of(args[1]));
        switch (args.length == 2 ? "" : args[2]) {
            case "" -> {
                prepare(settings.elasticsearch());
                StreamExecutionEnvironment environment =
                        StreamExecutionEnvironment.getExecutionEnvironment(configuration(settings.job()));
                define(environment, settings);
                environment.execute("throughline-index");
            }
            case "--prepare" -> prepare(settings.elasticsearch());
            case "--make-live" -> makeLive(settings.elasticsearch());
            default -> throw new IllegalArgumentException(USAGE);
        }
    }

    /** Creates templates, indices and aliases of the configured generation where they are missing. */
    public static void prepare(ElasticsearchSettings settings) throws IOException {
        try (ElasticsearchClient client = settings.connection().open()) {
            TemplateInstaller.apply(client, settings.generation());
        }
    }

    /** Lets readers see the configured generation, and it alone. */
    public static void makeLive(ElasticsearchSettings settings) throws IOException {
        try (ElasticsearchClient client = settings.connection().open()) {
            TemplateInstaller.makeLive(client, settings.generation());
        }
    }

    /**
     * How the job runs. Checkpoints that cannot complete while Elasticsearch is down are no failure of the job: it waits
     * instead of restarting.
     */
    public static Configuration configuration(JobSettings job) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.MAX_PARALLELISM, job.maxParallelism());
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(job.checkpointIntervalMs()));
        configuration.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofMinutes(10));
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        String directory = job.checkpointDirectory();
        if (directory != null) {
            configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory);
        }
        return configuration;
    }

    /**
     * Adds the job to an environment made with {@link #configuration}. Without Flink state it goes on where its consumer
     * group last committed, which a new generation never has; reading more than necessary is harmless.
     */
    public static void define(StreamExecutionEnvironment environment, Settings settings) {
        KafkaSettings kafka = settings.kafka();
        ElasticsearchSettings elasticsearch = settings.elasticsearch();
        environment.setParallelism(settings.job().parallelism());
        DataStream<KafkaRecord> records = environment
                .fromSource(
                        KafkaSources.of(
                                DocumentTopic.names(),
                                kafka.bootstrapServers(),
                                kafka.group() + "-index-g" + elasticsearch.generation(),
                                OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST),
                                Isolation.READ_COMMITTED,
                                kafka.properties()),
                        WatermarkStrategy.noWatermarks(),
                        "index-read")
                .uid("index-read");
        IndexTopology.build(
                records,
                elasticsearch.generation(),
                kafka.registryUrl(),
                new ElasticsearchSink(
                        elasticsearch.connection(),
                        KafkaDeadLetters.to(kafka.bootstrapServers(), kafka.registryUrl(), kafka.properties()),
                        elasticsearch.bulk(),
                        BackOff.DEFAULT,
                        PREPARATION),
                rejectedSink(kafka));
    }

    private static KafkaSink<KafkaRecord> rejectedSink(KafkaSettings kafka) {
        Properties properties = new Properties();
        properties.putAll(kafka.properties());
        return KafkaSink.<KafkaRecord>builder()
                .setKafkaProducerConfig(properties)
                .setBootstrapServers(kafka.bootstrapServers())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new AsItIs())
                .build();
    }

    /** Key and value are encoded already. */
    private static final class AsItIs implements KafkaRecordSerializationSchema<KafkaRecord> {

        private static final long serialVersionUID = 1;

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                KafkaRecord record, KafkaSinkContext context, @Nullable Long timestamp) {
            return new ProducerRecord<>(record.topic(), record.key(), record.value());
        }
    }
}
