package io.throughline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** Runs commands as a shell would, on touchpoints told in one line each. */
final class Commands {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final List<String> lines = new ArrayList<>();

    Commands(Path folder) {
        this.folder = folder;
    }

    /** What a command printed, and how it ended. */
    record Ended(int code, String out, String err) {
        JsonNode json() {
            try {
                return JSON.readTree(out);
            } catch (IOException e) {
                throw new UncheckedIOException(out, e);
            }
        }
    }

    /** @param identifiers {@code type:value} each */
    Commands touchpoint(String id, int minute, String kind, String... identifiers) {
        List<String> all = new ArrayList<>();
        for (String identifier : identifiers) {
            int colon = identifier.indexOf(':');
            all.add("{\"type\": \"%s\", \"value\": \"%s\"}"
                    .formatted(identifier.substring(0, colon), identifier.substring(colon + 1)));
        }
        lines.add(
                "{\"touchpoint_id\": \"%s\", \"event_time\": \"2026-01-31T%02d:%02d:00Z\", \"channel\": \"web\", \"kind\": \"%s\", \"identifiers\": [%s]}"
                        .formatted(id, minute / 60, minute % 60, kind, String.join(", ", all)));
        return this;
    }

    Commands line(String line) {
        lines.add(line);
        return this;
    }

    Path file(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path input() {
        return file("touchpoints.ndjson", String.join("\n", lines));
    }

    Ended run(Object... args) {
        CommandLine commandLine = Throughline.commandLine();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        return new Ended(commandLine.execute(words), out.toString(), err.toString());
    }
}
