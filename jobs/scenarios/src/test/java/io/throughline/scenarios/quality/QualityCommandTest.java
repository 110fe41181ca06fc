package io.throughline.scenarios.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QualityCommandTest {

    @TempDir
    Path folder;

    /** Ada has three touchpoints in two sessions; one of hers was taken for Bob's, and her sessions were joined. */
    @Test
    void printsWhatAPersonCountingPairsWouldCount() throws IOException {
        Path truth = Files.write(
                folder.resolve("truth.ndjson"),
                List.of(
                        "{\"truth\":\"touchpoint\",\"touchpoint_id\":\"a1\",\"person\":\"ada\",\"session\":\"ada-1\"}",
                        "{\"truth\":\"touchpoint\",\"touchpoint_id\":\"a2\",\"person\":\"ada\",\"session\":\"ada-1\"}",
                        "{\"truth\":\"touchpoint\",\"touchpoint_id\":\"a3\",\"person\":\"ada\",\"session\":\"ada-2\"}",
                        "{\"truth\":\"touchpoint\",\"touchpoint_id\":\"b1\",\"person\":\"bob\",\"session\":\"bob-1\"}",
                        "{\"truth\":\"touchpoint\",\"touchpoint_id\":\"late\",\"person\":\"bob\"}",
                        "{\"truth\":\"episode\",\"episode\":\"E1\"}"));
        Files.write(
                folder.resolve("touchpoints.ndjson"),
                List.of(
                        "{\"touchpoint_id\":\"a1\",\"customer_id\":\"c1\",\"session_id\":\"s1\"}",
                        "{\"touchpoint_id\":\"a2\",\"customer_id\":\"c1\",\"session_id\":\"s1\"}",
                        "{\"touchpoint_id\":\"a3\",\"customer_id\":\"c2\",\"session_id\":\"s2\"}",
                        "{\"touchpoint_id\":\"b1\",\"customer_id\":\"c2\",\"session_id\":\"s2\"}"));

        StringWriter out = new StringWriter();
        int code = command(out).execute("--truth", truth.toString(), "--result", folder.toString());

        assertThat(code).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("stitching ")
                        && line.contains("precision 0.5000  recall 0.3333")
                        && line.endsWith("(2 people, 2 customers)"))
                .anyMatch(line -> line.startsWith("sessions ") && line.contains("precision 0.5000  recall 1.0000"))
                .anyMatch(line -> line.startsWith("4 touchpoints compared; 1 more in the truth only"));
    }

    @Test
    void filesThatDoNotBelongTogetherAreAFailure() throws IOException {
        Path truth = Files.writeString(
                folder.resolve("truth.ndjson"),
                "{\"truth\":\"touchpoint\",\"touchpoint_id\":\"a1\",\"person\":\"ada\"}\n");
        Files.writeString(folder.resolve("touchpoints.ndjson"), "");

        StringWriter err = new StringWriter();
        int code = command(err).execute("--truth", truth.toString(), "--result", folder.toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("do they belong together?");
    }

    @Test
    void aMissingFileIsAFaultOfUsage() {
        StringWriter err = new StringWriter();
        int code = command(err).execute("--truth", "nowhere.ndjson", "--result", folder.toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("--truth: nowhere.ndjson is not a file");
    }

    private static CommandLine command(StringWriter out) {
        PrintWriter writer = new PrintWriter(out, true);
        return new CommandLine(new QualityCommand()).setOut(writer).setErr(writer);
    }
}
