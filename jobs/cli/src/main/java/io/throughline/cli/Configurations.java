package io.throughline.cli;

import io.throughline.pipeline.settings.Settings;
import io.throughline.pipeline.settings.SettingsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads configurations for commands; a faulty one is a fault of usage, with every error listed. */
final class Configurations {

    static Settings load(@Nullable Path file) {
        try {
            return file == null ? Settings.defaults() : Settings.load(file);
        } catch (SettingsException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private Configurations() {}
}
