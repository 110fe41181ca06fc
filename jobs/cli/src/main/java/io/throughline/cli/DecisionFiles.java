package io.throughline.cli;

import io.throughline.domain.stitch.Decision;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.replay.DecisionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code --decisions} names. */
final class DecisionFiles {

    /**
     * The file's decisions; none without a file.
     *
     * @throws UsageException listing everything that is wrong with the file
     */
    static List<Decision> read(@Nullable Path file, Rules rules) throws IOException {
        if (file == null) {
            return List.of();
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new UsageException("--decisions " + file + " is not a file that can be read");
        }
        try {
            return DecisionFile.read(file, rules);
        } catch (DecisionFile.InvalidException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private DecisionFiles() {}
}
