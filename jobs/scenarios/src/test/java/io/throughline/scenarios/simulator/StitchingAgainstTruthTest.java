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
import io.throughline.scenarios.quality.Pairs;
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

        Pairs.Counting counting = new Pairs.Counting();
        people.forEach((touchpoint, person) -> counting.add(person, customers.get(touchpoint)));
        Pairs pairs = counting.pairs();
        assertThat(pairs.precision())
                .as("of the pairs joined, those of one person")
                .isGreaterThan(0.95);
        assertThat(pairs.recall())
                .as("of the pairs of one person, those joined")
                .isGreaterThan(0.6);
    }
}
