package io.throughline.cli;

import io.throughline.domain.ingest.Decoded;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.IngestedTouchpoints;
import io.throughline.pipeline.ingest.JsonTouchpoints;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.ingest.Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads files of touchpoints, one JSON object a line, compressed with gzip or not, as replay does. */
final class InputFiles {
    /** How help describes such a file. */
    static final String TOUCHPOINTS = "Touchpoints, one JSON object a line, compressed with gzip or not";

    private static final Path STANDARD_INPUT = Path.of("/dev/stdin");

    /**
     * Refuses, before anything is read, what cannot be.
     *
     * @param option by which the files were named
     */
    static void check(String option, List<Path> files) {
        files.forEach(file -> check(option, file));
    }

    /** Likewise, of one file, whatever is in it. */
    static void check(String option, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new UsageException(option + " " + file + " is not a file that can be read");
        }
    }

    /** What to read a file from that is read once, so that it may be a pipe; {@code -} is standard input. */
    static Path readOnce(Path file) {
        Path path = file.toString().equals("-") ? STANDARD_INPUT : file;
        if (Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new UsageException("--input " + file + " is not a file that can be read");
        }
        return path;
    }

    /** What ingest comes to under each of the configurations; equal ones share a result. */
    static Map<IngestConfig, IngestedTouchpoints> read(List<Path> files, Iterable<IngestConfig> configurations)
            throws IOException {
        Map<IngestConfig, IngestedTouchpoints> result = empty(configurations);
        Map<IngestConfig, JsonTouchpoints> decoders = new LinkedHashMap<>();
        result.keySet().forEach(config -> decoders.put(config, new JsonTouchpoints(config.maxRecordBytes())));
        int limit = result.keySet().stream()
                .mapToInt(IngestConfig::maxRecordBytes)
                .max()
                .orElse(0);
        for (Path file : files) {
            try (Lines lines = new Lines(file, limit)) {
                for (byte[] line = lines.next(); line != null; line = lines.next()) {
                    for (Map.Entry<IngestConfig, JsonTouchpoints> entry : decoders.entrySet()) {
                        Decoded decoded = entry.getValue().decode(line, lines.size());
                        ingested(result, entry.getKey()).add(decoded, null);
                    }
                }
            }
        }
        return result;
    }

    /** One for each configuration, with nothing in it. */
    static Map<IngestConfig, IngestedTouchpoints> empty(Iterable<IngestConfig> configurations) {
        LibPhoneNumbers phoneNumbers = new LibPhoneNumbers();
        Map<IngestConfig, IngestedTouchpoints> result = new LinkedHashMap<>();
        configurations.forEach(config -> result.computeIfAbsent(config, c -> new IngestedTouchpoints(c, phoneNumbers)));
        return result;
    }

    static IngestedTouchpoints ingested(Map<IngestConfig, IngestedTouchpoints> all, IngestConfig config) {
        IngestedTouchpoints ingested = all.get(config);
        if (ingested == null) {
            throw new IllegalStateException("every configuration asked for has been read");
        }
        return ingested;
    }

    /** What is to be said of rejected records where nothing else tells of them; null where there are none. */
    static @Nullable String leftOut(long rejected) {
        return rejected == 0
                ? null
                : "left out, since they cannot count: " + rejected + " of the records; throughline replay says why";
    }

    private InputFiles() {}
}
