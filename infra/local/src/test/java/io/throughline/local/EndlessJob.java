package io.throughline.local;

import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Counts for ever, slowly, with a checkpoint every half second. */
public final class EndlessJob {
    private EndlessJob() {}

    public static void main(String[] arguments) throws Exception {
        Configuration configuration = Configuration.fromMap(Map.of(
                "execution.checkpointing.interval",
                "500ms",
                "restart-strategy.type",
                "fixed-delay",
                "restart-strategy.fixed-delay.attempts",
                "1000",
                "restart-strategy.fixed-delay.delay",
                "200ms"));
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        environment.setParallelism(2);
        environment
                .fromSource(
                        new DataGeneratorSource<>(
                                index -> index, Long.MAX_VALUE, RateLimiterStrategy.perSecond(20), Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "count")
                .uid("count")
                .keyBy(number -> number % 7)
                .map(number -> number + 1)
                .returns(Types.LONG)
                .uid("add")
                .sinkTo(new DiscardingSink<>())
                .uid("discard");
        environment.execute(String.join(" ", arguments));
    }
}
