package io.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.intake.CloudEvents;
import io.throughline.intake.Counts;
import io.throughline.intake.Csv.UnusableTableException;
import io.throughline.intake.Intake;
import io.throughline.intake.Outcome;
import io.throughline.intake.RejectReason;
import io.throughline.intake.Segment;
import io.throughline.intake.Snowplow;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TopicProvisioner.ProvisioningException;
import io.throughline.kafka.TouchpointProducer;
import io.throughline.pipeline.ingest.Lines;
import io.throughline.pipeline.ingest.TouchpointTopic;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.pipeline.settings.Settings;
import io.throughline.scenarios.simulator.TouchpointJson;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes touchpoints of what others collect. Exit codes: 0 ok, 1 failed, 2 usage. */
@Command(
        name = "intake",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Make touchpoints of events that others have collected: as lines of JSON for replay, or straight to the topic"
                    + " touchpoints.",
            "The same input always comes to the same touchpoints with the same ids, so that running it again counts"
                    + " nothing twice. Every event read is written, rejected or ignored, and counted by reason.",
            ""
        },
        footer = {"", "Exit codes: 0 done, also where events were rejected; 1 failed; 2 wrong usage."})
final class IntakeCommand implements Callable<Integer> {

    /** Rejected events told of one by one; a file has them all. */
    private static final int TOLD = 10;

    /** What Kafka takes unless told otherwise, less what it writes around a record. */
    private static final int LONGEST_WITH_KEY = (1 << 20) - 128;

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** How events may be written. */
    enum Vocabularies {
        SEGMENT,
        SNOWPLOW,
        CLOUDEVENTS,
        CSV
    }

    @Option(
            names = "--from",
            paramLabel = "VOCABULARY",
            required = true,
            description =
                    "How the events are written: segment, snowplow (enriched, TSV or JSON of the SDKs), cloudevents"
                            + " or csv.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String from;

    @Option(
            names = "--mapping",
            paramLabel = "FILE",
            description =
                    "What means what (YAML): needed for csv, elsewhere what shall be other than docs/intake.md has"
                            + " it.")
    private @Nullable Path mapping;

    @Option(
            names = "--input",
            paramLabel = "FILE|-",
            required = true,
            description = "Events, one record a line, compressed with gzip or not; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path input;

    @Option(
            names = "--output",
            paramLabel = "FILE|-",
            description = "Write touchpoints to this file, one JSON object a line; - for standard output.")
    private @Nullable Path output;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Write touchpoints to the topic of the system that this configuration (YAML) is for, instead.")
    private @Nullable Path config;

    @Option(
            names = "--rejected",
            paramLabel = "FILE",
            description =
                    "Write what was rejected to this file: reason, origin, detail and raw, one JSON object a line.")
    private @Nullable Path rejected;

    @Override
    public Integer call() throws Exception {
        Vocabularies vocabulary = vocabulary();
        if ((output == null) == (config == null)) {
            throw new UsageException("name either --output, for a file, or --config, for the topic touchpoints");
        }
        Path lines = InputFiles.readOnce(input);
        MappingFile.Read read = MappingFile.read(mapping, vocabulary == Vocabularies.CSV);
        Settings settings = config == null ? null : Configurations.load(config);
        keepWhatIsRead();
        Counts counts = new Counts();
        IngestConfig ingest = settings == null ? IngestConfig.DEFAULTS : settings.ingest();
        int longest = ingest.maxRecordBytes();
        try (TouchpointSink touchpoints =
                        settings == null ? ofFile(output, longest) : ofTopic(settings.kafka(), longest);
                OutputStream rejects =
                        rejected == null ? OutputStream.nullOutputStream() : opened("--rejected", rejected)) {
            Intake.Outlet outlet = (line, record, made) -> {
                Outcome outcome = made instanceof Outcome.Mapped mapped ? touchpoints.take(mapped) : made;
                counts.add(outcome);
                if (outcome instanceof Outcome.Rejected no) {
                    if (rejected == null && counts.allRejected() <= TOLD) {
                        tell(origin(line) + ": " + no.reason().word() + ": " + no.detail());
                    }
                    rejects.write(letter(origin(line), no, record));
                }
            };
            run(lines, intake(vocabulary, read, longest, outlet), longest);
        } catch (UnusableTableException e) {
            throw new UsageException(name() + " " + e.getMessage());
        }
        long unsaid = counts.allRejected() - TOLD;
        if (rejected == null && unsaid > 0) {
            tell(unsaid + " more were rejected; --rejected FILE keeps them all");
        }
        tell(counts.toString());
        return 0;
    }

    private Vocabularies vocabulary() {
        for (Vocabularies each : Vocabularies.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(from)) {
                return each;
            }
        }
        throw new UsageException("--from must be segment, snowplow, cloudevents or csv, was " + from);
    }

    private static Intake intake(Vocabularies vocabulary, MappingFile.Read read, int longest, Intake.Outlet outlet) {
        return switch (vocabulary) {
            case SEGMENT -> Intake.ofLines(new Segment(read.mapping()), outlet);
            case SNOWPLOW -> Intake.ofLines(new Snowplow(read.mapping()), outlet);
            case CLOUDEVENTS -> Intake.ofLines(new CloudEvents(read.mapping()), outlet);
            case CSV -> Intake.ofTable(read.mapping(), read.csv(), longest, outlet);
        };
    }

    private static void run(Path file, Intake intake, int longest) throws IOException {
        try (Lines lines = new Lines(file, longest)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                intake.line(line, lines.number(), lines.size());
            }
        }
        intake.end();
    }

    private void tell(String line) {
        spec.commandLine().getErr().println("intake: " + line);
        spec.commandLine().getErr().flush();
    }

    private String name() {
        return input.toString().equals("-") ? "standard input" : input.toString();
    }

    private String origin(long line) {
        return name() + ":" + line;
    }

    /** As replay writes it. */
    private static byte[] letter(String origin, Outcome.Rejected rejected, byte[] record) throws IOException {
        ObjectNode letter = JSON.createObjectNode()
                .put("reason", rejected.reason().word())
                .put("origin", origin)
                .put("detail", rejected.detail());
        try {
            letter.put("raw", UTF_8.newDecoder().decode(ByteBuffer.wrap(record)).toString());
        } catch (CharacterCodingException e) {
            letter.put("raw", Base64.getEncoder().encodeToString(record)).put("raw_encoding", "base64");
        }
        return (JSON.writeValueAsString(letter) + "\n").getBytes(UTF_8);
    }

    /** Nobody means to lose the events that touchpoints are made of. */
    private void keepWhatIsRead() throws IOException {
        for (Path written : new Path[] {output, rejected}) {
            for (Path read : new Path[] {input, mapping, config}) {
                if (written != null
                        && read != null
                        && Files.exists(written)
                        && Files.exists(read)
                        && Files.isSameFile(written, read)) {
                    throw new UsageException(written + " is read, so it cannot be written; name another file");
                }
            }
        }
        if (output != null && rejected != null && isOne(output, rejected)) {
            throw new UsageException("--output and --rejected cannot be the same file");
        }
    }

    /** Also where there is none yet: then its folder counts. */
    private static boolean isOne(Path written, Path other) throws IOException {
        return Files.exists(written) && Files.exists(other)
                ? Files.isSameFile(written, other)
                : inItsFolder(written).equals(inItsFolder(other));
    }

    private static Path inItsFolder(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        // Without a folder it cannot be written, which is said later.
        return folder != null && Files.exists(folder)
                ? folder.toRealPath().resolve(folder.relativize(absolute)).normalize()
                : absolute.normalize();
    }

    /** Takes touchpoints. */
    private interface TouchpointSink extends AutoCloseable {
        /** Writes the touchpoint, or rejects it where nobody could read it: it has more bytes than a record may have. */
        Outcome take(Outcome.Mapped mapped) throws IOException;

        @Override
        void close() throws IOException;
    }

    private static Outcome oversize(int size, int longest) {
        return new Outcome.Rejected(
                RejectReason.OVERSIZE, "its touchpoint has " + size + " bytes, a record may have " + longest);
    }

    private static TouchpointSink ofFile(@Nullable Path output, int longest) {
        if (output == null) {
            throw new IllegalStateException("without a configuration there is a file");
        }
        // Not System.out, which tells nobody that a pipe is closed.
        OutputStream out = output.toString().equals("-")
                ? new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16)
                : opened("--output", output);
        return new TouchpointSink() {
            @Override
            public Outcome take(Outcome.Mapped mapped) throws IOException {
                byte[] line = TouchpointJson.write(mapped.touchpoint());
                if (line.length > longest) {
                    return oversize(line.length, longest);
                }
                out.write(line);
                out.write('\n');
                return mapped;
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    private static OutputStream opened(String option, Path file) {
        try {
            return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        } catch (IOException e) {
            throw new UsageException(option + " " + file + " cannot be written: " + Throughline.inOneLine(e));
        }
    }

    private static TouchpointSink ofTopic(KafkaSettings kafka, int longest) throws IOException {
        try {
            TopicProvisioner.requireTopics(kafka.bootstrapServers(), kafka.properties(), List.of(TouchpointTopic.NAME));
            TouchpointProducer producer = TouchpointProducer.open(
                    TouchpointTopic.NAME, kafka.bootstrapServers(), kafka.registryUrl(), kafka.properties(), Map.of());
            return new TouchpointSink() {
                @Override
                public Outcome take(Outcome.Mapped mapped) {
                    byte[] value = producer.encode(mapped.touchpoint());
                    if (value.length > longest) {
                        return oversize(value.length, longest);
                    }
                    String first = TouchpointProducer.keyOf(mapped.touchpoint());
                    byte[] key = first == null ? new byte[0] : first.getBytes(UTF_8);
                    // The producer would refuse it, and with it everything after.
                    if (value.length + key.length > LONGEST_WITH_KEY) {
                        return oversize(value.length + key.length, LONGEST_WITH_KEY);
                    }
                    producer.sendRaw(first == null ? null : key, value);
                    return mapped;
                }

                @Override
                public void close() {
                    producer.close();
                }
            };
        } catch (ProvisioningException e) {
            throw new IOException(e.getMessage(), e);
        } catch (RegistryUnavailableException e) {
            throw new IOException(
                    "the Schema Registry is not reachable at " + kafka.registryUrl()
                            + ": start it or set kafka.registry_url (" + e.getMessage() + ")",
                    e);
        }
    }
}
