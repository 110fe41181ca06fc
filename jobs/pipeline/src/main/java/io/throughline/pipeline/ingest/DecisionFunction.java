package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.ingest.DecisionValidation.Checked;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.Refused;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.kafka.KafkaRecord;
import io.throughline.schemas.IdentityDecision;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Decodes and checks one record of the control topic: a decision, or a rejection with its reason and original bytes. */
final class DecisionFunction extends ProcessFunction<KafkaRecord, Decision> {
    private static final long serialVersionUID = 1;

    private final String registryUrl;
    private final IngestConfig ingest;
    private final StitchConfig stitch;

    @SuppressWarnings("NullAway.Init")
    private transient AvroRecords<IdentityDecision> records;

    @SuppressWarnings("NullAway.Init")
    private transient DecisionValidation validation;

    @SuppressWarnings("NullAway.Init")
    private transient Counter rejected;

    DecisionFunction(String registryUrl, IngestConfig ingest, StitchConfig stitch) {
        this.registryUrl = registryUrl;
        this.ingest = ingest;
        this.stitch = stitch;
    }

    @Override
    public void open(OpenContext context) {
        records = new AvroRecords<>(IdentityDecision.class, registryUrl, ingest.maxRecordBytes());
        validation = new DecisionValidation(ingest, stitch, new LibPhoneNumbers());
        rejected = getRuntimeContext().getMetricGroup().counter("rejected");
    }

    @Override
    public void processElement(KafkaRecord record, Context context, Collector<Decision> out)
            throws InterruptedException {
        AvroRecords.Answer<IdentityDecision> answer = records.read(record);
        IdentityDecision sent = answer.record();
        if (sent == null) {
            reject(record, Objects.requireNonNull(answer.refused()), answer.schemaId(), context);
            return;
        }
        Checked checked = validation.published(AvroDecisions.raw(sent), record.timestamp());
        Decision decision = checked.decision();
        if (decision == null) {
            reject(record, checked.refused(), answer.schemaId(), context);
        } else {
            out.collect(decision);
        }
    }

    private void reject(KafkaRecord record, Refused refused, @Nullable Integer schemaId, Context context) {
        rejected.inc();
        context.output(
                DecodeFunction.REJECTED,
                new Rejected(
                        record.origin(),
                        refused.reason().code(),
                        refused.detail(),
                        AvroRecords.raw(record),
                        schemaId,
                        AvroRecords.key(record),
                        record.timestamp()));
    }
}
