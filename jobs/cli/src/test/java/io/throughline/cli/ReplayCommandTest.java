package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code replay} with decisions of people. */
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

    @Test
    void aFileThatIsNotThereIsAnError() {
        Invocation replay = replay();

        assertThat(replay.exit()).isEqualTo(2);
        assertThat(replay.err())
                .containsExactly("replay: --decisions " + decisions + " is not a file that can be read");
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
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return Invocation.of(all);
    }
}
