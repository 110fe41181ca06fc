package io.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/tour.md} tells the truth: its commands are run in the order they stand there, each prints the lines below it, and
 * every document shown is in the file named above it, which may say more.
 */
class TourTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BLOCK =
            Pattern.compile("^```([^\n]*)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @TempDir
    Path folder;

    private final Path root = root();
    private int commands;
    private int documents;

    @Test
    void everyCommandPrintsAndWritesWhatTheTourShows() throws Exception {
        Matcher block = BLOCK.matcher(Files.readString(root.resolve("docs/tour.md")));
        while (block.find()) {
            if (block.group(1).isEmpty()) {
                runAll(block.group(2).lines().toList());
            } else {
                String file = block.group(1).replaceFirst("^json ", "");
                for (String shown : block.group(2).lines().toList()) {
                    isWritten(shown, file.contains("/") ? file : "result/" + file);
                }
            }
        }
        assertThat(commands).isGreaterThan(5);
        assertThat(documents).isGreaterThan(8);
        for (String file : List.of("customers", "sessions", "issues", "journeys", "metrics", "alerts")) {
            assertThat(withoutRevisions("again/" + file)).as(file).isEqualTo(withoutRevisions("result/" + file));
        }
        assertThat(withoutRevisions("undone/customers")).hasSize(2);
    }

    private Set<JsonNode> withoutRevisions(String file) throws IOException {
        Set<JsonNode> documents = new HashSet<>();
        for (String line : Files.readAllLines(folder.resolve(file + ".ndjson"))) {
            documents.add(((ObjectNode) JSON.readTree(line)).without("revision"));
        }
        return documents;
    }

    private void runAll(List<String> lines) throws Exception {
        List<String> printed = List.of();
        for (String line : lines) {
            if (line.startsWith("$ ")) {
                commands++;
                printed = run(line.substring(2));
            } else {
                assertThat(printed).as("printed after what was shown before").contains(line);
                printed = printed.subList(printed.indexOf(line) + 1, printed.size());
            }
        }
    }

    private List<String> run(String command) throws Exception {
        if (!command.startsWith("./throughline ")) {
            return shell(command.replace(
                    "jobs/scenarios", root.resolve("jobs/scenarios").toString()));
        }
        List<Object> words = new ArrayList<>();
        Matcher word = WORD.matcher(command.substring("./throughline ".length()));
        while (word.find()) {
            String said = word.group(1) == null ? word.group(2) : word.group(1);
            words.add(said.matches("[a-z]+(/|\\.ndjson)") ? folder.resolve(said) : said);
        }
        Commands.Ended ended = new Commands(folder).run(words.toArray());
        assertThat(ended.code()).as("%s: %s", command, ended.err()).isZero();
        return ended.out().lines().toList();
    }

    private List<String> shell(String command) throws Exception {
        Process process = new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.lines().toList();
    }

    private void isWritten(String shown, String file) throws IOException {
        String written = Files.readString(folder.resolve(file)).replace(folder + "/", "");
        List<JsonNode> all = new ArrayList<>();
        try (MappingIterator<JsonNode> lines = JSON.readerFor(JsonNode.class).readValues(written)) {
            lines.forEachRemaining(all::add);
        }
        JsonNode expected = JSON.readTree(shown);
        assertThat(all).as("%s has %s", file, shown).anyMatch(document -> says(expected, document));
        documents++;
    }

    private static boolean says(JsonNode shown, JsonNode document) {
        if (shown.isObject() && document.isObject()) {
            return shown.properties().stream()
                    .allMatch(field ->
                            document.has(field.getKey()) && says(field.getValue(), document.get(field.getKey())));
        }
        if (shown.isArray() && document.isArray()) {
            boolean same = shown.size() == document.size();
            for (int i = 0; same && i < shown.size(); i++) {
                same = says(shown.get(i), document.get(i));
            }
            return same;
        }
        return shown.isNumber()
                ? document.isNumber() && shown.asDouble() == document.asDouble()
                : shown.equals(document);
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/tour.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
