package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.kafka.KafkaRecord;
import io.throughline.pipeline.wire.DecisionLayout;
import io.throughline.schemas.IdentityDecision;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/** Records of the control topic in; people's decisions that can be held to out, and what is none. */
public final class DecisionTopology {

    /** @param rejected null where everything was checked before */
    public record Decided(DataStream<Decision> decisions, @Nullable DataStream<Rejected> rejected) {}

    public static Decided decide(
            DataStream<KafkaRecord> records, String registryUrl, IngestConfig ingest, StitchConfig stitch) {
        SingleOutputStreamOperator<Decision> decisions = records.process(
                        new WordFunction<>(
                                IdentityDecision.class,
                                registryUrl,
                                ingest.maxRecordBytes(),
                                () -> check(ingest, stitch)),
                        DecisionLayout.TYPE)
                .name("ingest-decide")
                .uid("ingest-decide");
        return new Decided(decisions, decisions.getSideOutput(DecodeFunction.REJECTED));
    }

    private static WordFunction.Check<IdentityDecision, Decision> check(IngestConfig ingest, StitchConfig stitch) {
        DecisionValidation validation = new DecisionValidation(ingest, stitch, new LibPhoneNumbers());
        return (sent, receivedTime) -> {
            DecisionValidation.Checked checked = validation.published(AvroDecisions.raw(sent), receivedTime);
            Decision decision = checked.decision();
            return new WordFunction.Checked<>(decision, decision == null ? checked.refused() : null);
        };
    }

    private DecisionTopology() {}
}
