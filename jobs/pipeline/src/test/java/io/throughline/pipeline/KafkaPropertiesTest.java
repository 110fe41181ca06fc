package io.throughline.pipeline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.pipeline.index.IndexJob;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SinkTransformation;
import org.apache.flink.streaming.api.transformations.SourceTransformation;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

/** A Kafka that asks for credentials can be used only if every client of a job gets {@code kafka.properties}. */
class KafkaPropertiesTest {

    private static final String VALUE = "/run/secrets/our-very-own.jks";

    private final Settings settings =
            Settings.parse("test", "kafka: {properties: {ssl.truststore.location: " + VALUE + "}}", Map.of());

    @Test
    void reachEverySourceAndSinkOfTheExperienceJob() throws IOException {
        Map<String, Boolean> bearing = endsBearingTheProperty(ExperienceJob::define);

        assertThat(bearing)
                .containsKeys(
                        "ingest-read",
                        "ingest-read-decisions",
                        "ingest-read-erasures",
                        "stitch-feedback",
                        "stitch-feed",
                        "publish-alerts",
                        "publish-sessions")
                .hasSize(23)
                .allSatisfy((end, bears) -> assertThat(bears).as(end).isTrue());
    }

    @Test
    void reachEverySourceAndSinkOfTheIndexJob() throws IOException {
        Map<String, Boolean> bearing = endsBearingTheProperty(IndexJob::define);

        assertThat(bearing).containsKey("index-read").hasSize(3).allSatisfy((end, bears) -> assertThat(bears)
                .as(end)
                .isTrue());
    }

    /** Sources and sinks travel to the cluster in Java's own form: what is not in there does not reach a client. */
    private Map<String, Boolean> endsBearingTheProperty(BiConsumer<StreamExecutionEnvironment, Settings> job)
            throws IOException {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment();
        job.accept(env, settings);
        Map<String, Boolean> bearing = new TreeMap<>();
        for (Transformation<?> last : env.getTransformations()) {
            for (Transformation<?> any : last.getTransitivePredecessors()) {
                Object end = any instanceof SourceTransformation<?, ?, ?> source
                        ? source.getSource()
                        : any instanceof SinkTransformation<?, ?> sink ? sink.getSink() : null;
                if (end != null) {
                    String bytes = new String(InstantiationUtil.serializeObject(end), ISO_8859_1);
                    bearing.put(any.getUid(), bytes.contains(VALUE));
                }
            }
        }
        return bearing;
    }
}
