package io.throughline.bench;

import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.sessionize.Customer;
import io.throughline.domain.sessionize.CustomerInput;
import io.throughline.domain.sessionize.CustomerState;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.sessionize.SessionizeOutput;
import io.throughline.domain.sessionize.SessionizeRule;
import io.throughline.domain.sessionize.StitchedTouchpoint;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.kafka.AvroWriter;
import io.throughline.pipeline.wire.AvroDocuments;
import io.throughline.schemas.Metric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * What it costs to make a topic's record of a document: its Avro record, and the bytes of that, written as planned beside
 * Avro's own writer, in turn. The documents are those of {@link SessionsBench}'s customers, and metrics by channel.
 */
public final class EncodeBench {
    private static final int CUSTOMERS = 100;
    private static final int SCHEMA_ID = 1;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** All that is written, so that none of it is left out as useless. */
    private static long written;

    /** One way to do it to all documents of a kind. */
    private interface Way {
        long all();
    }

    /** @param args touchpoints, rounds: 10000 40 */
    public static void main(String[] args) {
        int touchpoints = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 40;
        List<StitchedTouchpoint> stitched = new ArrayList<>();
        List<Session> sessions = new ArrayList<>();
        List<Issue> issues = new ArrayList<>();
        List<Journey> journeys = new ArrayList<>();
        List<Customer> customers = new ArrayList<>();
        SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS);
        Map<String, CustomerState> states = new HashMap<>();
        for (Attribution attribution : SessionsBench.touchpoints(touchpoints, Math.max(1, touchpoints / CUSTOMERS))) {
            Step<CustomerState, SessionizeOutput> step = rule.on(
                    states.get(attribution.customerId()),
                    CustomerInput.of(attribution),
                    attribution.touchpoint().eventTime());
            states.put(attribution.customerId(), step.state());
            for (SessionizeOutput output : step.out()) {
                if (output instanceof SessionizeOutput.Touch touch) {
                    stitched.add(touch.stitched());
                } else if (output instanceof SessionizeOutput.Published published) {
                    sessions.add(published.session());
                } else if (output instanceof SessionizeOutput.IssueDocument document) {
                    issues.add(document.issue());
                } else if (output instanceof SessionizeOutput.JourneyDocument document) {
                    journeys.add(document.journey());
                } else if (output instanceof SessionizeOutput.Profile profile) {
                    customers.add(profile.customer());
                }
            }
        }
        measure("touchpoint", io.throughline.schemas.StitchedTouchpoint.class, stitched, AvroDocuments::of, rounds);
        measure("session", io.throughline.schemas.Session.class, sessions, AvroDocuments::of, rounds);
        measure("issue", io.throughline.schemas.Issue.class, issues, AvroDocuments::of, rounds);
        measure("journey", io.throughline.schemas.Journey.class, journeys, AvroDocuments::of, rounds);
        measure(
                "customer",
                io.throughline.schemas.Customer.class,
                customers,
                customer -> AvroDocuments.of(customer, ExperienceConfig.DEFAULTS),
                rounds);
        measure("metric", Metric.class, metrics(touchpoints), AvroDocuments::of, rounds);
        if (written == 0) {
            throw new IllegalStateException("nothing was written");
        }
    }

    private static List<MetricValue> metrics(int number) {
        List<MetricValue> metrics = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            metrics.add(new MetricValue(
                    "csat",
                    1,
                    Map.of("channel", "channel-" + i % 16),
                    "24h",
                    i % 1_000 / 10.0,
                    "percent",
                    i,
                    1.0,
                    99.0,
                    true,
                    "higher_is_better",
                    SessionsBench.START + i * 60_000L,
                    false,
                    SessionsBench.START + i * 60_000L));
        }
        return metrics;
    }

    private static <V, T extends SpecificRecord> void measure(
            String kind, Class<T> type, List<V> documents, Function<V, T> toRecord, int rounds) {
        List<T> records = documents.stream().map(toRecord).toList();
        AvroWriter<T> planned = new AvroWriter<>(type, SCHEMA_ID);
        AvrosOwn<T> avros = new AvrosOwn<>(type);
        Way[] ways = {
            () -> {
                long fields = 0;
                for (V document : documents) {
                    fields += toRecord.apply(document).getSchema().getFields().size();
                }
                return fields;
            },
            () -> {
                long bytes = 0;
                for (T each : records) {
                    bytes += planned.write(each).length;
                }
                return bytes;
            },
            () -> {
                long bytes = 0;
                for (T each : records) {
                    bytes += avros.write(each).length;
                }
                return bytes;
            }
        };
        double[][] nanos = new double[ways.length][rounds];
        long[] allocated = new long[ways.length];
        // The first half is for the compiler.
        for (int round = -rounds; round < rounds; round++) {
            for (int way = 0; way < ways.length; way++) {
                long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
                long before = Cpu.ofThread();
                written += ways[way].all();
                if (round >= 0) {
                    nanos[way][round] = (double) (Cpu.ofThread() - before) / documents.size();
                    allocated[way] = (THREADS.getCurrentThreadAllocatedBytes() - bytesBefore) / documents.size();
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-10s %,6d, %,5.0f bytes each: record made %,6.0f ns and %,6d bytes allocated;"
                        + " written as planned %,6.0f ns, %,6d; by Avro %,6.0f ns, %,6d; %.1f times%n",
                kind,
                documents.size(),
                records.stream()
                        .mapToInt(each -> planned.write(each).length)
                        .average()
                        .orElse(0),
                Cpu.median(nanos[0]),
                allocated[0],
                Cpu.median(nanos[1]),
                allocated[1],
                Cpu.median(nanos[2]),
                allocated[2],
                Cpu.median(nanos[2]) / Cpu.median(nanos[1]));
    }

    /** Avro's writer with what it can use again. */
    private static final class AvrosOwn<T extends SpecificRecord> {
        private final SpecificDatumWriter<T> writer;
        private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1 << 10);
        private final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(buffer, null);

        AvrosOwn(Class<T> type) {
            SpecificData data = SpecificData.getForClass(type);
            this.writer = new SpecificDatumWriter<>(data.getSchema(type), data);
        }

        byte[] write(T record) {
            buffer.reset();
            try {
                writer.write(record, encoder);
                encoder.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory failed", e);
            }
            return buffer.toByteArray();
        }
    }

    private EncodeBench() {}
}
