package io.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code replay} with decisions of people, and what its input may be. */
class ReplayCommandTest {

    @TempDir
    Path directory;

    private Path touchpoints;
    private Path decisions;

    @BeforeEach
    void write() throws Exception {
        decisions = directory.resolve("decisions.ndjson");
        touchpoints = Files.writeString(
                directory.resolve("touchpoints.ndjson"),
                """
                {"touchpoint_id":"t1","event_time":"2026-01-01T10:00:00Z","channel":"web","kind":"login","identifiers":[{"type":"email","value":"a@x.org"}]}
                """);
    }

    @Test
    void whatLinkWroteIsTaken() {
        for (String day : new String[] {"2026-01-01", "2026-02-01"}) {
            Invocation.of(
                    "link",
                    "--never",
                    "email:a@x.org",
                    "account_id:" + day,
                    "--reason",
                    "r",
                    "--effective-from",
                    day + "T00:00:00Z",
                    "--output",
                    decisions.toString());
        }

        Invocation replay = replay("--as-of", "2026-01-15T00:00:00Z");

        assertThat(replay.err()).contains("replay: decisions: 2 read, 1 left out as effective only after --as-of");
        assertThat(replay.exit()).isZero();
        assertThat(directory.resolve("out").resolve("customers.ndjson")).isNotEmptyFile();
    }

    @Test
    void whatIsNoDecisionIsNamedWithItsLineAndNothingIsReplayed() throws Exception {
        Files.writeString(
                decisions,
                """

                {"verdict":"always","one":{"type":"email","value":"a@x.org"},"other":{"type":"cookie","value":"c"},"reason":"r"}
                """);

        Invocation replay = replay();

        assertThat(replay.exit()).isEqualTo(2);
        assertThat(replay.err())
                .hasSize(2)
                .allMatch(line -> line.startsWith("replay: " + decisions + ":2: "))
                .anyMatch(line -> line.contains("other: a cookie names a device"))
                .anyMatch(line -> line.endsWith("effective_from: required, but absent or blank"));
        assertThat(directory.resolve("out")).doesNotExist();
    }

    /** The documents about touchpoints have the name that files of touchpoints have, too. */
    @Test
    void whatIsReadIsNotWrittenOver() throws Exception {
        String before = Files.readString(touchpoints);

        Invocation replay = Invocation.of("replay", "--input", touchpoints.toString(), "--out", directory.toString());

        assertThat(replay.exit()).isEqualTo(2);
        assertThat(replay.err())
                .containsExactly("replay: --out " + directory + " would write its documents over " + touchpoints
                        + ", which is read; name another directory");
        assertThat(touchpoints).hasContent(before);
    }

    @Test
    void aDiskThatIsFullIsToldByTheFileThatFoundNoRoom() throws Exception {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        Path out = Files.createDirectory(directory.resolve("out"));
        Path unfinished = Files.createSymbolicLink(out.resolve("touchpoints.ndjson.unfinished"), full);

        Invocation replay = Invocation.of("replay", "--input", touchpoints.toString(), "--out", out.toString());

        assertThat(replay.exit()).isEqualTo(1);
        assertThat(replay.err())
                .containsExactly("replay: " + out.resolve("touchpoints.ndjson")
                        + " cannot be written: No space left on device; make room, or name another directory");
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void whatCannotBeReadOnIsNamed() {
        Path memory = Path.of("/proc/self/mem");
        assumeThat(memory).exists();

        Invocation replay = Invocation.of(
                "replay",
                "--input",
                memory.toString(),
                "--out",
                directory.resolve("out").toString());

        assertThat(replay.exit()).isEqualTo(1);
        assertThat(replay.err())
                .containsExactly("replay: /proc/self/mem cannot be read beyond line 0: Input/output error");
    }

    /** As of a variable of the shell that is not set: twelve files would land wherever one happens to be. */
    @Test
    void anEmptyNameIsNoDirectory() {
        Invocation replay = Invocation.of("replay", "--input", touchpoints.toString(), "--out", "");

        assertThat(replay.exit()).isEqualTo(2);
        assertThat(replay.err())
                .containsExactly("replay: --out is empty, a directory is needed; . is the one you are in");
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        Invocation replay = replay();

        assertThat(replay.exit()).isEqualTo(2);
        assertThat(replay.err())
                .containsExactly("replay: --decisions " + decisions + " is not a file that can be read");
    }

    @Test
    @Timeout(120)
    void compressedTouchpointsMayComeThroughAPipe() throws Exception {
        Path pipe = directory.resolve("pipe");
        try {
            new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        } catch (IOException e) {
            assumeThat(e).as("this system has no mkfifo").isNull();
        }
        String content = Files.readString(touchpoints);
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(pipe))) {
                out.write(content.getBytes(UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        touchpoints = pipe;
        Files.createFile(decisions);

        Invocation replay = replay();

        assertThat(replay.err()).anyMatch(line -> line.startsWith("replay: {\"in\":1,\"processed\":1,"));
        assertThat(replay.exit()).isZero();
        assertThat(directory.resolve("out").resolve("customers.ndjson")).isNotEmptyFile();
        written.get();
    }

    /** One command that replays and one that reads by itself stand for all that take touchpoints. */
    @Test
    void aDamagedFileIsNamedByWhoeverReadsIt() throws Exception {
        touchpoints = Files.write(directory.resolve("day.ndjson.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        Files.createFile(decisions);

        for (Invocation invocation :
                List.of(replay(), Invocation.of("why", "t1", "t2", "--input", touchpoints.toString()))) {
            assertThat(invocation.exit()).isEqualTo(1);
            assertThat(invocation.err())
                    .singleElement()
                    .asString()
                    .contains(touchpoints + " is compressed with gzip and cut off or damaged before the end of its"
                            + " first line; copy or make it anew");
        }
    }

    @Test
    void helpSaysOfEveryCommandThatItsTouchpointsMayBeCompressed() {
        for (String[] command :
                new String[][] {{"replay"}, {"preview"}, {"why"}, {"rules", "test"}, {"rules", "quality"}}) {
            String[] help = Arrays.copyOf(command, command.length + 1);
            help[command.length] = "--help";

            assertThat(String.join(" ", Invocation.of(help).out()).replaceAll("\\s+", " "))
                    .as(String.join(" ", command))
                    .contains("one JSON object a line, compressed with gzip or not");
        }
    }

    private Invocation replay(String... more) {
        String[] arguments = {
            "replay",
            "--input",
            touchpoints.toString(),
            "--out",
            directory.resolve("out").toString(),
            "--decisions",
            decisions.toString(),
            "--parallelism",
            "1"
        };
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return Invocation.of(all);
    }
}
