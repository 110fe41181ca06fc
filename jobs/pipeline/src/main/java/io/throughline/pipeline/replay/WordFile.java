package io.throughline.pipeline.replay;

import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.ingest.DecisionValidation.Problem;
import io.throughline.domain.ingest.ErasureValidation;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Erasure;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.ingest.JsonDecisions;
import io.throughline.pipeline.ingest.JsonDecisions.UnreadableException;
import io.throughline.pipeline.ingest.JsonErasures;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file of what people said of identifiers, one JSON object a line, to be tried on history. */
public final class WordFile {

    /** Something in the file is not what it should be; the message has a line for each: FILE:LINE and what to do. */
    public static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidException(List<String> problems) {
            super(String.join("\n", problems));
        }
    }

    private interface Reading<T> {
        /** @param problems gets what is wrong with it, and null is returned then */
        @Nullable
        T of(String line, List<Problem> problems) throws UnreadableException;
    }

    /**
     * All decisions in the file; lines of white space alone are none.
     *
     * @throws InvalidException listing everything that is wrong with it
     */
    public static List<Decision> decisions(Path file, Rules rules) throws IOException, InvalidException {
        DecisionValidation validation = new DecisionValidation(rules.ingest(), rules.stitch(), new LibPhoneNumbers());
        return read(file, (line, problems) -> {
            DecisionValidation.Checked checked = validation.typed(JsonDecisions.raw(line));
            problems.addAll(checked.problems());
            return checked.decision();
        });
    }

    /**
     * All erasures in the file; lines of white space alone are none.
     *
     * @throws InvalidException listing everything that is wrong with it
     */
    public static List<Erasure> erasures(Path file, Rules rules) throws IOException, InvalidException {
        ErasureValidation validation = new ErasureValidation(rules.ingest(), rules.stitch(), new LibPhoneNumbers());
        return read(file, (line, problems) -> {
            ErasureValidation.Checked checked = validation.typed(JsonErasures.raw(line));
            problems.addAll(checked.problems());
            return checked.erasure();
        });
    }

    private static <T> List<T> read(Path file, Reading<T> reading) throws IOException, InvalidException {
        List<T> words = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            String place = file + ":" + ++number + ": ";
            if (line.isBlank()) {
                continue;
            }
            try {
                List<Problem> problems = new ArrayList<>();
                T word = reading.of(line, problems);
                problems.forEach(problem -> wrong.add(place + problem));
                if (word != null) {
                    words.add(word);
                }
            } catch (UnreadableException e) {
                wrong.add(place + e.getMessage());
            }
        }
        if (!wrong.isEmpty()) {
            throw new InvalidException(wrong);
        }
        return words;
    }

    private static List<String> lines(Path file) throws IOException, InvalidException {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new InvalidException(List.of(file + ": is not UTF-8 text; write one JSON object a line"));
        }
    }

    private WordFile() {}
}
