package io.throughline.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.pipeline.ExperienceTopology.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaceTest {

    private static final long NOON = 1_772_366_400_000L;
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    @Test
    void timeStopsWhereATouchpointBeginsToCountAndWhereItHasLeftAWindow() {
        Pace pace = new Pace(5 * SECOND, HOUR, List.of(2 * HOUR));
        TreeMap<Long, Integer> eventTimes = new TreeMap<>();
        eventTimes.put(NOON + 1, 1);
        eventTimes.put(NOON + 5 * SECOND, 1);
        eventTimes.put(NOON + 5 * SECOND + 1, 2);

        List<Long> stops = new ArrayList<>();
        for (long at = NOON; at < NOON + 3 * HOUR; stops.add(at)) {
            at = pace.after(at, eventTimes);
        }

        assertThat(stops)
                .containsExactly(
                        NOON + 5 * SECOND,
                        NOON + 10 * SECOND,
                        NOON + HOUR,
                        NOON + 2 * HOUR,
                        NOON + 2 * HOUR + 5 * SECOND,
                        NOON + 2 * HOUR + 10 * SECOND,
                        NOON + 3 * HOUR);
    }

    @Test
    void betweenTouchpointsThatAreYearsApartTimeStopsNoOftenerThanIsBearable() {
        Pace pace = new Pace(5 * SECOND, 60 * SECOND, List.of(HOUR));
        TreeMap<Long, Integer> eventTimes = new TreeMap<>();
        eventTimes.put(NOON, 1);
        eventTimes.put(NOON + 3 * 365 * 24 * HOUR, 1);

        List<Long> stops = new ArrayList<>();
        for (long at = NOON; at < NOON + 20 * 365 * 24 * HOUR; stops.add(at)) {
            at = pace.after(at, eventTimes);
        }

        assertThat(stops).hasSizeLessThan(2_500);
        assertThat(stops.stream().filter(at -> at <= NOON + HOUR)).hasSize(60);
        assertThat(stops.stream().filter(at -> at <= NOON + 24 * HOUR)).hasSizeGreaterThan(200);
    }

    @Test
    void whereNoRuleLooksAtAMetricTimePassesAtOnce() {
        assertThat(Pace.of(AlertConfig.DEFAULTS.withRules(List.of()), MeasureConfig.DEFAULTS))
                .isNull();
    }

    /** Whoever tries rules is to read of customers what the running job will say of them. */
    @Test
    void alertsOfCustomersComeToTheSameAtWhateverPace(@TempDir Path directory) throws Exception {
        Path file = Files.write(
                directory.resolve("touchpoints.ndjson"), new RandomTouchpoints(new Random(22), 600).lines());

        TreeMap<String, JsonNode> paced = ofCustomers(Replay.runAtPace(file, Rules.DEFAULTS, null, 2));

        assertThat(paced).isEqualTo(ofCustomers(Replay.run(file, Rules.DEFAULTS, null, 2)));
        assertThat(new TreeSet<>(paced.values().stream()
                        .map(alert -> alert.path("status").asText())
                        .toList()))
                .contains("open", "resolved");
    }

    /** But for how often they were said on the way. */
    private static TreeMap<String, JsonNode> ofCustomers(ReplayResult result) throws IOException {
        TreeMap<String, JsonNode> alerts = new TreeMap<>();
        for (byte[] json : result.of("alerts")) {
            ObjectNode alert = (ObjectNode) new ObjectMapper().readTree(json);
            alert.remove("revision");
            if (alert.hasNonNull("customer_id")) {
                alerts.put(alert.path("alert_id").asText(), alert);
            }
        }
        return alerts;
    }
}
