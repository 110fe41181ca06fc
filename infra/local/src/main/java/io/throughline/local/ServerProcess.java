package io.throughline.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One server process: its directory, its log, and its life. Not safe for use by several threads at once. */
final class ServerProcess {
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(20);
    private static final int TAIL_BYTES = 256 * 1024;
    /** What a signal's number is added to in an exit code. */
    private static final int SIGNALS = 128;

    private static final int LAST_SIGNAL = 64;
    private static final int KILL = 9;
    /** Of a Java that was told to exit when its memory runs out, as all of these are. */
    private static final int OUT_OF_MEMORY = 3;
    /** As Java says it on the systems this runs on. */
    private static final String NO_SPACE = "No space left on device";

    /** What Java's servers say, and Quarkus, of which the registry is made, in its own words. */
    private static final List<String> PORT_TAKEN = List.of(
            "BindException", "Address already in use", "already bound", "seems to be in use by another process");

    private final String name;
    private final Path directory;
    private final ProcessFile file;
    private @Nullable Process child;

    ServerProcess(Path serversDirectory, String name) {
        this.name = name;
        this.directory = serversDirectory.resolve(name);
        this.file = new ProcessFile(directory.resolve("process.properties"), mark(serversDirectory, name));
    }

    static String mark(Path serversDirectory, String name) {
        return "-Dthroughline.process=" + serversDirectory.toAbsolutePath().normalize() + "/" + name;
    }

    String name() {
        return name;
    }

    Path directory() {
        return directory;
    }

    Path log() {
        return directory.resolve("server.log");
    }

    Optional<ProcessHandle> live() {
        return file.live();
    }

    Optional<String> note(String key) {
        return file.note(key);
    }

    /** Starts it tied to this program's life until {@link #release()}. The log of the run before is kept once. */
    void start(JavaCommand command, Path lifelineJar, Map<String, String> notes) {
        try {
            Files.createDirectories(directory);
            if (Files.exists(log())) {
                Files.move(log(), directory.resolve("server.previous.log"), StandardCopyOption.REPLACE_EXISTING);
            }
            List<String> line = new ArrayList<>(command.line(file.mark(), directory));
            line.add(2, "-javaagent:" + lifelineJar);
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log().toFile());
            // Options meant for this program's JVM (agents, heap sizes) must not reach the servers.
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
            Process started = builder.start();
            child = started;
            file.write(started.toHandle(), notes);
        } catch (IOException e) {
            throw new LocalServerException(name + " could not be started: " + e.getMessage(), e);
        }
    }

    /** From now on the process outlives this program. */
    void release() {
        Process started = child;
        if (started == null) {
            return;
        }
        try (OutputStream lifeline = started.getOutputStream()) {
            lifeline.write(Lifeline.RELEASE);
        } catch (IOException e) {
            throw new LocalServerException(name + " ended while it was being left to run by itself", e);
        }
        child = null;
    }

    /**
     * How a process that this object started has ended by itself; ends it when that takes longer than {@code limit}.
     */
    int exitCode(Duration limit) {
        Process started = child;
        if (started == null) {
            throw new IllegalStateException(name + " was not started here");
        }
        try {
            if (!started.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
                throw new LocalServerException(name + " took more than " + limit.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("Interrupted while waiting for " + name, e);
        }
        ended();
        return started.exitValue();
    }

    /** How it has ended by itself, for people; empty where it runs, or where this object did not start it. */
    Optional<String> howItEnded() {
        Process started = child;
        if (started == null || started.isAlive()) {
            return Optional.empty();
        }
        return Optional.of(words(started.exitValue()));
    }

    static String words(int exitCode) {
        if (exitCode == SIGNALS + KILL) {
            return "killed by signal 9: by somebody, or by the system where memory ran out";
        }
        if (exitCode > SIGNALS && exitCode <= SIGNALS + LAST_SIGNAL) {
            return "ended by signal " + (exitCode - SIGNALS);
        }
        return "exit code " + exitCode + (exitCode == OUT_OF_MEMORY ? ": Java ran out of memory" : "");
    }

    /** Asks it to end, and ends it for good when it has not after 20 s. Nothing happens when it is not running. */
    void stop() {
        live().ifPresent(process -> {
            process.destroy();
            if (!endedWithin(process, TIME_TO_STOP)) {
                process.destroyForcibly();
                endedWithin(process, TIME_TO_STOP);
            }
        });
        ended();
    }

    /** Ends it at once, as {@code kill -9} does. */
    void kill() {
        live().ifPresent(process -> {
            process.destroyForcibly();
            endedWithin(process, TIME_TO_STOP);
        });
        ended();
    }

    private void ended() {
        file.delete();
        child = null;
    }

    /** The last lines of the log, without trailing blank ones. */
    List<String> tail(int lines) {
        if (!Files.exists(log())) {
            return List.of();
        }
        try (RandomAccessFile log = new RandomAccessFile(log().toFile(), "r")) {
            long from = Math.max(0, log.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(bytes);
            List<String> all = Arrays.asList(
                    new String(bytes, StandardCharsets.UTF_8).stripTrailing().split("\n"));
            return all.subList(Math.max(0, all.size() - lines), all.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * For people who ask why it ended. A disk without room, or a port that another program took after it was chosen, is said
     * below: of a log's many lines it is one, or in none that is shown.
     */
    String endOfLog(int lines) {
        String end = "The end of " + log() + ":\n" + String.join("\n", tail(lines));
        List<String> all = tail(Integer.MAX_VALUE);
        if (all.stream().anyMatch(line -> line.contains(NO_SPACE))) {
            return end + "\n\nNo space is left on the disk of " + directory
                    + ": free some, or keep data and logs elsewhere with THROUGHLINE_DIRECTORY=<dir>";
        }
        if (all.stream().anyMatch(line -> PORT_TAKEN.stream().anyMatch(line::contains))) {
            return end + "\n\nAnother program took a port of " + name
                    + " after it was found to be free: try again, or choose another (--help names the variables, 0 takes a free one)";
        }
        return end;
    }

    private static boolean endedWithin(ProcessHandle process, Duration limit) {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
