package io.throughline.pipeline.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** States at rest: what is written comes back, a text that was there before takes two bytes or three. */
class TextOutputTest {
    private static final String PSEUDONYM = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    private static byte[] packed(List<String> texts) {
        return LayoutBytes.pack(1, texts, TextsLayout.INSTANCE);
    }

    private static List<String> unpacked(byte[] bytes) throws IOException {
        return LayoutBytes.unpack(bytes, TextsLayout.INSTANCE, 1);
    }

    @Test
    void textsOfEveryFormComeBack() throws IOException {
        List<String> texts = List.of(
                "",
                "web",
                "customer_number",
                "page-12",
                PSEUDONYM,
                "123e4567-e89b-12d3-a456-426614174000",
                "c-0123456789abcdef01234567",
                "t-0123456789abcdef01234567",
                "17",
                "017",
                "999999999999999999",
                "abcdef0123",
                "käse",
                "платіж",
                "\ud83d\ude00",
                "\ud83d\ude80 and \ud83d\ude00",
                "x".repeat(24),
                "y".repeat(25),
                "z".repeat(119),
                "ü".repeat(119),
                "w".repeat(120),
                "v".repeat(70_000));

        assertThat(unpacked(packed(texts))).isEqualTo(texts);
    }

    @Test
    void aTextThatWasThereBeforeIsNamedByItsPlace() {
        int once = packed(List.of(PSEUDONYM, "page-12")).length;

        assertThat(packed(List.of(PSEUDONYM, "page-12", PSEUDONYM, new String("page-12"))))
                .hasSize(once + 4);
    }

    @Test
    void thousandsOfTextsComeBackWhateverIsRepeated() throws IOException {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < random.nextInt(4_000); i++) {
                texts.add(
                        i > 0 && random.nextInt(3) == 0
                                ? new String(texts.get(random.nextInt(i)))
                                : new UUID(random.nextLong(), random.nextLong()).toString());
            }
            byte[] bytes = packed(texts);
            assertThat(unpacked(bytes)).isEqualTo(texts);
            assertThat(bytes.length).isLessThan(17 * new HashSet<>(texts).size() + 4 * texts.size() + 8);
        }
    }

    /** Texts are found by some of their letters. */
    @Test
    void textsThatDifferInTheirMiddleOnlyComeBackAndAreNamedByTheirPlaces() throws IOException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            texts.add("order-" + i + "-was-confirmed-by-mail");
        }
        int once = packed(texts).length;
        for (int i = 0; i < 3_000; i++) {
            texts.add(new String(texts.get(i)));
        }
        byte[] bytes = packed(texts);

        assertThat(unpacked(bytes)).isEqualTo(texts);
        assertThat(bytes.length).isLessThan(once + 3 * 3_000 + 2);
    }

    @Test
    void aStateDoesNotKnowTheTextsOfTheStateBefore() throws IOException {
        byte[] alone = packed(List.of("page-13", PSEUDONYM));
        packed(Collections.nCopies(40, "page-13"));
        packed(List.of("v".repeat(100_000), "page-13"));

        assertThat(packed(List.of("page-13", PSEUDONYM))).isEqualTo(alone);
    }

    @Test
    void whatCouldNotBeWrittenLeavesNothingBehind() {
        byte[] alone = packed(List.of("page-13", PSEUDONYM));

        assertThatThrownBy(() -> packed(Arrays.asList("page-13", null))).isInstanceOf(NullPointerException.class);

        assertThat(packed(List.of("page-13", PSEUDONYM))).isEqualTo(alone);
    }

    /** Snapshots pack on threads of their own, while tasks go on packing: more at once here than there is idle room for. */
    @Test
    void threadsThatPackAtTheSameTimeDoNotDisturbEachOther() throws Exception {
        int parties = 2 * TextOutput.MOST_IDLE + 1;
        CyclicBarrier amidst = new CyclicBarrier(parties);
        ExecutorService threads = Executors.newFixedThreadPool(parties);
        try {
            List<Future<Void>> work = new ArrayList<>();
            for (int i = 0; i < parties; i++) {
                int number = i;
                work.add(threads.submit(() -> {
                    // In the rounds after the first there is room that others left.
                    for (int round = 0; round < 3; round++) {
                        List<String> texts = List.of("page-" + number, "pages", "page-" + round, "page-" + number);
                        byte[] bytes = packedWhile(() -> amidst.await(30, TimeUnit.SECONDS), texts);
                        assertThat(unpacked(bytes)).isEqualTo(texts);
                    }
                    return null;
                }));
            }
            for (Future<Void> done : work) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aStateIsPackedAmidstAnother() throws IOException {
        packed(List.of("page-1"));
        List<String> outer = List.of("page-2", "page-3", "page-2");
        List<String> middle = List.of("page-4", "page-2", "page-4");
        List<String> inner = List.of("page-5", "page-2", "page-5");
        List<byte[]> bytes = new ArrayList<>();

        bytes.add(packedWhile(() -> bytes.add(packedWhile(() -> bytes.add(packed(inner)), middle)), outer));

        assertThat(unpacked(bytes.get(0))).isEqualTo(inner);
        assertThat(unpacked(bytes.get(1))).isEqualTo(middle);
        assertThat(unpacked(bytes.get(2))).isEqualTo(outer);
    }

    /** Something else is done when half of the texts are written. */
    private static byte[] packedWhile(Callable<?> something, List<String> texts) {
        TextOutput out = TextOutput.begin();
        out.writeByte(1);
        out.size(texts.size());
        texts.subList(0, texts.size() / 2).forEach(out::text);
        try {
            something.call();
        } catch (Exception e) {
            throw new IllegalStateException("what is done amidst the texts failed", e);
        }
        texts.subList(texts.size() / 2, texts.size()).forEach(out::text);
        return out.finish();
    }

    /** Half a surrogate pair is read as a question mark. */
    @Test
    void textsThatBecameAlikeAreRepeatedWithThePlacesTheyHad() throws IOException {
        List<String> written = List.of("ab\ud83d", "ab?", "after", "ab\ud83d", "ab?", "after");
        List<String> read = List.of("ab?", "ab?", "after", "ab?", "ab?", "after");
        assertThat(unpacked(packed(written))).isEqualTo(read);

        assertThat(unpacked(repeated(packed(written), read))).isEqualTo(read);
    }

    @Test
    void manyTextsAmongThemSomeThatBecameAlikeAreRepeated() throws IOException {
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            written.add("half-" + i + "\ud83d");
            written.add("half-" + i + "?");
            written.add("whole-" + i + "\ud83d\ude00");
        }
        byte[] bytes = packed(written);
        List<String> read = unpacked(bytes);

        assertThat(unpacked(repeated(bytes, read))).isEqualTo(read);
    }

    /** Found by their first and last letters they would all stand in one place. */
    @Test
    void manyTextsThatDifferInTheMiddleAreRepeated() throws IOException {
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            written.add("page-" + (1_000 + i) + "-of-a-catalogue");
        }
        byte[] bytes = packed(written);

        assertThat(unpacked(repeated(bytes, written))).isEqualTo(written);
    }

    /** Its texts but the last as the bytes they were, the last and all of them again anew. */
    private static byte[] repeated(byte[] bytes, List<String> texts) throws IOException {
        byte[] hashedAnew = repeated(bytes, texts, false);
        assertThat(repeated(bytes, texts, true)).isEqualTo(hashedAnew);
        return hashedAnew;
    }

    private static byte[] repeated(byte[] bytes, List<String> texts, boolean keepHashes) throws IOException {
        TextInput in = new TextInput(bytes, 1);
        if (keepHashes) {
            in.keepHashes();
        }
        int size = in.size();
        int position = in.position();
        for (int i = 0; i < size - 1; i++) {
            in.text();
        }
        TextOutput out = TextOutput.begin();
        out.writeByte(1);
        out.size(size);
        out.repeat(in, position, in.position(), 0, in.texts());
        out.text(texts.get(size - 1));
        texts.forEach(out::text);
        byte[] written = out.finish();
        TextInput again = new TextInput(written, 1);
        for (int i = again.size(); i > 0; i--) {
            again.text();
        }
        for (String text : texts) {
            assertThat(again.text()).isEqualTo(text);
        }
        return written;
    }

    @Test
    void aStateThatIsPackedAfterALargeOneIsPackedTheSame() {
        byte[] alone = packed(List.of("page-13", "page-13"));
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            many.add("m" + i);
        }
        packed(many);

        assertThat(packed(List.of("page-13", "page-13"))).isEqualTo(alone);
    }

    @Test
    void numbersComeBack() throws IOException {
        byte[] bytes = LayoutBytes.pack(7, 5L, NumbersLayout.INSTANCE);

        assertThat(bytes[0]).isEqualTo((byte) 7);
        assertThat(LayoutBytes.unpack(bytes, NumbersLayout.INSTANCE, 7)).isEqualTo(5L);
    }

    @Test
    void anIdentifierThatWasReadBeforeIsTheSameObject() throws IOException {
        List<Identifier> identifiers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            identifiers.add(new Identifier(i % 2 == 0 ? "email" : "cookie", "k-" + i % 3));
        }

        List<Identifier> read = LayoutBytes.unpack(
                LayoutBytes.pack(1, identifiers, IdentifiersLayout.INSTANCE), IdentifiersLayout.INSTANCE, 1);

        assertThat(read).isEqualTo(identifiers);
        assertThat(read.get(0)).isSameAs(read.get(6));
    }

    @Test
    void whatWasCutShortIsSaidToBeDamaged() {
        byte[] bytes = packed(List.of(PSEUDONYM, "page-12"));

        for (int length = 2; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> unpacked(cut)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aNumberThatDoesNotEndIsSaidToBeDamaged() {
        byte[] endless = new byte[40];
        Arrays.fill(endless, (byte) 0x81);
        endless[0] = 1;

        assertThatThrownBy(() -> new TextInput(endless, 1).size()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new TextInput(endless, 1).number()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> unpacked(endless)).isInstanceOf(IOException.class);
        for (int form : new int[] {CompactOutput.REPEATED, CompactOutput.DECIMAL, CompactOutput.TEXT}) {
            endless[1] = (byte) form;
            assertThatThrownBy(() -> new TextInput(endless, 1).text())
                    .as("form %d", form)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFormThatNoTextHasIsSaidToBeDamaged() {
        byte[] none = {1, 1, (byte) CompactOutput.ALONE};

        assertThatThrownBy(() -> unpacked(none)).isInstanceOf(IOException.class);
    }

    @Test
    void aWordOfANewerBuildIsNoDamage() {
        byte[] newer = {1, 1, CompactOutput.REPEATED - 1};

        assertThatThrownBy(() -> unpacked(newer))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("word 126 was written by a newer build")
                .hasMessageContaining("start the newer build again");
        assertThatThrownBy(() -> new CompactInput(newer, 2).text())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("newer build");
    }

    /** All texts in their order. */
    private enum TextsLayout implements Layout<List<String>> {
        INSTANCE;

        @Override
        public void write(List<String> texts, DataOutput out) throws IOException {
            Packed.writeSize(texts.size(), out);
            for (String text : texts) {
                Packed.writeText(text, out);
            }
        }

        @Override
        public List<String> read(DataInput in, int version) throws IOException {
            List<String> texts = new ArrayList<>();
            for (int i = Packed.readSize(in); i > 0; i--) {
                texts.add(Packed.readText(in));
            }
            return texts;
        }
    }

    /** All identifiers in their order. */
    private enum IdentifiersLayout implements Layout<List<Identifier>> {
        INSTANCE;

        @Override
        public void write(List<Identifier> identifiers, DataOutput out) throws IOException {
            Packed.writeSize(identifiers.size(), out);
            for (Identifier identifier : identifiers) {
                Packed.writeText(identifier.type(), out);
                Packed.writeText(identifier.value(), out);
            }
        }

        @Override
        public List<Identifier> read(DataInput in, int version) throws IOException {
            List<Identifier> identifiers = new ArrayList<>();
            for (int i = Packed.readSize(in); i > 0; i--) {
                identifiers.add(Packed.readIdentifier(in));
            }
            return identifiers;
        }
    }

    /** A number in all the ways there are. */
    private enum NumbersLayout implements Layout<Long> {
        INSTANCE;

        @Override
        public void write(Long number, DataOutput out) throws IOException {
            out.write(number.intValue());
            out.writeByte(-number.intValue());
            out.writeShort(-300);
            out.writeChar('\u20ac');
            out.writeInt(-70_000);
            out.writeLong(Long.MIN_VALUE + number);
            out.writeFloat(-1.5f);
            out.writeDouble(Math.PI);
            out.writeBoolean(true);
            out.writeUTF("text");
            out.write(new byte[] {1, 2, 3});
            out.write(new byte[] {9, 4, 5}, 1, 2);
            Packed.writeNumber(Long.MIN_VALUE, out);
            Packed.writeSize(Integer.MAX_VALUE, out);
        }

        @Override
        public Long read(DataInput in, int version) throws IOException {
            long number = in.readUnsignedByte();
            assertThat(in.readByte()).isEqualTo((byte) -number);
            assertThat(in.readShort()).isEqualTo((short) -300);
            assertThat(in.readChar()).isEqualTo('\u20ac');
            assertThat(in.readInt()).isEqualTo(-70_000);
            assertThat(in.readLong()).isEqualTo(Long.MIN_VALUE + number);
            assertThat(in.readFloat()).isEqualTo(-1.5f);
            assertThat(in.readDouble()).isEqualTo(Math.PI);
            assertThat(in.readBoolean()).isTrue();
            assertThat(in.readUTF()).isEqualTo("text");
            byte[] bytes = new byte[4];
            in.readFully(bytes);
            assertThat(in.skipBytes(1)).isEqualTo(1);
            assertThat(bytes).containsExactly(1, 2, 3, 4);
            assertThat(Packed.readNumber(in)).isEqualTo(Long.MIN_VALUE);
            assertThat(Packed.readSize(in)).isEqualTo(Integer.MAX_VALUE);
            assertThat(in.skipBytes(1)).isZero();
            return number;
        }
    }
}
