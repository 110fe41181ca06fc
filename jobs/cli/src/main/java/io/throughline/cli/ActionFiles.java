package io.throughline.cli;

import io.throughline.domain.alert.Action;
import io.throughline.pipeline.replay.ActionFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code --actions} names. */
final class ActionFiles {

    /**
     * The file's actions; none without a file.
     *
     * @throws UsageException listing everything that is wrong with the file
     */
    static List<Action> read(@Nullable Path file) throws IOException {
        if (file == null) {
            return List.of();
        }
        InputFiles.check("--actions", file);
        try {
            return ActionFile.read(file);
        } catch (ActionFile.InvalidException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private ActionFiles() {}
}
