package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoriesTest {
    private final Stories stories = new Stories(Checkout.find());

    @TempDir
    Path directory;

    @Test
    void everyStoryIsListedWithWhatItIsAbout() throws IOException {
        assertThat(stories.list())
                .anyMatch(line -> line.matches("price-drop-promise +The price fell, and nobody told her"))
                .allMatch(line -> line.matches("[a-z-]+ +\\S.*"));
    }

    @Test
    void aStoryOrAFolderOfOnesOwnHasADescription() throws IOException {
        Files.createFile(directory.resolve("touchpoints.ndjson"));

        assertThat(stories.description("home-loan")).isRegularFile();
        assertThat(stories.description(directory.toString())).isEqualTo(directory.resolve("story.md"));
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> stories.description("home-lone"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("'home-lone'")
                .hasMessageContaining("home-loan");
    }
}
