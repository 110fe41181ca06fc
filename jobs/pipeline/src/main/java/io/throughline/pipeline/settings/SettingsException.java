package io.throughline.pipeline.settings;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. The message lists everything that is wrong with it, a line each. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    SettingsException(String source, List<Problem> problems) {
        super(source + ": " + (problems.size() == 1 ? "1 error" : problems.size() + " errors") + "\n"
                + problems.stream().map(problem -> "  " + problem).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** By line. */
    public List<Problem> problems() {
        return problems;
    }
}
