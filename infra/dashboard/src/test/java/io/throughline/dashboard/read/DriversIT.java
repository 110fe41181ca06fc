package io.throughline.dashboard.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.dashboard.IndexedExperience;
import io.throughline.dashboard.read.Drivers.Driver;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Servers(Server.ELASTICSEARCH)
class DriversIT {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private IndexedExperience indexed;
    private ExperienceReader reader;

    @BeforeEach
    void emptyIndices(LocalServers servers) {
        indexed = new IndexedExperience(servers.elasticsearchUrl());
        indexed.empty();
        reader = new ExperienceReader(indexed.client());
    }

    @AfterEach
    void close() throws IOException {
        indexed.close();
    }

    @Test
    void theLargestImpactComesFirstWhicheverWayItGoes() throws IOException {
        impact("handoff", -0.1, NOW);
        impact("self_service", 0.2, NOW);
        impact("long_wait", -0.3, NOW);
        indexed.metric("driver_csat_effect", "24h", Map.of("factor", "error"), NOW, -2, 40)
                .index();

        assertThat(drivers(View.DEFAULT))
                .extracting(Driver::factor)
                .containsExactly("long_wait", "self_service", "handoff", "error");
    }

    @Test
    void theThreeFiguresOfAFactorAreOneAndThoseOfSurveysApart() throws IOException {
        Map<String, String> wait = Map.of("factor", "long_wait");
        indexed.metric("driver_csat_effect", "24h", wait, NOW, -2, 50, Map.of("ci_low", -2.5, "ci_high", -1.5))
                .metric("driver_csat_share", "24h", wait, NOW.minusSeconds(60), 40, 50)
                .metric("driver_csat_impact", "24h", wait, NOW, -0.8, 50)
                .metric("driver_nps_impact", "24h", wait, NOW, -20, 30)
                .index();

        List<Driver> drivers = drivers(View.DEFAULT);

        assertThat(drivers).extracting(Driver::survey).containsExactly("nps", "csat");
        Driver csat = drivers.get(1);
        assertThat(Objects.requireNonNull(csat.effect()).ciLow()).isEqualTo(-2.5);
        assertThat(Objects.requireNonNull(csat.share()).value()).isEqualTo(40);
        assertThat(Objects.requireNonNull(csat.impact()).n()).isEqualTo(50);
        assertThat(drivers.get(0).effect()).as("is not published").isNull();
    }

    @Test
    void whatStoodAtTheChosenEndIsReadAndWhatHasNothingBehindItIsNot() throws IOException {
        impact("handoff", -0.1, NOW.minus(Duration.ofHours(3)));
        impact("handoff", -0.9, NOW);
        impact("error", -0.5, NOW.minus(Duration.ofHours(30)));
        indexed.metric("driver_csat_impact", "24h", Map.of("factor", "complaint"), NOW.minusSeconds(7200), 0, 0)
                .metric("driver_csat_impact", "1h", Map.of("factor", "assisted"), NOW.minusSeconds(7200), 1, 9)
                .index();

        assertThat(drivers(new View(Window.DAY, "chat", null, NOW.minus(Duration.ofHours(1)))))
                .as("over everything, whatever channel is looked at")
                .singleElement()
                .satisfies(handoff -> assertThat(
                                Objects.requireNonNull(handoff.impact()).value())
                        .isEqualTo(-0.1));
    }

    private void impact(String factor, double value, Instant asOf) {
        indexed.metric("driver_csat_impact", "24h", Map.of("factor", factor), asOf, value, 40);
    }

    private List<Driver> drivers(View view) throws IOException {
        Answer answer = reader.read(NOW, List.of(view)).get(new Section(Section.Name.DRIVERS, view));
        assertThat(answer.error()).isNull();
        return ((Drivers) Objects.requireNonNull(answer.data())).drivers();
    }
}
