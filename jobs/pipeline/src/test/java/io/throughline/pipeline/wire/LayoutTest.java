package io.throughline.pipeline.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.ingest.Arrival;
import io.throughline.domain.ingest.Winner;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.measure.StateBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayoutTest {

    /**
     * The bytes in {@code src/test/resources/state} are what running jobs have in their state. A layout may change
     * only together with its {@link Layout#version()} and a new golden file; the old files stay and must still be read.
     */
    record Golden(String file, Layout<?> layout, Object value) {
        /** As the file's name says. */
        int version() {
            return Integer.parseInt(file.replaceAll(".*\\.v([0-9]+)\\.hex", "$1"));
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Golden> goldens() {
        Touchpoint full = AnyTouchpoint.full();
        Touchpoint bare =
                Touchpoint.of("t-2", 1_700_000_000_000L, "web", "page_view").build();
        Known email = new Known(new Identifier("email", "8a1f"), 1_700_000_000_000L, 1_700_000_060_000L, "joined");
        return Stream.of(
                new Golden("touchpoint-full.v1.hex", TouchpointLayout.INSTANCE, full),
                new Golden("touchpoint-bare.v1.hex", TouchpointLayout.INSTANCE, bare),
                new Golden(
                        "touchpoint-change.v2.hex",
                        TouchpointChangeLayout.INSTANCE,
                        new TouchpointChange(bare, -1, 200, "touchpoints-3")),
                new Golden(
                        "touchpoint-change-reread.v2.hex",
                        TouchpointChangeLayout.INSTANCE,
                        new TouchpointChange(bare, 0, 200, "touchpoints-3", "touchpoints-4")),
                new Golden(
                        "erasure.v1.hex",
                        ErasureLayout.INSTANCE,
                        new Erasure(new Identifier("email", "8a1f"), 1_700_000_000_000L, "asked for it", "ada")),
                new Golden(
                        "attribution.v1.hex", AttributionLayout.INSTANCE, new Attribution("c-1", bare, -1, 1L << 40)),
                new Golden(
                        "customer-identity.v1.hex",
                        CustomerIdentityLayout.INSTANCE,
                        new CustomerIdentity("c-1", null, List.of(email), 3)),
                new Golden(
                        "customer-identity-absorbed.v1.hex",
                        CustomerIdentityLayout.INSTANCE,
                        new CustomerIdentity("c-1", "c-2", List.of(), 4)),
                new Golden(
                        "winner.v1.hex",
                        WinnerLayout.INSTANCE,
                        new Winner(full, "touchpoints-3", 2, 1_700_000_000_001L)),
                new Golden("arrival.v1.hex", ArrivalLayout.INSTANCE, new Arrival(bare, "touchpoints-3")));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void stateThatWasWrittenIsStillRead(Golden golden) throws IOException {
        DataInputStream in = in(committed(golden.file()));
        assertThat((Object) golden.layout().read(in, golden.version())).isEqualTo(golden.value());
    }

    @Test
    void aTouchpointChangeOfTheFirstVersionDoesNotSayWhereItWasRead() throws IOException {
        Touchpoint bare =
                Touchpoint.of("t-2", 1_700_000_000_000L, "web", "page_view").build();
        StateBytes.areStillRead(
                "touchpoint-change.v1.hex",
                1,
                TouchpointChangeLayout.INSTANCE,
                new TouchpointChange(bare, -1, 200, ""));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void theBytesChangeOnlyWithTheVersion(Golden golden) throws IOException {
        assertThat(HexFormat.of().formatHex(write(golden.layout(), golden.value())))
                .as("bytes of %s; if they must change, raise the version and add a new file", golden.file())
                .isEqualTo(HexFormat.of().formatHex(committed(golden.file())));
    }

    @Test
    void everyTouchpointComesBackAsItWas() throws IOException {
        AnyTouchpoint any = new AnyTouchpoint(20261123);
        for (int i = 0; i < 3000; i++) {
            Touchpoint touchpoint = any.next();
            assertRoundTrip(TouchpointLayout.INSTANCE, touchpoint);
            assertRoundTrip(
                    TouchpointChangeLayout.INSTANCE,
                    new TouchpointChange(touchpoint, i % 3 - 1, i, "p" + i, i % 3 == 1 ? "p0" : "p" + i));
            assertRoundTrip(AttributionLayout.INSTANCE, new Attribution("c" + i, touchpoint, -1, -i));
            assertRoundTrip(WinnerLayout.INSTANCE, new Winner(touchpoint, "p" + i, i, Long.MAX_VALUE - i));
            assertRoundTrip(ArrivalLayout.INSTANCE, new Arrival(touchpoint, "p" + i));
        }
    }

    /** Of one customer: it has nothing in common with the one before, some of it, or all. */
    @Test
    void everyTouchpointWrittenAfterAnotherComesBackAsItWas() throws IOException {
        AnyTouchpoint any = new AnyTouchpoint(20261128);
        Touchpoint before = null;
        for (int i = 0; i < 3000; i++) {
            Touchpoint touchpoint = any.next();
            if (before != null && i % 3 > 0) {
                Touchpoint.Builder mostlyTheSame =
                        before.toBuilder().stage(touchpoint.stage()).outcome(touchpoint.outcome());
                touchpoint = (i % 3 == 1 ? mostlyTheSame : mostlyTheSame.identifiers(touchpoint.identifiers())).build();
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            TouchpointLayout.writeAfter(before, touchpoint, new DataOutputStream(bytes));

            DataInputStream in = in(bytes.toByteArray());
            assertThat(TouchpointLayout.readAfter(before, in)).isEqualTo(touchpoint);
            assertThat(in.read()).isEqualTo(-1);
            before = touchpoint;
        }
    }

    @Test
    void whatATouchpointHasInCommonWithTheOneBeforeTakesNoBytes() throws IOException {
        Touchpoint full =
                AnyTouchpoint.full().toBuilder().topic("t".repeat(500)).build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TouchpointLayout.writeAfter(full, full, new DataOutputStream(bytes));

        assertThat(bytes.size()).isLessThan(500);
        assertThat(TouchpointLayout.readAfter(full, in(bytes.toByteArray())).topic())
                .isSameAs(full.topic());
    }

    @Test
    void equalTouchpointsHaveEqualBytes() throws IOException {
        Map<String, String> properties = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            properties.put("key" + i, "v");
        }
        Map<String, String> reversed = new TreeMap<>(java.util.Comparator.reverseOrder());
        reversed.putAll(properties);
        Touchpoint.Builder touchpoint = AnyTouchpoint.full().toBuilder();

        assertThat(write(
                        TouchpointLayout.INSTANCE,
                        touchpoint.properties(properties).build()))
                .isEqualTo(write(
                        TouchpointLayout.INSTANCE,
                        touchpoint.properties(reversed).build()));
    }

    @Test
    void aTextMayBeLongerThanJavasOwnFormatAllows() throws IOException {
        assertRoundTrip(
                TouchpointLayout.INSTANCE,
                AnyTouchpoint.full().toBuilder().topic("é".repeat(70_000)).build());
    }

    @Test
    void sizesAndNumbersOfEveryMagnitudeComeBack() throws IOException {
        for (int shift = 0; shift < 64; shift++) {
            for (long number : new long[] {1L << shift, -(1L << shift), (1L << shift) - 1}) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                Packed.writeNumber(number, new DataOutputStream(bytes));
                assertThat(Packed.readNumber(in(bytes.toByteArray()))).isEqualTo(number);
                if (number >= 0 && number <= Integer.MAX_VALUE) {
                    bytes.reset();
                    Packed.writeSize((int) number, new DataOutputStream(bytes));
                    assertThat(Packed.readSize(in(bytes.toByteArray()))).isEqualTo((int) number);
                }
            }
        }
    }

    @Test
    void aSizeThatNeverEndsIsAnError() {
        byte[] endless = new byte[11];
        java.util.Arrays.fill(endless, (byte) 0xff);

        assertThatThrownBy(() -> Packed.readSize(in(endless))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Packed.readNumber(in(endless))).isInstanceOf(IOException.class);
    }

    private static <T> void assertRoundTrip(Layout<T> layout, T value) throws IOException {
        DataInputStream in = in(write(layout, value));
        assertThat(layout.read(in, layout.version())).isEqualTo(value);
        assertThat(in.read()).as("bytes left over").isEqualTo(-1);
    }

    @SuppressWarnings("unchecked") // a golden's value is of its layout's type
    private static <T> byte[] write(Layout<T> layout, Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        layout.write((T) value, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static DataInputStream in(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    private static byte[] committed(String file) throws IOException {
        try (InputStream in = LayoutTest.class.getResourceAsStream("/state/" + file)) {
            assertThat(in).as("src/test/resources/state/%s", file).isNotNull();
            return HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", ""));
        }
    }
}
