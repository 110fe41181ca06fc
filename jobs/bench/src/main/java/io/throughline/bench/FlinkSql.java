package io.throughline.bench;

import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** Flink SQL over the touchpoints the other programs get. */
final class FlinkSql {
    private FlinkSql() {}

    /**
     * Tables with one called {@code touches}, whose {@code ts} is the event time.
     *
     * @param touches event time, epoch milliseconds, second
     */
    static StreamTableEnvironment over(DataStream<?> touches, StreamExecutionEnvironment env) {
        StreamTableEnvironment tables = StreamTableEnvironment.create(env);
        tables.createTemporaryView(
                "touches",
                touches,
                Schema.newBuilder()
                        .columnByExpression("ts", "TO_TIMESTAMP_LTZ(f1, 3)")
                        .watermark("ts", "SOURCE_WATERMARK()")
                        .build());
        return tables;
    }
}
