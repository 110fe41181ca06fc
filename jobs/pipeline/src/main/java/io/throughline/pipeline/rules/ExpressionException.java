package io.throughline.pipeline.rules;

import java.util.List;
import java.util.stream.Collectors;

/** An expression that cannot be used, with everything that is wrong with it. */
public final class ExpressionException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param line in the expression, from 1; {@code column} likewise */
    public record Flaw(String message, int line, int column) {}

    private final transient List<Flaw> flaws;

    ExpressionException(List<Flaw> flaws) {
        super(flaws.stream().map(Flaw::message).collect(Collectors.joining("; ")));
        this.flaws = List.copyOf(flaws);
    }

    public List<Flaw> flaws() {
        return flaws;
    }
}
