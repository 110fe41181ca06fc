package io.throughline.pipeline.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.pipeline.wire.Packed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class EnclosedTest {

    /** A text, itself enclosed between two others that are the same. */
    private static final class Layers implements Layout<String> {
        private static final long serialVersionUID = 1;

        @Override
        public void write(String value, DataOutput out) throws IOException {
            Packed.writeText(value, out);
            Enclosed enclosed = Enclosed.of(value, new Plain());
            Packed.writeSize(enclosed.size(), out);
            enclosed.write(out);
            Packed.writeText(value, out);
        }

        @Override
        public String read(DataInput in, int version) throws IOException {
            String first = Packed.readText(in);
            Enclosed enclosed = Enclosed.read(Packed.readSize(in), in);
            String last = Packed.readText(in);
            // Twice, and only after what follows it was read.
            return first + Packed.readText(enclosed.open()) + Packed.readText(enclosed.open()) + last;
        }
    }

    private static final class Plain implements Layout<String> {
        private static final long serialVersionUID = 1;

        @Override
        public void write(String value, DataOutput out) throws IOException {
            Packed.writeText(value, out);
        }

        @Override
        public String read(DataInput in, int version) throws IOException {
            return Packed.readText(in);
        }
    }

    @Test
    void isReadWhenItIsAskedForAndSharesNoTextsWithWhatIsAround() throws IOException {
        byte[] packed = LayoutBytes.pack(1, "billing", new Layers());
        assertThat(LayoutBytes.unpack(packed, new Layers(), 1)).isEqualTo("billing".repeat(4));

        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        new Layers().write("billing", new DataOutputStream(plain));
        assertThat(new Layers().read(new DataInputStream(new ByteArrayInputStream(plain.toByteArray())), 1))
                .isEqualTo("billing".repeat(4));
    }

    @Test
    void doesNotReachBeyondTheStateItIsIn() {
        assertThatThrownBy(() -> Enclosed.read(3, new TextInput(new byte[] {1, 2, 3}, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("3 bytes");
    }
}
