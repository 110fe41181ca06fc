package io.throughline.domain.alert;

import io.throughline.domain.alert.Need.AnyOf;
import io.throughline.domain.alert.Need.Beyond;
import io.throughline.domain.alert.Need.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds what needs nothing that a touchpoint does not stand for: constants are looked up, and bounds walked from the one that
 * is reached first, so what is not found costs nothing.
 */
final class NeedTree<T> {

    /** What is needed here can be looked up in different ways; mostly there are few. */
    private record ByConstant<T>(Reading of, Map<Object, NeedTree<T>> trees) {}

    /** @param constants those first that are reached where any further one is */
    private record ByBound<T>(Reading of, Side side, List<Number> constants, List<NeedTree<T>> trees) {

        NeedTree<T> at(Number constant) {
            int place = 0;
            while (place < constants.size() && order(constants.get(place), constant) < 0) {
                place++;
            }
            if (place == constants.size() || order(constants.get(place), constant) != 0) {
                constants.add(place, constant);
                trees.add(place, new NeedTree<>());
            }
            return trees.get(place);
        }

        private int order(Number some, Number other) {
            int order = some instanceof Long
                    ? Long.compare(some.longValue(), other.longValue())
                    : Double.compare(some.doubleValue(), other.doubleValue());
            return side.upwards() ? order : -order;
        }
    }

    private final List<T> here = new ArrayList<>(1);
    private final List<ByConstant<T>> byConstant = new ArrayList<>(1);
    private final List<ByBound<T>> byBound = new ArrayList<>(1);

    /** @param needs all of which must hold; those first by which it is to be found first */
    void add(T what, List<Need> needs) {
        if (needs.isEmpty()) {
            here.add(what);
            return;
        }
        Need first = needs.get(0);
        List<Need> rest = needs.subList(1, needs.size());
        if (first instanceof AnyOf anyOf) {
            Map<Object, NeedTree<T>> trees = byConstant(anyOf.of());
            for (Object constant : anyOf.constants()) {
                trees.computeIfAbsent(constant, key -> new NeedTree<>()).add(what, rest);
            }
        } else if (first instanceof Beyond beyond
                && !Double.isNaN(beyond.constant().doubleValue())) {
            byBound(beyond.of(), beyond.side()).at(beyond.constant()).add(what, rest);
        }
    }

    private Map<Object, NeedTree<T>> byConstant(Reading of) {
        for (ByConstant<T> each : byConstant) {
            if (each.of.equals(of)) {
                return each.trees;
            }
        }
        ByConstant<T> further = new ByConstant<>(of, new HashMap<>());
        byConstant.add(further);
        return further.trees;
    }

    private ByBound<T> byBound(Reading of, Side side) {
        for (ByBound<T> each : byBound) {
            if (each.side == side && each.of.equals(of)) {
                return each;
            }
        }
        ByBound<T> further = new ByBound<>(of, side, new ArrayList<>(), new ArrayList<>());
        byBound.add(further);
        return further;
    }

    /** In how many places something is found. */
    int size() {
        int size = here.size();
        for (ByConstant<T> each : byConstant) {
            for (NeedTree<T> tree : each.trees.values()) {
                size += tree.size();
            }
        }
        for (ByBound<T> each : byBound) {
            for (NeedTree<T> tree : each.trees) {
                size += tree.size();
            }
        }
        return size;
    }

    /** Each once, in no order. */
    void find(Signal signal, Consumer<T> found) {
        for (int i = 0; i < here.size(); i++) {
            found.accept(here.get(i));
        }
        for (int i = 0; i < byConstant.size(); i++) {
            ByConstant<T> each = byConstant.get(i);
            Object value = each.of.of(signal);
            NeedTree<T> tree = value == null ? null : each.trees.get(AnyOf.key(value));
            if (tree != null) {
                tree.find(signal, found);
            }
        }
        for (int i = 0; i < byBound.size(); i++) {
            ByBound<T> each = byBound.get(i);
            Object value = each.of.of(signal);
            for (int j = 0; j < each.trees.size() && each.side.has(value, each.constants.get(j)); j++) {
                each.trees.get(j).find(signal, found);
            }
        }
    }
}
