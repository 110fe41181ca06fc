package io.throughline.pipeline.replay;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.Session;
import io.throughline.elasticsearch.DocumentJson;
import io.throughline.pipeline.Outlets;
import io.throughline.pipeline.replay.ReplayRun.Document;
import io.throughline.pipeline.wire.AvroDocuments;
import java.io.Serializable;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Keeps the newest version of every document in the replay's memory. Nobody is told of the past. */
record MemoryOutlets(String run, ExperienceConfig experience) implements Outlets {

    static final String TOUCHPOINTS = "touchpoints";
    static final String CUSTOMERS = "customers";
    static final String SESSIONS = "sessions";
    static final String ISSUES = "issues";
    static final String JOURNEYS = "journeys";
    static final String TRANSITIONS = "transitions";
    static final String IDENTITY_CHANGES = "identity-changes";
    static final String METRICS = "metrics";
    static final String ALERTS = "alerts";
    static final String ALERT_ANSWERS = "alert-answers";
    static final String REJECTED = "rejected";
    static final String ACCOUNTING = "accounting";

    /** What a document is kept as: its id, its version, whether it still stands, its content. */
    record Kept(String id, long revision, boolean gone, SpecificRecord record) {}

    interface Keeper<T> extends Serializable {
        Kept kept(T value);
    }

    /** Where documents are kept. */
    interface Place {
        <T> void keep(String kind, DataStream<T> values, Keeper<T> keeper);
    }

    @Override
    public void take(Documents documents) {
        keepAll(documents, experience, this::keep);
    }

    /** Hands every kind of document to a place. */
    static void keepAll(Documents documents, ExperienceConfig experience, Place place) {
        place.keep(
                TOUCHPOINTS,
                documents.touchpoints().union(documents.erasedTouchpoints()),
                t -> new Kept(t.touchpoint().touchpointId(), t.revision(), t.isErased(), AvroDocuments.of(t)));
        place.keep(
                CUSTOMERS,
                documents.customers(),
                c -> new Kept(c.customerId(), c.revision(), c.absorbed(), AvroDocuments.of(c, experience)));
        place.keep(
                SESSIONS,
                documents.sessions(),
                s -> new Kept(s.sessionId(), s.revision(), s.status() == Session.Status.ABSORBED, AvroDocuments.of(s)));
        place.keep(
                ISSUES,
                documents.issues(),
                i -> new Kept(i.issueId(), i.revision(), i.absorbed(), AvroDocuments.of(i)));
        place.keep(
                JOURNEYS,
                documents.journeys(),
                j -> new Kept(j.journeyId(), j.revision(), j.status() == Journey.Status.ABSORBED, AvroDocuments.of(j)));
        place.keep(
                TRANSITIONS,
                documents.transitions(),
                t -> new Kept(t.way().id(), t.revision(), t.count() == 0, AvroDocuments.of(t)));
        place.keep(
                IDENTITY_CHANGES,
                documents.identityChanges(),
                c -> new Kept(c.changeId(), 1, false, AvroDocuments.of(c, Instant.now())));
        place.keep(
                METRICS,
                documents.metrics(),
                m -> new Kept(m.seriesId(), m.revision(), m.n() == 0, AvroDocuments.of(m)));
        place.keep(
                ALERTS,
                documents.alerts(),
                a -> new Kept(a.alertId(), a.revision(), a.status() == Alert.Status.RETRACTED, AvroDocuments.of(a)));
        place.keep(
                ALERT_ANSWERS,
                documents.alertAnswers(),
                answer -> new Kept(answer.actionId(), 1, false, AvroDocuments.of(answer)));
        place.keep(REJECTED, documents.rejected(), r -> new Kept(r.origin(), 1, false, AvroDocuments.of(r)));
        place.keep(REJECTED + "-late", documents.late(), r -> new Kept(r.origin(), 1, false, AvroDocuments.of(r)));
        place.keep(
                ACCOUNTING,
                documents.accounting(),
                a -> new Kept(a.source(), a.revision(), false, AvroDocuments.of(a)));
    }

    private <T> void keep(String kind, DataStream<T> values, Keeper<T> keeper) {
        int tasks = values.getExecutionEnvironment().getParallelism();
        ReplayRun.named(run).keepers(tasks);
        values.sinkTo(new Memory<>(run, kind, keeper))
                .setParallelism(tasks)
                .name("replay-keep-" + kind)
                .uid("replay-keep-" + kind);
    }

    private record Memory<T>(String run, String kind, Keeper<T> keeper) implements Sink<T> {
        @Override
        public SinkWriter<T> createWriter(WriterInitContext context) {
            ReplayRun running = ReplayRun.named(run);
            return new SinkWriter<>() {
                private boolean heardTheTime;

                /** The first is the time at rest, or the end where documents do not depend on it. */
                @Override
                public void writeWatermark(Watermark watermark) {
                    if (!heardTheTime) {
                        heardTheTime = true;
                        running.heardTheTime();
                    }
                }

                @Override
                public void write(T value, Context writing) {
                    Kept kept = keeper.kept(value);
                    byte[] json = kept.gone() ? new byte[0] : DocumentJson.toBytes(kept.record());
                    running.keep(kind, kept.id(), new Document(kept.revision(), json, kept.gone()));
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}
