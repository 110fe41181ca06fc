package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasureConfigTest {
    private static final MeasureConfig D = MeasureConfig.DEFAULTS;

    @Test
    void measuresFourWindowsEveryFiveSeconds() {
        assertThat(D.windows()).extracting(Window::name).containsExactly("1h", "24h", "7d", "30d");
        assertThat(D.publishEveryMs()).isEqualTo(5_000);
        assertThat(D.serviceLevelThresholdMs()).isEqualTo(20_000);
        assertThat(D.serviceLevelVariant()).isEqualTo(ServiceLevel.ANSWERED_OF_OFFERED);
        assertThat(D.dimensions()).contains(List.of(), List.of("channel"), List.of("experiment"));
        assertThat(D.metrics()).contains("nps", "wait_p95", "fcr_behavioural");
    }

    @Test
    void narrowsEveryPaneToAMillisecondWhereWindowsMustBeExact() {
        assertThat(D.exact().windows())
                .allSatisfy(window -> assertThat(window.paneMs()).isEqualTo(1))
                .extracting(Window::lengthMs)
                .containsExactlyElementsOf(
                        D.windows().stream().map(Window::lengthMs).toList());
    }

    @Test
    void namesTheKeyThatIsWrong() {
        assertThatThrownBy(() -> with(List.of(), D.dimensions(), D.metrics()))
                .hasMessageContaining("measure.windows must name at least one");
        assertThatThrownBy(() -> new Window("1h", 3_600_000, 7_200_000))
                .hasMessageContaining("measure.windows: the pane of 1h");
        assertThatThrownBy(() -> with(D.windows(), List.of(List.of("chanel")), D.metrics()))
                .hasMessageContaining("measure.dimensions knows no chanel");
        assertThatThrownBy(() -> with(
                        D.windows(), List.of(List.of("channel", "stage"), List.of("stage", "channel")), D.metrics()))
                .hasMessageContaining("measure.dimensions must not name a combination twice");
        assertThatThrownBy(() -> with(D.windows(), D.dimensions(), List.of("ncat")))
                .hasMessageContaining("measure.metrics knows no ncat");
    }

    @Test
    void countsNoMoreThanSixteenWindows() {
        List<Window> seventeen = IntStream.rangeClosed(1, 17)
                .mapToObj(hours -> new Window(hours + "h", hours * 3_600_000L, 60_000))
                .toList();
        assertThatThrownBy(() -> with(seventeen, D.dimensions(), D.metrics()))
                .hasMessage("measure.windows: at most 16 windows can be counted, these are 17");
        assertThat(with(seventeen.subList(0, 16), D.dimensions(), D.metrics()).windows())
                .hasSize(16);
    }

    @Test
    void namesTheWindowThatDoesNotDivideIntoPanes() {
        assertThatThrownBy(() -> new Window("1h", 3_600_000, 420_000))
                .hasMessage("measure.windows: 1h does not divide into panes of 420000 ms, its length is 3600000 ms");
    }

    @Test
    void namesWhatIsWrongWithAnExpectation() {
        assertThatThrownBy(() -> new Expectation.Component("csaat", 1, 5, 1))
                .hasMessageContaining("metric: no metric is called csaat");
        assertThatThrownBy(() -> new Expectation.Component("csat", 5, 5, 1))
                .hasMessageContaining("best and worst must be two different numbers");
        assertThatThrownBy(() -> new Expectation.Component("csat", 5, 1, 0))
                .hasMessageContaining("weight: must be above 0, was 0.0");
        assertThatThrownBy(() -> new Expectation.Component("csat", 5, 1, Double.NaN))
                .hasMessageContaining("weight: must be above 0, was NaN");
        assertThatThrownBy(
                        () -> with(D.windows(), D.dimensions(), List.of("expectation_speed_flexibility", "wait_p90")))
                .hasMessageContaining("measure.expectations.speed_flexibility is computed from first_response_p90");
    }

    @Test
    void knowsFactsAsPreciselyAsAnythingEnds() {
        assertThat(D.precisionMs()).isEqualTo(5_000);
        assertThat(D.exact().precisionMs()).isEqualTo(1);
        assertThat(D.toBuilder().publishEveryMs(7_000).build().precisionMs()).isEqualTo(1_000);
    }

    private static MeasureConfig with(List<Window> windows, List<List<String>> dimensions, List<String> metrics) {
        return D.toBuilder()
                .windows(windows)
                .dimensions(dimensions)
                .customerDimensions(List.of())
                .metrics(metrics)
                .build();
    }
}
