package io.throughline.pipeline.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.pipeline.kit.LayoutBytes;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EncodedLayoutTest {

    private static final EncodedLayout LAYOUT = new EncodedLayout();

    @Test
    void writesKeyAndValueAsTheyAre() throws IOException {
        byte[] bytes = LayoutBytes.write(new Encoded("k1".getBytes(UTF_8), new byte[] {0, 7, 9}), LAYOUT);

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("036b3103000709");
        Encoded read = LayoutBytes.read(bytes, LAYOUT);
        assertThat(read.key()).asString(UTF_8).isEqualTo("k1");
        assertThat(read.value()).containsExactly(0, 7, 9);
    }

    @Test
    void tellsAnEmptyKeyFromNone() throws IOException {
        Encoded none = LayoutBytes.read(LayoutBytes.write(new Encoded(null, new byte[] {1}), LAYOUT), LAYOUT);
        Encoded empty = LayoutBytes.read(LayoutBytes.write(new Encoded(new byte[0], new byte[0]), LAYOUT), LAYOUT);

        assertThat(none.key()).isNull();
        assertThat(empty.key()).isEmpty();
        assertThat(empty.value()).isEmpty();
    }
}
