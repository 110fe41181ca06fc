package io.throughline.pipeline.rules;

import com.google.common.collect.ImmutableSet;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.throughline.domain.alert.Condition;
import io.throughline.domain.alert.Condition.Look;
import io.throughline.domain.alert.Need;
import io.throughline.domain.alert.Reading;
import io.throughline.domain.alert.Signal;
import io.throughline.pipeline.rules.ExpressionException.Flaw;
import io.throughline.pipeline.rules.Term.NoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A condition in the Common Expression Language: typed, without side effects, without loops, so that it always ends and
 * costs at most what its size says. What it asks of a touchpoint that lacks it does not hold. Equal by its text.
 */
public final class CelCondition implements Condition {
    private static final long serialVersionUID = 1;

    private static final int MOST_CHARACTERS = 1_000;
    private static final int MOST_NODES = 100;
    private static final Pattern FIELD = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)+");
    private static final String PROPERTIES = "touchpoint.properties";
    private static final String TIER = "customer.tier";

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(MOST_CHARACTERS)
            .maxParseRecursionDepth(32)
            .comprehensionMaxIterations(0)
            .build();

    private record Variable(CelType type, BiFunction<Signal, @Nullable String, @Nullable Object> value)
            implements Term {

        @Override
        public Object of(Signal signal, @Nullable String tier) {
            Object known = value.apply(signal, tier);
            return known == null ? NoValue.UNKNOWN : known;
        }
    }

    private static final Map<String, Variable> VARIABLES = variables();

    private static final Map<String, Term> TERMS = Map.copyOf(VARIABLES);

    /** Those that touchpoints have. */
    private static final Map<String, Reading> READINGS = readings();

    private static final CelCompiler COMPILER = compiler();

    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

    /** Enough for the rules of many configurations; whoever changes rules for years must not fill memory with old ones. */
    private static final int MOST_COMPILED = 10_000;

    /** By expression. Each task of a job has a copy of every condition, and reading its configuration made one as well. */
    private static final Map<String, Compiled> COMPILED = new ConcurrentHashMap<>();

    /** Holds for every touchpoint; stands for an expression that cannot be used while further problems are looked for. */
    public static final CelCondition ALWAYS = always();

    private record Failures(long count, String last) {}

    /** By expression. */
    private static final Map<String, Failures> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private static final AtomicLong OF_ALL = new AtomicLong();

    private final String expression;
    private final TreeSet<String> properties;
    private final boolean looksAtTier;

    private final transient List<Need> needs;

    private final transient List<Look> looks;

    private final transient boolean plain;

    private final transient Term term;

    @SuppressWarnings("NullAway.Init")
    private transient AtomicLong failures;

    /**
     * What is made of an expression; nothing in it changes, so that all copies of a condition share it.
     *
     * @param term the expression in plain Java, or the library's of it
     */
    private record Compiled(
            TreeSet<String> properties,
            boolean looksAtTier,
            List<Need> needs,
            List<Look> looks,
            boolean plain,
            Term term) {}

    private CelCondition(String expression, Compiled compiled) {
        this.expression = expression;
        this.properties = compiled.properties;
        this.looksAtTier = compiled.looksAtTier;
        this.needs = compiled.needs;
        this.looks = compiled.looks;
        this.plain = compiled.plain;
        this.term = compiled.term;
        this.failures = new AtomicLong();
    }

    /** @throws ExpressionException with everything that is wrong with it, each at its place */
    public static CelCondition of(String expression) throws ExpressionException {
        Compiled known = COMPILED.get(expression);
        if (known == null) {
            known = compile(expression, true);
            if (COMPILED.size() >= MOST_COMPILED) {
                COMPILED.clear();
            }
            COMPILED.put(expression, known);
        }
        return new CelCondition(expression, known);
    }

    /** What the library makes of it, whatever of it could be plain Java: what that is measured by. */
    static CelCondition byLibrary(String expression) throws ExpressionException {
        return new CelCondition(expression, compile(expression, false));
    }

    private static Compiled compile(String expression, boolean inPlainJava) throws ExpressionException {
        Checked checked = check(expression);
        Term term = inPlainJava ? Terms.of(checked.ast, TERMS) : null;
        try {
            return new Compiled(
                    checked.properties,
                    checked.looksAtTier,
                    Needs.of(checked.ast, READINGS, PROPERTIES),
                    Needs.looks(checked.ast, READINGS),
                    term != null,
                    term != null ? term : byLibrary(RUNTIME.createProgram(checked.ast)));
        } catch (CelEvaluationException e) {
            throw new ExpressionException(List.of(new Flaw(String.valueOf(e.getMessage()), 1, 1)));
        }
    }

    /** Whether it is evaluated in plain Java, not by the library. */
    boolean isPlain() {
        return plain;
    }

    private static CelCondition always() {
        try {
            return of("true");
        } catch (ExpressionException e) {
            throw new IllegalStateException("true is an expression", e);
        }
    }

    /** Names of everything an expression may look at. */
    public static Set<String> variableNames() {
        return ImmutableSet.copyOf(VARIABLES.keySet());
    }

    @Override
    public boolean holds(Signal signal, @Nullable String tier) {
        try {
            Object value = term.of(signal, tier);
            if (value instanceof NoValue none && none.because() != null) {
                failed(none.because());
            }
            return Boolean.TRUE.equals(value);
        } catch (RuntimeException e) {
            failed("it failed (" + e.getClass().getSimpleName() + ")");
            return false;
        }
    }

    private static Term byLibrary(CelRuntime.Program program) {
        return (signal, tier) -> {
            try {
                return program.eval(name -> {
                    Variable variable = VARIABLES.get(name);
                    Object value = variable == null ? null : variable.value.apply(signal, tier);
                    return value == null ? Optional.empty() : Optional.of(value);
                });
            } catch (CelEvaluationException e) {
                return new NoValue(e.getErrorCode());
            }
        };
    }

    /** Not the message: it has what the customer said in it, and this is published. */
    private static String words(CelErrorCode code) {
        return switch (code) {
            case BAD_FORMAT -> "text is not of the form it is converted from";
            case DIVIDE_BY_ZERO -> "a division by zero";
            case NUMERIC_OVERFLOW -> "a number is out of range";
            case INVALID_ARGUMENT -> "a function does not take this value";
            case OVERLOAD_NOT_FOUND, AMBIGUOUS_OVERLOAD -> "no function or operator takes values of these types";
            case INDEX_OUT_OF_BOUNDS -> "there is nothing at this index";
            default -> "it could not be evaluated";
        };
    }

    /** What a touchpoint lacks is no failure. */
    private void failed(CelErrorCode code) {
        if (code != CelErrorCode.ATTRIBUTE_NOT_FOUND) {
            failed(words(code) + " (" + code + ")");
        }
    }

    private void failed(String how) {
        failures.incrementAndGet();
        IN_THIS_PROCESS.merge(expression, new Failures(1, how), (a, b) -> new Failures(a.count + 1, b.last));
        OF_ALL.incrementAndGet();
    }

    @Override
    public boolean looksAtTier() {
        return looksAtTier;
    }

    @Override
    public Set<String> properties() {
        return properties;
    }

    @Override
    public List<Need> needs() {
        return needs;
    }

    @Override
    public List<Look> looks() {
        return looks;
    }

    /** What it asks in words; null where it is not simple enough for that. */
    public @Nullable String words() {
        try {
            return ConditionWords.of(COMPILER.compile(expression).getAst(), PROPERTIES);
        } catch (CelValidationException e) {
            throw new IllegalStateException("\"" + expression + "\" was an expression when it was read", e);
        }
    }

    /** How often it could not be evaluated since it was made, for example because text was no number. */
    public long failures() {
        return failures.get();
    }

    /** How often any condition of this process could not be evaluated. */
    public static long failuresOfAll() {
        return OF_ALL.get();
    }

    /** The same for all copies of it in this process, of which jobs that run here make some. */
    public long failuresInThisProcess() {
        Failures known = IN_THIS_PROCESS.get(expression);
        return known == null ? 0 : known.count;
    }

    /** The kind of the last error in this process, never a value of a touchpoint; null where there was none. */
    public @Nullable String lastFailure() {
        Failures known = IN_THIS_PROCESS.get(expression);
        return known == null ? null : known.last;
    }

    private Object readResolve() {
        try {
            return of(expression);
        } catch (ExpressionException e) {
            throw new IllegalStateException("\"" + expression + "\" was an expression when it was written", e);
        }
    }

    private record Checked(CelAbstractSyntaxTree ast, TreeSet<String> properties, boolean looksAtTier) {}

    private static Checked check(String expression) throws ExpressionException {
        CelValidationResult result = COMPILER.compile(expression);
        if (result.hasError()) {
            throw new ExpressionException(result.getErrors().stream()
                    .map(issue -> flaw(issue, expression))
                    .toList());
        }
        CelAbstractSyntaxTree ast;
        try {
            ast = result.getAst();
        } catch (CelValidationException e) {
            throw new ExpressionException(List.of(new Flaw(String.valueOf(e.getMessage()), 1, 1)));
        }
        List<Flaw> flaws = new ArrayList<>();
        TreeSet<String> properties = new TreeSet<>();
        boolean looksAtTier = false;
        int nodes = 0;
        for (CelNavigableExpr node : nodes(ast)) {
            nodes++;
            if (node.getKind() == Kind.IDENT) {
                String name = node.expr().ident().name();
                looksAtTier |= name.equals(TIER);
                if (name.equals(PROPERTIES)) {
                    String property = property(node);
                    if (property == null) {
                        flaws.add(new Flaw(
                                "name the property that is looked at, as in " + PROPERTIES + ".promise or " + PROPERTIES
                                        + "['promise']",
                                1,
                                1));
                    } else {
                        properties.add(property);
                    }
                }
            }
        }
        if (nodes > MOST_NODES) {
            flaws.add(new Flaw(
                    "costs too much: " + nodes + " operations and operands, at most " + MOST_NODES
                            + " are allowed; make two rules of it",
                    1,
                    1));
        }
        if (!flaws.isEmpty()) {
            throw new ExpressionException(flaws);
        }
        return new Checked(ast, properties, looksAtTier);
    }

    /**
     * What is wrong with the regular expressions it is made of, where they are constants: it can be evaluated, and fails for
     * every touchpoint.
     */
    public List<Flaw> mistakes() {
        List<Flaw> flaws = new ArrayList<>();
        try {
            CelAbstractSyntaxTree ast = COMPILER.compile(expression).getAst();
            for (CelNavigableExpr node : nodes(ast)) {
                if (node.getKind() == Kind.CALL && node.expr().call().function().equals("matches")) {
                    // The last, both in text.matches(pattern) and in matches(text, pattern).
                    List<CelExpr> arguments = node.expr().call().args();
                    CelExpr pattern = arguments.get(arguments.size() - 1);
                    if (pattern.getKind() == Kind.CONSTANT
                            && pattern.constant().getKind() == CelConstant.Kind.STRING_VALUE) {
                        unreadable(pattern.constant().stringValue())
                                .ifPresent(why -> flaws.add(at(ast, pattern, "no regular expression: " + why)));
                    }
                }
            }
        } catch (CelValidationException e) {
            throw new IllegalStateException("\"" + expression + "\" was an expression when it was read", e);
        }
        return flaws;
    }

    /** Read as the library reads it when it evaluates. */
    private static Optional<String> unreadable(String pattern) {
        try {
            Pattern unused = Pattern.compile(pattern);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of(e.getDescription() + ": " + e.getPattern());
        }
    }

    private static Flaw at(CelAbstractSyntaxTree ast, CelExpr part, String message) {
        Integer offset = ast.getSource().getPositionsMap().get(part.id());
        Optional<CelSourceLocation> place =
                offset == null ? Optional.empty() : ast.getSource().getOffsetLocation(offset);
        return new Flaw(
                message,
                place.map(CelSourceLocation::getLine).orElse(1),
                place.map(CelSourceLocation::getColumn).orElse(0) + 1);
    }

    private static List<CelNavigableExpr> nodes(CelAbstractSyntaxTree ast) {
        try (Stream<CelNavigableExpr> nodes =
                CelNavigableAst.fromAst(ast).getRoot().allNodes()) {
            return nodes.toList();
        }
    }

    /** Only properties that a rule names are remembered, so it has to name them. */
    private static @Nullable String property(CelNavigableExpr properties) {
        CelNavigableExpr parent = properties.parent().orElse(null);
        if (parent == null) {
            return null;
        }
        if (parent.getKind() == Kind.SELECT) {
            return parent.expr().select().field();
        }
        if (parent.getKind() != Kind.CALL) {
            return null;
        }
        List<CelExpr> arguments = parent.expr().call().args();
        String function = parent.expr().call().function();
        int named = function.equals("_[_]") ? 1 : function.equals("@in") ? 0 : -1;
        return named >= 0
                        && arguments.size() == 2
                        && arguments.get(named).getKind() == Kind.CONSTANT
                        && arguments.get(named).constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? arguments.get(named).constant().stringValue()
                : null;
    }

    private static Flaw flaw(CelIssue issue, String expression) {
        String message = issue.getMessage().replaceAll("\\s+", " ").strip();
        int column = issue.getSourceLocation().getColumn() + 1;
        if (message.startsWith("undeclared reference to ")) {
            // The language blames what stands before the first dot, which is right where the field is not.
            String written = nameAt(expression, issue.getSourceLocation().getLine(), column - 1);
            message = (written == null
                            ? message.replaceAll(" \\(in container '.*'\\)", "")
                            : "undeclared reference to '" + written + "'")
                    + "; there are "
                    + String.join(", ", VARIABLES.keySet());
        }
        return new Flaw(message, Math.max(1, issue.getSourceLocation().getLine()), Math.max(1, column));
    }

    /** The name with all its dots that begins there, of something that has fields. */
    private static @Nullable String nameAt(String expression, int line, int column) {
        List<String> lines = expression.lines().toList();
        if (line < 1
                || line > lines.size()
                || column < 0
                || column > lines.get(line - 1).length()) {
            return null;
        }
        Matcher name = FIELD.matcher(lines.get(line - 1).substring(column));
        return name.lookingAt() ? name.group() : null;
    }

    private static CelCompiler compiler() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.HAS)
                .setResultType(SimpleType.BOOL);
        VARIABLES.forEach((name, variable) -> builder.addVar(name, variable.type));
        return builder.build();
    }

    private static Map<String, Variable> variables() {
        Map<String, Variable> all = new LinkedHashMap<>();
        text(all, "touchpoint.id", Signal::touchpointId);
        text(all, "touchpoint.channel", Signal::channel);
        text(all, "touchpoint.kind", Signal::kind);
        text(all, "touchpoint.actor", Signal::actor);
        text(all, "touchpoint.touchpoint", Signal::touchpoint);
        text(all, "touchpoint.stage", Signal::stage);
        text(all, "touchpoint.topic", Signal::topic);
        text(all, "touchpoint.case_id", Signal::caseId);
        text(all, "touchpoint.product", Signal::product);
        text(all, "touchpoint.segment", Signal::segment);
        text(all, "touchpoint.location", Signal::location);
        text(all, "touchpoint.outcome", Signal::outcome);
        all.put("touchpoint.outbound", new Variable(SimpleType.BOOL, (s, tier) -> s.outbound()));
        all.put("touchpoint.wait_ms", new Variable(SimpleType.INT, (s, tier) -> s.waitMs()));
        all.put("touchpoint.handle_ms", new Variable(SimpleType.INT, (s, tier) -> s.handleMs()));
        all.put("touchpoint.sentiment", new Variable(SimpleType.DOUBLE, (s, tier) -> s.sentiment()));
        all.put(
                "touchpoint.value",
                new Variable(SimpleType.DOUBLE, (s, tier) -> s.valueMicros() == null ? null : s.valueMicros() / 1e6));
        all.put(
                "touchpoint.survey_metric",
                new Variable(
                        SimpleType.STRING,
                        (s, tier) -> s.survey() == null ? null : s.survey().metric()));
        all.put(
                "touchpoint.score",
                new Variable(
                        SimpleType.DOUBLE,
                        (s, tier) -> s.survey() == null ? null : s.survey().score()));
        all.put("touchpoint.satisfaction", new Variable(SimpleType.DOUBLE, (s, tier) -> {
            Double satisfaction = s.satisfaction();
            return satisfaction == null ? null : 100 * satisfaction;
        }));
        all.put(
                PROPERTIES,
                new Variable(MapType.create(SimpleType.STRING, SimpleType.STRING), (s, tier) -> s.properties()));
        all.put(TIER, new Variable(SimpleType.STRING, (s, tier) -> tier == null ? "" : tier));
        return all;
    }

    private static Map<String, Reading> readings() {
        Map<String, Reading> readings = new HashMap<>();
        VARIABLES.forEach((name, variable) -> {
            if (!name.equals(TIER) && !name.equals(PROPERTIES)) {
                readings.put(name, new Reading(name, signal -> variable.value.apply(signal, null)));
            }
        });
        return Map.copyOf(readings);
    }

    private interface Text {
        @Nullable
        String of(Signal signal);
    }

    private static void text(Map<String, Variable> all, String name, Text text) {
        all.put(name, new Variable(SimpleType.STRING, (signal, tier) -> text.of(signal)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CelCondition that && that.expression.equals(expression);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(expression);
    }

    /** The expression. */
    @Override
    public String toString() {
        return expression;
    }
}
