package io.throughline.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.throughline.domain.alert.Grouping;
import io.throughline.domain.alert.NotifyConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NotifySettingsTest {

    @Test
    void everyAlertIsToldByItselfUnlessTheFileSaysSo() {
        assertThat(Settings.defaults().alert().notifications().groupings()).isEmpty();
    }

    @Test
    void groupingsAreAskedInTheOrderInWhichTheyAreWritten() {
        NotifyConfig read = parse(
                """
                alert:
                  notify:
                    burst_by: [topic]
                    groups:
                      store: {by: [location, topic], rules: [complaint], min_severity: error, wait: 0 s, interval: 10 min}
                      customer: {by: [customer]}
                """);

        assertThat(read.burstBy()).containsExactly(NotifyConfig.By.TOPIC);
        assertThat(read.groupings())
                .containsExactly(
                        new Grouping(
                                "store",
                                Set.of("complaint"),
                                "error",
                                List.of(NotifyConfig.By.LOCATION, NotifyConfig.By.TOPIC),
                                0,
                                Duration.ofMinutes(10).toMillis()),
                        new Grouping(
                                "customer",
                                Set.of(),
                                "info",
                                List.of(NotifyConfig.By.CUSTOMER),
                                Duration.ofSeconds(30).toMillis(),
                                Duration.ofMinutes(5).toMillis()));
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceWithItsPath() {
        SettingsException wrong = catchThrowableOfType(
                SettingsException.class,
                () -> parse(
                        """
                        alert:
                          notify:
                            groups:
                              store: {by: [shop]}
                              all: {wait: 1 min}
                              customer: {by: [customer], min_severity: grave, interval: soon, group_wait: 1 s}
                        """));

        assertThat(wrong.problems())
                .hasSize(5)
                .anySatisfy(problem -> assertThat(problem.toString())
                        .contains("alert.notify.groups.store.by", "location", "was \"shop\""))
                .anySatisfy(problem -> assertThat(problem.toString())
                        .contains("alert.notify.groups.all.by", "must say what alerts share"))
                .anySatisfy(
                        problem -> assertThat(problem.toString()).contains("alert.notify.groups.customer.min_severity"))
                .anySatisfy(problem -> assertThat(problem.toString()).contains("alert.notify.groups.customer.interval"))
                .anySatisfy(
                        problem -> assertThat(problem.toString()).contains("alert.notify.groups.customer.group_wait"));
    }

    private static NotifyConfig parse(String yaml) {
        return Settings.parse("throughline.yaml", yaml, Map.of()).alert().notifications();
    }
}
