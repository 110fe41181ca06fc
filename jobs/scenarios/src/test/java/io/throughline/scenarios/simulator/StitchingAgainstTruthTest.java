package io.throughline.scenarios.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.Accepted;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.RawTouchpoint;
import io.throughline.domain.ingest.Validation;
import io.throughline.domain.stitch.Customers;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.ingest.JsonTouchpoints;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The truth is there to be measured against: how well the evidence in the touchpoints leads to the people behind them. */
class StitchingAgainstTruthTest {

    @Test
    void customersArePeople() {
        IngestConfig config = IngestConfig.DEFAULTS;
        Validation validation = new Validation(config, new LibPhoneNumbers());
        JsonTouchpoints json = new JsonTouchpoints(config.maxRecordBytes());
        List<Touchpoint> touchpoints = new ArrayList<>();
        Map<String, String> people = new HashMap<>();
        for (Emission emission : Played.A_WEEK.once()) {
            RawTouchpoint raw = (RawTouchpoint) json.decode(TouchpointJson.write(emission.touchpoint()));
            touchpoints.add(((Accepted) validation.check(raw, null)).touchpoint());
            people.put(emission.touchpoint().getTouchpointId(), emission.person());
        }

        Map<String, String> customers = Customers.of(touchpoints, List.of(), StitchConfig.DEFAULTS);

        Pairs pairs = Pairs.of(people, customers);
        assertThat(pairs.precision())
                .as("of the pairs joined, those of one person")
                .isGreaterThan(0.95);
        assertThat(pairs.recall())
                .as("of the pairs of one person, those joined")
                .isGreaterThan(0.6);
    }

    /** Pairs of touchpoints: of one person, of one customer, of both. */
    private record Pairs(double ofPeople, double ofCustomers, double ofBoth) {
        static Pairs of(Map<String, String> people, Map<String, String> customers) {
            Map<String, Integer> byPerson = new HashMap<>();
            Map<String, Integer> byCustomer = new HashMap<>();
            Map<String, Integer> byBoth = new HashMap<>();
            people.forEach((touchpoint, person) -> {
                String customer = customers.get(touchpoint);
                byPerson.merge(person, 1, Integer::sum);
                byCustomer.merge(customer, 1, Integer::sum);
                byBoth.merge(person + customer, 1, Integer::sum);
            });
            return new Pairs(count(byPerson), count(byCustomer), count(byBoth));
        }

        private static double count(Map<String, Integer> sizes) {
            return sizes.values().stream()
                    .mapToDouble(size -> size * (size - 1.0) / 2)
                    .sum();
        }

        double precision() {
            return ofBoth / ofCustomers;
        }

        double recall() {
            return ofBoth / ofPeople;
        }
    }
}
