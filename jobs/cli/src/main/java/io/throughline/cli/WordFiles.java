package io.throughline.cli;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Erasure;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.replay.WordFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code --decisions} and {@code --erasures} name. */
final class WordFiles {

    /**
     * The file's decisions; none without a file.
     *
     * @throws UsageException listing everything that is wrong with the file
     */
    static List<Decision> decisions(@Nullable Path file, Rules rules) throws IOException {
        if (file == null) {
            return List.of();
        }
        InputFiles.check("--decisions", file);
        try {
            return WordFile.decisions(file, rules);
        } catch (WordFile.InvalidException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The file's erasures; none without a file.
     *
     * @throws UsageException listing everything that is wrong with the file
     */
    static List<Erasure> erasures(@Nullable Path file, Rules rules) throws IOException {
        if (file == null) {
            return List.of();
        }
        InputFiles.check("--erasures", file);
        try {
            return WordFile.erasures(file, rules);
        } catch (WordFile.InvalidException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private WordFiles() {}
}
