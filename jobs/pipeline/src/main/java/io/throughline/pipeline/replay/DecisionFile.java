package io.throughline.pipeline.replay;

import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.stitch.Decision;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.ingest.JsonDecisions;
import io.throughline.pipeline.ingest.JsonDecisions.UnreadableException;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file of people's decisions, one JSON object a line, to be tried on history. */
public final class DecisionFile {

    /** Something in the file is no decision; the message has a line for each such thing: FILE:LINE and what to do. */
    public static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidException(List<String> problems) {
            super(String.join("\n", problems));
        }
    }

    /**
     * All of its decisions; lines of white space alone are none.
     *
     * @throws InvalidException listing everything that is wrong with it
     */
    public static List<Decision> read(Path file, Rules rules) throws IOException, InvalidException {
        DecisionValidation validation = new DecisionValidation(rules.ingest(), rules.stitch(), new LibPhoneNumbers());
        List<Decision> decisions = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            String place = file + ":" + ++number + ": ";
            if (line.isBlank()) {
                continue;
            }
            try {
                DecisionValidation.Checked checked = validation.typed(JsonDecisions.raw(line));
                checked.problems().forEach(problem -> problems.add(place + problem));
                Decision decision = checked.decision();
                if (decision != null) {
                    decisions.add(decision);
                }
            } catch (UnreadableException e) {
                problems.add(place + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidException(problems);
        }
        return decisions;
    }

    private static List<String> lines(Path file) throws IOException, InvalidException {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new InvalidException(List.of(file + ": is not UTF-8 text; write one JSON object a line"));
        }
    }

    private DecisionFile() {}
}
