package io.throughline.pipeline;

import io.throughline.domain.alert.AlertRule;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.DecisionTopic;
import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.KafkaSources;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TopicProvisioner.ProvisioningException;
import io.throughline.kafka.TopicSnapshot;
import io.throughline.pipeline.alert.AlertTopology;
import io.throughline.pipeline.ingest.AlertControlTopology;
import io.throughline.pipeline.ingest.DecisionTopology;
import io.throughline.pipeline.ingest.ErasureTopology;
import io.throughline.pipeline.ingest.Incoming;
import io.throughline.pipeline.ingest.KafkaAvroFormat;
import io.throughline.pipeline.kit.NoTime;
import io.throughline.pipeline.settings.JobSettings;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.pipeline.settings.Settings;
import io.throughline.pipeline.stitch.KafkaFeedback;
import io.throughline.pipeline.wire.PublishedRule;
import io.throughline.schemas.AlertRuleVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Raw touchpoints in Kafka in; customers, sessions, metrics and alerts in Kafka out. */
public final class ExperienceJob {

    private static final String TOUCHPOINTS = "touchpoints";
    private static final String IDENTITY_LINKS = "identity-links";

    /**
     * {@code --config FILE} starts the job.
     *
     * @throws IllegalArgumentException with everything that is wrong with the arguments or the configuration, a line each
     * @throws ProvisioningException if Kafka or the Schema Registry is unreachable or lacks a topic or schema
     */
    public static void main(String[] args) throws Exception {
        Settings settings = JobArguments.settings(args);
        KafkaSettings kafka = settings.kafka();
        TopicProvisioner.require(kafka.bootstrapServers(), kafka.registryUrl(), kafka.properties());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        define(env, settings.withAlertRules(published(kafka, settings)));
        env.execute("throughline-experience");
    }

    /**
     * The versions of alert rules there are when the job starts, so that no touchpoint comes before the rule that looks at it.
     * One that cannot be used is left out here, and answered by the job, which reads the topic too.
     */
    private static List<AlertRule> published(KafkaSettings kafka, Settings settings) throws IOException {
        try (AvroDecoder<AlertRuleVersion> decoder = AvroDecoder.of(AlertRuleVersion.class, kafka.registryUrl())) {
            Map<String, PublishedRule> newest = new TreeMap<>();
            TopicSnapshot.read(
                    AlertControlTopology.RULES_TOPIC,
                    kafka.bootstrapServers(),
                    kafka.properties(),
                    Long.MAX_VALUE,
                    record -> {
                        PublishedRule rule = AlertControlTopology.read(record, decoder);
                        if (rule != null) {
                            newest.put(rule.key(), rule);
                        }
                    });
            return AlertTopology.usable(settings.alert(), newest.values());
        }
    }

    /** Adds the job to an environment, without running it. */
    public static void define(StreamExecutionEnvironment env, Settings settings) {
        JobRules.apply(env, settings.job());
        KafkaSettings kafka = settings.kafka();
        DataStream<KafkaRecord> records = env.fromSource(
                        KafkaSources.of(
                                List.of(TOUCHPOINTS),
                                kafka.bootstrapServers(),
                                kafka.group() + "-experience",
                                kafka.startFrom() == KafkaSettings.StartFrom.EARLIEST
                                        ? OffsetsInitializer.earliest()
                                        : OffsetsInitializer.latest(),
                                KafkaSources.Isolation.READ_COMMITTED,
                                kafka.properties()),
                        WatermarkStrategy.noWatermarks(),
                        "ingest-read")
                .uid("ingest-read");
        ExperienceTopology.build(
                records,
                new KafkaAvroFormat(kafka.registryUrl(), settings.ingest().maxRecordBytes()),
                time(settings.job()),
                DecisionTopology.decide(
                        decisions(env, kafka), kafka.registryUrl(), settings.ingest(), settings.stitch()),
                ErasureTopology.erase(
                        control(env, kafka, ErasureTopology.TOPIC, "erasures"),
                        kafka.registryUrl(),
                        settings.ingest(),
                        settings.stitch()),
                AlertControlTopology.control(
                        rules(env, kafka),
                        control(env, kafka, AlertControlTopology.ACTIONS_TOPIC, "actions"),
                        kafka.registryUrl(),
                        settings.ingest().maxRecordBytes()),
                new KafkaFeedback(
                        kafka.bootstrapServers(),
                        IDENTITY_LINKS,
                        kafka.group() + "-feedback",
                        System.currentTimeMillis(),
                        kafka.properties()),
                new KafkaOutlets(
                        kafka.bootstrapServers(),
                        kafka.registryUrl(),
                        kafka.group() + "-experience",
                        kafka.properties(),
                        settings.sessionize().experience()),
                ExperienceTopology.Rules.of(settings));
    }

    /**
     * All that people ever said, whatever {@code kafka.start_from} says of touchpoints: a decision is not over because
     * it was made long ago.
     */
    private static DataStream<KafkaRecord> decisions(StreamExecutionEnvironment env, KafkaSettings kafka) {
        return control(env, kafka, DecisionTopic.NAME, "decisions");
    }

    /** Read by one task, so that all that judge by them see versions in one order. */
    private static DataStream<KafkaRecord> rules(StreamExecutionEnvironment env, KafkaSettings kafka) {
        return control(env, kafka, AlertControlTopology.RULES_TOPIC, "rules").setParallelism(1);
    }

    private static SingleOutputStreamOperator<KafkaRecord> control(
            StreamExecutionEnvironment env, KafkaSettings kafka, String topic, String what) {
        return env.fromSource(
                        KafkaSources.of(
                                List.of(topic),
                                kafka.bootstrapServers(),
                                kafka.group() + "-" + what,
                                OffsetsInitializer.earliest(),
                                KafkaSources.Isolation.READ_COMMITTED,
                                kafka.properties()),
                        NoTime.strategy(),
                        "ingest-read-" + what)
                .uid("ingest-read-" + what);
    }

    /** Event time follows the latest touchpoint by a fixed delay and does not wait for a partition that is silent. */
    private static WatermarkStrategy<Incoming> time(JobSettings job) {
        return WatermarkStrategy.<Incoming>forBoundedOutOfOrderness(Duration.ofMillis(job.watermarkDelayMs()))
                .withTimestampAssigner(
                        (incoming, kafkaTime) -> incoming.arrival().touchpoint().eventTime())
                .withIdleness(Duration.ofMillis(job.idleTimeoutMs()));
    }

    private ExperienceJob() {}
}
