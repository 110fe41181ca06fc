package io.throughline.pipeline.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelReference;
import io.throughline.domain.alert.Condition.Look;
import io.throughline.domain.alert.Need;
import io.throughline.domain.alert.Need.Side;
import io.throughline.domain.alert.Reading;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a checked expression needs at least: of what is joined by {@code &&}, comparisons with constants. Where one of them
 * is false the whole is, whatever becomes of the rest, and where its variable is unknown the whole is unknown or false, for that
 * goes before any error. A property that is missing is an error that counts as no failure; but the first error survives, so one
 * is needed only if nothing before it can fail.
 */
final class Needs {
    /** Operators that come to a value or to what their operands lack. */
    private static final Set<String> NEVER_FAIL = Set.of(
            "logical_and",
            "logical_or",
            "logical_not",
            "conditional",
            "in_list",
            "in_map",
            "index_map",
            "equals",
            "not_equals",
            "less_int64",
            "less_equals_int64",
            "greater_int64",
            "greater_equals_int64",
            "less_double",
            "less_equals_double",
            "greater_double",
            "greater_equals_double",
            "less_string",
            "less_equals_string",
            "greater_string",
            "greater_equals_string",
            "contains_string",
            "starts_with_string",
            "ends_with_string");

    private final CelAbstractSyntaxTree ast;
    private final Map<String, Reading> variables;
    private final String properties;
    private final List<Need> needs = new ArrayList<>();
    private boolean mayHaveFailed;

    private Needs(CelAbstractSyntaxTree ast, Map<String, Reading> variables, String properties) {
        this.ast = ast;
        this.variables = variables;
        this.properties = properties;
    }

    /**
     * @param variables those that touchpoints have, by name
     * @param properties the variable that is the map of all properties
     */
    static List<Need> of(CelAbstractSyntaxTree ast, Map<String, Reading> variables, String properties) {
        Needs of = new Needs(ast, variables, properties);
        of.join(ast.getExpr());
        return List.copyOf(of.needs);
    }

    /**
     * Finds what an expression looks at.
     *
     * @param variables those that touchpoints have, by name
     */
    static List<Look> looks(CelAbstractSyntaxTree ast, Map<String, Reading> variables) {
        // Of no property: they are texts that only the rule knows the meaning of.
        Needs of = new Needs(ast, variables, "");
        List<Look> looks = new ArrayList<>();
        of.look(ast.getExpr(), false, looks);
        return List.copyOf(looks);
    }

    private void look(CelExpr expression, boolean denied, List<Look> looks) {
        String overload = overload(expression);
        Need need = denied ? null : need(expression, overload);
        if (need != null) {
            looks.add(new Look(need.of(), need));
            return;
        }
        switch (expression.getKind()) {
            case IDENT -> {
                Reading of = variables.get(expression.ident().name());
                if (of != null) {
                    looks.add(new Look(of, null));
                }
            }
            case SELECT -> look(expression.select().operand(), denied, looks);
            case LIST -> expression.list().elements().forEach(element -> look(element, denied, looks));
            case CALL -> {
                boolean not = denied || overload.equals("logical_not");
                expression.call().target().ifPresent(target -> look(target, not, looks));
                expression.call().args().forEach(argument -> look(argument, not, looks));
            }
            default -> {}
        }
    }

    private void join(CelExpr expression) {
        String overload = overload(expression);
        if (overload.equals("logical_and")) {
            expression.call().args().forEach(this::join);
            return;
        }
        Need need = need(expression, overload);
        if (need != null) {
            needs.add(need);
        }
        mayHaveFailed |= mayFail(expression);
    }

    private @Nullable Need need(CelExpr expression, String overload) {
        if (expression.getKind() != Kind.CALL || expression.call().args().size() != 2) {
            return null;
        }
        CelExpr left = expression.call().args().get(0);
        CelExpr right = expression.call().args().get(1);
        if (overload.equals("in_list")) {
            Reading of = reading(left);
            return of == null ? null : oneOf(of, left, right);
        }
        boolean turned = left.getKind() == Kind.CONSTANT;
        Reading of = reading(turned ? right : left);
        Object constant = constant(turned ? left : right);
        if (of == null || constant == null || !alike(left, right)) {
            return null;
        }
        if (overload.equals("equals")) {
            return new Need.AnyOf(of, Set.of(constant));
        }
        Side side = side(overload, turned);
        return side != null && constant instanceof Number number ? new Need.Beyond(of, side, number) : null;
    }

    private @Nullable Need oneOf(Reading of, CelExpr sought, CelExpr list) {
        if (list.getKind() != Kind.LIST) {
            return null;
        }
        Set<Object> constants = new LinkedHashSet<>();
        for (CelExpr element : list.list().elements()) {
            Object constant = constant(element);
            if (constant == null || !alike(sought, element)) {
                return null;
            }
            constants.add(constant);
        }
        return new Need.AnyOf(of, constants);
    }

    /** Numbers of different types may be equal. */
    private boolean alike(CelExpr some, CelExpr other) {
        return ast.getType(some.id()).equals(ast.getType(other.id()));
    }

    private static @Nullable Side side(String overload, boolean turned) {
        return switch (overload) {
            case "less_int64", "less_double" -> turned ? Side.ABOVE : Side.BELOW;
            case "less_equals_int64", "less_equals_double" -> turned ? Side.AT_LEAST : Side.AT_MOST;
            case "greater_int64", "greater_double" -> turned ? Side.BELOW : Side.ABOVE;
            case "greater_equals_int64", "greater_equals_double" -> turned ? Side.AT_MOST : Side.AT_LEAST;
            default -> null;
        };
    }

    private @Nullable Reading reading(CelExpr expression) {
        if (expression.getKind() == Kind.IDENT) {
            return variables.get(expression.ident().name());
        }
        String property = mayHaveFailed ? null : property(expression);
        return property == null
                ? null
                : new Reading(properties + "." + property, signal -> signal.properties()
                        .get(property));
    }

    private @Nullable String property(CelExpr expression) {
        if (expression.getKind() == Kind.SELECT) {
            return !expression.select().testOnly()
                            && areProperties(expression.select().operand())
                    ? expression.select().field()
                    : null;
        }
        if (!overload(expression).equals("index_map")
                || !areProperties(expression.call().args().get(0))) {
            return null;
        }
        return constant(expression.call().args().get(1)) instanceof String name ? name : null;
    }

    private boolean areProperties(CelExpr expression) {
        return expression.getKind() == Kind.IDENT && expression.ident().name().equals(properties);
    }

    /** Of the types that are compared by value; null: it is none. */
    private static @Nullable Object constant(CelExpr expression) {
        if (expression.getKind() != Kind.CONSTANT) {
            return null;
        }
        return Terms.value(expression.constant());
    }

    private boolean mayFail(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT, IDENT -> false;
            case SELECT -> mayFail(expression.select().operand());
            case LIST -> expression.list().elements().stream().anyMatch(this::mayFail);
            case CALL ->
                !NEVER_FAIL.contains(overload(expression))
                        || expression.call().target().map(this::mayFail).orElse(false)
                        || expression.call().args().stream().anyMatch(this::mayFail);
            default -> true;
        };
    }

    /** Which function a call is of, as the checker found; empty: it is no call, or of several. */
    private String overload(CelExpr expression) {
        List<String> overloads = expression.getKind() != Kind.CALL
                ? List.of()
                : ast.getReference(expression.id())
                        .map(CelReference::overloadIds)
                        .<List<String>>map(ids -> ids)
                        .orElse(List.of());
        return overloads.size() == 1 ? overloads.get(0) : "";
    }
}
