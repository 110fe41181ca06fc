package io.throughline.bench;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

/** Programs nobody runs for a while still run: each once, on next to nothing. */
class ProgramsRunTest {

    @Test
    void links() {
        assertThatCode(() -> LinksBench.main(new String[] {"60"})).doesNotThrowAnyException();
    }

    @Test
    void state() {
        assertThatCode(() -> StateBench.main(new String[] {"60"})).doesNotThrowAnyException();
    }

    @Test
    void steady() {
        assertThatCode(() -> SteadyBench.main(new String[] {"30", "7", "1", "1"}))
                .doesNotThrowAnyException();
    }

    @Test
    void job() {
        assertThatCode(() -> JobBench.main(new String[] {"30", "7", "1", "1"})).doesNotThrowAnyException();
    }

    /** Checkpoints are far apart: each would put off the rest that is waited for. */
    @Test
    void memory() {
        assertThatCode(() -> MemoryBench.main(new String[] {"300", "20", "1", "hashmap", "600"}))
                .doesNotThrowAnyException();
    }

    @Test
    void turns() {
        assertThatCode(() -> TurnsBench.main(new String[] {"1", "1", "13"})).doesNotThrowAnyException();
    }

    @Test
    void crowd() {
        assertThatCode(() -> CrowdBench.main(new String[] {"200", "1", "2", "100", "300"}))
                .doesNotThrowAnyException();
    }

    @Test
    void sessions() {
        assertThatCode(() -> SessionsBench.main(new String[] {"400", "10", "1", "100"}))
                .doesNotThrowAnyException();
    }

    @Test
    void metrics() {
        assertThatCode(() -> MetricsBench.main(new String[] {"2000", "1000", "1", "1"}))
                .doesNotThrowAnyException();
    }

    @Test
    void encode() {
        assertThatCode(() -> EncodeBench.main(new String[] {"300", "1"})).doesNotThrowAnyException();
    }

    @Test
    void percolation() {
        assertThatCode(() -> PercolationBench.main(new String[] {"300"})).doesNotThrowAnyException();
    }
}
