package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    @TempDir
    Path directory;

    private Process holder;

    @BeforeEach
    void somebodyRuns() throws IOException {
        holder = new ProcessBuilder(
                        JavaCommand.java(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))
                        .readLine())
                .isEqualTo("held");
    }

    @AfterEach
    void end() throws InterruptedException {
        holder.destroyForcibly().waitFor();
    }

    @Test
    void whoComesSecondIsToldInOneLineWhoRunsAndWhatToDo() {
        assertThatThrownBy(() -> RunLock.take(directory))
                .isInstanceOf(LocalServerException.class)
                .hasMessageStartingWith(
                        "The pipeline runs in " + directory + " (process " + holder.pid() + ", since 20")
                .hasMessageContaining("Ctrl-C in its terminal or `kill " + holder.pid() + "`")
                .hasMessageContaining("THROUGHLINE_DIRECTORY=<dir>")
                .message()
                .hasLineCount(1);
    }

    @Test
    void killingTheHolderReleasesIt() throws InterruptedException {
        holder.destroyForcibly().waitFor();

        RunLock.take(directory).close();
        RunLock.take(directory).close();
    }

    @Test
    void downLeavesARunningPipelineAlone() throws IOException {
        Path stored = Files.writeString(
                Files.createDirectories(directory.resolve("run")).resolve("stored"), "");
        StringWriter said = new StringWriter();

        int code = LocalMain.commandLine()
                .setErr(new PrintWriter(said))
                .execute("down", "--wipe", "--directory", directory.toString());

        assertThat(code).isEqualTo(1);
        assertThat(said.toString().lines()).singleElement().asString().startsWith("The pipeline runs in " + directory);
        assertThat(stored).exists();
    }

    /** Another program. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws InterruptedException {
            RunLock.take(Path.of(arguments[0]));
            System.out.println("held");
            new CountDownLatch(1).await();
        }
    }
}
