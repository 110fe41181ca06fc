package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {

    @Test
    void isReadByTheLabelThatMetricsGiveIt() {
        for (Scale scale : List.of(
                new Scale(1, 7, true),
                new Scale(-3, 3, true),
                new Scale(-5, -1, true),
                new Scale(1, 5, false),
                new Scale(Scale.LOWEST, Scale.HIGHEST, false))) {
            assertThat(Scale.ofLabel(scale.label())).isEqualTo(scale);
        }
    }

    @Test
    void isNoneThatNoAnswerMayBeGivenOn() {
        assertThat(List.of("", "1", "a-b", "1-99999", "1-5_higher", "10-1", "5-5", "0-2048", "1.5-3"))
                .allSatisfy(none -> assertThat(Scale.ofLabel(none)).as(none).isNull());
    }
}
