package io.throughline.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.schemas.Alert;
import io.throughline.schemas.AlertEvidence;
import io.throughline.schemas.Metric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;

class DocumentJsonTest {

    private static final Schema MEASURE = SchemaBuilder.record("Measure")
            .fields()
            .requiredDouble("value")
            .optionalString("note")
            .endRecord();

    @Test
    void a_metric_has_the_schemas_names_in_the_schemas_order() {
        Metric metric = Metric.newBuilder()
                .setSeriesId("nps|24h")
                .setMetricId("nps")
                .setFormulaVersion(1)
                .setDimensions(Map.of("channel", "call"))
                .setWindow("24h")
                .setValue(-12.5)
                .setUnit("points")
                .setN(40)
                .setCiLow(null)
                .setCiHigh(3.0)
                .setComplete(true)
                .setDirection("higher_is_better")
                .setAsOf(Instant.parse("2026-01-02T03:04:05.678Z"))
                .setRestated(false)
                .setRevision(7)
                .build();

        assertThat(new String(DocumentJson.toBytes(metric)))
                .isEqualTo("{\"series_id\":\"nps|24h\",\"metric_id\":\"nps\",\"formula_version\":1,"
                        + "\"dimensions\":{\"channel\":\"call\"},\"window\":\"24h\",\"value\":-12.5,\"unit\":\"points\","
                        + "\"n\":40,\"ci_high\":3,\"complete\":true,\"direction\":\"higher_is_better\","
                        + "\"as_of\":\"2026-01-02T03:04:05.678Z\",\"restated\":false,\"revision\":7}");
    }

    @Test
    void a_time_keeps_its_milliseconds_even_when_they_are_zero() {
        Alert alert = Alert.newBuilder()
                .setAlertId("a")
                .setRuleId("r")
                .setRuleVersion(1)
                .setStatus("open")
                .setSeverity("critical")
                .setOpenedAt(Instant.parse("2026-01-02T03:04:00Z"))
                .setReason("csat 1")
                .setEvidence(List.of(AlertEvidence.newBuilder()
                        .setTouchpointId("t")
                        .setEventTime(Instant.EPOCH)
                        .setChannel("call")
                        .setKind("survey_response")
                        .build()))
                .setRevision(1)
                .build();

        assertThat(new String(DocumentJson.toBytes(alert)))
                .contains("\"opened_at\":\"2026-01-02T03:04:00.000Z\"")
                .contains("\"evidence\":[{\"touchpoint_id\":\"t\",\"event_time\":\"1970-01-01T00:00:00.000Z\","
                        + "\"channel\":\"call\",\"kind\":\"survey_response\"}]")
                .doesNotContain("resolved_at");
    }

    @Test
    void numbers_carry_no_floating_noise() {
        assertThat(jsonOf(0.1)).isEqualTo("{\"value\":0.1}");
        assertThat(jsonOf(40.0)).isEqualTo("{\"value\":40}");
        assertThat(jsonOf(-0.0)).isEqualTo("{\"value\":0}");
        assertThat(jsonOf(1.0e7)).isEqualTo("{\"value\":10000000}");
        // Digits beyond the shortest: what Double.toString of JDK 17 adds to these.
        assertThat(jsonOf(2.0e-3)).isEqualTo("{\"value\":0.002}");
        assertThat(jsonOf(0x1.0p-44)).isEqualTo("{\"value\":5.684341886080802E-14}");
    }

    @Test
    void every_number_reads_back_equal() throws IOException {
        Random random = new Random(20260102);
        for (int i = 0; i < 10_000; i++) {
            double value = i % 2 == 0 ? random.nextInt(1_000_000) / 1_000.0 : nextFinite(random);
            JsonNode read = new ObjectMapper().readTree(jsonOf(value));
            assertThat(read.get("value").doubleValue()).isEqualTo(value == 0 ? 0.0 : value);
        }
    }

    @Test
    void a_number_json_cannot_say_is_refused_by_name() {
        assertThatThrownBy(() -> jsonOf(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Measure.value: NaN cannot be written as JSON");
    }

    @Test
    void text_is_escaped_so_that_a_document_stays_on_one_line() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DocumentJson.writeLine(
                new GenericRecordBuilder(MEASURE)
                        .set("value", 1.5)
                        .set("note", "two\nlines, \"quoted\", \u0000 and \uD83D\uDE20")
                        .build(),
                out);

        String line = out.toString(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(line).endsWith("}\n").hasLineCount(1);
        assertThat(new ObjectMapper().readTree(line).get("note").textValue())
                .isEqualTo("two\nlines, \"quoted\", \u0000 and \uD83D\uDE20");
    }

    private static String jsonOf(double value) {
        GenericData.Record document = new GenericData.Record(MEASURE);
        document.put("value", value);
        return new String(DocumentJson.toBytes(document));
    }

    private static double nextFinite(Random random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? value : 1.0;
    }
}
