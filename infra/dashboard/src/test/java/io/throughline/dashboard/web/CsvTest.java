package io.throughline.dashboard.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What customers write must not be run by the spreadsheet of whoever opens the file. */
class CsvTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=cmd|' /C calc'!A0",
                "+1+1",
                "-2+3",
                "@SUM(A1)",
                "\t=1",
                "\r=1",
                "  =HYPERLINK(\"http://evil\")",
                "\uff1d1+1",
                "-5 + x"
            })
    void whatASpreadsheetWouldTakeForAFormulaBecomesText(String hostile) {
        assertThat(Csv.cell(hostile).replaceFirst("^\"", "")).startsWith("'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "12.5", "-0.25", "1e6", "all right", "a=b", "mail@example.com", ""})
    void whatIsHarmlessStaysAsItIs(String harmless) {
        assertThat(Csv.cell(harmless)).isEqualTo(harmless);
    }

    @Test
    void quotesCommasAndLineEndsStayInTheirCell() throws Exception {
        var document = new ObjectMapper()
                .readTree(
                        "{\"id\":\"a,b\",\"survey\":{\"verbatim\":\"said \\\"no\\\"\\nand left\"},\"channels\":[\"web\",\"call\"]}");
        Map<String, Function<JsonNode, String>> columns = new LinkedHashMap<>();
        columns.put("id", Csv.field("id"));
        columns.put("verbatim", Csv.field("survey", "verbatim"));
        columns.put("channels", Csv.field("channels"));
        columns.put("absent", Csv.field("nothing", "here"));

        assertThat(Csv.of(List.of(document), columns))
                .isEqualTo("\ufeffid,verbatim,channels,absent\r\n\"a,b\",\"said \"\"no\"\"\nand left\",web; call,\r\n");
    }
}
