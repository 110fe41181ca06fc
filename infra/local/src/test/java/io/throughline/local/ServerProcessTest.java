package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
    @TempDir
    Path directory;

    @Test
    void aDiskWithoutRoomIsSaidBelowALogThatBuriesIt() throws IOException {
        ServerProcess kafka = new ServerProcess(directory, "kafka");
        write(kafka, List.of("java.io.IOException: No space left on device"), Collections.nCopies(40, "\tat a.b.C"));

        assertThat(kafka.endOfLog(25))
                .startsWith("The end of " + kafka.log() + ":\n\tat a.b.C\n")
                .endsWith("\tat a.b.C\n\nNo space is left on the disk of " + directory.resolve("kafka")
                        + ": free some, or keep data and logs elsewhere with THROUGHLINE_DIRECTORY=<dir>");
    }

    @Test
    void aPortThatAnotherProgramTookMeanwhileIsSaidBelowALogThatBuriesIt() throws IOException {
        ServerProcess kafka = new ServerProcess(directory, "kafka");
        write(kafka, List.of("java.net.BindException: Address already in use"), Collections.nCopies(40, "\tat a.b.C"));

        assertThat(kafka.endOfLog(25))
                .endsWith(
                        "\tat a.b.C\n\nAnother program took a port of kafka after it was found to be free: try again, or"
                                + " choose another (--help names the variables, 0 takes a free one)");
    }

    @Test
    void ofAnyOtherEndTheLogIsAllThatIsSaid() throws IOException {
        ServerProcess kafka = new ServerProcess(directory, "kafka");
        write(kafka, List.of("one", "two", "three"), List.of());

        assertThat(kafka.endOfLog(2)).isEqualTo("The end of " + kafka.log() + ":\ntwo\nthree");
    }

    private static void write(ServerProcess process, List<String> lines, List<String> more) throws IOException {
        Files.createDirectories(process.directory());
        Files.write(process.log(), lines);
        Files.write(process.log(), more, StandardOpenOption.APPEND);
    }
}
