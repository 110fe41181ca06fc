package io.throughline.pipeline.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.pipeline.kit.Layout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What a layout makes of a value, against the bytes that running jobs have in their state. */
public final class StateBytes {

    /** Neither the bytes nor what is read from them may change without a new version and a new file. */
    public static <T> void areGolden(String file, Layout<T> layout, T value) throws IOException {
        byte[] golden = committed(file);
        assertThat(HexFormat.of().formatHex(write(layout, value)))
                .as("bytes of %s; if they must change, raise the version and add a new file", file)
                .isEqualTo(HexFormat.of().formatHex(golden));
        assertThat(read(layout, golden)).isEqualTo(value);
    }

    /** What an earlier version wrote still means this. */
    public static <T> void areStillRead(String file, int version, Layout<T> layout, T value) throws IOException {
        assertThat(read(layout, file, version)).isEqualTo(value);
    }

    /** Writes and reads back, asserting that nothing is left over. */
    public static <T> T roundTrip(Layout<T> layout, T value) throws IOException {
        return read(layout, write(layout, value));
    }

    public static <T> byte[] write(Layout<T> layout, T value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        layout.write(value, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static <T> T read(Layout<T> layout, byte[] bytes) throws IOException {
        return read(layout, bytes, layout.version());
    }

    /** What bytes of an older version are read as. */
    public static <T> T read(Layout<T> layout, String file, int version) throws IOException {
        return read(layout, committed(file), version);
    }

    private static <T> T read(Layout<T> layout, byte[] bytes, int version) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        T value = layout.read(in, version);
        assertThat(in.read()).as("bytes left over").isEqualTo(-1);
        return value;
    }

    /** What is in a file of golden bytes. */
    public static byte[] committed(String file) throws IOException {
        try (InputStream in = StateBytes.class.getResourceAsStream("/state/" + file)) {
            assertThat(in).as("src/test/resources/state/%s", file).isNotNull();
            return HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
        }
    }

    private StateBytes() {}
}
