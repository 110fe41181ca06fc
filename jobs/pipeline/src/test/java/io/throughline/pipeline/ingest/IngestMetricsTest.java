package io.throughline.pipeline.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.OperatorMetrics;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a cluster's monitoring sees of records that do not count. */
@Timeout(120)
class IngestMetricsTest {

    private final InMemoryReporter reporter = InMemoryReporter.createWithRetainedMetrics();

    @Test
    void recordsThatDoNotCountAreCountedWhereTheyEnd() throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(1, reporter.addToConfiguration(new Configuration()));
        DataStream<String> records = env.fromData(
                touchpoint("t-1"), touchpoint("t-2"), touchpoint("t-1"), "no json", "{\"touchpoint_id\": \"t-3\"}");
        DataStream<TouchpointChange> touchpoints = IngestTopology.ingest(
                        records, new TextFormat(), WatermarkStrategy.noWatermarks(), IngestConfig.DEFAULTS)
                .touchpoints();
        touchpoints.sinkTo(new DiscardingSink<>());
        JobClient job = env.executeAsync();
        job.getJobExecutionResult().get();

        assertThat(counted(job.getJobID()))
                .containsEntry(
                        "ingest-decode.0." + OperatorMetrics.REASON + ".malformed." + OperatorMetrics.REJECTED, 1L)
                .containsEntry(
                        "ingest-decode.0." + OperatorMetrics.REASON + ".missing_field." + OperatorMetrics.REJECTED, 1L)
                .containsEntry(
                        "ingest-decode.0." + OperatorMetrics.REASON + ".oversize." + OperatorMetrics.REJECTED, 0L)
                .containsEntry("ingest-deduplicate.0." + OperatorMetrics.DUPLICATES, 1L)
                .containsEntry("ingest-lateness.0." + OperatorMetrics.LATE, 0L);
    }

    /** By operator, task, labels and name. */
    private Map<String, Long> counted(JobID job) {
        Map<String, Long> counted = new HashMap<>();
        reporter.getMetricsByIdentifiers(job).forEach((identifier, metric) -> {
            if (metric instanceof Counter counter) {
                counted.put(identifier.replaceFirst(".*\\.(?=ingest-)", ""), counter.getCount());
            }
        });
        return counted;
    }

    private static String touchpoint(String id) {
        return "{\"touchpoint_id\": \"" + id + "\", \"event_time\": \"2026-01-31T12:00:00Z\", \"channel\": \"web\","
                + " \"kind\": \"login\", \"identifiers\": [{\"type\": \"email\", \"value\": \"ada@example.com\"}]}";
    }

    private static final class TextFormat implements RecordFormat<String> {
        private static final long serialVersionUID = 1;

        private transient JsonTouchpoints json;

        @Override
        public void open() {
            json = new JsonTouchpoints(IngestConfig.DEFAULTS.maxRecordBytes());
        }

        @Override
        public Reading read(String record) {
            byte[] bytes = record.getBytes(UTF_8);
            return new Reading(json.decode(bytes, bytes.length), null);
        }

        @Override
        public String origin(String record) {
            return "p0:" + record;
        }

        @Override
        public String source(String record) {
            return "p0";
        }

        @Override
        public byte[] raw(String record) {
            return record.getBytes(UTF_8);
        }

        @Override
        public @Nullable String key(String record) {
            return null;
        }

        @Override
        public @Nullable Long timestamp(String record) {
            return null;
        }
    }
}
