package io.throughline.pipeline.replay;

import io.throughline.domain.alert.Action;
import io.throughline.pipeline.ingest.JsonActions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file of what people did about alerts, one JSON object a line, to be tried on history. */
public final class ActionFile {

    /** Something in the file is no action; the message has a line for each such thing: FILE:LINE and what to do. */
    public static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidException(List<String> problems) {
            super(String.join("\n", problems));
        }
    }

    /**
     * All of its actions; lines of white space alone are none.
     *
     * @throws InvalidException listing everything that is wrong with it
     */
    public static List<Action> read(Path file) throws IOException, InvalidException {
        List<Action> actions = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                actions.add(JsonActions.action(line));
            } catch (IllegalArgumentException e) {
                problems.add(file + ":" + number + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidException(problems);
        }
        return actions;
    }

    private ActionFile() {}
}
