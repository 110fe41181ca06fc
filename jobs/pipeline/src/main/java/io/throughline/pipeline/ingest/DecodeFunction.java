package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Accepted;
import io.throughline.domain.ingest.Arrival;
import io.throughline.domain.ingest.Decoded;
import io.throughline.domain.ingest.Fate;
import io.throughline.domain.ingest.FateCount;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.RawTouchpoint;
import io.throughline.domain.ingest.Refused;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.ingest.Remark;
import io.throughline.domain.ingest.Validation;
import io.throughline.domain.ingest.Verdict;
import io.throughline.pipeline.ingest.IngestLayouts.FateCountLayout;
import io.throughline.pipeline.ingest.IngestLayouts.RejectedLayout;
import io.throughline.pipeline.kit.OperatorMetrics;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Decodes and validates one record: a touchpoint, or a rejection with its reason and original bytes. What validation
 * changed or left out is counted, also of records that turn out late or duplicate.
 *
 * @param <T> the record
 */
final class DecodeFunction<T> extends ProcessFunction<T, Incoming> {
    private static final long serialVersionUID = 1;

    static final OutputTag<Rejected> REJECTED = new OutputTag<>("rejected", RejectedLayout.TYPE);
    static final OutputTag<FateCount> FATES = new OutputTag<>("fates", FateCountLayout.TYPE);

    private final RecordFormat<T> format;
    private final IngestConfig config;

    @SuppressWarnings("NullAway.Init")
    private transient Validation validation;

    @SuppressWarnings("NullAway.Init")
    private transient Map<String, Counter> remarks;

    @SuppressWarnings("NullAway.Init")
    private transient RejectedCounts rejected;

    DecodeFunction(RecordFormat<T> format, IngestConfig config) {
        this.format = format;
        this.config = config;
    }

    @Override
    public void open(OpenContext context) {
        format.open();
        validation = new Validation(config, new LibPhoneNumbers());
        remarks = new HashMap<>();
        rejected = new RejectedCounts(getRuntimeContext().getMetricGroup());
    }

    /** Flink takes a second registration of a name for a collision, so each counter is registered once. */
    private Counter counter(Remark remark) {
        return remarks.computeIfAbsent(remark.code(), code -> getRuntimeContext()
                .getMetricGroup()
                .addGroup(OperatorMetrics.REMARK, code)
                .counter(OperatorMetrics.REMARKED));
    }

    @Override
    public void processElement(T record, Context context, Collector<Incoming> out) throws Exception {
        RecordFormat.Reading reading = format.read(record);
        Decoded decoded = reading.decoded();
        Verdict verdict = decoded instanceof RawTouchpoint raw
                ? validation.check(raw, format.timestamp(record))
                : (Refused) decoded;
        if (verdict instanceof Accepted accepted) {
            for (Remark remark : accepted.remarks()) {
                counter(remark).inc();
                context.output(FATES, FateCount.remark(format.source(record), remark, 1));
            }
            out.collect(new Incoming(
                    new Arrival(accepted.touchpoint(), format.source(record)),
                    rejected(record, reading, "late", "event time is beyond ingest.lateness_horizon"),
                    format.redriven(record)));
        } else if (verdict instanceof Refused refused) {
            String reason = refused.reason().code();
            rejected.count(refused.reason());
            context.output(REJECTED, rejected(record, reading, reason, refused.detail()));
            context.output(FATES, new FateCount(format.source(record), Fate.REJECTED, reason, 1));
        }
    }

    private Rejected rejected(T record, RecordFormat.Reading reading, String reason, String detail) {
        return new Rejected(
                format.origin(record),
                reason,
                detail,
                format.raw(record),
                reading.schemaId(),
                format.key(record),
                format.timestamp(record));
    }
}
