package io.throughline.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Apicurio Registry, spoken to as Confluent's; schemas and their ids are kept in a file. */
final class RegistrySetup implements ServerSetup {
    static final String API = "/apis/ccompat/v7";

    private final Path directory;
    private final String classPath;
    private final int port;

    RegistrySetup(Path directory, String classPath, int port) {
        this.directory = directory;
        this.classPath = classPath;
        this.port = port;
    }

    @Override
    public List<JavaCommand> prepare() throws IOException {
        Files.createDirectories(directory.resolve("data"));
        return List.of(new JavaCommand(
                "registry",
                List.of(
                        "-Xms64m",
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dquarkus.datasource.jdbc.url=jdbc:h2:file:" + directory.resolve("data/registry"),
                        "-Dquarkus.log.console.color=false"),
                classPath,
                "io.quarkus.runner.GeneratedMain",
                List.of()));
    }

    @Override
    public boolean answers() {
        return LocalHttp.probe(url(port) + "/subjects").isPresent();
    }

    @Override
    public void configure() throws IOException {
        requireBackward(url(port));
    }

    /** Confluent's default. Apicurio's own is to accept everything; a choice somebody has made is left alone. */
    static void requireBackward(String url) throws IOException {
        JsonNode now = LocalHttp.get(url + "/config").required();
        if (now.path("compatibilityLevel").asText("NONE").equals("NONE")) {
            LocalHttp.sendJson(
                            "PUT",
                            url + "/config",
                            LocalHttp.JSON.createObjectNode().put("compatibility", "BACKWARD"))
                    .required();
        }
    }

    static String url(int port) {
        return "http://127.0.0.1:" + port + API;
    }
}
