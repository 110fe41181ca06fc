package io.throughline.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Remembers which process a name stands for, over the lives of the programs that start and stop it.
 *
 * <p>A pid alone is not enough: the system hands it out again. A process counts as ours only when the pid, the time it
 * started and the mark on its command line all agree, so that a stranger with a recycled pid is never touched.
 */
record ProcessFile(Path file, String mark) {
    /** The start time is derived from the machine's boot time, which moves when the clock is set. */
    private static final Duration CLOCK_STEP = Duration.ofSeconds(2);

    void write(ProcessHandle process, Map<String, String> notes) {
        Properties properties = new Properties();
        properties.putAll(notes);
        properties.setProperty("pid", Long.toString(process.pid()));
        properties.setProperty(
                "started", process.info().startInstant().map(Instant::toString).orElse(""));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent());
            try (Writer writer = Files.newBufferedWriter(fresh)) {
                properties.store(writer, null);
            }
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process, if it is alive and certainly the one that was written down. */
    Optional<ProcessHandle> live() {
        return properties().flatMap(properties -> {
            try {
                return ProcessHandle.of(Long.parseLong(properties.getProperty("pid", "")))
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> same(process, properties.getProperty("started", "")));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        });
    }

    Optional<String> note(String key) {
        return properties().map(properties -> properties.getProperty(key));
    }

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean same(ProcessHandle process, String started) {
        ProcessHandle.Info info = process.info();
        return info.startInstant()
                        .filter(instant -> !started.isEmpty()
                                && Duration.between(Instant.parse(started), instant)
                                                .abs()
                                                .compareTo(CLOCK_STEP)
                                        <= 0)
                        .isPresent()
                && info.commandLine().map(line -> line.contains(mark)).orElse(true);
    }

    private Optional<Properties> properties() {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return Optional.of(properties);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
