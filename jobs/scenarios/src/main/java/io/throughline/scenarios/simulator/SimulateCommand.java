package io.throughline.scenarios.simulator;

import io.throughline.scenarios.story.Story;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Plays a simulated company to a file, standard output or Kafka. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Plays touchpoints of a simulated company on all channels, with the truth behind them.",
        footer = {
            "",
            "The same seed and options give the same bytes. Examples:",
            "  simulate --customers 2000 --days 7 --output touchpoints.ndjson --truth truth.ndjson",
            "  simulate --touchpoints 100000 --bad 0.02 --output - ",
            "  simulate --live --rate 20 --kafka localhost:9092 --registry http://localhost:8081",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage."
        })
public final class SimulateCommand implements Callable<Integer> {
    private static final Instant FIRST_DAY = Instant.parse("2026-06-01T00:00:00Z");
    private static final double DEFAULT_LIVE_RATE = 2;
    private static final Duration DEFAULT_HISTORY = Duration.ofDays(2);
    /** Episodes last minutes to days: a crowd that began only now would not be at its rate for a while. */
    private static final Duration WARM_UP = Duration.ofMinutes(20);

    /** Most touchpoints simulated, not written, to get a crowd to its rate: seconds of work. */
    private static final double WARM_UP_TOUCHPOINTS = 600_000;

    private static final long REPORT_EVERY = TimeUnit.SECONDS.toNanos(5);

    @Option(names = "--seed", paramLabel = "N", description = "Chance begins here (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(
            names = "--customers",
            paramLabel = "N",
            description = "People there could be (default: 2000; with --live as many as the rate asks for).")
    @Nullable
    Integer customers;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Where virtual time begins, UTC (default: 2026-06-01; with --live now minus the history).")
    @Nullable
    Instant from;

    @Option(names = "--days", paramLabel = "N", description = "How long virtual time lasts (default: 7).")
    @Nullable
    Double days;

    @Option(names = "--touchpoints", paramLabel = "N", description = "Stop after that many records, bad ones included.")
    @Nullable
    Long touchpoints;

    @Option(
            names = "--rate",
            paramLabel = "N|max",
            converter = Rate.class,
            description = "Records per second of real time (default: max; with --live 2).")
    @Nullable
    Double rate;

    @Option(names = "--output", paramLabel = "FILE|-", description = "Write NDJSON to a file or to standard output.")
    @Nullable
    String output;

    @Option(names = "--kafka", paramLabel = "BOOTSTRAP", description = "Write Avro to Kafka instead, HOST:PORT,...")
    @Nullable
    String kafka;

    @Option(names = "--registry", paramLabel = "URL", description = "Schema Registry, needed with --kafka.")
    @Nullable
    String registry;

    @Option(
            names = "--kafka-properties",
            paramLabel = "FILE",
            description = "Properties file for the Kafka client, for example with security.protocol.")
    @Nullable
    Path kafkaProperties;

    @Option(names = "--topic", paramLabel = "NAME", description = "Topic (default: ${DEFAULT-VALUE}).")
    String topic = "touchpoints";

    @Option(
            names = "--story",
            paramLabel = "NAME",
            description = {
                "Play a story, by name or folder; may be given several times. Alone it plays at its own times,",
                "with --customers among the simulated ones, with --live so that it ends now."
            })
    List<String> stories = List.of();

    @Option(
            names = "--story-at",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "When the stories begin, UTC.")
    @Nullable
    Instant storyAt;

    @Option(names = "--truth", paramLabel = "FILE", description = "Write what really happened beside it, NDJSON.")
    @Nullable
    String truth;

    @Option(
            names = "--bad",
            paramLabel = "SHARE",
            description = "Share of records that are bad or hostile, 0 to 0.9 (default: 0).")
    double bad;

    @Option(
            names = "--duplicates",
            paramLabel = "SHARE",
            description = "Share of touchpoints sent twice, 0 to 0.5 (default: ${DEFAULT-VALUE}).")
    double duplicates = 0.005;

    @Option(
            names = "--live",
            description = "Event times are now: back-fills the history, then goes on in real time at the rate.")
    boolean live;

    @Option(
            names = "--history",
            paramLabel = "SPAN",
            converter = Span.class,
            description = {
                "With --live: how much past to back-fill first, such as 90m, 6h, 2d (default: 2d). Its last",
                "20 minutes, or less at more than 500/s, have the full rate already."
            })
    @Nullable
    Duration history;

    @Option(
            names = "--history-limit",
            paramLabel = "N",
            description = {
                "With --live: about how many touchpoints the past may have at most (default: ${DEFAULT-VALUE}).",
                "Of more, only every so many episodes are written."
            })
    int historyLimit = 50_000;

    @Option(
            names = "--history-rate",
            paramLabel = "N",
            description = "With --live: touchpoints per second of the past (default: the rate, at most 2).")
    @Nullable
    Double historyRate;

    @Option(names = "--quiet", description = "No progress on standard error.")
    boolean quiet;

    @Spec
    @Nullable
    CommandSpec spec;

    private volatile boolean stopped;
    private long records;
    private long badRecords;
    private long sinceReport;
    private long lastReport;

    /** The command alone, without the rest of the command line. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new SimulateCommand()).execute(args));
    }

    @Override
    public Integer call() {
        Scale scale = scale();
        List<Story> told = stories.stream().map(name -> story(name, scale)).toList();
        CountDownLatch finished = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> stop(finished), "simulate-stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try (Output out = open();
                OutputStream truthBytes = truth == null ? OutputStream.nullOutputStream() : NdjsonOutput.open(truth);
                Truth truths = new Truth(truthBytes)) {
            play(scale, told, out, truths);
        } catch (IOException | KafkaException | IllegalStateException e) {
            err().println("simulate: " + e.getMessage());
            return 1;
        } finally {
            finished.countDown();
            unlessStopping(onSignal);
        }
        return 0;
    }

    private void play(Scale scale, List<Story> told, Output out, Truth truths) throws IOException {
        Simulation simulation = new Simulation(scale, truth == null ? verdict -> {} : truths::episode);
        for (Story story : told) {
            simulation.add(emissions(story));
        }
        Past past = live ? Past.of(scale, System.currentTimeMillis(), historyLimit) : Past.WHOLE;
        BadInput badInput = new BadInput(seed, bad, out.form());
        Pace pace = new Pace(live || rate == null ? Double.POSITIVE_INFINITY : rate, () -> stopped);
        long most = touchpoints == null ? Long.MAX_VALUE : touchpoints;
        lastReport = System.nanoTime();
        Emission emission;
        while (!stopped && records < most && (emission = simulation.next()) != null) {
            if (past.leavesOut(emission)) {
                continue;
            }
            if (live && emission.written() > System.currentTimeMillis()) {
                out.flush();
                Pace.until(emission.written(), () -> stopped);
                if (stopped) {
                    break;
                }
            }
            pace.await();
            out.write(emission.touchpoint());
            records++;
            if (truth != null && !emission.again() && emission.person() != null) {
                truths.touchpoint(emission);
            }
            for (int i = badInput.next(); i > 0 && records < most; i--) {
                pace.await();
                Fault fault = badInput.pick();
                out.writeRaw(emission.touchpoint(), badInput.spoil(fault, emission, out));
                records++;
                badRecords++;
                if (truth != null) {
                    truths.bad(records, fault);
                }
            }
            report(simulation, false);
        }
        simulation.end();
        out.flush();
        report(simulation, true);
    }

    private Scale scale() {
        require(bad >= 0 && bad <= 0.9, "--bad must be 0 to 0.9, was " + bad);
        require(duplicates >= 0 && duplicates <= 0.5, "--duplicates must be 0 to 0.5, was " + duplicates);
        require(days == null || days > 0, "--days must be positive");
        require(touchpoints == null || touchpoints >= 0, "--touchpoints must not be negative");
        require(
                customers == null || (customers >= 0 && customers <= Names.MOST),
                "--customers must be 0 to " + Names.MOST);
        require(
                live || history == null,
                "--history needs --live: without it, --from and --days say which time to play");
        require(live || historyRate == null, "--history-rate needs --live");
        require(storyAt == null || !stories.isEmpty(), "--story-at says when stories begin: it needs --story");
        if (!live) {
            long start = (from == null ? FIRST_DAY : from).toEpochMilli();
            boolean onlyStories = customers == null && !stories.isEmpty();
            int people = customers != null ? customers : onlyStories ? 0 : 2000;
            double length = days != null ? days : touchpoints != null || onlyStories ? 36_500 : 7;
            return new Scale(
                    seed,
                    people,
                    start,
                    start + (long) (length * Rhythm.DAY),
                    people * Scale.PER_CUSTOMER_AND_DAY / 86_400,
                    Long.MAX_VALUE,
                    0,
                    duplicates);
        }
        require(from == null, "--from and --live exclude each other: live touchpoints happen now (see --history)");
        double perSecond = rate == null ? DEFAULT_LIVE_RATE : rate;
        require(!Double.isInfinite(perSecond), "--rate max is not possible with --live: name a number");
        int people = customers != null
                ? customers
                : (int) Math.max(200, Math.min(Names.MOST, perSecond * 86_400 / Scale.PER_CUSTOMER_AND_DAY));
        require(historyLimit >= 0, "--history-limit must not be negative, was " + historyLimit);
        long now = System.currentTimeMillis();
        double warmUp = Math.min(WARM_UP.toMillis(), WARM_UP_TOUCHPOINTS / perSecond * 1000);
        long past = (history == null ? DEFAULT_HISTORY : history).toMillis();
        return new Scale(
                seed,
                people,
                now - past,
                days == null ? Long.MAX_VALUE / 4 : now + (long) (days * Rhythm.DAY),
                historyRate != null ? historyRate : Math.min(2, perSecond),
                now - Math.min(past, (long) warmUp),
                perSecond,
                duplicates);
    }

    private Story story(String name, Scale scale) {
        Story story;
        try {
            story = Story.named(name);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
        if (storyAt != null) {
            return story.movedBy(Duration.between(story.firstReceived(), storyAt));
        }
        if (live) {
            return story.movedBy(Duration.between(story.lastReceived(), Instant.now()));
        }
        return scale.customers() == 0
                ? story
                : story.movedBy(Duration.between(story.firstReceived(), Instant.ofEpochMilli(scale.from())));
    }

    private static List<Emission> emissions(Story story) {
        return story.touchpoints().stream()
                .map(touchpoint -> {
                    long received = Story.received(touchpoint).toEpochMilli();
                    return new Emission(touchpoint, null, null, "story:" + story.name(), received, received, false);
                })
                .toList();
    }

    private Output open() throws IOException {
        if (kafka != null) {
            if (output != null || registry == null) {
                throw usage(
                        output != null
                                ? "--output and --kafka exclude each other"
                                : "--kafka needs --registry URL, where the schema of the topic is");
            }
            return KafkaOutput.open(topic, kafka, registry, properties());
        }
        if (kafkaProperties != null) {
            throw usage("--kafka-properties needs --kafka BOOTSTRAP");
        }
        if (output == null) {
            throw usage("name where to write: --output FILE, --output - for standard output, or --kafka BOOTSTRAP");
        }
        return new NdjsonOutput(NdjsonOutput.open(output));
    }

    private Map<String, String> properties() {
        Properties properties = new Properties();
        if (kafkaProperties != null) {
            try (Reader text = Files.newBufferedReader(kafkaProperties)) {
                properties.load(text);
            } catch (IOException | IllegalArgumentException e) {
                throw usage("--kafka-properties " + kafkaProperties + " is not a properties file that can be read");
            }
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    private void report(Simulation simulation, boolean last) {
        if (quiet || (!last && (records & 0xFF) != 0 && !live)) {
            return;
        }
        long now = System.nanoTime();
        if (!last && now - lastReport < REPORT_EVERY) {
            return;
        }
        double perSecond = (records - sinceReport) * 1e9 / Math.max(1, now - lastReport);
        sinceReport = records;
        lastReport = now;
        err().printf(
                        "simulate: %,d records%s%s, %,.0f/s, virtual time %s%n",
                        records,
                        badRecords > 0 ? String.format(", %,d of them bad", badRecords) : "",
                        last ? (stopped ? ", stopped" : ", done") : "",
                        perSecond,
                        Instant.ofEpochMilli(simulation.virtualTime()));
    }

    private PrintWriter err() {
        return spec == null
                ? new PrintWriter(System.err, true, StandardCharsets.UTF_8)
                : spec.commandLine().getErr();
    }

    private void stop(CountDownLatch finished) {
        stopped = true;
        try {
            finished.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unlessStopping(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // The hook is waiting for this very moment.
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw usage(otherwise);
        }
    }

    private ParameterException usage(String problem) {
        if (spec == null) {
            throw new IllegalArgumentException(problem);
        }
        return new ParameterException(spec.commandLine(), problem);
    }

    /** An instant, or a day that begins at midnight UTC. */
    static final class Moment implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return text.length() == 10
                        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                        : Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + text + "' is neither a day (2026-06-01) nor a time in UTC (2026-06-01T08:00:00Z)");
            }
        }
    }

    /** A number of records per second, with or without {@code /s}, or {@code max}. */
    static final class Rate implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            if ("max".equals(text)) {
                return Double.POSITIVE_INFINITY;
            }
            try {
                double perSecond =
                        Double.parseDouble(text.endsWith("/s") ? text.substring(0, text.length() - 2) : text);
                if (perSecond > 0) {
                    return perSecond;
                }
            } catch (NumberFormatException e) {
                // Said below, for both.
            }
            throw new TypeConversionException("'" + text + "' is neither a positive number nor max");
        }
    }

    /** A number with s, m, h or d. */
    static final class Span implements ITypeConverter<Duration> {
        private static final Pattern SPAN = Pattern.compile("(\\d+)([smhd])");

        @Override
        public Duration convert(String text) {
            Matcher span = SPAN.matcher(text);
            if (!span.matches()) {
                throw new TypeConversionException("'" + text + "' is not a span such as 90m, 6h or 2d");
            }
            long number = Long.parseLong(span.group(1));
            return switch (span.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        }
    }
}
