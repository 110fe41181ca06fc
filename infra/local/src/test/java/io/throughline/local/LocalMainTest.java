package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalMainTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"up", "down"})
    void whereNothingCanBeStoredIsSaidInOneLineWithWhatToDo(String command) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        StringWriter said = new StringWriter();

        int code = LocalMain.commandLine()
                .setErr(new PrintWriter(said))
                .execute(command, "--directory", file.resolve("below").toString());

        assertThat(code).isEqualTo(1);
        assertThat(said.toString().lines())
                .singleElement()
                .asString()
                .contains(file.resolve("below").toString(), "THROUGHLINE_DIRECTORY=<dir>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "down"})
    void aFileWhereTheDirectoryShouldBeIsNamedAsSuch(String command) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        StringWriter said = new StringWriter();

        int code =
                LocalMain.commandLine().setErr(new PrintWriter(said)).execute(command, "--directory", file.toString());

        assertThat(code).isEqualTo(1);
        assertThat(said.toString().lines())
                .singleElement()
                .asString()
                .contains(file + ": is no directory", "THROUGHLINE_DIRECTORY=<dir>");
    }
}
