package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Arrival;
import io.throughline.domain.ingest.Fate;
import io.throughline.domain.ingest.FateCount;
import io.throughline.domain.ingest.Lateness;
import io.throughline.domain.ingest.Rejected;
import io.throughline.pipeline.ingest.IngestLayouts.RejectedLayout;
import io.throughline.pipeline.kit.OperatorMetrics;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Decides lateness, once for all stages. */
final class LatenessFunction extends ProcessFunction<Incoming, Arrival> {
    private static final long serialVersionUID = 1;

    static final OutputTag<Rejected> LATE = new OutputTag<>("late", RejectedLayout.TYPE);

    private final long horizonMs;

    @SuppressWarnings("NullAway.Init")
    private transient Counter late;

    LatenessFunction(long horizonMs) {
        this.horizonMs = horizonMs;
    }

    @Override
    public void open(OpenContext context) {
        late = getRuntimeContext().getMetricGroup().counter(OperatorMetrics.LATE);
    }

    @Override
    public void processElement(Incoming incoming, Context context, Collector<Arrival> out) {
        Arrival arrival = incoming.arrival();
        long watermark = context.timerService().currentWatermark();
        if (!incoming.redriven()
                && new Lateness(horizonMs).isLate(arrival.touchpoint().eventTime(), watermark)) {
            late.inc();
            context.output(LATE, incoming.ifLate());
            context.output(DecodeFunction.FATES, new FateCount(arrival.source(), Fate.LATE, null, 1));
        } else {
            out.collect(arrival);
        }
    }
}
