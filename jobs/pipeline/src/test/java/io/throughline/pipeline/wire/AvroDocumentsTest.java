package io.throughline.pipeline.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.Notification;
import io.throughline.domain.ingest.Account;
import io.throughline.domain.ingest.Accounting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AvroDocumentsTest {

    @Test
    void a_channel_that_more_was_taken_from_than_was_counted_in_it_is_not_published() {
        Account account = new Account(
                "touchpoints-0",
                new Accounting(10, 7, 0, 0, 0, 3, Map.of()),
                Map.of("web", -3L, "call", 2L),
                Map.of("local_phone", 1L),
                44);

        assertThat(AvroDocuments.of(account)).satisfies(published -> {
            assertThat(published.getProcessedByChannel()).isEqualTo(Map.of("call", 2L));
            assertThat(published.getRemarks()).isEqualTo(Map.of("local_phone", 1L));
            assertThat(published.getProcessed()).isEqualTo(7);
        });
    }

    @Test
    void a_group_is_as_grave_as_the_gravest_that_stands_and_is_told_under_its_own_id() {
        Alert warning = new Alert(
                "a-1",
                "long-wait",
                1,
                "c-1",
                Alert.Status.OPEN,
                "warning",
                5,
                null,
                "waited",
                null,
                List.of(),
                null,
                1);
        Notification group = new Notification(
                "n-1",
                "opened",
                warning,
                41,
                9,
                "41 alerts of location store-7",
                null,
                new Notification.Group(
                        "g-1",
                        "store",
                        Map.of("location", "store-7"),
                        List.of("long-wait", "over"),
                        "error",
                        40,
                        List.of(new Notification.Listed(
                                "a-1", "long-wait", "opened", true, "warning", 5, "c-1", "waited"))));

        assertThat(AvroDocuments.of(group)).satisfies(published -> {
            assertThat(published.getSeverity()).isEqualTo("error");
            assertThat(published.getCount()).isEqualTo(41);
            assertThat(published.getGroup().getGroupId()).isEqualTo("g-1");
            assertThat(published.getGroup().getStanding()).isEqualTo(40);
            assertThat(published.getGroup().getRules()).containsExactly("long-wait", "over");
            assertThat(published.getGroup().getAlerts())
                    .singleElement()
                    .satisfies(alert -> assertThat(alert.getOpenedAt()).isEqualTo(Instant.ofEpochMilli(5)));
        });
    }
}
