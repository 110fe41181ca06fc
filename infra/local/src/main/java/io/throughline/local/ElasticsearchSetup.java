package io.throughline.local;

import java.nio.file.Path;
import java.util.List;

/** One Elasticsearch node from library jars: see docs/local-servers.md for what it lacks beside a distribution. */
final class ElasticsearchSetup implements ServerSetup {
    private final Path directory;
    private final String classPath;
    private final Path logging;
    private final int port;

    ElasticsearchSetup(Path directory, String classPath, Path logging, int port) {
        this.directory = directory;
        this.classPath = classPath;
        this.logging = logging;
        this.port = port;
    }

    @Override
    public List<JavaCommand> prepare() {
        return List.of(new JavaCommand(
                "elasticsearch",
                List.of(
                        "-Xms256m",
                        "-Xmx768m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dlog4j2.configurationFile=" + logging),
                classPath,
                "io.throughline.local.elasticsearch.ElasticsearchMain",
                List.of(directory.toString(), Integer.toString(port))));
    }

    @Override
    public boolean answers() {
        return LocalHttp.probe("http://127.0.0.1:" + port + "/_cluster/health")
                .filter(health -> !health.path("status").asText().equals("red"))
                .isPresent();
    }
}
