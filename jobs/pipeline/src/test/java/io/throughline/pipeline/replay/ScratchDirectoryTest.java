package io.throughline.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ScratchDirectoryTest {

    @Test
    void whatIsGoneIsNotRememberedUntilTheProcessEnds() throws Exception {
        ScratchDirectory scratch = ScratchDirectory.make();
        Files.writeString(scratch.path().resolve("spilled"), "buffers");
        scratch.close();
        assertThat(scratch.path()).doesNotExist();
        assertThat(Runtime.getRuntime().removeShutdownHook(scratch.atTheEnd))
                .as("still to be deleted at the end")
                .isFalse();
    }

    @Test
    void whatIsNotClosedGoesWithTheProcess() throws Exception {
        ScratchDirectory scratch = ScratchDirectory.make();
        assertThat(Runtime.getRuntime().removeShutdownHook(scratch.atTheEnd)).isTrue();
        scratch.atTheEnd.start();
        scratch.atTheEnd.join();
        assertThat(scratch.path()).doesNotExist();
    }
}
