package io.throughline.pipeline.index;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import io.throughline.elasticsearch.BackOff;
import io.throughline.elasticsearch.ElasticsearchSink;
import io.throughline.elasticsearch.TemplateInstaller;
import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.KafkaSources;
import io.throughline.kafka.KafkaSources.Isolation;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.pipeline.JobArguments;
import io.throughline.pipeline.JobRules;
import io.throughline.pipeline.settings.ElasticsearchSettings;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.util.Arrays;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
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

    /** What people are told to run where an index is missing. */
    private static final String PREPARATION = "run io.throughline.pipeline.index.IndexJob --config FILE --prepare";

    /**
     * {@code --config FILE} creates what is missing in Elasticsearch and starts the job; followed by {@code --prepare} it
     * only creates, by {@code --make-live} it points the aliases at {@code elasticsearch.generation} and ends.
     *
     * @throws IllegalArgumentException with everything that is wrong with the arguments or the configuration, a line each
     * @throws io.throughline.kafka.TopicProvisioner.ProvisioningException if Kafka or the Schema Registry is unreachable or
     *     lacks a topic or schema
     * @throws io.throughline.elasticsearch.UnusableElasticsearchException if Elasticsearch is unreachable or unfit
     */
    public static void main(String[] args) throws Exception {
        String last = args.length == 0 ? "" : args[args.length - 1];
        switch (last) {
            case "--prepare" -> prepare(settingsBefore(args).elasticsearch());
            case "--make-live" -> makeLive(settingsBefore(args).elasticsearch());
            default -> {
                Settings settings = JobArguments.settings(args);
                KafkaSettings kafka = settings.kafka();
                TopicProvisioner.require(kafka.bootstrapServers(), kafka.registryUrl(), kafka.properties());
                prepare(settings.elasticsearch());
                StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
                define(environment, settings);
                environment.execute("throughline-index");
            }
        }
    }

    private static Settings settingsBefore(String[] args) {
        return JobArguments.settings(Arrays.copyOf(args, args.length - 1));
    }

    /** Creates templates, indices and aliases of the configured generation where they are missing. */
    public static void prepare(ElasticsearchSettings settings) throws IOException {
        try (ElasticsearchClient client = settings.connection().open()) {
            TemplateInstaller.apply(client, settings.generation(), settings.retention());
        }
    }

    /** Lets readers see the configured generation, and it alone. */
    public static void makeLive(ElasticsearchSettings settings) throws IOException {
        try (ElasticsearchClient client = settings.connection().open()) {
            TemplateInstaller.makeLive(client, settings.generation());
        }
    }

    /**
     * Adds the job to an environment. Without Flink state it goes on where its consumer group last committed, which a new
     * generation never has; reading more than necessary is harmless.
     */
    public static void define(StreamExecutionEnvironment environment, Settings settings) {
        KafkaSettings kafka = settings.kafka();
        ElasticsearchSettings elasticsearch = settings.elasticsearch();
        JobRules.apply(environment, settings.job());
        // Checkpoints that do not complete while Elasticsearch is down are no failure: the job waits instead of
        // restarting.
        environment.configure(
                new Configuration().set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE));
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

    private IndexJob() {}
}
