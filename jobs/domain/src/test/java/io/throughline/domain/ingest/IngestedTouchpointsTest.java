package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IngestedTouchpointsTest {

    private static final long DAY = 24L * 60 * 60 * 1000;
    private static final long BASE = 1_700_000_000_000L;

    @Test
    void the_survivors_are_those_of_the_rule_that_jobs_use() {
        IngestConfig config = IngestConfig.DEFAULTS;
        Validation validation = new Validation(config, PhoneNumbers.NONE);
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            List<RawTouchpoint> records = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                records.add(record(random));
            }
            IngestedTouchpoints ingested = new IngestedTouchpoints(config, PhoneNumbers.NONE);
            records.forEach(record -> ingested.add(record, null));

            DeduplicateRule rule = new DeduplicateRule(config);
            Map<String, Winner> winners = new HashMap<>();
            Map<String, Touchpoint> counting = new HashMap<>();
            Collections.shuffle(records, random);
            for (RawTouchpoint record : records) {
                Touchpoint touchpoint = ((Accepted) validation.check(record, null)).touchpoint();
                String id = touchpoint.touchpointId();
                var step = rule.on(winners.get(id), new Arrival(touchpoint, "file"), Long.MIN_VALUE);
                winners.put(id, step.state());
                step.out().forEach(out -> {
                    if (out instanceof Deduplicated.Changed changed) {
                        TouchpointChange change = changed.change();
                        if (change.sign() > 0) {
                            counting.put(id, change.touchpoint());
                        }
                    }
                });
            }

            assertThat(ingested.touchpoints())
                    .as("seed %d", seed)
                    .hasSize(counting.size())
                    .allSatisfy(lean -> {
                        Touchpoint full = counting.get(lean.touchpointId());
                        assertThat(lean.eventTime()).isEqualTo(full.eventTime());
                        assertThat(lean.receivedTime()).isEqualTo(full.receivedTime());
                        assertThat(lean.channel()).isEqualTo(full.channel());
                        assertThat(lean.kind()).isEqualTo(full.kind());
                        assertThat(lean.identifiers()).isEqualTo(full.identifiers());
                    });
            assertThat(ingested.duplicates()).isEqualTo(30 - counting.size());
        }
    }

    @Test
    void what_is_left_out_is_counted() {
        IngestedTouchpoints ingested = new IngestedTouchpoints(IngestConfig.DEFAULTS, PhoneNumbers.NONE);
        ingested.add(new Refused(RejectReason.MALFORMED, "no JSON"), null);
        ingested.add(
                RawTouchpoint.builder()
                        .touchpointId("t-1")
                        .eventTime(BASE)
                        .channel("web")
                        .kind("login")
                        .identifiers(List.of(new RawTouchpoint.Identity("email", "test@test.com")))
                        .build(),
                null);

        assertThat(ingested.records()).isEqualTo(2);
        assertThat(ingested.rejected()).isEqualTo(1);
        assertThat(ingested.remarks()).containsEntry(Remark.BLOCKED_IDENTIFIER, 1L);
        assertThat(ingested.touchpoints()).singleElement().satisfies(t -> assertThat(t.identifiers())
                .isEmpty());
    }

    private static RawTouchpoint record(Random random) {
        return RawTouchpoint.builder()
                .touchpointId("t-" + random.nextInt(8))
                .eventTime(BASE + random.nextInt(2) * DAY)
                .receivedTime(BASE + 3 * DAY + random.nextInt(2))
                .channel(random.nextBoolean() ? "web" : "app")
                .kind("page_view")
                .topic("topic-" + random.nextInt(3))
                .identifiers(List.of(new RawTouchpoint.Identity("email", "p" + random.nextInt(3) + "@example.com")))
                .build();
    }
}
