package io.throughline.pipeline.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.throughline.domain.alert.Signal;
import io.throughline.pipeline.rules.Term.NoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes plain Java of a checked expression, where all of it is of the forms that conditions are mostly made of; the library
 * evaluates the others. What is made means to the letter what the library makes of it, its peculiarities included: which
 * error survives of several, that an unknown variable hides an error beside it, that a number is itself although it is not a
 * number. Which function an operator stands for is what the checker found: one overload, by its id, so types are known here.
 */
final class Terms {
    private static final Set<CelType> COMPARED_BY_VALUE =
            Set.of(SimpleType.BOOL, SimpleType.INT, SimpleType.DOUBLE, SimpleType.STRING);

    private final CelAbstractSyntaxTree ast;
    private final Map<String, Term> variables;

    private Terms(CelAbstractSyntaxTree ast, Map<String, Term> variables) {
        this.ast = ast;
        this.variables = variables;
    }

    /**
     * @param variables by name
     * @return null where it is not of these forms throughout
     */
    static @Nullable Term of(CelAbstractSyntaxTree ast, Map<String, Term> variables) {
        return new Terms(ast, variables).term(ast.getExpr());
    }

    private @Nullable Term term(CelExpr expression) {
        return switch (expression.getKind()) {
            case CONSTANT -> constant(expression.constant());
            case IDENT -> variables.get(expression.ident().name());
            case SELECT -> select(expression.select());
            case CALL -> call(expression);
            default -> null;
        };
    }

    private static @Nullable Term constant(CelConstant constant) {
        Object value = value(constant);
        return value == null ? null : new Constant(value);
    }

    /** Null: one of a type that neither a term nor a need compares. */
    static @Nullable Object value(CelConstant constant) {
        return switch (constant.getKind()) {
            case BOOLEAN_VALUE -> constant.booleanValue();
            case INT64_VALUE -> constant.int64Value();
            case DOUBLE_VALUE -> constant.doubleValue();
            case STRING_VALUE -> constant.stringValue();
            default -> null;
        };
    }

    private @Nullable Term select(CelExpr.CelSelect select) {
        Term from = term(select.operand());
        if (from == null) {
            return null;
        }
        String name = select.field();
        return select.testOnly()
                ? new Unary(from, map -> ((Map<?, ?>) map).containsKey(name))
                : new Unary(from, map -> property(map, name));
    }

    private static Object property(Object properties, Object name) {
        Object value = ((Map<?, ?>) properties).get(name);
        return value == null ? NoValue.MISSING : value;
    }

    private @Nullable Term call(CelExpr expression) {
        Optional<CelReference> reference = ast.getReference(expression.id());
        if (reference.isEmpty() || reference.get().overloadIds().size() != 1) {
            return null;
        }
        String overload = reference.get().overloadIds().get(0);
        List<CelExpr> operands = new ArrayList<>();
        expression.call().target().ifPresent(operands::add);
        operands.addAll(expression.call().args());
        if (overload.equals("in_list")) {
            return inList(operands.get(0), operands.get(1));
        }
        List<Term> terms = new ArrayList<>();
        for (CelExpr operand : operands) {
            Term term = term(operand);
            if (term == null) {
                return null;
            }
            terms.add(term);
        }
        if (terms.size() == 1) {
            Function1 function = function1(overload);
            return function == null ? null : new Unary(terms.get(0), function);
        }
        if (terms.size() == 2) {
            return binary(overload, operands, terms.get(0), terms.get(1));
        }
        return overload.equals("conditional") ? new Conditional(terms.get(0), terms.get(1), terms.get(2)) : null;
    }

    private @Nullable Term binary(String overload, List<CelExpr> operands, Term left, Term right) {
        switch (overload) {
            case "logical_and" -> {
                return new Logical(left, right, Boolean.FALSE);
            }
            case "logical_or" -> {
                return new Logical(left, right, Boolean.TRUE);
            }
            case "equals", "not_equals" -> {
                CelType type = ast.getType(operands.get(0).id()).orElse(null);
                // Of one type and that a simple one: all else has rules of its own.
                if (type == null
                        || !COMPARED_BY_VALUE.contains(type)
                        || !type.equals(ast.getType(operands.get(1).id()).orElse(null))) {
                    return null;
                }
                boolean wanted = overload.equals("equals");
                return new Binary(left, right, (x, y) -> same(x, y) == wanted);
            }
            default -> {
                Function2 function = function2(overload);
                return function == null ? null : new Binary(left, right, function);
            }
        }
    }

    /** A number that is none equals nothing but the very object it is; zeros of either sign are equal. */
    private static boolean same(Object x, Object y) {
        return x == y || (x instanceof Double a && y instanceof Double b ? (double) a == (double) b : x.equals(y));
    }

    private @Nullable Term inList(CelExpr sought, CelExpr list) {
        CelType type = ast.getType(sought.id()).orElse(null);
        Term value = term(sought);
        if (value == null
                || type == null
                || !COMPARED_BY_VALUE.contains(type)
                || list.getKind() != CelExpr.ExprKind.Kind.LIST) {
            return null;
        }
        List<Object> constants = new ArrayList<>();
        for (CelExpr element : list.list().elements()) {
            Object constant = element.getKind() == CelExpr.ExprKind.Kind.CONSTANT ? value(element.constant()) : null;
            if (constant == null || !type.equals(ast.getType(element.id()).orElse(null))) {
                return null;
            }
            constants.add(constant);
        }
        if (type.equals(SimpleType.DOUBLE)) {
            return new Unary(value, x -> constants.stream().anyMatch(constant -> same(constant, x)));
        }
        Set<Object> set = Set.copyOf(constants);
        return new Unary(value, set::contains);
    }

    private static @Nullable Function1 function1(String overload) {
        return switch (overload) {
            case "logical_not" -> x -> !(Boolean) x;
            case "negate_int64" -> x -> (Long) x == Long.MIN_VALUE ? NoValue.OVERFLOW : (Object) (-(Long) x);
            case "negate_double" -> x -> -(Double) x;
            case "int64_to_int64", "double_to_double", "string_to_string" -> x -> x;
            case "int64_to_double" -> x -> (double) (Long) x;
            case "double_to_int64" -> x -> whole((Double) x);
            case "string_to_int64" -> x -> whole((String) x);
            case "string_to_double" -> x -> number((String) x);
            case "size_string", "string_size" -> x -> (long) ((String) x).codePointCount(0, ((String) x).length());
            default -> null;
        };
    }

    private static Object whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return NoValue.BAD_FORMAT;
        }
    }

    private static Object number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return NoValue.BAD_FORMAT;
        }
    }

    /** The lowest of all whole numbers is out of range, too; what is no number, or infinite, has the highest exponent of all. */
    private static Object whole(double number) {
        return Math.getExponent(number) < Long.SIZE - 1 ? (Object) (long) number : NoValue.OVERFLOW;
    }

    private static @Nullable Function2 function2(String overload) {
        return switch (overload) {
            case "less_int64" -> (x, y) -> (Long) x < (Long) y;
            case "less_equals_int64" -> (x, y) -> (Long) x <= (Long) y;
            case "greater_int64" -> (x, y) -> (Long) x > (Long) y;
            case "greater_equals_int64" -> (x, y) -> (Long) x >= (Long) y;
            case "less_double" -> (x, y) -> (Double) x < (Double) y;
            case "less_equals_double" -> (x, y) -> (Double) x <= (Double) y;
            case "greater_double" -> (x, y) -> (Double) x > (Double) y;
            case "greater_equals_double" -> (x, y) -> (Double) x >= (Double) y;
            case "less_string" -> (x, y) -> ((String) x).compareTo((String) y) < 0;
            case "less_equals_string" -> (x, y) -> ((String) x).compareTo((String) y) <= 0;
            case "greater_string" -> (x, y) -> ((String) x).compareTo((String) y) > 0;
            case "greater_equals_string" -> (x, y) -> ((String) x).compareTo((String) y) >= 0;
            case "add_double" -> (x, y) -> (Double) x + (Double) y;
            case "subtract_double" -> (x, y) -> (Double) x - (Double) y;
            case "multiply_double" -> (x, y) -> (Double) x * (Double) y;
            case "divide_double" -> (x, y) -> (Double) x / (Double) y;
            case "add_int64" -> (x, y) -> exactly(Math::addExact, (Long) x, (Long) y);
            case "subtract_int64" -> (x, y) -> exactly(Math::subtractExact, (Long) x, (Long) y);
            case "multiply_int64" -> (x, y) -> exactly(Math::multiplyExact, (Long) x, (Long) y);
            case "divide_int64" -> (x, y) -> divided((Long) x, (Long) y);
            case "modulo_int64" -> (x, y) -> (Long) y == 0 ? NoValue.DIVIDED_BY_ZERO : (Object) ((Long) x % (Long) y);
            case "add_string" -> (x, y) -> (String) x + y;
            case "contains_string" -> (x, y) -> ((String) x).contains((String) y);
            case "starts_with_string" -> (x, y) -> ((String) x).startsWith((String) y);
            case "ends_with_string" -> (x, y) -> ((String) x).endsWith((String) y);
            case "in_map" -> (x, y) -> ((Map<?, ?>) y).get(x) != null;
            case "index_map" -> Terms::property;
            default -> null;
        };
    }

    private interface Exact {
        long of(long x, long y);
    }

    private static Object exactly(Exact function, long x, long y) {
        try {
            return function.of(x, y);
        } catch (ArithmeticException e) {
            return NoValue.OVERFLOW;
        }
    }

    private static Object divided(long x, long y) {
        if (y == 0) {
            return NoValue.DIVIDED_BY_ZERO;
        }
        return x == Long.MIN_VALUE && y == -1 ? NoValue.OVERFLOW : (Object) (x / y);
    }

    private interface Function1 {
        Object of(Object x);
    }

    private interface Function2 {
        Object of(Object x, Object y);
    }

    private record Constant(Object value) implements Term {

        @Override
        public Object of(Signal signal, @Nullable String tier) {
            return value;
        }
    }

    private record Unary(Term operand, Function1 function) implements Term {

        @Override
        public Object of(Signal signal, @Nullable String tier) {
            Object x = operand.of(signal, tier);
            return x instanceof NoValue ? x : function.of(x);
        }
    }

    /** An error of either operand, the first one's before the second's, goes before what is unknown. */
    private record Binary(Term left, Term right, Function2 function) implements Term {

        @Override
        public Object of(Signal signal, @Nullable String tier) {
            Object x = left.of(signal, tier);
            if (x instanceof NoValue none && none.isError()) {
                return x;
            }
            Object y = right.of(signal, tier);
            if (y instanceof NoValue none && none.isError()) {
                return y;
            }
            return x instanceof NoValue ? x : y instanceof NoValue ? y : function.of(x, y);
        }
    }

    /** And, or: one operand may decide, whatever became of the other; else what is unknown goes before an error. */
    private record Logical(Term left, Term right, Boolean deciding) implements Term {

        @Override
        public Object of(Signal signal, @Nullable String tier) {
            Object x = left.of(signal, tier);
            if (deciding.equals(x)) {
                return x;
            }
            Object y = right.of(signal, tier);
            if (deciding.equals(y) || !(x instanceof NoValue)) {
                return y;
            }
            return y instanceof NoValue unknown && !unknown.isError() ? y : x;
        }
    }

    private record Conditional(Term when, Term then, Term otherwise) implements Term {

        @Override
        public Object of(Signal signal, @Nullable String tier) {
            Object holds = when.of(signal, tier);
            if (holds instanceof NoValue) {
                return holds;
            }
            return ((Boolean) holds ? then : otherwise).of(signal, tier);
        }
    }
}
