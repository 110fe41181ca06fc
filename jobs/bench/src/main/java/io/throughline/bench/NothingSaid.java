package io.throughline.bench;

import io.throughline.domain.alert.Action;
import io.throughline.pipeline.alert.AlertTopology.Said;
import io.throughline.pipeline.wire.ActionLayout;
import io.throughline.pipeline.wire.PublishedRule;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Nobody publishes rules or does anything about alerts while it is measured. */
final class NothingSaid {

    static Said in(StreamExecutionEnvironment env) {
        return new Said(
                nothing(env, "no-rules", PublishedRule.RuleLayout.TYPE),
                NothingSaid.<Action>nothing(env, "no-actions", ActionLayout.TYPE));
    }

    static <T> DataStream<T> nothing(StreamExecutionEnvironment env, String name, TypeInformation<T> type) {
        return env.fromSequence(0, 0)
                .setParallelism(1)
                .filter(number -> false)
                .setParallelism(1)
                .map(number -> NothingSaid.<T>never())
                .returns(type)
                .setParallelism(1)
                .name(name);
    }

    private static <T> T never() {
        throw new IllegalStateException("there is nothing to be said");
    }

    private NothingSaid() {}
}
