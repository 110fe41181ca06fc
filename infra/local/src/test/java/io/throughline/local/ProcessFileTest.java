package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFileTest {
    private static final String MARK = "-Dthroughline.process=test/idle";

    @TempDir
    Path directory;

    private Process idle;

    @BeforeEach
    void startSomething() throws IOException {
        idle = IdleMain.start(MARK);
    }

    @AfterEach
    void endIt() throws InterruptedException {
        idle.destroyForcibly().waitFor();
    }

    @Test
    void findsTheProcessItWroteDown() {
        ProcessFile file = written(MARK);

        assertThat(file.live()).map(ProcessHandle::pid).contains(idle.pid());
        assertThat(file.note("port")).contains("19092");
    }

    @Test
    void findsNothingOnceTheProcessHasEnded() throws InterruptedException {
        ProcessFile file = written(MARK);

        idle.destroyForcibly().waitFor();

        assertThat(file.live()).isEmpty();
    }

    @Test
    void takesARecycledPidForAStranger() throws IOException {
        ProcessFile file = written(MARK);
        Files.writeString(file.file(), "pid=" + idle.pid() + "\nstarted=2020-01-01T00\\:00\\:00Z\n");

        assertThat(file.live()).isEmpty();
    }

    @Test
    void takesAProcessWithAnotherMarkForAStranger() {
        written(MARK);

        assertThat(new ProcessFile(directory.resolve("process.properties"), "-Dthroughline.process=other/idle").live())
                .isEmpty();
    }

    @Test
    void findsNothingInAFileThatWasCutShort() throws IOException {
        ProcessFile file = written(MARK);
        Files.writeString(file.file(), "pi");

        assertThat(file.live()).isEmpty();
    }

    private ProcessFile written(String mark) {
        ProcessFile file = new ProcessFile(directory.resolve("process.properties"), mark);
        file.write(idle.toHandle(), Map.of("port", "19092"));
        return file;
    }
}
