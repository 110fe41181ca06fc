package io.throughline.scenarios.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TouchpointReaderTest {
    private static final String GOOD = "{'touchpoint_id':'t1','event_time':'2026-06-01T08:00:00Z','channel':'web',"
            + "'kind':'page_view','identifiers':[{'type':'cookie','value':'c'}]}";

    @Test
    void readsTheSmallestTouchpoint() {
        var touchpoint = TouchpointReader.read(json(GOOD));

        assertThat(touchpoint.getTouchpointId()).isEqualTo("t1");
        assertThat(touchpoint.getEventTime()).isEqualTo(Instant.parse("2026-06-01T08:00:00Z"));
        assertThat(touchpoint.getReceivedTime()).isNull();
        assertThat(touchpoint.getProperties()).isEmpty();
    }

    @Test
    void readsEpochMilliseconds() {
        var touchpoint = TouchpointReader.read(json(GOOD.replace("'2026-06-01T08:00:00Z'", "1780300800000")));

        assertThat(touchpoint.getEventTime()).isEqualTo(Instant.parse("2026-06-01T08:00:00Z"));
    }

    @Test
    void refusesAnUnknownField() {
        refuses(GOOD.replace("'kind'", "'colour':'red','kind'"), "touchpoint.colour: is not in the schema");
    }

    @Test
    void refusesAnUnknownFieldWithin() {
        refuses(
                GOOD.replace("'value':'c'", "'value':'c','hash':'x'"),
                "touchpoint.identifiers[0].hash: is not in the schema");
    }

    @Test
    void refusesAMissingField() {
        refuses(GOOD.replace("'channel':'web',", ""), "touchpoint.channel: is missing");
    }

    @Test
    void refusesAnotherType() {
        refuses(GOOD.replace("'web'", "7"), "touchpoint.channel: must be text");
    }

    @Test
    void refusesATimeThatIsNone() {
        refuses(
                GOOD.replace("T08:00:00Z", " 08:00"),
                "touchpoint.event_time: '2026-06-01 08:00' is no ISO-8601 time in UTC");
    }

    @Test
    void refusesNobody() {
        refuses(
                GOOD.replace("{'type':'cookie','value':'c'}", ""),
                "touchpoint.identifiers: must name at least one identifier");
    }

    @Test
    void refusesARepeatedField() {
        refuses(GOOD.replace("'kind'", "'channel':'app','kind'"), "not JSON");
    }

    @Test
    void refusesMoreThanOneObject() {
        refuses(GOOD + " {}", "not JSON");
    }

    private static void refuses(String line, String why) {
        assertThatThrownBy(() -> TouchpointReader.read(json(line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
