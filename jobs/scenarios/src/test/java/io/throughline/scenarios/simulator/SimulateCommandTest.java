package io.throughline.scenarios.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SimulateCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final StringWriter complaints = new StringWriter();

    @Test
    void theSameOptionsWriteTheSameFiles() throws IOException {
        run(
                0,
                "--seed=9",
                "--customers=500",
                "--days=1",
                "--bad=0.05",
                out("a"),
                "--truth=" + folder.resolve("a.truth"));
        run(
                0,
                "--seed=9",
                "--customers=500",
                "--days=1",
                "--bad=0.05",
                out("b"),
                "--truth=" + folder.resolve("b.truth"));

        assertThat(folder.resolve("a")).isNotEmptyFile().hasSameBinaryContentAs(folder.resolve("b"));
        assertThat(folder.resolve("a.truth")).isNotEmptyFile().hasSameBinaryContentAs(folder.resolve("b.truth"));
    }

    @Test
    void stopsAfterTheAskedNumberOfRecords() throws IOException {
        run(0, "--touchpoints=777", out("some"));

        assertThat(Files.readAllLines(folder.resolve("some"))).hasSize(777);
    }

    @Test
    void theTruthAccountsForEveryLine() throws IOException {
        run(
                0,
                "--customers=800",
                "--days=2",
                "--bad=0.1",
                "--duplicates=0.05",
                out("all"),
                "--truth=" + folder.resolve("truth"));

        List<String> lines = lines("all");
        List<JsonNode> truth = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("truth"))) {
            truth.add(JSON.readTree(line));
        }
        Set<String> known = texts(truth, "touchpoint", "touchpoint_id");
        List<Integer> bad = truth.stream()
                .filter(line -> line.get("truth").asText().equals("bad_record"))
                .map(line -> line.get("record").asInt())
                .toList();
        int good = 0;
        for (int number = 1; number <= lines.size(); number++) {
            if (!bad.contains(number)) {
                good++;
                assertThat(known)
                        .contains(TouchpointReader.read(lines.get(number - 1)).getTouchpointId());
            }
        }
        assertThat(good + bad.size()).isEqualTo(lines.size());
        assertThat(bad.size() / (double) lines.size()).isBetween(0.08, 0.12);
        assertThat(texts(truth, "touchpoint", "episode")).isEqualTo(texts(truth, "episode", "episode"));
    }

    @Test
    void aStoryAlonePlaysAtItsOwnTimes() throws IOException {
        run(0, "--story=price-drop-promise", out("story"));

        assertThat(lines("story"))
                .containsExactlyElementsOf(
                        Files.readAllLines(Path.of("stories/price-drop-promise/touchpoints.ndjson")));
    }

    @Test
    void aStoryJoinsTheSimulatedOnes() throws IOException {
        run(
                0,
                "--customers=200",
                "--days=2",
                "--story=bot-to-approval",
                "--story-at=2026-06-01T12:00:00Z",
                out("mixed"));

        List<String> told =
                lines("mixed").stream().filter(line -> line.contains("\"ba-")).toList();
        assertThat(told).hasSize(17);
        assertThat(TouchpointReader.read(told.get(0)).getReceivedTime())
                .isEqualTo(Instant.parse("2026-06-01T12:00:00Z"));
        assertThat(lines("mixed")).hasSizeGreaterThan(500);
    }

    @Test
    void liveBackfillsAHistoryAndGoesOnInRealTime() throws IOException {
        Instant start = Instant.now();
        run(0, "--live", "--history=2h", "--rate=20", "--days=0.00003", out("live"));

        List<Instant> received = lines("live").stream()
                .map(line -> TouchpointReader.read(line).getReceivedTime())
                .toList();
        assertThat(received)
                .filteredOn(time -> time.isBefore(start.minus(Duration.ofHours(1))))
                .hasSizeGreaterThan(100);
        assertThat(received).filteredOn(time -> time.isAfter(start)).hasSizeBetween(10, 300);
        assertThat(received).allMatch(time -> time.isBefore(Instant.now()));
    }

    @Test
    void keepsToTheRate() throws IOException {
        long before = System.nanoTime();
        run(0, "--touchpoints=150", "--rate=100/s", out("slow"));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(1_300));
    }

    @Test
    void saysWhatIsWrongWithTheUsage() {
        run(2, "--customers=10");
        assertThat(complaints.toString()).contains("name where to write");
        run(2, "--bad=2", out("x"));
        assertThat(complaints.toString()).contains("--bad must be 0 to 0.9, was 2.0");
        run(2, "--story=nobody-knows", out("x"));
        assertThat(complaints.toString()).contains("no story is called 'nobody-knows'", "home-loan");
        run(2, "--rate=fast", out("x"));
        assertThat(complaints.toString()).contains("'fast' is neither a positive number nor max");
        run(2, "--kafka=localhost:1");
        assertThat(complaints.toString()).contains("--kafka needs --registry URL");
        run(2, "--history=2h", out("x"));
        assertThat(complaints.toString()).contains("--history needs --live");
        run(2, "--history-rate=2", out("x"));
        assertThat(complaints.toString()).contains("--history-rate needs --live");
        run(2, "--customers=" + (Names.MOST + 1), out("x"));
        assertThat(complaints.toString()).contains("--customers must be 0 to " + Names.MOST);
        run(2, "--kafka-properties=x", out("x"));
        assertThat(complaints.toString()).contains("--kafka-properties needs --kafka BOOTSTRAP");
        run(2, "--from=yesterday", out("x"));
        assertThat(complaints.toString()).contains("'yesterday' is neither a day");
    }

    @Test
    void failsWhereItCannotWrite() {
        run(1, "--touchpoints=10", "--output=" + folder);
    }

    @Test
    void whenAStoryBeginsIsAskedOfAStory() {
        run(2, "--customers=1", "--days=1", "--story-at=2026-01-01T00:00:00Z", out("a"));
        assertThat(complaints.toString()).contains("--story-at says when stories begin: it needs --story");
    }

    private void run(int exitCode, String... options) {
        CommandLine command = new CommandLine(new SimulateCommand());
        command.setErr(new PrintWriter(complaints));
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--quiet");
        assertThat(command.execute(all.toArray(String[]::new)))
                .as(complaints.toString())
                .isEqualTo(exitCode);
    }

    private String out(String name) {
        return "--output=" + folder.resolve(name);
    }

    private List<String> lines(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(name));
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }

    private static Set<String> texts(List<JsonNode> truth, String kind, String field) {
        return truth.stream()
                .filter(line -> line.get("truth").asText().equals(kind))
                .map(line -> line.get(field).asText())
                .collect(Collectors.toSet());
    }
}
