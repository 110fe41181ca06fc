package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.schemas.Rejected;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records that did not count to their topic again, byte by byte as they were, once the reason is gone.
 *
 * <p>Each is redriven once: in the transaction that writes it, its origin is written to the topic {@value MEMORY}, and what is
 * there is left out the next time. Of two who redrive at the same time the one who began first is stopped, and what it has not
 * committed was not written. Nobody reads an uncommitted record.
 */
public final class Redrive {

    /** Topics of dead letters. */
    public static final List<String> SOURCES = List.of("rejected", "late");

    static final String TARGET = "touchpoints";
    static final String MEMORY = "redriven";

    /** Says that a record was redriven, and from where: its {@code origin} at first. */
    static final String FROM_HEADER = "throughline-redriven-from";

    /** When the record was received at first, epoch milliseconds as text. */
    static final String RECEIVED_HEADER = "throughline-received-time";

    private static final Pattern ORIGIN = Pattern.compile(TARGET + "-\\d+-\\d+");
    private static final int RECORDS_PER_TRANSACTION = 500;
    private static final long BYTES_PER_TRANSACTION = 16L << 20;

    /** Readers wait where a transaction is open, so one whose writer died must not stay open for long. */
    private static final Duration TRANSACTION = Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String bootstrapServers;
    private final String registryUrl;
    private final String group;
    private final Map<String, String> clientProperties;

    /**
     * @param group {@code kafka.group}: whoever redrives for one pipeline names the same
     * @param clientProperties further properties of the Kafka clients, for example {@code security.protocol}
     */
    public Redrive(String bootstrapServers, String registryUrl, String group, Map<String, String> clientProperties) {
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        this.group = group;
        this.clientProperties = Map.copyOf(clientProperties);
    }

    /**
     * Which dead letters.
     *
     * @param from one of {@link #SOURCES}
     * @param reason of these only; null: whatever it is
     * @param since dead letters written at or after this time, epoch milliseconds
     * @param limit at most so many, of each partition the oldest first
     * @param again also those redriven before
     * @param dryRun count only
     * @param by who asks, for the record
     */
    public record Request(
            String from, @Nullable String reason, long since, long limit, boolean again, boolean dryRun, String by) {
        public Request {
            if (!SOURCES.contains(from)) {
                throw new IllegalArgumentException("dead letters are in " + SOURCES + ", not in " + from);
            }
        }
    }

    /**
     * What became of it.
     *
     * @param redriven by reason; in a dry run those that would be
     * @param before had been redriven before and were left out
     * @param others match, but are no records of touchpoints: documents that could not be indexed, people's decisions, letters
     *     that cannot be read
     * @param left match, but are beyond the limit
     */
    public record Outcome(Map<String, Long> redriven, long before, long others, long left) {
        public long total() {
            return redriven.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * Redrives; returns when everything is committed. Where it fails in the midst, what was committed is remembered, and
     * asking again goes on with the rest.
     *
     * @throws KafkaException in one line, if the brokers or the registry do not answer or somebody else redrives
     */
    public Outcome run(Request request) {
        try (AvroDecoder<Rejected> decoder = AvroDecoder.of(Rejected.class, registryUrl)) {
            if (request.dryRun()) {
                return read(request, decoder, new Writing(request, null));
            }
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(writing(), new ByteArraySerializer(), new ByteArraySerializer())) {
                // First of all: from here on nobody who began before can commit, so that what is remembered is all
                // there is.
                producer.initTransactions();
                Writing writing = new Writing(request, producer);
                Outcome outcome = read(request, decoder, writing);
                writing.write();
                return outcome;
            }
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new KafkaException("somebody else began to redrive at the same time; what was redriven is remembered:"
                    + " wait for them, then ask again for the rest");
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw new KafkaException(NoAnswer.of(bootstrapServers) + " (" + e.getMessage() + ")");
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Outcome read(Request request, AvroDecoder<Rejected> decoder, Writing writing) {
        Set<String> before = new HashSet<>();
        if (!request.again()) {
            TopicSnapshot.read(MEMORY, bootstrapServers, clientProperties, Long.MAX_VALUE, record -> {
                if (record.key() != null && record.value() != null) {
                    before.add(new String(record.key(), UTF_8));
                }
            });
        }
        TopicSnapshot.read(request.from(), bootstrapServers, clientProperties, Long.MAX_VALUE, record -> {
            if (record.timestamp() >= request.since()) {
                consider(record, decoder, before, writing);
            }
        });
        return new Outcome(new TreeMap<>(writing.redriven), writing.before, writing.others, writing.left);
    }

    private void consider(KafkaRecord record, AvroDecoder<Rejected> decoder, Set<String> before, Writing writing) {
        Rejected letter;
        try {
            letter = decoder.decode(record) instanceof Decoded.Record<Rejected> read ? read.value() : null;
        } catch (RegistryUnavailableException e) {
            throw new KafkaException("the Schema Registry is not reachable at " + registryUrl
                    + ": start it or set kafka.registry_url (" + e.getMessage() + ")");
        }
        if (letter == null) {
            writing.others++;
            return;
        }
        if (writing.request.reason() != null && !writing.request.reason().equals(letter.getReason())) {
            return;
        }
        byte[] raw = rawOf(letter);
        if (raw == null || !ORIGIN.matcher(letter.getOrigin()).matches()) {
            writing.others++;
        } else if (!before.add(letter.getOrigin())) {
            // Also one that was rejected twice, by a job that began again without its state.
            writing.before++;
        } else if (writing.total() >= writing.request.limit()) {
            writing.left++;
        } else {
            writing.take(letter, raw);
        }
    }

    /** The record as it was; null: nobody can say, since it is not in the encoding it names. */
    private static byte @Nullable [] rawOf(Rejected letter) {
        if (!"base64".equals(letter.getRawEncoding())) {
            return letter.getRaw().getBytes(UTF_8);
        }
        try {
            return Base64.getDecoder().decode(letter.getRaw());
        } catch (IllegalArgumentException noBase64) {
            return null;
        }
    }

    /** What is under way. */
    static final class Writing {
        private final Request request;

        /** Null: nothing is written. */
        private final @Nullable Producer<byte[], byte[]> producer;

        private final Map<String, Long> redriven = new HashMap<>();
        private final List<Found> found = new ArrayList<>();
        private long before;
        private long others;
        private long left;
        private long foundBytes;
        private long total;

        /** A dead letter's record, to be written. */
        private record Found(Rejected letter, byte[] raw) {}

        Writing(Request request, @Nullable Producer<byte[], byte[]> producer) {
            this.request = request;
            this.producer = producer;
        }

        long total() {
            return total;
        }

        void take(Rejected letter, byte[] raw) {
            total++;
            redriven.merge(letter.getReason(), 1L, Long::sum);
            if (producer == null) {
                return;
            }
            found.add(new Found(letter, raw));
            foundBytes += raw.length;
            if (found.size() >= RECORDS_PER_TRANSACTION || foundBytes >= BYTES_PER_TRANSACTION) {
                write();
            }
        }

        /**
         * Writes and commits what was found. Its transaction begins here: one that stayed open until enough is found would
         * hold readers back and time out where matches are rare.
         */
        void write() {
            if (found.isEmpty() || producer == null) {
                return;
            }
            producer.beginTransaction();
            for (Found each : found) {
                send(producer, each.letter(), each.raw());
            }
            producer.commitTransaction();
            found.clear();
            foundBytes = 0;
        }

        private void send(Producer<byte[], byte[]> to, Rejected letter, byte[] raw) {
            String origin = letter.getOrigin();
            RecordHeaders headers = new RecordHeaders();
            headers.add(FROM_HEADER, origin.getBytes(UTF_8));
            Instant received = letter.getReceivedTime();
            if (received != null) {
                headers.add(
                        RECEIVED_HEADER, Long.toString(received.toEpochMilli()).getBytes(UTF_8));
            }
            byte[] key = letter.getKey() == null ? null : letter.getKey().getBytes(UTF_8);
            to.send(new ProducerRecord<>(TARGET, null, null, key, raw, headers));
            String memory = Instant.now() + " " + request.from() + " " + letter.getReason() + " " + request.by();
            to.send(new ProducerRecord<>(MEMORY, origin.getBytes(UTF_8), memory.getBytes(UTF_8)));
        }
    }

    private Map<String, Object> writing() {
        Map<String, Object> properties = new HashMap<>(Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                PATIENCE.toMillis(),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis() / 2,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                8 << 20,
                ProducerConfig.LINGER_MS_CONFIG,
                5));
        properties.putAll(clientProperties);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION.toMillis());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group + "-redrive");
        return properties;
    }
}
