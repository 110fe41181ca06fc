package io.throughline.domain.touchpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Hash128Test {

    @Test
    void isTheBeginningOfTheSha256OfThePartsEachAfterItsLength() throws Exception {
        assertIsSha256("email", "8a1f0c52d6e94b7788c3a5f4e1d2b390");
        assertIsSha256();
        assertIsSha256("");
        assertIsSha256("", "", "x");
    }

    @Test
    void takesLettersOfAllLanguages() throws Exception {
        assertIsSha256("name", "Jürgen", "後藤", "plain", "ends in ü");
        assertIsSha256("\uD83D\uDE80 and more", "x");
        assertIsSha256("half a pair \uD83D", "x");
    }

    @Test
    void takesTextsOfAnyLength() throws Exception {
        for (int length : new int[] {1_019, 1_020, 1_021, 1_024, 5_000, 100_000}) {
            String text = "a".repeat(length);
            assertIsSha256(text);
            assertIsSha256("before", text, "after");
            assertIsSha256(text, "ü" + text, text);
        }
        assertIsSha256("short", "again");
    }

    @Test
    void whatCouldNotBeHashedLeavesNothingToTheNextHash() throws Exception {
        assertThatThrownBy(() -> Hash128.of("email", null)).isInstanceOf(NullPointerException.class);
        assertIsSha256("ada");

        // So long that its beginning is digested before the end fails.
        assertThatThrownBy(() -> Hash128.of("a".repeat(1_000), "b".repeat(1_000), null))
                .isInstanceOf(NullPointerException.class);
        assertIsSha256("ada", "x");
    }

    @Test
    void tellsPartsApart() {
        assertThat(Hash128.of("ab", "c")).isNotEqualTo(Hash128.of("a", "bc")).isEqualTo(Hash128.of("ab", "c"));
    }

    private static void assertIsSha256(String... parts) throws IOException, NoSuchAlgorithmException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (String part : parts) {
            byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        }
        byte[] sha = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        assertThat(Hash128.of(parts).hex()).isEqualTo(HexFormat.of().formatHex(sha, 0, 16));
    }
}
