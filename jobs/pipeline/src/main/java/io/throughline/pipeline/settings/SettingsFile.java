package io.throughline.pipeline.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A YAML file of whatever kind, read as strictly as the configuration. */
public final class SettingsFile {

    /**
     * @param reader asks for every key there may be, and notes what is wrong
     * @param environment what {@code ${env:NAME}} refers to
     * @throws SettingsException listing everything that is wrong with the file by line; also where there is no such file
     */
    public static <T> T read(Path file, Function<Section, T> reader, Map<String, String> environment) {
        Reading reading = new Reading(environment);
        T result = reader.apply(reading.root(text(file)));
        List<Problem> problems = reading.problems();
        if (!problems.isEmpty()) {
            throw new SettingsException(file.toString(), problems);
        }
        return result;
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file");
        } catch (CharacterCodingException e) {
            throw unreadable(file, "is not UTF-8 text");
        } catch (IOException e) {
            throw unreadable(file, "the file cannot be read: " + e.getMessage());
        }
    }

    private static SettingsException unreadable(Path file, String why) {
        return new SettingsException(file.toString(), List.of(new Problem("", why, 0)));
    }

    private SettingsFile() {}
}
