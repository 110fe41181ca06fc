package io.throughline.pipeline.ingest;

import static io.throughline.pipeline.kit.Prompt.prompt;

import io.throughline.domain.ingest.Account;
import io.throughline.domain.ingest.AccountRule;
import io.throughline.domain.ingest.Arrival;
import io.throughline.domain.ingest.DeduplicateRule;
import io.throughline.domain.ingest.Deduplicated;
import io.throughline.domain.ingest.Fate;
import io.throughline.domain.ingest.FateCount;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.ingest.Winner;
import io.throughline.domain.stitch.StitchOutput;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.ingest.IngestLayouts.AccountLayout;
import io.throughline.pipeline.ingest.IngestLayouts.FateCountLayout;
import io.throughline.pipeline.ingest.IngestLayouts.IncomingLayout;
import io.throughline.pipeline.kit.KeyedRuleFunction;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.kit.OperatorMetrics;
import io.throughline.pipeline.stitch.StitchTopology.Stitched;
import io.throughline.pipeline.wire.ArrivalLayout;
import io.throughline.pipeline.wire.TextLayout;
import io.throughline.pipeline.wire.TouchpointChangeLayout;
import io.throughline.pipeline.wire.WinnerLayout;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.Collector;

/** Raw records in; touchpoints that count out, with every other record accounted for. */
public final class IngestTopology {

    /** Of touchpoints that were placed before it was noted where they were read; their fates still sum up to nothing. */
    private static final String UNKNOWN_SOURCE = "unknown";

    /** @param fates how records ended before anybody was erased; {@link #account} adds them up */
    public record Ingested(
            DataStream<TouchpointChange> touchpoints,
            DataStream<Rejected> rejected,
            DataStream<Rejected> late,
            DataStream<FateCount> fates) {}

    public static <T> Ingested ingest(
            DataStream<T> records, RecordFormat<T> format, WatermarkStrategy<Incoming> time, IngestConfig config) {
        SingleOutputStreamOperator<Incoming> decoded = records.process(
                        new DecodeFunction<>(format, config), IncomingLayout.TYPE)
                .name("ingest-decode")
                .uid("ingest-decode");
        SingleOutputStreamOperator<Arrival> onTime = prompt(decoded.assignTimestampsAndWatermarks(time)
                .name("ingest-watermark")
                .uid("ingest-watermark")
                .process(
                        new LatenessFunction(config.latenessHorizonMs()),
                        LayoutType.of(Arrival.class, ArrivalLayout.INSTANCE))
                .name("ingest-lateness")
                .uid("ingest-lateness"));
        SingleOutputStreamOperator<TouchpointChange> winners = prompt(new KeyedRuleFunction<
                        String, Winner, Arrival, Deduplicated, TouchpointChange>(
                        new DeduplicateRule(config),
                        LayoutType.of(Winner.class, WinnerLayout.INSTANCE),
                        IngestTopology::forward)
                .counting(
                        OperatorMetrics.DUPLICATES,
                        output -> output instanceof Deduplicated.Counted counted && counted.fate() == Fate.DUPLICATE)
                .over(
                        onTime.keyBy(arrival -> arrival.touchpoint().touchpointId(), TextLayout.KEY),
                        "ingest-deduplicate",
                        LayoutType.of(TouchpointChange.class, TouchpointChangeLayout.INSTANCE)));
        // Of nearly every record: added up where it is said, so that no record sends one to the next task.
        DataStream<FateCount> ofWinners = winners.getSideOutput(DecodeFunction.FATES)
                .transform("ingest-count-deduplicated", FateCountLayout.TYPE, new CountOperator())
                .uid("ingest-count-deduplicated");
        DataStream<FateCount> fates = decoded.getSideOutput(DecodeFunction.FATES)
                .union(onTime.getSideOutput(DecodeFunction.FATES), ofWinners);
        return new Ingested(
                winners,
                decoded.getSideOutput(DecodeFunction.REJECTED),
                onTime.getSideOutput(LatenessFunction.LATE),
                fates);
    }

    /**
     * How the records of each source ended so far.
     *
     * @param stitched says which touchpoints that were counted as processed are erased, or count already
     */
    public static DataStream<Account> account(DataStream<FateCount> fates, Stitched stitched) {
        SingleOutputStreamOperator<FateCount> erased = stitched.erased()
                .flatMap(IngestTopology::countErased, FateCountLayout.TYPE)
                .name("ingest-count-erased")
                .uid("ingest-count-erased");
        SingleOutputStreamOperator<FateCount> duplicates = stitched.duplicates()
                .flatMap(IngestTopology::countDuplicate, FateCountLayout.TYPE)
                .name("ingest-count-duplicates")
                .uid("ingest-count-duplicates");
        return new KeyedRuleFunction<String, Account, FateCount, Account, Account>(
                        new AccountRule(), AccountLayout.TYPE, KeyedRuleFunction.Forward.all())
                .over(
                        fates.union(erased, duplicates)
                                .transform("ingest-count", FateCountLayout.TYPE, new CountOperator())
                                .uid("ingest-count")
                                .keyBy(FateCount::source, TextLayout.KEY),
                        "ingest-account",
                        AccountLayout.TYPE);
    }

    private static void countErased(StitchOutput.Erased erased, Collector<FateCount> out) {
        TouchpointChange change = erased.change();
        String source = change.source().isEmpty() ? UNKNOWN_SOURCE : change.source();
        out.collect(new FateCount(source, Fate.PROCESSED, change.touchpoint().channel(), -change.sign()));
        out.collect(new FateCount(source, Fate.ERASED, null, change.sign()));
    }

    private static void countDuplicate(StitchOutput.Duplicate duplicate, Collector<FateCount> out) {
        out.collect(new FateCount(duplicate.source(), Fate.PROCESSED, null, -duplicate.sign()));
        out.collect(new FateCount(duplicate.source(), Fate.DUPLICATE, null, duplicate.sign()));
    }

    private static void forward(Deduplicated output, Collector<TouchpointChange> main, KeyedRuleFunction.Side side) {
        if (output instanceof Deduplicated.Changed changed) {
            main.collect(changed.change());
        } else if (output instanceof Deduplicated.Counted counted) {
            side.put(
                    DecodeFunction.FATES,
                    new FateCount(counted.source(), counted.fate(), counted.channel(), counted.delta()));
        }
    }

    private IngestTopology() {}
}
