package io.throughline.pipeline.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The documents a replay came to: those that still stand, sorted by id. */
public final class ReplayResult {

    /** The kinds of documents, and the names of their files. */
    public static final List<String> KINDS = List.of(
            MemoryOutlets.TOUCHPOINTS,
            MemoryOutlets.CUSTOMERS,
            MemoryOutlets.IDENTITY_CHANGES,
            MemoryOutlets.SESSIONS,
            MemoryOutlets.ISSUES,
            MemoryOutlets.JOURNEYS,
            MemoryOutlets.TRANSITIONS,
            MemoryOutlets.METRICS,
            MemoryOutlets.ALERTS,
            MemoryOutlets.ALERT_ANSWERS,
            MemoryOutlets.REJECTED);

    private static final String ACCOUNTING = "accounting.json";

    private static final ObjectMapper JSON = new ObjectMapper();
    /** As the documents write times. */
    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private static final List<String> COUNTS = List.of("in", "processed", "rejected", "late", "duplicate", "erased");

    private final Map<String, Map<String, ReplayRun.Document>> documents;
    private final @Nullable Long asOf;

    ReplayResult(Map<String, Map<String, ReplayRun.Document>> documents, @Nullable Long asOf) {
        this.documents = documents;
        this.asOf = asOf;
    }

    /** JSON of the documents of one kind that still stand. */
    public List<byte[]> of(String kind) {
        record Line(NumberedId id, byte[] json) {}
        return documents.getOrDefault(kind, Map.of()).entrySet().stream()
                .filter(entry -> !entry.getValue().gone())
                .map(entry ->
                        new Line(NumberedId.of(entry.getKey()), entry.getValue().json()))
                .sorted(Comparator.comparing(Line::id))
                .map(Line::json)
                .toList();
    }

    /** The sum over all sources. */
    public ObjectNode accounting() throws IOException {
        ObjectNode sum = JSON.createObjectNode();
        COUNTS.forEach(count -> sum.put(count, 0L));
        Map<String, Long> reasons = new TreeMap<>();
        for (byte[] source : of(MemoryOutlets.ACCOUNTING)) {
            JsonNode account = JSON.readTree(source);
            COUNTS.forEach(count ->
                    sum.put(count, sum.get(count).asLong() + account.path(count).asLong()));
            account.path("rejected_by_reason")
                    .fields()
                    .forEachRemaining(reason ->
                            reasons.merge(reason.getKey(), reason.getValue().asLong(), Long::sum));
        }
        ObjectNode byReason = sum.putObject("rejected_by_reason");
        reasons.forEach(byReason::put);
        if (asOf != null) {
            sum.put("as_of", MILLISECONDS.format(Instant.ofEpochMilli(asOf)));
        }
        return sum;
    }

    /** Writes one file per kind and the accounting; a file is either the whole of the new one or still the old one. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (String kind : KINDS) {
            List<byte[]> lines = of(kind);
            replace(file(directory, kind), out -> {
                for (byte[] line : lines) {
                    out.write(line);
                    out.write('\n');
                }
            });
        }
        byte[] accounting = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(accounting());
        replace(directory.resolve(ACCOUNTING), out -> {
            out.write(accounting);
            out.write('\n');
        });
    }

    /** Where {@link #write} writes to. */
    public static List<Path> files(Path directory) {
        return Stream.concat(
                        KINDS.stream().map(kind -> file(directory, kind)), Stream.of(directory.resolve(ACCOUNTING)))
                .toList();
    }

    private static Path file(Path directory, String kind) {
        return directory.resolve(kind + ".ndjson");
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static void replace(Path file, Content content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
            content.writeTo(out);
        } catch (FileSystemException e) {
            // It says which file.
            throw e;
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            IOException named = new IOException(
                    file + " cannot be written: " + e.getMessage() + "; make room, or name another directory");
            named.addSuppressed(e);
            throw named;
        }
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Sorts as text, but a number after the last colon counts as a number: line 9 before line 10. */
    private record NumberedId(String id, String text, long number) implements Comparable<NumberedId> {
        private static final Comparator<NumberedId> ORDER = Comparator.comparing(NumberedId::text)
                .thenComparingLong(NumberedId::number)
                .thenComparing(NumberedId::id);

        static NumberedId of(String id) {
            int from = id.lastIndexOf(':') + 1;
            boolean numbered = from > 0
                    && from < id.length()
                    && id.length() - from < 18
                    && id.chars().skip(from).allMatch(c -> c >= '0' && c <= '9');
            return numbered
                    ? new NumberedId(id, id.substring(0, from), Long.parseLong(id.substring(from)))
                    : new NumberedId(id, id, 0);
        }

        @Override
        public int compareTo(NumberedId other) {
            return ORDER.compare(this, other);
        }
    }
}
