package io.throughline.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The checked-out project: where it is and the class paths its build has made. */
public final class Checkout {
    private final Path root;

    Checkout(Path root) {
        this.root = root;
    }

    /**
     * The checkout this program belongs to: system property {@code throughline.root}, else environment variable
     * {@code THROUGHLINE_ROOT}, else the nearest directory above the working directory, else above this class's own
     * jar, that has {@code .mvn} and {@code infra/local}.
     */
    public static Checkout find() {
        String told = System.getProperty("throughline.root", System.getenv("THROUGHLINE_ROOT"));
        if (told != null && !told.isBlank()) {
            return new Checkout(Path.of(told).toAbsolutePath().normalize());
        }
        return Stream.of(Path.of("").toAbsolutePath(), ownLocation())
                .flatMap(start -> above(start).stream())
                .findFirst()
                .map(Checkout::new)
                .orElseThrow(() -> new LocalServerException("No Throughline checkout above "
                        + Path.of("").toAbsolutePath() + "; set THROUGHLINE_ROOT to its root directory"));
    }

    public Path root() {
        return root;
    }

    /** Where servers that people start keep data, logs and process files. */
    public Path defaultDirectory() {
        return root.resolve(".throughline");
    }

    /** @throws LocalServerException when the build has not made it, or its jars are gone */
    ServerJars jars(Server server) {
        Path target = root.resolve("infra/local/servers").resolve(server.word()).resolve("target");
        if (server == Server.REGISTRY) {
            return new ServerJars(List.of(runner(target.resolve("apicurio"))));
        }
        Path list = target.resolve("classpath");
        if (!Files.isRegularFile(list)) {
            throw notBuilt(server, list + " is missing", null);
        }
        try {
            List<Path> jars = Arrays.stream(Files.readString(list).strip().split(java.io.File.pathSeparator))
                    .map(Path::of)
                    .toList();
            jars.stream().filter(jar -> !Files.exists(jar)).findFirst().ifPresent(gone -> {
                throw notBuilt(server, gone + " is gone from the local Maven repository", null);
            });
            Path own = target.resolve("classes");
            return new ServerJars(
                    Files.isDirectory(own)
                            ? Stream.concat(Stream.of(own), jars.stream()).toList()
                            : jars);
        } catch (IOException e) {
            throw notBuilt(server, list + " cannot be read", e);
        }
    }

    private static Path runner(Path unpacked) {
        if (Files.isDirectory(unpacked)) {
            try (Stream<Path> files = Files.list(unpacked)) {
                Optional<Path> runner = files.filter(file -> file.toString().endsWith("-runner.jar"))
                        .max(Path::compareTo);
                if (runner.isPresent()) {
                    return runner.get();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw notBuilt(Server.REGISTRY, "no runner jar in " + unpacked, null);
    }

    private static LocalServerException notBuilt(Server server, String what, @Nullable Throwable cause) {
        String message = server.title() + " is not ready to start: " + what + ". Run `make build` first.";
        return cause == null ? new LocalServerException(message) : new LocalServerException(message, cause);
    }

    private static Optional<Path> above(Path start) {
        return Stream.iterate(start, path -> path != null, Path::getParent)
                .filter(path ->
                        Files.isDirectory(path.resolve(".mvn")) && Files.isDirectory(path.resolve("infra/local")))
                .findFirst();
    }

    private static Path ownLocation() {
        try {
            return Path.of(Checkout.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In class path order. */
    record ServerJars(List<Path> paths) {
        String classPath() {
            return String.join(
                    java.io.File.pathSeparator,
                    paths.stream().map(Path::toString).toList());
        }
    }
}
