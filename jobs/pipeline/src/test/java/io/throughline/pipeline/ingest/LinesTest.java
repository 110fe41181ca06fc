package io.throughline.pipeline.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinesTest {
    @TempDir
    Path directory;

    @Test
    void aFileIsReadLineByLineWithoutBlankOnes() throws IOException {
        assertThat(linesOf("one\r\n\n  \ntwo\nthree".getBytes(UTF_8))).containsExactly("1 one", "4 two", "5 three");
        assertThat(linesOf(new byte[0])).isEmpty();
        assertThat(linesOf("x".getBytes(UTF_8))).containsExactly("1 x");
    }

    @Test
    void aCompressedFileIsReadAsWhatItHolds() throws IOException {
        String text = "one\n".repeat(100_000) + "last";

        List<String> lines = linesOf(gzip(text));

        assertThat(lines).hasSize(100_001).first().isEqualTo("1 one");
        assertThat(lines).last().isEqualTo("100001 last");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstLine() throws IOException {
        assertThat(linesOf("\uFEFFone\ntwo".getBytes(UTF_8))).containsExactly("1 one", "2 two");
        assertThat(linesOf(gzip("\uFEFFone"))).containsExactly("1 one");
    }

    @Test
    void aCompressedFileThatIsCutOffIsNotTakenForTheWhole() throws IOException {
        byte[] whole = gzip("one\n".repeat(100_000));

        assertThatThrownBy(() -> linesOf(Arrays.copyOf(whole, whole.length - 12)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lines")
                .hasMessageContaining("cut off or damaged");
    }

    private List<String> linesOf(byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("lines"), content);
        List<String> all = new ArrayList<>();
        try (Lines lines = new Lines(file)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                all.add(lines.number() + " " + new String(line, UTF_8));
            }
        }
        return all;
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
