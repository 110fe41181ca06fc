package io.throughline.local.testing;

import io.throughline.local.FlinkSize;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Starts what {@link Servers} names. System property {@code throughline.servers} chooses how: {@code local} (processes
 * of this machine), {@code docker} (Testcontainers for Kafka, registry and Elasticsearch, failing without Docker) or
 * {@code auto} (the default: containers where Docker answers and the images can be had, else processes). Flink is always processes.
 *
 * <p>Logs stay in {@code target/real-servers}; data is deleted at the end.
 */
public final class RealServers implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(RealServers.class);
    private static final AtomicInteger SETS = new AtomicInteger();

    @Override
    public void beforeAll(ExtensionContext context) {
        Servers wanted = wanted(context);
        SharedServers servers = holder(context, wanted);
        servers.start(wanted);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalServers.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Servers wanted = wanted(context);
        SharedServers servers = holder(context, wanted);
        // A constructor's parameter may be asked for before beforeAll has run.
        servers.start(wanted);
        return servers.running();
    }

    private static Servers wanted(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Servers.class)
                .orElseThrow(() -> new IllegalStateException(
                        context.getRequiredTestClass().getName() + " has to say which servers it needs with @Servers"));
    }

    private static SharedServers holder(ExtensionContext context, Servers wanted) {
        if (wanted.own()) {
            return context.getStore(NAMESPACE)
                    .getOrComputeIfAbsent(
                            context.getRequiredTestClass(),
                            key -> new SharedServers(Containers.none()),
                            SharedServers.class);
        }
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent("shared", key -> new SharedServers(Containers.chosen()), SharedServers.class);
    }

    /** One set of servers that grows with what is asked for. */
    private static final class SharedServers implements Store.CloseableResource, AutoCloseable {
        private final Containers containers;
        private final Path directory = freshDirectory();
        private final Set<Server> started = EnumSet.noneOf(Server.class);
        private @Nullable LocalServers servers;

        SharedServers(Containers containers) {
            this.containers = containers;
        }

        synchronized void start(Servers wanted) {
            Set<Server> missing = EnumSet.noneOf(Server.class);
            missing.addAll(Arrays.asList(wanted.value()));
            missing.removeAll(started);
            if (missing.isEmpty() && servers != null) {
                return;
            }
            LocalServers now = servers;
            if (now == null) {
                now = LocalServers.in(directory)
                        .freePorts()
                        .shortLived()
                        .flink(FlinkSize.standard().withTaskManagers(wanted.taskManagers()))
                        .build();
                servers = now;
            }
            containers.start(missing).forEach(now::useElsewhere);
            now.start(missing);
            started.addAll(missing);
            while (started.contains(Server.FLINK) && now.taskManagers().size() < wanted.taskManagers()) {
                now.startTaskManager();
            }
        }

        synchronized LocalServers running() {
            if (servers == null) {
                throw new IllegalStateException("Servers are asked for before they were started");
            }
            return servers;
        }

        @Override
        public synchronized void close() {
            if (servers != null) {
                servers.closeAbruptly();
                servers = null;
            }
            containers.close();
            deleteAllButLogs(directory);
        }
    }

    private static Path freshDirectory() {
        Path target = Path.of("target").toAbsolutePath();
        try {
            Path parent = Files.isDirectory(target)
                    ? Files.createDirectories(target.resolve("real-servers"))
                    : Files.createTempDirectory("throughline-servers");
            return parent.resolve(ProcessHandle.current().pid() + "-" + SETS.incrementAndGet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteAllButLogs(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (Files.isDirectory(file)) {
                    deleteIfEmpty(file);
                } else if (!file.toString().endsWith(".log") || file.toString().contains("/data/")) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteIfEmpty(Path directory) throws IOException {
        try (Stream<Path> inside = Files.list(directory)) {
            if (inside.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(directory);
    }
}
