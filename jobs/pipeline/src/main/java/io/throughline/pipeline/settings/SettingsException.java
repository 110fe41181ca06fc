package io.throughline.pipeline.settings;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. The message lists everything that is wrong with it, a line each; what
 * is wrong with the file as a whole, and nothing else, is one line. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    SettingsException(String source, List<Problem> problems) {
        super(source + ": " + inLines(problems));
        this.problems = List.copyOf(problems);
    }

    private static String inLines(List<Problem> problems) {
        if (problems.size() == 1 && problems.get(0).path().isEmpty()) {
            return problems.get(0).toString();
        }
        return (problems.size() == 1 ? "1 error" : problems.size() + " errors") + "\n"
                + problems.stream().map(problem -> "  " + problem).collect(Collectors.joining("\n"));
    }

    /** By line. */
    public List<Problem> problems() {
        return problems;
    }
}
