package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Fact;
import io.throughline.domain.measure.Facts;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.measure.SeriesRule;
import io.throughline.domain.measure.SeriesState;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.pipeline.kit.KeyedRuleFunction;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.sessionize.SessionizeTopology.Sessionized;
import io.throughline.pipeline.wire.TextLayout;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;

/** What happened to customers in; rolling metrics out, restated when what happened is corrected. */
public final class MeasureTopology {

    public static DataStream<MetricValue> measure(
            DataStream<Attribution> attributions, Sessionized sessionized, MeasureConfig config) {
        Facts facts = new Facts(config);
        TypeInformation<Fact> factType = LayoutType.of(Fact.class, FactLayout.INSTANCE);
        DataStream<Fact> ofTouchpoints = attributions
                .<Fact>flatMap((attribution, out) -> facts.of(attribution).forEach(out::collect), factType)
                .name("measure-touchpoint-facts")
                .uid("measure-touchpoint-facts");
        DataStream<Fact> ofSessions = sessionized
                .sessionChanges()
                .<Fact>flatMap((change, out) -> facts.of(change).forEach(out::collect), factType)
                .name("measure-session-facts")
                .uid("measure-session-facts");
        DataStream<Fact> ofIssues = sessionized
                .issueChanges()
                .<Fact>flatMap((change, out) -> facts.of(change).forEach(out::collect), factType)
                .name("measure-issue-facts")
                .uid("measure-issue-facts");
        TypeInformation<MetricValue> valueType = LayoutType.of(MetricValue.class, MetricValueLayout.INSTANCE);
        return ofTouchpoints
                .union(ofSessions, ofIssues)
                .keyBy(Fact::seriesKey, TextLayout.KEY)
                .process(
                        new KeyedRuleFunction<String, SeriesState, Fact, MetricValue, MetricValue>(
                                new SeriesRule(config),
                                LayoutType.state(SeriesState.class, SeriesStateLayout.INSTANCE),
                                KeyedRuleFunction.Forward.all()),
                        valueType)
                .name("measure-series")
                .uid("measure-series");
    }

    private MeasureTopology() {}
}
