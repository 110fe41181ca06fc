package io.throughline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** CPU time spent here: other processes on the machine cannot falsify it. */
final class Cpu {
    private static final com.sun.management.OperatingSystemMXBean SYSTEM =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final @Nullable Path COLLECTOR = collector();

    /** Of the whole process without its compilers, which a job that runs for days does not notice. */
    static long ofProcess() {
        return SYSTEM.getProcessCpuTime() - ofCompilers();
    }

    /** Compiler threads that have ended are taken for work. */
    private static long ofCompilers() {
        return ofThreads(
                        name -> name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler") ? "compilers" : "rest")
                .getOrDefault("compilers", 0L);
    }

    /**
     * Of the threads there are, by what they are part of, nanoseconds; nothing where the system does not tell.
     *
     * @param partOf what a thread of a name is part of, of which Linux knows 15 characters
     */
    static Map<String, Long> ofThreads(Function<String, String> partOf) {
        Map<String, Long> nanos = new HashMap<>();
        Path tasks = Path.of("/proc/self/task");
        if (!Files.isDirectory(tasks)) {
            return nanos;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                try {
                    String part =
                            partOf.apply(Files.readString(task.resolve("comm")).strip());
                    nanos.merge(part, read(task.resolve("schedstat")), Long::sum);
                } catch (IOException | UncheckedIOException ended) {
                    continue;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return nanos;
    }

    /** Of this thread and of collecting its garbage, which the serial collector does in the JVM's own thread. */
    static long nanos() {
        return ofThread() + ofCollecting();
    }

    /** Of collecting garbage; 0 where the system does not tell. */
    static long ofCollecting() {
        return COLLECTOR == null ? 0 : read(COLLECTOR);
    }

    static long ofThread() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Bytes this thread has allocated so far. */
    static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static long read(Path schedstat) {
        try {
            String text = Files.readString(schedstat);
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Path collector() {
        Path tasks = Path.of("/proc/self/task");
        if (!Files.isDirectory(tasks)) {
            return null;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                if (Files.readString(task.resolve("comm")).strip().equals("VM Thread")) {
                    return task.resolve("schedstat");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    private Cpu() {}
}
