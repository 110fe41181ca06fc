package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.ErasureValidation;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.kafka.KafkaRecord;
import io.throughline.pipeline.wire.ErasureLayout;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/** Records of the topic of erasures in; erasures that can be held to out, and what is none. */
public final class ErasureTopology {

    public static final String TOPIC = "erasures";

    /** @param rejected null where everything was checked before */
    public record Erasing(DataStream<Erasure> erasures, @Nullable DataStream<Rejected> rejected) {}

    public static Erasing erase(
            DataStream<KafkaRecord> records, String registryUrl, IngestConfig ingest, StitchConfig stitch) {
        SingleOutputStreamOperator<Erasure> erasures = records.process(
                        new WordFunction<>(
                                io.throughline.schemas.Erasure.class,
                                registryUrl,
                                ingest.maxRecordBytes(),
                                () -> check(ingest, stitch)),
                        ErasureLayout.TYPE)
                .name("ingest-erase")
                .uid("ingest-erase");
        return new Erasing(erasures, erasures.getSideOutput(DecodeFunction.REJECTED));
    }

    private static WordFunction.Check<io.throughline.schemas.Erasure, Erasure> check(
            IngestConfig ingest, StitchConfig stitch) {
        ErasureValidation validation = new ErasureValidation(ingest, stitch, new LibPhoneNumbers());
        return (sent, receivedTime) -> {
            ErasureValidation.Checked checked = validation.published(AvroErasures.raw(sent));
            Erasure erasure = checked.erasure();
            return new WordFunction.Checked<>(erasure, erasure == null ? checked.refused() : null);
        };
    }

    private ErasureTopology() {}
}
