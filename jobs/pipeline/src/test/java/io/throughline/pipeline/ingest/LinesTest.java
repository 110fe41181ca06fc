package io.throughline.pipeline.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LinesTest {
    private static final int LIMIT = 100_000;

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

    /** What is read from a pipe has no length and cannot say what is left of it. */
    @Test
    @Timeout(60)
    void aPipeOfCompressedBytesIsReadToItsEnd() throws Exception {
        Path pipe = pipe();
        byte[] content = gzip("one\ntwo");
        CompletableFuture<Void> written = write(pipe, out -> out.write(content));

        assertThat(linesOf(pipe)).containsExactly("1 one", "2 two");
        written.get();
    }

    /** As two files make that were compressed and then joined; the second is sent when the first has been read. */
    @Test
    @Timeout(60)
    void aPipeThatIsEmptyForAWhileIsNotAtItsEnd() throws Exception {
        Path pipe = pipe();
        CountDownLatch firstRead = new CountDownLatch(1);
        byte[] first = gzip("one\n");
        byte[] second = gzip("two\n");
        CompletableFuture<Void> written = write(pipe, out -> {
            out.write(first);
            out.flush();
            await(firstRead);
            out.write(second);
        });

        List<String> all = new ArrayList<>();
        try (Lines lines = new Lines(pipe, LIMIT)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                all.add(new String(line, UTF_8));
                firstRead.countDown();
            }
        }

        assertThat(all).containsExactly("one", "two");
        written.get();
    }

    @Test
    void compressedFilesThatWereJoinedAreReadToTheEndOfTheLast() throws IOException {
        assertThat(linesOf(joined(gzip("one\nt"), gzip("wo\n"), gzip(""), gzip("three"))))
                .containsExactly("1 one", "2 two", "3 three");
    }

    /** A copy that broke off may have lost a member but for its first bytes. */
    @Test
    void whatFollowsACompressedFileAndIsNoneIsNotPassedOver() throws IOException {
        byte[] first = gzip("one\n");
        byte[] second = gzip("two\n");
        for (int kept = 1; kept < second.length; kept++) {
            byte[] content = joined(first, Arrays.copyOf(second, kept));

            assertThatThrownBy(() -> linesOf(content))
                    .as("%d bytes of the second", kept)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(directory.resolve("lines").toString())
                    .hasMessageContaining("cut off or damaged after line ");
        }
    }

    @Test
    void aCompressedFileIsNamedWhereverItIsCutOff() throws IOException {
        byte[] whole = gzip("one\n");
        for (int kept = 3; kept < whole.length; kept++) {
            byte[] content = Arrays.copyOf(whole, kept);

            assertThatThrownBy(() -> linesOf(content))
                    .as("%d bytes", kept)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(directory.resolve("lines").toString())
                    .hasMessageContaining("cut off or damaged");
        }
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
        return linesOf(Files.write(directory.resolve("lines"), content));
    }

    private static List<String> linesOf(Path file) throws IOException {
        List<String> all = new ArrayList<>();
        try (Lines lines = new Lines(file, LIMIT)) {
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

    /** Its beginning is enough to refuse it; the lines before and behind it are not its victims. */
    @Test
    void ofALineThatIsTooLongTheBeginningIsKeptAndTheSizeKnown() throws IOException {
        String tooLong = "x".repeat(3 * LIMIT + 1);
        Path file = Files.writeString(directory.resolve("lines"), "one\n" + tooLong + "\r\nthree\n" + tooLong);

        try (Lines lines = new Lines(file, LIMIT)) {
            assertThat(lines.next()).asString().isEqualTo("one");
            assertThat(lines.size()).isEqualTo(3);
            assertThat(lines.next()).asString().isEqualTo("x".repeat(LIMIT));
            assertThat(lines.size()).isEqualTo(tooLong.length());
            assertThat(lines.number()).isEqualTo(2);
            assertThat(lines.next()).asString().isEqualTo("three");
            assertThat(lines.number()).isEqualTo(3);
            assertThat(lines.next()).hasSize(LIMIT);
            assertThat(lines.size()).isEqualTo(tooLong.length());
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void aLineAsLongAsTheLimitIsWholeWhateverEndsIt() throws IOException {
        String whole = "x".repeat(LIMIT - 1) + "y";
        Path file = Files.writeString(directory.resolve("lines"), whole + "\n" + whole + "\r\n" + whole);

        try (Lines lines = new Lines(file, LIMIT)) {
            for (int i = 0; i < 3; i++) {
                assertThat(lines.next()).asString().isEqualTo(whole);
                assertThat(lines.size()).isEqualTo(LIMIT);
            }
            assertThat(lines.next()).isNull();
        }
    }

    /** What is beyond the limit decides too whether a line is blank. */
    @Test
    void aLongLineIsNoRecordOnlyIfAllOfItIsBlank() throws IOException {
        String spaces = " ".repeat(2 * LIMIT);

        assertThat(linesOf((spaces + "\n" + spaces + "x\n").getBytes(UTF_8))).containsExactly("2 " + " ".repeat(LIMIT));
    }

    /** More than any array holds, in 2 MB. */
    @Test
    void aLineOfManyMillionBytesIsNotGathered() throws IOException {
        int size = 1 << 26;
        byte[] member = gzip("\0".repeat(size));
        byte[][] members = new byte[33][];
        Arrays.fill(members, member);
        Path file = Files.write(directory.resolve("lines"), joined(members));

        try (Lines lines = new Lines(file, LIMIT)) {
            assertThat(lines.next()).hasSize(LIMIT);
            assertThat(lines.size()).isEqualTo(33L * size).isGreaterThan(Integer.MAX_VALUE);
            assertThat(lines.next()).isNull();
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private Path pipe() throws Exception {
        Path pipe = directory.resolve("pipe");
        try {
            int exit = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
            assertThat(exit).as("exit code of mkfifo").isZero();
        } catch (IOException e) {
            assumeThat(e).as("this system has no mkfifo").isNull();
        }
        return pipe;
    }

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /** Opening a pipe waits for who reads it. */
    private static CompletableFuture<Void> write(Path pipe, Writing writing) {
        return CompletableFuture.runAsync(() -> {
            try (OutputStream out = Files.newOutputStream(pipe)) {
                writing.to(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
