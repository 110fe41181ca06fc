package io.throughline.intake;

import static io.throughline.intake.Read.identifiers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.intake.Csv.UnusableTableException;
import io.throughline.schemas.Touchpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

    private static final int LONGEST = 10_000;

    /** Of a call centre's export. */
    private static final Mapping CALLS = new Mapping(
            List.of("Art"),
            Map.of("Umtausch", new Mapping.EventRule(Rules.fields("kind=complaint", "topic=return"), false)),
            null,
            Rules.fields(
                    "touchpoint_id<Nr",
                    "event_time<Zeit",
                    "wait_ms<Wartezeit",
                    "value.amount<Betrag",
                    "value.currency=EUR",
                    "survey.verbatim<Text",
                    "channel=call"),
            Map.of("email", List.of("E-Mail"), "phone", List.of("Telefon", "Mobil")),
            Map.of(),
            List.of("Text"),
            List.of(),
            "cc-");

    private static final CsvFormat GERMAN = new CsvFormat(
            ';',
            UTF_8,
            List.of(),
            new ValueFormat(TimeFormat.of("dd.MM.yyyy HH:mm", ZoneId.of("Europe/Berlin")), true, 1000));

    private static final String HEADER = "Nr;Zeit;Art;E-Mail;Telefon;Mobil;Wartezeit;Betrag;Text";

    private final List<String> origins = new ArrayList<>();

    @Test
    void aRowIsWhatTheMappingSays() {
        Touchpoint call = touchpoint(
                "17;31.01.2026 13:00;Umtausch;ada@example.com;0171 1;;12,5;1.234,56;\"zu \"\"klein\"\"; leider\"");

        assertThat(call.getTouchpointId()).isEqualTo("cc-17");
        assertThat(call.getEventTime()).isEqualTo("2026-01-31T12:00:00Z");
        assertThat(call.getChannel()).isEqualTo("call");
        assertThat(call.getKind()).isEqualTo("complaint");
        assertThat(call.getTopic()).isEqualTo("return");
        assertThat(call.getWaitMs()).isEqualTo(12_500);
        assertThat(call.getValue().getAmount()).isEqualTo(1234.56);
        assertThat(call.getProperties()).containsOnly(Map.entry("verbatim", "zu \"klein\"; leider"));
        assertThat(identifiers(call)).containsExactly("email:ada@example.com", "phone:0171 1");
    }

    @Test
    void anEventWithoutARuleIsItsName() {
        assertThat(touchpoint("17;31.01.2026 13:00;Call Ended;a@b.c;;;;;").getKind())
                .isEqualTo("call_ended");
    }

    @Test
    void aQuotedCellGoesOnOverLines() {
        Touchpoint call = touchpoint("17;31.01.2026 13:00;Umtausch;a@b.c;;;;;\"first\n\nthird\"");

        assertThat(call.getProperties()).containsOnly(Map.entry("verbatim", "first\n\nthird"));
    }

    @Test
    void aStrayQuoteCostsItsOwnLineOnly() {
        List<Outcome> outcomes = read(
                HEADER,
                "1;31.01.2026 13:00;Umtausch;a@b.c;;;;;\"never closed",
                "2;31.01.2026 13:00;Umtausch;a@b.c;;;;;\"fine\"",
                "3;31.01.2026 13:00;Umtausch;a@b.c;;;;;5\" pipe",
                "4;31.01.2026 13:00;Umtausch;a@b.c;;;;;\"open to the end",
                "5;31.01.2026 13:00;Umtausch;a@b.c;;;;;last");

        assertThat(outcomes.stream().map(CsvTest::said))
                .containsExactly("malformed", "cc-2", "cc-3", "malformed", "cc-5");
        assertThat(origins).containsExactly("2", "3", "4", "5", "6");
    }

    @Test
    void anOpenQuoteIsLookedForNoFurtherThanARecordMayBeLong() {
        List<String> lines = new ArrayList<>(List.of(HEADER, "1;31.01.2026 13:00;Umtausch;a@b.c;;;;;\"never closed"));
        for (int i = 0; i < 2 * LONGEST / 40; i++) {
            lines.add((i + 2) + ";31.01.2026 13:00;Umtausch;a@b.c;;;;;");
        }

        List<Outcome> outcomes = read(lines.toArray(String[]::new));

        assertThat(outcomes).hasSize(lines.size() - 1);
        assertThat(outcomes.stream().filter(Outcome.Rejected.class::isInstance)).hasSize(1);
    }

    /** Each of them closes the quote before it and opens another. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void linesThatOpenAQuoteEachAreReadOnceAndNotAgainForEveryOther() {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        lines.addAll(Collections.nCopies(200_000, "x\";\"y"));
        List<Outcome> outcomes = new ArrayList<>();
        Intake intake = Intake.ofTable(CALLS, GERMAN, 1_000_000, (line, record, outcome) -> outcomes.add(outcome));

        feed(intake, lines.stream().map(line -> line.getBytes(UTF_8)).toArray(byte[][]::new));

        assertThat(outcomes).hasSize(200_000).allMatch(Outcome.Rejected.class::isInstance);
    }

    @Test
    void rowsThatAreAlikeAreOneTouchpointWhereThereIsNoId() {
        Mapping mapping = new Mapping(
                List.of(),
                Map.of(),
                null,
                Rules.fields("event_time<at", "kind=visit", "channel=store"),
                Map.of("loyalty_id", List.of("card")),
                Map.of(),
                List.of(),
                List.of(),
                "");
        String[] table = {
            "at,card,till", "2026-01-31T12:00:00Z,L1,1", "2026-01-31T12:00:00Z,L1,1", "2026-01-31T12:00:00Z,L1,2"
        };

        List<String> ids = read(mapping, CsvFormat.DEFAULTS, table).stream()
                .map(CsvTest::said)
                .toList();

        assertThat(ids.get(0)).startsWith("row-").isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2));
        assertThat(read(mapping, CsvFormat.DEFAULTS, table).stream().map(CsvTest::said))
                .isEqualTo(ids);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "17;31.02.2026 13:00;Umtausch;a@b.c;;;;;    | invalid_value | event_time (Zeit): must be a time (dd.MM.yyyy HH:mm in Europe/Berlin), was \"31.02.2026 13:00\"",
                "17;29.03.2026 02:30;Umtausch;a@b.c;;;;;    | invalid_value | event_time (Zeit)",
                "17;;Umtausch;a@b.c;;;;;                    | missing_field | event_time",
                "17;31.01.2026 13:00;;a@b.c;;;;;            | missing_field | kind",
                "17;31.01.2026 13:00;Umtausch;;;;;;         | missing_field | identifiers: none of E-Mail, Mobil, Telefon has a value",
                "17;31.01.2026 13:00;Umtausch;a@b.c;;;;1.23; | invalid_value | value.amount (Betrag): must be a number with a decimal comma, was \"1.23\"",
                "17;31.01.2026 13:00;Umtausch;a@b.c;;;x;;   | invalid_value | wait_ms (Wartezeit)",
                "17;31.01.2026 13:00                        | malformed     | has 2 columns, the table has 9",
                "17;\"31.01.2026\" 13:00;Umtausch;a@b.c;;;;; | malformed    | a quote is not closed, or not where it can be",
            })
    void whatCannotBeATouchpointSaysWhy(String row, String reason, String detail) {
        assertThat(read(HEADER, row)).singleElement().isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
            assertThat(rejected.detail()).startsWith(detail);
            assertThat(rejected.reason().word()).isEqualTo(reason);
        });
    }

    @Test
    void anHourThatComesTwiceIsTheFirst() {
        assertThat(touchpoint("17;25.10.2026 02:30;Umtausch;a@b.c;;;;;").getEventTime())
                .isEqualTo("2026-10-25T00:30:00Z");
    }

    @Test
    void anotherTableThanTheMappingIsForIsNotRead() {
        assertThatThrownBy(() -> read("Nr;Zeit;Art", "1;2;3"))
                .isInstanceOf(UnusableTableException.class)
                .hasMessage("has no column Betrag, E-Mail, Mobil, Telefon, Text, Wartezeit; it has Nr, Zeit, Art");
        assertThatThrownBy(() -> read(HEADER + ";Text"))
                .isInstanceOf(UnusableTableException.class)
                .hasMessage("has two columns Text");
    }

    @Test
    void aRowThatIsTakenForTheNamesOfColumnsIsNotRepeated() {
        assertThatThrownBy(() -> read("17;31.01.2026 13:00;Umtausch;ada@example.com", "1;2;3;4"))
                .isInstanceOf(UnusableTableException.class)
                .hasMessageStartingWith("has no column Art, Betrag, E-Mail, ")
                .hasMessageEndingWith(
                        "; none of its 4 is named by the mapping: where the first line is a row, say csv.columns");
    }

    @Test
    void ofManyColumnsTheFirstAreSaid() {
        assertThatThrownBy(() -> read("Nr;" + "n".repeat(500) + ";a".repeat(3_000)))
                .isInstanceOf(UnusableTableException.class)
                .hasMessageContaining("; it has Nr, nnn")
                .hasMessageEndingWith("... and 2982 more")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void aFirstLineThatIsTooLongDoesNotMakeTheNextOneTheHeader() {
        Intake intake = Intake.ofTable(CALLS, GERMAN, LONGEST, (line, record, outcome) -> {});

        assertThatThrownBy(() -> intake.line(HEADER.getBytes(UTF_8), 1, LONGEST + 1))
                .isInstanceOf(UnusableTableException.class)
                .hasMessage("has a first line of 10001 bytes, and a record may have 10000");
    }

    @Test
    void aTableMayBeInAnotherEncodingAndLackAHeader() {
        Charset windows = Charset.forName("windows-1252");
        CsvFormat format = new CsvFormat('\t', windows, List.of("zeit", "kunde", "ort"), ValueFormat.PLAIN);
        Mapping mapping = new Mapping(
                List.of(),
                Map.of(),
                null,
                Rules.fields("event_time<zeit", "kind=visit", "channel=store", "location<ort"),
                Map.of("customer_number", List.of("kunde")),
                Map.of(),
                null,
                List.of(),
                "");
        List<Outcome> outcomes = new ArrayList<>();
        Intake intake = Intake.ofTable(mapping, format, LONGEST, (line, record, outcome) -> outcomes.add(outcome));
        feed(intake, "1769860800000\tK-1\tKöln".getBytes(windows));

        assertThat(((Outcome.Mapped) outcomes.get(0)).touchpoint().getLocation())
                .isEqualTo("Köln");
        assertThat(((Outcome.Mapped) outcomes.get(0)).touchpoint().getEventTime())
                .isEqualTo("2026-01-31T12:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-16", "utf-16le", "ibm037"})
    void anEncodingInWhichLinesCannotBeToldIsRefused(String charset) {
        assertThatThrownBy(() -> new CsvFormat(',', Charset.forName(charset), List.of(), ValueFormat.PLAIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be utf-8 or have one byte per character");
    }

    @Test
    void timesWithoutAnOffsetNeedAZone() {
        assertThatThrownBy(() -> TimeFormat.of("yyyy-MM-dd HH:mm", null)).hasMessageContaining("need a zone");
        assertThatThrownBy(() -> TimeFormat.of("what?", ZoneId.of("UTC"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(TimeFormat.of("yyyy-MM-dd'T'HH:mmXXX", null).parse("2026-01-31T13:00+01:00"))
                .isEqualTo("2026-01-31T12:00:00Z");
        assertThat(TimeFormat.of("epoch_seconds", null).parse("1769860800.25")).isEqualTo("2026-01-31T12:00:00.250Z");
        assertThat(TimeFormat.of("d MMM yyyy", ZoneId.of("UTC")).parse("31 jan 2026"))
                .isEqualTo("2026-01-31T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HH:mm", "dd.MM. HH:mm", "YYYY-MM-dd", "MMM yyyy"})
    void aPatternThatSaysNoDateIsRefused(String pattern) {
        assertThatThrownBy(() -> TimeFormat.of(pattern, ZoneId.of("UTC")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("says no date: a year (yyyy), a month and a day are needed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yyyyMMddHHmmssSSS",
                "yyyyMMdd",
                "yyyy-DDD",
                "EEE MMM dd HH:mm:ss zzz yyyy",
                "dd/MMM/yyyy:HH:mm:ss Z",
                "yyyy-MM-dd'T'HH:mm:ss.SSSXXX'['VV']'",
                "yyyy-MM-dd HH:mm O",
                "M/d/yy h:mm a",
                "EEEE, d. MMMM yyyy"
            })
    void patternsOfAllKindsAreTaken(String pattern) {
        assertThat(TimeFormat.of(pattern, ZoneId.of("UTC"))).hasToString(pattern + " in UTC");
    }

    @Test
    void aPatternThatDoesNotSayWhichHalfOfTheDayIsRefused() {
        assertThatThrownBy(() -> TimeFormat.of("dd.MM.yyyy hh:mm", ZoneId.of("UTC")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("says a part of the time of day only: HH goes to 24 hours, hh needs am or pm (a)");
        assertThat(TimeFormat.of("dd.MM.yyyy hh:mm a", ZoneId.of("UTC")).parse("31.01.2026 01:30 pm"))
                .isEqualTo("2026-01-31T13:30:00Z");
        assertThat(TimeFormat.of("dd.MM.yyyy HH", ZoneId.of("UTC")).parse("31.01.2026 13"))
                .isEqualTo("2026-01-31T13:00:00Z");
        assertThat(TimeFormat.of("dd.MM.yy[ HH:mm]", ZoneId.of("UTC")).parse("31.01.26"))
                .isEqualTo("2026-01-31T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-02-30T00:00:00Z", "2026-01-31T24:00:00Z", "2025-02-29T12:00:00+01:00"})
    void aTimeThatNeverWasIsNoOther(String time) {
        assertThatThrownBy(() -> TimeFormat.ISO.parse(time)).isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> TimeFormat.ISO_OR_UTC.parse(time)).isInstanceOf(DateTimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-31T13:00:00.000+0100", "2026-01-31T12:00Z", "2026-01-31t13:00:00+01:00"})
    void isoTimesAreWrittenInMoreThanOneWay(String time) {
        assertThat(TimeFormat.ISO.parse(time)).isEqualTo("2026-01-31T12:00:00Z");
    }

    @Test
    void bytesThatAreNoTextAreRejected() {
        List<Outcome> outcomes = new ArrayList<>();
        Intake intake = Intake.ofTable(CALLS, GERMAN, LONGEST, (line, record, outcome) -> outcomes.add(outcome));
        feed(
                intake,
                HEADER.getBytes(UTF_8),
                "17;31.01.2026 13:00;Umtausch;ä@b.c;;;;;".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(outcomes).singleElement().isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> assertThat(
                        rejected.detail())
                .isEqualTo("is no text in UTF-8"));
    }

    private Touchpoint touchpoint(String row) {
        List<Outcome> outcomes = read((HEADER + "\n" + row).split("\n"));
        assertThat(outcomes).singleElement().isInstanceOf(Outcome.Mapped.class);
        return ((Outcome.Mapped) outcomes.get(0)).touchpoint();
    }

    private List<Outcome> read(String... lines) {
        return read(CALLS, GERMAN, lines);
    }

    private List<Outcome> read(Mapping mapping, CsvFormat format, String... lines) {
        List<Outcome> outcomes = new ArrayList<>();
        Intake intake = Intake.ofTable(mapping, format, LONGEST, (line, record, outcome) -> {
            outcomes.add(outcome);
            origins.add(String.valueOf(line));
        });
        byte[][] bytes = new byte[lines.length][];
        for (int i = 0; i < lines.length; i++) {
            bytes[i] = lines[i].getBytes(UTF_8);
        }
        feed(intake, bytes);
        return outcomes;
    }

    /** As a file is read: blank lines are not handed on. */
    private static void feed(Intake intake, byte[]... lines) {
        try {
            for (int i = 0; i < lines.length; i++) {
                if (lines[i].length > 0) {
                    intake.line(lines[i], i + 1, lines[i].length);
                }
            }
            intake.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String said(Outcome outcome) {
        return outcome instanceof Outcome.Mapped mapped
                ? mapped.touchpoint().getTouchpointId()
                : ((Outcome.Rejected) outcome).reason().word();
    }
}
