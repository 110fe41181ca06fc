package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class RunningOperationsTest {

    @Test
    void lagIsOfThisPipelinesGroupsAlsoWhereAnothersNameBeginsWithIts() {
        Predicate<String> ours = RunningOperations.groupsOf("through.line");

        assertThat(List.of(
                        "through.line-experience",
                        "through.line-decisions",
                        "through.line-index-g12",
                        "through.line-deliver-crm"))
                .allMatch(ours);
        assertThat(List.of(
                        "through.line-staging-experience",
                        "through.line-staging-index-g12",
                        "through-line-experience",
                        "through.line-index-gx",
                        "through.line"))
                .noneMatch(ours);
    }
}
