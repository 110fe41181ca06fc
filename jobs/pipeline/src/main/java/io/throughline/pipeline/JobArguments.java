package io.throughline.pipeline;

import io.throughline.pipeline.settings.Settings;
import io.throughline.pipeline.settings.SettingsException;
import java.nio.file.Path;

/** The arguments of a job's main class: {@code --config FILE}, or none for every default. */
public final class JobArguments {

    /** @throws IllegalArgumentException with everything that is wrong, a line each */
    public static Settings settings(String[] args) {
        if (args.length == 0) {
            return Settings.defaults();
        }
        if (args.length != 2 || !args[0].equals("--config")) {
            throw new IllegalArgumentException("usage: --config FILE; was: " + String.join(" ", args));
        }
        try {
            return Settings.load(Path.of(args[1]));
        } catch (SettingsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private JobArguments() {}
}
