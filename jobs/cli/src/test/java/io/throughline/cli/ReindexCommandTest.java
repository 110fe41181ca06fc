package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReindexCommandTest {

    @Test
    void aGenerationIsNotComparedWithItself() {
        Invocation compare = Invocation.of("reindex", "compare", "--from", "1", "--to", "1");

        assertThat(compare.exit()).isEqualTo(2);
        assertThat(compare.err())
                .containsExactly(
                        "reindex compare: --from and --to are both 1: name two generations, see reindex status");
    }
}
