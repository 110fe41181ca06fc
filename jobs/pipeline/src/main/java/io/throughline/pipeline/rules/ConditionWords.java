package io.throughline.pipeline.rules;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelReference;
import io.throughline.domain.alert.AlertRule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says a checked expression in words, where all of it is simple: comparisons of one variable with constants, of which either
 * one or all must hold, one within the other at most once, or one of two things depending on a third.
 */
final class ConditionWords {

    private static final Set<String> AFFIXES = Set.of("startsWith", "endsWith", "contains");

    /** Of these the values are words of the trade. */
    private static final Set<String> WORDS = Set.of(
            "touchpoint.actor",
            "touchpoint.channel",
            "touchpoint.kind",
            "touchpoint.outcome",
            "touchpoint.stage",
            "touchpoint.topic");

    /** Empty where the customer is below all tiers. */
    private static final String TIER = "customer.tier";

    private static final Map<String, String> NAMES = Map.of(
            "touchpoint.case_id",
            "case",
            "touchpoint.id",
            "touchpoint's id",
            "touchpoint.wait_ms",
            "wait",
            "touchpoint.handle_ms",
            "handling time",
            "touchpoint.survey_metric",
            "survey",
            TIER,
            "alert tier");

    /** What operators come to when their sides change places. */
    private static final Map<String, String> TURNED =
            Map.of("_==_", "_==_", "_!=_", "_!=_", "_<_", "_>_", "_<=_", "_>=_", "_>_", "_<_", "_>=_", "_<=_");

    /** What operators come to when they are denied: of two numbers one always holds. */
    private static final Map<String, String> DENIED =
            Map.of("_==_", "_!=_", "_!=_", "_==_", "_<_", "_>=_", "_<=_", "_>_", "_>_", "_<=_", "_>=_", "_<_");

    private static final Set<String> EQUALITY = Set.of("_==_", "_!=_");
    private static final String AND = "_&&_";
    private static final String OR = "_||_";

    private final CelAbstractSyntaxTree ast;
    private final String properties;

    private ConditionWords(CelAbstractSyntaxTree ast, String properties) {
        this.ast = ast;
        this.properties = properties;
    }

    /**
     * @param properties the variable that is the map of all properties
     * @return null where it cannot be said like this
     */
    static @Nullable String of(CelAbstractSyntaxTree ast, String properties) {
        return new ConditionWords(ast, properties).whole(ast.getExpr());
    }

    private @Nullable String whole(CelExpr expression) {
        if (!function(expression).equals("_?_:_")) {
            return joined(expression, 2);
        }
        List<CelExpr> parts = expression.call().args();
        String when = joined(parts.get(0), 1);
        String then = joined(parts.get(1), 1);
        String otherwise = joined(parts.get(2), 1);
        return when == null || then == null || otherwise == null
                ? null
                : "if " + when + ", " + then + "; otherwise " + otherwise;
    }

    /** @param deep how many kinds of joints there may be, one within the other */
    private @Nullable String joined(CelExpr expression, int deep) {
        String joint = function(expression);
        if (!joint.equals(AND) && !joint.equals(OR)) {
            return comparison(expression, false);
        }
        if (deep == 0) {
            return null;
        }
        List<CelExpr> parts = new ArrayList<>();
        flatten(expression, joint, parts);
        List<String> words = new ArrayList<>();
        boolean nested = false;
        for (CelExpr part : parts) {
            String said = joined(part, deep - 1);
            if (said == null) {
                return null;
            }
            String of = function(part);
            boolean within = of.equals(AND) || of.equals(OR);
            nested |= within;
            words.add(within ? (of.equals(AND) ? "both " : "either ") + said : said);
        }
        return String.join((nested ? "," : "") + (joint.equals(AND) ? " and " : " or "), words);
    }

    private static void flatten(CelExpr expression, String joint, List<CelExpr> parts) {
        if (function(expression).equals(joint)) {
            expression.call().args().forEach(part -> flatten(part, joint, parts));
        } else {
            parts.add(expression);
        }
    }

    private @Nullable String comparison(CelExpr expression, boolean denied) {
        if (function(expression).equals("!_")) {
            return denied ? null : comparison(expression.call().args().get(0), true);
        }
        if (overload(expression).equals("in_map")) {
            Object name = constant(expression.call().args().get(0));
            return name == null ? null : spaced(name) + (denied ? " is not known" : " is known");
        }
        if (expression.getKind() == Kind.SELECT && expression.select().testOnly()) {
            return spaced(expression.select().field()) + (denied ? " is not known" : " is known");
        }
        if (expression.getKind() == Kind.IDENT) {
            String name = variable(expression);
            return name == null ? null : "it is " + (denied ? "not " : "") + name;
        }
        if (expression.getKind() != Kind.CALL) {
            return null;
        }
        List<CelExpr> sides = new ArrayList<>();
        expression.call().target().ifPresent(sides::add);
        sides.addAll(expression.call().args());
        return sides.size() == 2 ? compared(function(expression), sides.get(0), sides.get(1), denied) : null;
    }

    private @Nullable String compared(String operator, CelExpr left, CelExpr right, boolean denied) {
        if (left.getKind() == Kind.CONSTANT && TURNED.containsKey(operator)) {
            return compared(TURNED.get(operator), right, left, denied);
        }
        String of = variable(left);
        if (of == null) {
            return null;
        }
        String name = NAMES.getOrDefault(of, spaced(of.replaceFirst("^touchpoint\\.", "")));
        if (operator.equals("@in")) {
            String any = anyOf(of, right);
            return any == null ? null : name + (denied ? " is not " : " is ") + any;
        }
        Object constant = constant(right);
        if (constant == null) {
            return null;
        }
        String value = value(of, constant);
        if (value == null || (value.isEmpty() && AFFIXES.contains(operator))) {
            return null;
        }
        if (of.equals(TIER) && value.isEmpty() && EQUALITY.contains(operator)) {
            return "the customer has " + (operator.equals("_==_") == denied ? "an" : "no") + " alert tier";
        }
        String by = denied ? DENIED.getOrDefault(operator, operator) : operator;
        String does = denied ? " does not " : " ";
        String s = denied ? "" : "s";
        return switch (by) {
            case "_==_" -> value.isEmpty() ? name + " is empty" : name + " is " + value;
            case "_!=_" -> value.isEmpty() ? name + " is not empty" : name + " is not " + value;
            case "_<_" -> name + " below " + value;
            case "_<=_" -> name + " at most " + value;
            case "_>_" -> name + " above " + value;
            case "_>=_" -> name + " at least " + value;
            case "startsWith" -> name + does + "begin" + s + " with " + constant;
            case "endsWith" -> name + does + "end" + s + " with " + constant;
            case "contains" -> name + does + "contain" + s + " " + constant;
            default -> null;
        };
    }

    private @Nullable String anyOf(String of, CelExpr list) {
        if (list.getKind() != Kind.LIST || list.list().elements().isEmpty()) {
            return null;
        }
        List<String> values = new ArrayList<>();
        for (CelExpr element : list.list().elements()) {
            Object constant = constant(element);
            if (constant == null) {
                return null;
            }
            String value = value(of, constant);
            if (value == null || value.isEmpty()) {
                return null;
            }
            values.add(value);
        }
        int last = values.size() - 1;
        return last == 0 ? values.get(0) : String.join(", ", values.subList(0, last)) + " or " + values.get(last);
    }

    /** Its name, of a property the property's; null: it is none. */
    private @Nullable String variable(CelExpr expression) {
        if (expression.getKind() == Kind.IDENT) {
            String name = expression.ident().name();
            return name.equals(properties) ? null : name.equals("touchpoint.outbound") ? "outbound" : name;
        }
        if (expression.getKind() == Kind.SELECT && !expression.select().testOnly()) {
            return areProperties(expression.select().operand())
                    ? expression.select().field()
                    : null;
        }
        if (function(expression).equals("_[_]")
                && areProperties(expression.call().args().get(0))) {
            return constant(expression.call().args().get(1)) instanceof String name ? name : null;
        }
        return null;
    }

    private boolean areProperties(CelExpr expression) {
        return expression.getKind() == Kind.IDENT && expression.ident().name().equals(properties);
    }

    private static @Nullable Object constant(CelExpr expression) {
        return expression.getKind() == Kind.CONSTANT ? Terms.value(expression.constant()) : null;
    }

    /** Null: it cannot be said. Ids, places and properties are as they are written. */
    private static @Nullable String value(String of, Object constant) {
        if (constant instanceof Long ms && of.endsWith("_ms") && ms >= 0) {
            return ms == 0 ? "0 s" : AlertRule.exactly(ms);
        }
        if (constant instanceof Double number) {
            return !Double.isFinite(number)
                    ? null
                    : BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                            + (of.equals("touchpoint.satisfaction") ? " %" : "");
        }
        return WORDS.contains(of) ? spaced(constant) : constant.toString();
    }

    private static String spaced(Object name) {
        return name.toString().replace('_', ' ');
    }

    private static String function(CelExpr expression) {
        return expression.getKind() == Kind.CALL ? expression.call().function() : "";
    }

    private String overload(CelExpr expression) {
        return ast.getReference(expression.id())
                .map(CelReference::overloadIds)
                .filter(ids -> ids.size() == 1)
                .map(ids -> ids.get(0))
                .orElse("");
    }
}
